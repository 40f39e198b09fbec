// What is said in a chat, on its way to the gateway: with a link to what is a file, as a change of what was said first, as a vote in a poll of before.

import { z } from 'zod'
import type { Address, NetworkId } from '../core/address.ts'
import type { Utterance } from '../core/content.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Phrase } from '../core/words.ts'
import type { Answers } from './answers.ts'
import type { Poll } from './content/poll.ts'
import { readPoll, readVote, voteText } from './content/poll.ts'
import type { Reading, Said } from './content/said.ts'
import { readSaid } from './content/said.ts'
import { deliveryKey } from './content.ts'
import type { RoomEvent } from './events.ts'
import type { MediaLinks } from './media/links.ts'
import { Recent } from './recent.ts'

const rememberedEdits = 10_000
const rememberedPolls = 1000

const ours = z.object({ [deliveryKey]: z.string().min(1).max(255) })

interface Options {
  readonly network: NetworkId
  readonly nudgeReaction: string
  readonly answers: Pick<Answers, 'tell'>
  readonly links: Pick<MediaLinks, 'linkTo'>
  readonly sink: EventSink
}

/**
 * Tells the gateway what is said. What is remembered here is lost with a restart: then a vote is not told, and a change is not found that changes
 * one which nobody got to see, because the message still waited. Of what was delivered the gateway keeps what each change changes.
 */
export class Utterances {
  readonly #options: Options
  /** What each change changes: clients name the first message, but some name the last change. */
  readonly #edited = new Recent<RemoteId>(rememberedEdits)
  readonly #polls = new Recent<Poll>(rememberedPolls)

  constructor(options: Options) {
    this.#options = options
  }

  /** Reads what somebody says, or why that cannot be carried on. */
  read(event: RoomEvent): Reading {
    const { type } = event
    const isVote = type === 'm.poll.response' || type === 'org.matrix.msc3381.poll.response'
    return isVote ? this.#readVote(event) : readSaid(event, this.#options)
  }

  /** `person`: whom the ghost stands for to whom it was said, where that is known. */
  async take(event: RoomEvent, said: Said, person: Address | undefined): Promise<void> {
    const { network, answers, sink } = this.#options
    const content = await this.#finished(event, said.content)
    if (!('kind' in content)) return answers.tell(event, content)
    // What we said ourselves as somebody who lends us their account. Anybody could copy that: the gateway looks whether it is under way.
    const delivery = ours.safeParse(event.content).data?.[deliveryKey] as DeliveryId | undefined
    await sink({
      kind: 'message',
      ...(person && { with: person }),
      id: event.event_id as RemoteId,
      conversation: { network, id: event.room_id },
      from: { network, id: event.sender },
      content,
      ...(said.about && { about: said.about }),
      sentAt: event.origin_server_ts,
      ...(delivery !== undefined && { delivery }),
    })
  }

  async #finished(event: RoomEvent, content: Utterance): Promise<Utterance | Phrase> {
    if (content.kind === 'media') {
      const { ref, name } = content
      const link = await this.#options.links.linkTo({ ref, name, room: event.room_id, event: event.event_id })
      return link === undefined ? { key: 'matrix.no-links' } : { ...content, link }
    }
    if (content.kind === 'edit') {
      const of = this.#edited.get(content.of) ?? content.of
      this.#edited.set(event.event_id, of)
      return { ...content, of }
    }
    const poll = event.type === 'm.room.message' ? undefined : readPoll(event.content)
    if (poll) this.#polls.set(pollKey(event.room_id, event.event_id), poll)
    return content
  }

  #readVote({ room_id: room, content }: RoomEvent): Said | undefined {
    const vote = readVote(content)
    const poll = vote && this.#polls.get(pollKey(room, vote.of))
    const action = poll && voteText(poll, vote.chosen)
    return action && { content: action }
  }
}

/** What was asked in one room is answered nowhere else. */
function pollKey(room: string, event: string): string {
  return `${room} ${event}`
}
