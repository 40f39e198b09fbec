// The rooms of Spaces: made, found again, shown to their user, and closed. They belong to our bot.

import { z } from 'zod'
import { botPicture } from './bot-picture.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'
import type { Pictures } from './pictures.ts'
import type { Puppets } from './puppets.ts'
import type { StateEvent } from './room-settings.ts'
import { hasCreators, RoomVersions } from './room-version.ts'
import type { Rooms } from './rooms.ts'

/** What the user may do in a Space, as a number: name it, and add rooms of their own. */
const userPower = 50

const roomAnswer = z.object({ room_id: z.string().startsWith('!') })

export interface SpaceRoomsOptions {
  readonly homeserver: Homeserver
  readonly rooms: Rooms
  readonly pictures: Pictures
  readonly puppets: Puppets
  readonly bot: string
  readonly domain: string
}

/** What a Space is to be like. */
interface SpaceSettings {
  /** Its name among the aliases of rooms, which shows whether it was made before. */
  readonly alias: string
  readonly name: string
  readonly topic: string
  /** The user id of whoever it is for. */
  readonly user: string
  /** What else it says of itself. */
  readonly state: readonly StateEvent[]
  /** The Space around it: who is in that can come in. Absent: who is invited. */
  readonly within?: string
}

/** Every method throws a HomeserverError. */
export class SpaceRooms {
  readonly #options: SpaceRoomsOptions
  readonly #versions: RoomVersions

  constructor(options: SpaceRoomsOptions) {
    this.#options = options
    this.#versions = new RoomVersions(options.homeserver, options.bot)
  }

  /** The room of a Space, made now or before. */
  async make(settings: SpaceSettings): Promise<string> {
    const { homeserver, bot, domain } = this.#options
    const body = await this.#body(settings)
    try {
      return (await homeserver.ask(roomAnswer, bot, 'POST', clientPath`createRoom`, { body })).room_id
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.errcode !== 'M_ROOM_IN_USE') throw error
      const alias = `#${settings.alias}:${domain}`
      return (await homeserver.ask(roomAnswer, bot, 'GET', clientPath`directory/room/${alias}`)).room_id
    }
  }

  /** Has the user in it, where they lent us their account; otherwise invites them. */
  async admit(room: string, user: string): Promise<void> {
    const { rooms, bot } = this.#options
    await rooms.invite(room, { by: bot, user })
    await this.enter(room, user)
  }

  /** Has the user in it where they lent us their account. What they can see they can still join if that fails. */
  async enter(room: string, user: string): Promise<void> {
    const { puppets } = this.#options
    if (!(await puppets.has(user))) return
    try {
      await puppets.call(user, 'POST', clientPath`rooms/${room}/join`, { body: {} })
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.isPassing) throw error
    }
  }

  /** Whether it is still there for our bot. */
  isThere(room: string): Promise<boolean> {
    return this.#options.rooms.canEnter(room, this.#options.bot)
  }

  /** Says something of a Space, or of what is in it. */
  set(room: string, event: StateEvent): Promise<void> {
    return this.#options.rooms.set(room, this.#options.bot, event)
  }

  /** Takes everybody out, and the name back. */
  async close(room: string, alias: string, user: string, reason: string): Promise<void> {
    const { homeserver, rooms, bot, domain } = this.#options
    await rooms.expel(room, bot, user, reason)
    try {
      await homeserver.call(bot, 'DELETE', clientPath`directory/room/${`#${alias}:${domain}`}`)
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.isPassing) throw error
    }
    await rooms.withdraw(room, bot)
  }

  async #body({ alias, name, topic, user, state, within }: SpaceSettings): Promise<object> {
    const { bot, pictures } = this.#options
    const version = await this.#versions.usual()
    const picture = within === undefined ? await pictures.uriOf(botPicture) : undefined
    const users = version !== undefined && hasCreators(version) ? {} : { [bot]: 100 }
    const stateOf = (type: string, content: object): StateEvent => ({ type, state_key: '', content })
    return {
      preset: 'private_chat',
      creation_content: { type: 'm.space' },
      room_alias_name: alias,
      name,
      topic,
      ...(version !== undefined && { room_version: version }),
      // Nobody talks in a Space.
      power_level_content_override: { users: { ...users, [user]: userPower }, events_default: 100, invite: userPower },
      initial_state: [
        ...state,
        ...(picture === undefined ? [] : [stateOf('m.room.avatar', { url: picture })]),
        ...(within === undefined ? [] : [stateOf('m.room.join_rules', openTo(within))]),
      ],
    }
  }
}

function openTo(space: string): object {
  return { join_rule: 'restricted', allow: [{ type: 'm.room_membership', room_id: space }] }
}
