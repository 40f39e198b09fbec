// What is written to our bot: bare words where nobody but the two are, and what follows the prefix in every other room.

import type { NetworkId } from '../core/address.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import { allows } from '../core/level.ts'
import type { Answers } from './answers.ts'
import type { Chats } from './chats.ts'
import type { RoomEvent } from './events.ts'
import { isFinal } from './homeserver-error.ts'
import type { People } from './people.ts'
import { Recent } from './recent.ts'
import type { Rooms } from './rooms.ts'

/** The longest text for the bot, in characters. */
const longestRequest = 4096

const rememberedRefusals = 10_000

interface Options {
  readonly network: NetworkId
  /** What a command begins with in rooms with others. */
  readonly prefix: string
  readonly people: People
  readonly rooms: Rooms
  readonly chats: Chats
  readonly answers: Answers
  readonly sink: EventSink
}

/** Something written to the bot. */
interface Wording {
  /** As it was typed, without the prefix: it may be a password. */
  readonly text: string
  /** Whether nobody but the writer and our bot is there. */
  readonly isPrivate: boolean
  /** The event that it answers. */
  readonly about?: string
}

/** Takes what is written to the bot. */
export class Requests {
  readonly #options: Options
  /** Who was told that they may not talk with the bot. */
  readonly #refused = new Recent<true>(rememberedRefusals)

  constructor(options: Options) {
    this.#options = options
  }

  /** What follows the prefix in a text; undefined where the text does not begin with it. */
  afterPrefix(body: string): string | undefined {
    const { prefix } = this.#options
    const text = body.trimStart()
    const isMeant = text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase()
    const rest = text.slice(prefix.length)
    return isMeant && /^(?:\s|$)/.test(rest) ? rest.trim() : undefined
  }

  /** Hands on a request. Whoever may not talk with the bot is told so, once. */
  async take(event: RoomEvent, { text, isPrivate, about }: Wording): Promise<void> {
    const { network, prefix, people, answers, sink } = this.#options
    if (!allows(people.levelOf(event.sender), 'commands')) return this.#refuse(event)
    if (text.length > longestRequest) return answers.tell(event, { key: 'matrix.too-large' })
    await sink({
      kind: 'request',
      id: event.event_id as RemoteId,
      conversation: { network, id: event.room_id },
      from: { network, id: event.sender },
      text,
      isPrivate,
      prefix,
      ...(about !== undefined && { about: about as RemoteId }),
      redact: () => this.#redact(event),
    })
  }

  async #refuse(event: RoomEvent): Promise<void> {
    if (this.#refused.get(event.sender)) return
    await this.#options.answers.tell(event, { key: 'command.not-for-you' })
    this.#refused.set(event.sender, true)
  }

  /** Takes a message out of the room, as whoever of us may: our bot, or the ghost whose room it is. */
  async #redact({ room_id: room, event_id: event }: RoomEvent): Promise<void> {
    const { rooms, people, chats } = this.#options
    const ghost = await chats.ghostIn(room)
    try {
      await rooms.redact(room, event, people.bot)
    } catch (error) {
      if (ghost === undefined || ghost === people.bot || !isFinal(error)) throw error
      await rooms.redact(room, event, ghost)
    }
  }
}
