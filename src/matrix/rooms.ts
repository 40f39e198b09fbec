// Rooms: made, found again, entered and left.

import { z } from 'zod'
import type { Address } from '../core/address.ts'
import type { PortalId } from '../core/portal.ts'
import { escapeId } from './address.ts'
import type { RoomEvent } from './events.ts'
import { readEvent } from './events.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError, isFinal } from './homeserver-error.ts'

const roomAnswer = z.object({ room_id: z.string().startsWith('!') })
const memberAnswer = z.object({ membership: z.string() })
const membersAnswer = z.object({
  chunk: z.array(
    z.object({ state_key: z.string(), content: z.object({ displayname: z.string().max(1024).optional().catch(undefined) }) }),
  ),
})
const historyAnswer = z.object({ chunk: z.array(z.unknown()), end: z.string().optional() })
/** So far back is looked for an event: 10,000 events. */
const mostPages = 20
const joinedAnswer = z.object({ joined: z.record(z.string(), z.unknown()) })

/** What is needed to make the room of a portal. */
export interface Chat {
  readonly portal: PortalId
  /** The user id of the user. */
  readonly user: string
  readonly bot: string
  /** What the invitation says. */
  readonly reason?: string
}

/** A direct chat with a ghost. */
interface DirectChat extends Chat {
  readonly ghost: string
  /** Whom the ghost stands for. */
  readonly person: Address
}

/** A chat with several ghosts, which belongs to our bot. */
interface ChatOfSeveral extends Chat {
  readonly ghosts: readonly string[]
  readonly name: string
}

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
  readonly #domain: string

  constructor(homeserver: Homeserver, domain: string) {
    this.#homeserver = homeserver
    this.#domain = domain
  }

  /** The room of a portal, with the user in it or invited. The alias shows whether it was made before. */
  async open(chat: DirectChat): Promise<string> {
    const { portal, ghost: by, user, reason } = chat
    const room = await this.#roomOf(portal, by, { is_direct: true, initial_state: [...bridgeInfo(chat), serviceMembers(chat)] })
    await this.invite(room, { by, user, isDirect: true, ...(reason !== undefined && { reason }) })
    return room
  }

  /** The same for a chat of several, with their ghosts in it. */
  async openSeveral(chat: ChatOfSeveral): Promise<string> {
    const { portal, bot, user, ghosts, name, reason } = chat
    const room = await this.#roomOf(portal, bot, { name, initial_state: [serviceMembers(chat)] })
    for (const ghost of ghosts) await this.bring(room, ghost, bot)
    await this.invite(room, { by: bot, user, ...(reason !== undefined && { reason }) })
    return room
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

  /** The room that one of us made for a portal, or makes now. */
  async #roomOf(portal: PortalId, by: string, settings: object): Promise<string> {
    const body = { preset: 'private_chat', room_alias_name: aliasName(portal), ...settings }
    try {
      return await this.#create(by, body)
    } catch (error) {
      if (!hasCode(error, 'M_ROOM_IN_USE')) throw error
    }
    const alias = `#${aliasName(portal)}:${this.#domain}`
    const { room_id: room } = await this.#homeserver.ask(roomAnswer, by, 'GET', clientPath`directory/room/${alias}`)
    if (await this.#canEnter(room, by)) return room
    // Whoever made it was thrown out and cannot come back: that room is of no use to anybody.
    await this.#homeserver.call(by, 'DELETE', clientPath`directory/room/${alias}`)
    return this.#create(by, body)
  }

  async join(room: string, as: string): Promise<void> {
    await this.#homeserver.call(as, 'POST', clientPath`rooms/${room}/join`, { body: {} })
  }

  async leave(room: string, as: string, reason: string): Promise<void> {
    await this.#homeserver.call(as, 'POST', clientPath`rooms/${room}/leave`, { body: { reason } })
  }

  /** Takes a ghost out of a room, or does nothing where it is not in it. */
  async withdraw(room: string, ghost: string): Promise<void> {
    await unlessDenied(this.#homeserver.call(ghost, 'POST', clientPath`rooms/${room}/leave`, { body: {} }))
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
    const path = clientPath`rooms/${room}/state/m.room.encryption`
    return (await unlessDenied(this.#homeserver.call(as, 'GET', path))) !== undefined
  }

  /** Takes what was said out of a room. */
  async redact(room: string, event: string, as: string): Promise<void> {
    await this.#homeserver.call(as, 'PUT', clientPath`rooms/${room}/redact/${event}/${`redact-${event}`}`, { body: {} })
  }

  async #create(by: string, body: object): Promise<string> {
    return (await this.#homeserver.ask(roomAnswer, by, 'POST', clientPath`createRoom`, { body })).room_id
  }

  async #canEnter(room: string, ghost: string): Promise<boolean> {
    try {
      await this.join(room, ghost)
      return true
    } catch (error) {
      if (isFinal(error)) return false
      throw error
    }
  }
}

/** The answer of a call; undefined when there is nothing, or nothing for us to see. */
async function unlessDenied<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await call
  } catch (error) {
    if (error instanceof HomeserverError && (error.status === 403 || error.status === 404)) return undefined
    throw error
  }
}

/** The name of a portal's room, within the namespace that is ours alone. */
function aliasName(portal: PortalId): string {
  return `nudge_${escapeId(portal)}`
}

function hasCode(error: unknown, errcode: string): boolean {
  return error instanceof HomeserverError && error.errcode === errcode
}

/** Tells clients that the room leads elsewhere (MSC2346, under its two names). */
function bridgeInfo({ person, ghost, bot }: DirectChat): object[] {
  const content = {
    bridgebot: bot,
    creator: ghost,
    protocol: { id: person.network, displayname: person.network },
    channel: { id: person.id },
  }
  const stateKey = `dev.nudge/${person.network}/${escapeId(person.id)}`
  return ['m.bridge', 'uk.half-shot.bridge'].map((type) => ({ type, state_key: stateKey, content }))
}

/** Tells clients that our bot, should it come in, is no party to the chat (MSC4171, under the name that Element knows). */
function serviceMembers({ bot }: Chat): object {
  return { type: 'io.element.functional_members', state_key: '', content: { service_members: [bot] } }
}
