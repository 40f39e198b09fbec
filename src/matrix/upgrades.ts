// Rooms that go on as others: followed only where both rooms say so, and never into one in which we could not read.

import { z } from 'zod'
import type { Address, NetworkId } from '../core/address.ts'
import type { EventSink } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Phrase } from '../core/words.ts'
import { serverOf } from './address.ts'
import type { Answers } from './answers.ts'
import type { Chats } from './chats.ts'
import type { RoomEvent } from './events.ts'
import { HomeserverError, isFinal } from './homeserver-error.ts'
import type { People } from './people.ts'
import type { PortalRooms } from './portal-rooms.ts'
import type { Rooms } from './rooms.ts'

/** Ids are at most 255 bytes long; that of a room has no domain from version 12 on (MSC4291). */
const roomId = z.string().regex(/^![^\s]{1,254}$/)

const tombstone = z.object({ replacement_room: roomId })

const creation = z.object({
  event_id: z.string().startsWith('$').max(255).optional().catch(undefined),
  content: z.object({ predecessor: z.object({ room_id: roomId, event_id: z.string().max(255).optional().catch(undefined) }) }),
})

type Creation = z.infer<typeof creation>

interface Options {
  readonly network: NetworkId
  readonly domain: string
  readonly people: People
  readonly rooms: Rooms
  readonly portalRooms: PortalRooms
  readonly chats: Chats
  readonly answers: Answers
  readonly sink: EventSink
  /** Takes what was said in a room before we were in it. */
  readonly catchUp: (said: readonly RoomEvent[], person: Address | undefined) => Promise<void>
  readonly log: Logger
}

/** Follows the chats of our accounts. Everything here may run twice for one event. */
export class Upgrades {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** Takes an `m.room.tombstone` event: that it was let in says that its sender had the power to replace the room. */
  async take(event: RoomEvent): Promise<void> {
    const host = await this.#options.chats.ghostIn(event.room_id)
    if (host === undefined || event.state_key !== '') return
    const room = tombstone.safeParse(event.content).data?.replacement_room
    if (room === undefined) return this.#stay(event, { key: 'matrix.replaced-by-nothing' })
    if (this.#isNear(room, event.sender)) return this.#follow(event, room, host)
    // A server that is slow to let us in shall not hold up everybody's messages.
    void this.#follow(event, room, host).catch((error: unknown) =>
      this.#options.log.info({ room: event.room_id, err: error }, 'a room that goes on elsewhere could not be followed'),
    )
  }

  /** One of us was invited, and has come in: true where the room is what a chat of theirs goes on as, and then it does. */
  async continues(room: string, host: string): Promise<boolean> {
    const { rooms, chats } = this.#options
    const old = await this.#predecessor(room, host)
    if (old === undefined || (await chats.ghostIn(old.content.predecessor.room_id)) !== host) return false
    const before = old.content.predecessor.room_id
    const named = tombstone.safeParse(await rooms.state(before, host, 'm.room.tombstone')).data?.replacement_room
    if (named !== room || (await this.#problem(before, room, host))) return false
    await this.#move(before, room, host, old)
    return true
  }

  async #follow(event: RoomEvent, room: string, host: string): Promise<void> {
    const { rooms, chats } = this.#options
    // Into a room that is a chat of another of ours nothing is moved, and nobody leaves it. Where it is one of the same, we may have begun before.
    const there = await chats.ghostIn(room)
    const wasIn = (await rooms.joined(room, host)) !== undefined
    if (there !== undefined && there !== host) return this.#stay(event, { key: 'matrix.false-successor' })
    if (!wasIn && !(await this.#enter(room, host, event.sender)))
      return this.#stay(event, { key: 'matrix.cannot-follow', params: { account: host } })
    const problem = await this.#problem(event.room_id, room, host)
    if (problem) {
      if (!wasIn) await rooms.withdraw(room, host)
      return this.#stay(event, problem)
    }
    await this.#move(event.room_id, room, host, await this.#predecessor(room, host))
  }

  async #enter(room: string, host: string, sender: string): Promise<boolean> {
    try {
      await this.#options.rooms.join(room, host, serverOf(sender))
      return true
    } catch (error) {
      if (!isFinal(error) && this.#isNear(room, sender)) throw error
      if (!(error instanceof HomeserverError)) throw error
      return false
    }
  }

  /** What speaks against a room as the continuation of another. */
  async #problem(before: string, room: string, host: string): Promise<Phrase | undefined> {
    const { rooms } = this.#options
    const claim = (await this.#predecessor(room, host))?.content.predecessor
    if (claim?.room_id !== before) return { key: 'matrix.false-successor' }
    // Up to version 11 the new room also names the last event of the old one.
    if (claim.event_id !== undefined && !(await rooms.has(before, claim.event_id, host))) return { key: 'matrix.false-successor' }
    return (await rooms.isEncrypted(room, host)) ? { key: 'matrix.encrypted-successor' } : undefined
  }

  async #predecessor(room: string, host: string): Promise<Creation | undefined> {
    return creation.safeParse(await this.#options.rooms.creation(room, host)).data
  }

  async #move(before: string, room: string, host: string, begun: Creation | undefined): Promise<void> {
    const { network, people, rooms, chats, portalRooms, sink, catchUp } = this.#options
    const ours = ((await rooms.joined(before, host)) ?? []).filter((member) => people.isOurs(member))
    await chats.remember(room, host)
    if (host === people.bot) await this.#gather(room, ours)
    await sink({ kind: 'moved', conversation: { network, id: before }, to: { network, id: room } })
    if (host !== people.bot) await portalRooms.equip(room, host)
    const said = begun?.event_id === undefined ? [] : await rooms.since(room, begun.event_id, host)
    await catchUp(said, people.behind(host))
    for (const each of [...ours.filter((member) => member !== host), host]) await rooms.withdraw(before, each)
    await chats.forget(before)
  }

  /** The ghosts of a chat of several come along. One that may not comes in when it first speaks, if it may then. */
  async #gather(room: string, ours: readonly string[]): Promise<void> {
    const { people, chats, portalRooms, log } = this.#options
    const ghosts = ours.filter((member) => member !== people.bot)
    await chats.gather(room, ghosts)
    for (const ghost of ghosts) {
      try {
        await portalRooms.bring(room, ghost)
      } catch (error) {
        if (!isFinal(error)) throw error
        log.info({ room, as: ghost, err: error }, 'a ghost may not come into the room that its chat goes on as')
      }
    }
  }

  /** Nothing is followed: the user is told, and the next word makes a room of its own. */
  async #stay(event: RoomEvent, reason: Phrase): Promise<void> {
    const { network, people, chats, answers, sink } = this.#options
    await answers.tell(event, reason)
    const person = people.behind(await chats.ghostIn(event.room_id))
    const conversation = { network, id: event.room_id }
    const by = { network, id: event.sender }
    if (person) await sink({ kind: 'conversation', change: 'ended', conversation, by, with: person, reason })
  }

  /** Whether our own homeserver knows a room, or knows that it does not. */
  #isNear(room: string, sender: string): boolean {
    const { domain } = this.#options
    const colon = room.indexOf(':')
    return serverOf(sender) === domain && (colon === -1 || room.slice(colon + 1) === domain)
  }
}
