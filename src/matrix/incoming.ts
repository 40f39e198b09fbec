// What is said in the rooms of our accounts, as the gateway understands it. Everything here may run twice for one event.

import type { Address, NetworkId } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import { InOrder } from '../core/in-order.ts'
import type { Logger } from '../core/log.ts'
import type { Accounts } from './accounts.ts'
import { Answers } from './answers.ts'
import type { Chats } from './chats.ts'
import { changedBy } from './content/relation.ts'
import { wordsWithoutQuote } from './content/words.ts'
import { deliveryKey } from './content.ts'
import type { MessageContent, RoomEvent } from './events.ts'
import { readMessage, redactedBy } from './events.ts'
import type { Late } from './late.ts'
import type { MediaLinks } from './media/links.ts'
import { Members } from './members.ts'
import type { People } from './people.ts'
import type { PortalRooms } from './portal-rooms.ts'
import { Recent } from './recent.ts'
import { Requests } from './requests.ts'
import type { Rooms } from './rooms.ts'
import type { Sender } from './send.ts'
import { Upgrades } from './upgrades.ts'
import { Utterances } from './utterances.ts'

const rememberedEvents = 10_000
const rememberedRooms = 1000

/** Events with which somebody says something that is not to be lost. */
const spoken = new Set(['m.room.message', 'm.sticker', 'm.poll.start', 'org.matrix.msc3381.poll.start'])

type Place = 'chat' | 'management' | 'elsewhere'

interface Options {
  readonly network: NetworkId
  /** What is written to our bot begins with this in rooms with others. */
  readonly commandPrefix: string
  readonly nudgeReaction: string
  readonly people: People
  readonly accounts: Accounts
  readonly rooms: Rooms
  readonly chats: Chats
  readonly sender: Sender
  readonly links: MediaLinks
  readonly late: Late
  readonly portalRooms: PortalRooms
  readonly domain: string
  readonly sink: EventSink
  readonly log: Logger
}

/** Takes events as the homeserver pushes them. */
export class Incoming {
  readonly #options: Options
  readonly #answers: Answers
  readonly #requests: Requests
  readonly #members: Members
  readonly #utterances: Utterances
  readonly #upgrades: Upgrades
  /** Events that were taken before the homeserver pushed them. */
  readonly #caughtUp = new Recent<true>(rememberedEvents)
  /** Rooms in which our bot is one of many, until somebody comes or goes. */
  readonly #crowded = new Recent<true>(rememberedRooms)
  /** Who comes and goes in rooms of other servers, into which one of us is on the way. */
  readonly #entering = new InOrder()

  constructor(options: Options) {
    this.#options = options
    this.#answers = new Answers({ ...options, bot: options.people.bot })
    this.#requests = new Requests({ ...options, prefix: options.commandPrefix, answers: this.#answers })
    const parts = { ...options, answers: this.#answers, prefix: options.commandPrefix }
    this.#upgrades = new Upgrades({ ...parts, catchUp: (said, person) => this.#catchUp(said, person) })
    this.#members = new Members({ ...parts, upgrades: this.#upgrades })
    this.#utterances = new Utterances({ ...options, answers: this.#answers })
  }

  /** Resolves when what the event asks for is done or safe. */
  async take(event: RoomEvent): Promise<void> {
    const { room_id: room } = event
    const isMember = event.type === 'm.room.member'
    if (isMember && (this.#entering.isBusy(room) || this.#members.isFarInvitation(event))) return this.#enter(event)
    if (this.#entering.isBusy(room)) await this.#entering.run(room, async () => {})
    if (this.#caughtUp.get(event.event_id)) return undefined
    return isMember ? this.#takeMember(event) : this.#takeWords(event)
  }

  async #takeMember(event: RoomEvent): Promise<void> {
    this.#crowded.delete(event.room_id)
    const early = await this.#members.take(event)
    if (early) await this.#catchUp(early.said, early.person)
  }

  /** A server that is slow to let us in shall not hold up everybody's messages: only what is said in that room waits. */
  #enter(event: RoomEvent): void {
    const { room_id: room } = event
    this.#entering
      .run(room, () => this.#takeMember(event))
      .catch((error: unknown) => {
        this.#options.log.warn({ room, err: error }, 'an invitation from another server was not accepted')
      })
  }

  async #catchUp(said: readonly RoomEvent[], person: Address | undefined): Promise<void> {
    for (const event of said) {
      await this.#takeWords(event, person)
      this.#caughtUp.set(event.event_id, true)
    }
  }

  /** `person`: whom the ghost stands for to whom it was said, where that is known already. */
  async #takeWords(event: RoomEvent, person?: Address): Promise<void> {
    const { people, chats } = this.#options
    if (people.isOurs(event.sender)) return undefined
    if (event.type === 'm.room.redaction') return this.#takeBack(event)
    if (event.type === 'm.room.tombstone') return this.#upgrades.take(event)
    const message = event.type === 'm.room.message' ? readMessage(event.content) : undefined
    const reading = this.#utterances.read(event)
    // Nobody said anything: a message that was taken back has no content left.
    if (!message && !reading) return undefined
    const place = person ? 'chat' : await this.#placeOf(event)
    // What we say for somebody bears the time at which they said it on the other network.
    const isLate = !(deliveryKey in event.content) && this.#options.late.isLate(event)
    if (place !== 'elsewhere' && isLate) return this.#options.late.refuse(event, this.#answers)
    if (message && (await this.#takeRequest(event, message, place))) return undefined
    if (!reading || place === 'elsewhere') return undefined
    if (!('content' in reading)) {
      await this.#answers.tell(event, reading)
      return event.type === 'm.room.encrypted' ? this.#goElsewhere(event) : undefined
    }
    if (place === 'chat')
      return this.#utterances.take(event, reading, person ?? people.behind(await chats.ghostIn(event.room_id)))
    if (reading.content.kind === 'media') await this.#answers.tell(event, { key: 'matrix.only-text' })
  }

  /** A chat that is encrypted goes on where we can read. */
  async #goElsewhere({ room_id: room, sender }: RoomEvent): Promise<void> {
    const { people, chats, network, sink } = this.#options
    const person = people.behind(await chats.ghostIn(room))
    if (!person) return
    const conversation = this.#conversation(room)
    await sink({ kind: 'conversation', change: 'unreadable', conversation, by: { network, id: sender }, with: person })
  }

  /** Somebody takes back what they said. What was said to our bot is out of its hands. */
  async #takeBack(event: RoomEvent): Promise<void> {
    const of = redactedBy(event)
    if (of === undefined || (await this.#placeOf(event)) !== 'chat') return
    const { network, sink } = this.#options
    await sink({
      kind: 'redaction',
      id: event.event_id as RemoteId,
      conversation: this.#conversation(event.room_id),
      of: of as RemoteId,
      by: { network, id: event.sender },
    })
  }

  /** Tells the sender of a message that it was left out because of a fault. */
  async apologise(event: RoomEvent): Promise<void> {
    if (spoken.has(event.type) && !this.#options.people.isOurs(event.sender))
      await this.#answers.tell(event, { key: 'matrix.fault' })
  }

  /** Takes what is meant for our bot. False when it is not. */
  async #takeRequest(event: RoomEvent, message: MessageContent, place: Place): Promise<boolean> {
    const isEdit = changedBy(message['m.relates_to']) !== undefined
    const words = isEdit ? message.body.replace(/^\* /, '') : wordsWithoutQuote(message)
    const command = this.#requests.afterPrefix(words)
    // What a user says on the other network and we repeat as them is no command.
    if (place !== 'management' && (command === undefined || deliveryKey in event.content)) return false
    // What was asked once is not asked anew because it is worded otherwise.
    if (isEdit || message.msgtype === 'm.notice') return true
    if (message.msgtype !== 'm.text') {
      await this.#answers.tell(event, { key: 'matrix.only-text' })
      return true
    }
    const about = message['m.relates_to']?.['m.in_reply_to']?.event_id
    const isPrivate = place === 'management'
    await this.#requests.take(event, { text: command ?? words, isPrivate, ...(about !== undefined && { about }) })
    return true
  }

  /** Where something was said: with a ghost, alone with our bot, or where it is none of our business. */
  async #placeOf(event: RoomEvent): Promise<Place> {
    const { people, chats, rooms } = this.#options
    const { bot } = people
    if ((await chats.ghostIn(event.room_id)) !== undefined) return 'chat'
    if (this.#crowded.get(event.room_id)) return 'elsewhere'
    const members = await rooms.joined(event.room_id, bot)
    // The room of a ghost that we know nothing of any more: the gateway may.
    if (!members) return 'chat'
    const others = members.filter((member) => member !== bot)
    // Of a room with many, its words are not worth a question each.
    if (others.length > 1) this.#crowded.set(event.room_id, true)
    return others.every((member) => member === event.sender) ? 'management' : 'elsewhere'
  }

  #conversation(room: string): Conversation {
    return { network: this.#options.network, id: room }
  }
}
