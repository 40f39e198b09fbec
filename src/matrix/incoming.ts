// What is said in the rooms of our accounts, as the gateway understands it. Everything here may run twice for one event.

import type { Address, NetworkId } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Phrase } from '../core/words.ts'
import type { Accounts } from './accounts.ts'
import { Answers } from './answers.ts'
import type { Chats } from './chats.ts'
import { fromMatrix, wordsWithoutQuote } from './content.ts'
import type { MessageContent, RoomEvent } from './events.ts'
import { readMessage } from './events.ts'
import type { MediaLinks } from './media/links.ts'
import { Members } from './members.ts'
import type { People } from './people.ts'
import { Recent } from './recent.ts'
import { Requests } from './requests.ts'
import type { Rooms } from './rooms.ts'
import type { Sender } from './send.ts'

const rememberedEvents = 10_000

interface Options {
  readonly network: NetworkId
  /** What is written to our bot begins with this in rooms with others. */
  readonly commandPrefix: string
  readonly people: People
  readonly accounts: Accounts
  readonly rooms: Rooms
  readonly chats: Chats
  readonly sender: Sender
  readonly links: MediaLinks
  readonly sink: EventSink
  readonly log: Logger
}

/** Takes events as the homeserver pushes them. */
export class Incoming {
  readonly #options: Options
  readonly #answers: Answers
  readonly #requests: Requests
  readonly #members: Members
  /** Events that were taken before the homeserver pushed them. */
  readonly #caughtUp = new Recent<true>(rememberedEvents)

  constructor(options: Options) {
    this.#options = options
    this.#answers = new Answers({ ...options, bot: options.people.bot })
    this.#requests = new Requests({ ...options, prefix: options.commandPrefix, answers: this.#answers })
    this.#members = new Members({ ...options, answers: this.#answers })
  }

  /** Resolves when what the event asks for is done or safe. */
  async take(event: RoomEvent): Promise<void> {
    if (this.#caughtUp.get(event.event_id)) return undefined
    if (event.type !== 'm.room.member') return this.#takeWords(event)
    const early = await this.#members.take(event)
    if (early) await this.#catchUp(early.said, early.person)
  }

  async #catchUp(said: readonly RoomEvent[], person: Address | undefined): Promise<void> {
    for (const event of said) {
      await this.#takeWords(event, person)
      this.#caughtUp.set(event.event_id, true)
    }
  }

  /** `person`: whom the ghost stands for to whom it was said, where that is known already. */
  async #takeWords(event: RoomEvent, person?: Address): Promise<void> {
    if (this.#options.people.isOurs(event.sender)) return undefined
    switch (event.type) {
      case 'm.room.message':
        return this.#takeMessage(event, person)
      case 'm.room.encrypted':
        return this.#takeUnreadable(event, { key: 'matrix.encrypted-message' })
      case 'm.sticker':
        return this.#takeUnreadable(event, { key: 'matrix.unsupported' })
      default:
        return undefined
    }
  }

  /** Tells the sender of a message that it was left out because of a fault. */
  async apologise(event: RoomEvent): Promise<void> {
    if (event.type === 'm.room.message' && !this.#options.people.isOurs(event.sender))
      await this.#answers.tell(event, { key: 'matrix.fault' })
  }

  async #takeMessage(event: RoomEvent, person: Address | undefined): Promise<void> {
    const message = readMessage(event.content)
    // A redacted message has no content left.
    if (!message) return
    const { people, chats } = this.#options
    const place = person ? 'chat' : await this.#placeOf(event)
    const isEdit = message['m.relates_to']?.rel_type === 'm.replace'
    const words = isEdit ? message.body.replace(/^\* /, '') : wordsWithoutQuote(message)
    const command = this.#requests.afterPrefix(words)
    if (place === 'management' || command !== undefined) {
      // What was asked once is not asked anew because it is worded otherwise.
      if (isEdit || message.msgtype === 'm.notice') return
      if (message.msgtype !== 'm.text') return this.#answers.tell(event, { key: 'matrix.unsupported' })
      const about = message['m.relates_to']?.['m.in_reply_to']?.event_id
      const isPrivate = place === 'management'
      return this.#requests.take(event, { text: command ?? words, isPrivate, ...(about !== undefined && { about }) })
    }
    if (place === 'chat')
      return this.#takeChatMessage(event, message, person ?? people.behind(await chats.ghostIn(event.room_id)))
  }

  async #takeUnreadable(event: RoomEvent, why: Phrase): Promise<void> {
    if ((await this.#placeOf(event)) !== 'elsewhere') await this.#answers.tell(event, why)
  }

  async #takeChatMessage(event: RoomEvent, message: MessageContent, person: Address | undefined): Promise<void> {
    const read = fromMatrix(message)
    if (read === undefined) return
    if (!('kind' in read)) return this.#answers.tell(event, read)
    await this.#options.sink({
      kind: 'message',
      ...(person && { with: person }),
      id: event.event_id as RemoteId,
      conversation: this.#conversation(event.room_id),
      from: { network: this.#options.network, id: event.sender },
      content: read,
      sentAt: event.origin_server_ts,
    })
  }

  /** Where something was said: with a ghost, alone with our bot, or where it is none of our business. */
  async #placeOf(event: RoomEvent): Promise<'chat' | 'management' | 'elsewhere'> {
    const { people, chats, rooms } = this.#options
    const { bot } = people
    if ((await chats.ghostIn(event.room_id)) !== undefined) return 'chat'
    const members = await rooms.joined(event.room_id, bot)
    // The room of a ghost that we know nothing of any more: the gateway may.
    if (!members) return 'chat'
    return members.every((member) => member === bot || member === event.sender) ? 'management' : 'elsewhere'
  }

  #conversation(room: string): Conversation {
    return { network: this.#options.network, id: room }
  }
}
