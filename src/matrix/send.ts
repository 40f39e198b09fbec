// A message goes into a room once, however often it is sent.

import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { Accounts } from './accounts.ts'
import type { Chats } from './chats.ts'
import { deliveryKey } from './content.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'
import type { Rooms } from './rooms.ts'

/** How many of the sender's last messages are searched. Nothing overtakes within a line, so one would nearly do. */
const searched = 100

/** What takes longer than this to be sent was said a while ago, in milliseconds. */
const late = 60_000

/** Shows clients and other bridges that somebody did not say this with a client of theirs. A name that mautrix gave it. */
const puppetMark = { 'fi.mau.double_puppet_source': 'nudge' }

const sentAnswer = z.object({ event_id: z.string().startsWith('$') })
const history = z.object({ chunk: z.array(z.unknown()) })
const ownEvent = z.object({ event_id: z.string(), sender: z.string(), content: z.object({ [deliveryKey]: z.string() }) })

/** What is sent, where, and as whom. */
export interface Letter {
  /** Our transaction id; it also stands in the content. */
  readonly id: DeliveryId
  readonly room: string
  readonly as: string
  readonly content: object
  /** When it was said, in milliseconds since 1970; absent: just now. */
  readonly sentAt?: number
  /** Whether it may have been sent before without our knowing. */
  readonly again: boolean
}

interface Parts {
  readonly homeserver: Homeserver
  readonly accounts: Accounts
  readonly rooms: Rooms
  readonly chats: Chats
  readonly bot: string
  readonly clock: Clock
}

/** Puts letters into rooms. */
export class Sender {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Sends a letter and gives the id of its event. The transaction id makes a second try harmless for as long as the homeserver
   * remembers it (Synapse: minutes, and not across restarts); after that, the room itself is searched. Throws a HomeserverError.
   */
  async send(letter: Letter): Promise<RemoteId> {
    try {
      return await this.#sendFromInside(letter)
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.status !== 403) throw error
      await this.#enter(letter)
      return this.#sendFromInside(letter)
    }
  }

  async #sendFromInside(letter: Letter): Promise<RemoteId> {
    const sent = letter.again ? await this.#find(letter) : undefined
    return sent ?? (await this.#put(letter))
  }

  /** What was said a while ago is shown with the time at which it was said (application service API, timestamp massaging). */
  async #put({ id, room, as, content, sentAt }: Letter): Promise<RemoteId> {
    const { homeserver, clock } = this.#parts
    const path = clientPath`rooms/${room}/send/m.room.message/${id}`
    const isLate = sentAt !== undefined && clock() - sentAt > late
    const answer = await homeserver.ask(sentAnswer, as, 'PUT', path, {
      body: homeserver.isLent(as) ? { ...content, ...puppetMark } : content,
      ...(isLate && { query: { ts: String(sentAt) } }),
    })
    return answer.event_id as RemoteId
  }

  /** The event that an earlier try made. What a user says elsewhere may have been sent as themselves then and by our bot now, or the other way round. */
  async #find({ id, room, as }: Letter): Promise<RemoteId | undefined> {
    const { homeserver, bot } = this.#parts
    const isByAnybody = as === bot || homeserver.isLent(as)
    const filter = JSON.stringify({ ...(!isByAnybody && { senders: [as] }), types: ['m.room.message'], lazy_load_members: true })
    const query = { dir: 'b', limit: String(searched), filter }
    const answer = await homeserver.ask(history, as, 'GET', clientPath`rooms/${room}/messages`, { query })
    for (const value of answer.chunk) {
      const event = ownEvent.safeParse(value).data
      if (event?.content[deliveryKey] === id && (isByAnybody || event.sender === as)) return event.event_id as RemoteId
    }
    return undefined
  }

  /**
   * Our account may not exist any more, or may not be in the room. Our bot comes into a chat when it first has something to say there, a ghost
   * into a room of several.
   */
  async #enter({ room, as }: Letter): Promise<void> {
    const { homeserver, accounts, rooms, chats, bot } = this.#parts
    // Whoever lends us their account comes in where they are invited, and nowhere else.
    if (homeserver.isLent(as)) return rooms.join(room, as)
    accounts.doubt(as)
    await accounts.ensure(as)
    const host = await chats.ghostIn(room)
    const isGuest = host !== undefined && host !== as && (as === bot || host === bot)
    if (isGuest) await rooms.invite(room, { by: host, user: as })
    await rooms.join(room, as)
  }
}
