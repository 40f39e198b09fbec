// What people are called in rooms: asked for once, then kept up to date by what the homeserver pushes.

import { z } from 'zod'
import type { Chats } from './chats.ts'
import type { RoomEvent } from './events.ts'
import { readMembership } from './events.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'
import { Recent } from './recent.ts'

const remembered = 10_000

const member = z.object({ displayname: z.string().max(1024).optional().catch(undefined) })

export class MemberNames {
  readonly #homeserver: Homeserver
  readonly #chats: Chats
  readonly #bot: string
  readonly #names = new Recent<{ readonly name?: string }>(remembered)

  constructor({ homeserver, chats, bot }: { homeserver: Homeserver; chats: Chats; bot: string }) {
    this.#homeserver = homeserver
    this.#chats = chats
    this.#bot = bot
  }

  /** The name that somebody has in a room; undefined when they have none, or nobody can be asked now. Never rejects. */
  async nameIn(room: string, user: string): Promise<string | undefined> {
    const known = this.#names.get(keyOf(room, user))
    if (known) return known.name
    try {
      const as = (await this.#chats.ghostIn(room)) ?? this.#bot
      const { displayname: name } = await this.#homeserver.ask(
        member,
        as,
        'GET',
        clientPath`rooms/${room}/state/m.room.member/${user}`,
      )
      this.#names.set(keyOf(room, user), name === undefined ? {} : { name })
      return name
    } catch (error) {
      if (!(error instanceof HomeserverError)) throw error
      return undefined
    }
  }

  /** Somebody came, went or changed their name, perhaps. */
  saw(event: RoomEvent): void {
    if (event.type !== 'm.room.member') return
    const { now, name } = readMembership(event) ?? {}
    const key = keyOf(event.room_id, event.state_key ?? '')
    if (now === 'join' && name !== undefined) this.#names.set(key, { name })
    else this.#names.delete(key)
  }
}

function keyOf(room: string, user: string): string {
  return `${room} ${user}`
}
