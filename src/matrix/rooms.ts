// Rooms: entered, left, and asked how they are.

import { z } from 'zod'
import type { RoomEvent } from './events.ts'
import { readEvent } from './events.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError, isFinal } from './homeserver-error.ts'
import { PowerLevels } from './power-levels.ts'
import type { StateEvent } from './room-settings.ts'

const memberAnswer = z.object({ membership: z.string() })
const membersAnswer = z.object({
  chunk: z.array(
    z.object({ state_key: z.string(), content: z.object({ displayname: z.string().max(1024).optional().catch(undefined) }) }),
  ),
})
const creationEvent = z.object({ type: z.literal('m.room.create'), content: z.unknown() })
const historyAnswer = z.object({ chunk: z.array(z.unknown()), end: z.string().optional() })
/** So far back is looked for an event: 10,000 events. */
const mostPages = 20
const joinedAnswer = z.object({ joined: z.record(z.string(), z.unknown()) })

/** An invitation by one of us. */
interface Invitation {
  readonly by: string
  readonly user: string
  readonly isDirect?: true
  readonly reason?: string
}

/** Somebody in a room, with the name that they have there. */
interface Member {
  readonly id: string
  readonly name?: string
}

/** The rooms of our homeserver. Every method throws a HomeserverError. */
export class Rooms {
  readonly #homeserver: Homeserver

  constructor(homeserver: Homeserver) {
    this.#homeserver = homeserver
  }

  /** One of us brings another of us into a room. Twice is the same as once. */
  async bring(room: string, ghost: string, by: string): Promise<void> {
    await this.invite(room, { by, user: ghost })
    await this.join(room, ghost)
  }

  /** Invites somebody who is neither in the room nor invited. */
  async invite(room: string, { by, user, isDirect, reason }: Invitation): Promise<void> {
    const path = clientPath`rooms/${room}/state/m.room.member/${user}`
    const member = await unlessDenied(this.#homeserver.ask(memberAnswer, by, 'GET', path))
    if (member?.membership === 'join' || member?.membership === 'invite') return
    // As state, because the endpoint for invitations has no way to say that the room is a direct chat.
    const body = { membership: 'invite', ...(isDirect && { is_direct: true }), ...(reason !== undefined && { reason }) }
    await this.#homeserver.call(by, 'PUT', path, { body })
  }

  /** `via`: a server that is in the room, where ours may not be. */
  async join(room: string, as: string, via?: string): Promise<void> {
    const path = via === undefined ? clientPath`rooms/${room}/join` : clientPath`join/${room}`
    await this.#homeserver.call(as, 'POST', path, { body: {}, ...(via !== undefined && { query: { via, server_name: via } }) })
  }

  /** Whether one of us is in a room, or can come in. */
  async canEnter(room: string, as: string): Promise<boolean> {
    try {
      await this.join(room, as)
      return true
    } catch (error) {
      if (isFinal(error)) return false
      throw error
    }
  }

  async leave(room: string, as: string, reason: string): Promise<void> {
    await this.#homeserver.call(as, 'POST', clientPath`rooms/${room}/leave`, { body: { reason } })
  }

  /** Takes one of us out of a room, or does nothing where they are not in it. */
  async withdraw(room: string, ours: string, reason?: string): Promise<void> {
    const body = reason === undefined ? {} : { reason }
    await unlessDenied(this.#homeserver.call(ours, 'POST', clientPath`rooms/${room}/leave`, { body }))
  }

  /** One of us takes somebody out of a room, where the powers there let them. */
  async expel(room: string, as: string, user: string, reason: string): Promise<void> {
    await unlessDenied(this.#homeserver.call(as, 'POST', clientPath`rooms/${room}/kick`, { body: { user_id: user, reason } }))
  }

  /** Changes the state of a room, where the powers there let one of us. */
  async set(room: string, as: string, { type, state_key: key, content }: StateEvent): Promise<void> {
    await unlessDenied(this.#homeserver.call(as, 'PUT', clientPath`rooms/${room}/state/${type}/${key}`, { body: content }))
  }

  /** Who may do what, as one who is in the room sees it. */
  async powers(room: string, as: string): Promise<PowerLevels> {
    return new PowerLevels(await this.creation(room, as), await this.state(room, as, 'm.room.power_levels'))
  }

  /** The event with which a room began, unread, as one who is in the room sees it; undefined for others. */
  async creation(room: string, as: string): Promise<unknown> {
    const path = clientPath`rooms/${room}/state/m.room.create`
    const answer = await unlessDenied(this.#homeserver.call(as, 'GET', path, { query: { format: 'event' } }))
    // A homeserver that knows no format gives the content alone.
    return creationEvent.safeParse(answer).success ? answer : answer && { content: answer }
  }

  /** Everybody who is in a room or invited to it, as one who is in it sees it. */
  async members(room: string, as: string): Promise<Member[]> {
    const query = { not_membership: 'leave' }
    const answer = await this.#homeserver.ask(membersAnswer, as, 'GET', clientPath`rooms/${room}/members`, { query })
    return answer.chunk.map(({ state_key: id, content: { displayname: name } }) => (name === undefined ? { id } : { id, name }))
  }

  /** Everybody who is in a room; undefined when the asker is not. */
  async joined(room: string, as: string): Promise<string[] | undefined> {
    const path = clientPath`rooms/${room}/joined_members`
    const answer = await unlessDenied(this.#homeserver.ask(joinedAnswer, as, 'GET', path))
    return answer && Object.keys(answer.joined)
  }

  /**
   * What happened in a room after an event, oldest first, as one who is in the room sees it. Nothing for others, and nothing when the event
   * is further back than we look: a part of what followed would be out of order.
   */
  async since(room: string, event: string, as: string): Promise<RoomEvent[]> {
    const newestFirst: RoomEvent[] = []
    let from: string | undefined
    for (let page = 0; page < mostPages; page++) {
      const query = { dir: 'b', limit: '500', ...(from !== undefined && { from }) }
      const path = clientPath`rooms/${room}/messages`
      const history = await unlessDenied(this.#homeserver.ask(historyAnswer, as, 'GET', path, { query }))
      const events = (history?.chunk ?? []).map(readEvent).filter((each) => each !== undefined)
      const place = events.findIndex((each) => each.event_id === event)
      newestFirst.push(...(place === -1 ? events : events.slice(0, place)))
      if (place !== -1) return newestFirst.reverse()
      from = history?.end
      if (from === undefined) return []
    }
    return []
  }

  async isEncrypted(room: string, as: string): Promise<boolean> {
    return (await this.state(room, as, 'm.room.encryption')) !== undefined
  }

  /** A point of the state of a room, unread, as one who is in the room sees it; undefined where it is not set. */
  state(room: string, as: string, type: string): Promise<unknown> {
    return unlessDenied(this.#homeserver.call(as, 'GET', clientPath`rooms/${room}/state/${type}`))
  }

  /** Whether an event is one of a room, as one who is in the room sees it. */
  async has(room: string, event: string, as: string): Promise<boolean> {
    return (await unlessDenied(this.#homeserver.call(as, 'GET', clientPath`rooms/${room}/event/${event}`))) !== undefined
  }

  /** Takes what was said out of a room. */
  async redact(room: string, event: string, as: string): Promise<void> {
    await this.#homeserver.call(as, 'PUT', clientPath`rooms/${room}/redact/${event}/${`redact-${event}`}`, { body: {} })
  }
}

/** The answer of a call; undefined when there is nothing, or nothing for us to see. */
export async function unlessDenied<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof HomeserverError && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}
