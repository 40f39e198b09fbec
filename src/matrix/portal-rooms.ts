// The rooms of portals: made, found again, and taken over where a user has named one.

import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { deliveryId } from '../core/delivery.ts'
import { ContentRefused } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Opening } from '../core/network.ts'
import type { PortalId } from '../core/portal.ts'
import type { Accounts } from './accounts.ts'
import type { Chats } from './chats.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError, isFinal } from './homeserver-error.ts'
import type { Puppets } from './puppets.ts'
import type { Chat, Direction, RoomManners } from './room-settings.ts'
import { aliasName, direction, directRoom, roomOfBot, roomOfSeveral } from './room-settings.ts'
import { RoomVersions } from './room-version.ts'
import type { Rooms } from './rooms.ts'
import { cleanText } from './style.ts'

/** In characters. */
const longestRoomName = 255

const roomAnswer = z.object({ room_id: z.string().startsWith('!') })

interface Options {
  readonly homeserver: Homeserver
  readonly accounts: Accounts
  readonly puppets: Puppets
  readonly rooms: Rooms
  readonly chats: Chats
  readonly bot: string
  readonly domain: string
  readonly manners: Omit<RoomManners, 'version'>
  /** Whom a user id stands for, if it is a ghost of ours. */
  behind(userId: string): Address | undefined
  readonly log: Logger
}

/** Every method throws a HomeserverError, or a ContentRefused that says what is wrong with a room. */
export class PortalRooms {
  readonly #options: Options
  readonly #versions: RoomVersions
  /** The homeserver encrypts what is private, whether we want it or not. */
  #encryptsAll = false

  constructor(options: Options) {
    this.#options = options
    this.#versions = new RoomVersions(options.homeserver, options.bot)
  }

  /** The room of a portal, with the user in it or invited. Twice is the same as once. */
  async open(opening: Opening): Promise<string> {
    const { as, several, into } = opening
    for (const { id } of [as, ...(several?.ghosts ?? [])]) await this.#options.accounts.ensure(id)
    if (into) return this.#adopt(into.id, opening)
    return several ? this.#openSeveral(opening, several) : this.#openDirect(opening)
  }

  /** A ghost comes into the room of a chat of several. */
  async bring(room: string, ghost: string): Promise<void> {
    const { accounts, rooms, chats, bot } = this.#options
    await accounts.ensure(ghost)
    await rooms.bring(room, ghost, bot)
    await chats.came(room, ghost)
  }

  /** Tells clients where a room leads that a user made, and has our bot in it: as far as its powers let us. */
  async equip(room: string, ghost: string): Promise<void> {
    const { rooms, bot, log } = this.#options
    try {
      await rooms.bring(room, bot, ghost)
      await this.#direct(room, ghost, await this.#directionOf(ghost))
    } catch (error) {
      if (!isFinal(error)) throw error
      log.info({ room, as: ghost, err: error }, 'a room that a user made does not let us have our bot in it')
    }
  }

  /** A room in which a user talks with our bot alone, with them in it or invited: for whoever made one that we cannot read. Twice is the same as once. */
  async openTalk(user: string): Promise<string> {
    const { rooms, bot } = this.#options
    const portal = deliveryId('talk', user) as string as PortalId
    const { room } = await this.#roomOf(portal, bot, (manners) => roomOfBot({ portal, user, bot }, manners))
    await rooms.invite(room, { by: bot, user, isDirect: true })
    return room
  }

  async #openDirect(opening: Opening): Promise<string> {
    const { rooms, chats, bot } = this.#options
    const ghost = opening.as.id
    const chat = { ...(await this.#directionOf(ghost)), ...this.#invitation(opening) }
    const { room, isNew } = await this.#roomOf(opening.portal, ghost, (manners) => directRoom(chat, manners))
    if (isNew) await rooms.join(room, bot)
    else await rooms.bring(room, bot, ghost)
    await chats.remember(room, ghost)
    await rooms.invite(room, { by: ghost, user: chat.user, isDirect: true, ...(chat.reason && { reason: chat.reason }) })
    if (opening.isWanted) await this.#take(chat.user, room)
    return room
  }

  async #openSeveral(opening: Opening, several: NonNullable<Opening['several']>): Promise<string> {
    const { rooms, chats, bot, behind } = this.#options
    const ghosts = several.ghosts.map(({ id }) => id)
    const name = [...cleanText(several.name)].slice(0, longestRoomName).join('')
    const network = ghosts.map(behind).find((person) => person !== undefined)?.network
    const chat = { ...this.#invitation(opening), ghosts, name, ...(network !== undefined && { network }) }
    const { room } = await this.#roomOf(opening.portal, bot, (manners) => roomOfSeveral(chat, manners))
    await chats.remember(room, bot)
    await chats.gather(room, ghosts)
    for (const ghost of ghosts) await rooms.bring(room, ghost, bot)
    await rooms.invite(room, { by: bot, user: chat.user, ...(chat.reason && { reason: chat.reason }) })
    await this.#sendAwayOthers(room, ghosts)
    return room
  }

  /** In a room of before may be whoever left the chat while the user was not in it. */
  async #sendAwayOthers(room: string, ghosts: readonly string[]): Promise<void> {
    const { rooms, bot, behind } = this.#options
    const members = (await rooms.joined(room, bot)) ?? []
    for (const member of members) if (behind(member) && !ghosts.includes(member)) await rooms.withdraw(room, member)
  }

  /** Our accounts come into a room that a user has named: our bot must be in it, and the user must have a say there. */
  async #adopt(room: string, { as, several, user }: Opening): Promise<string> {
    const { rooms, chats, bot } = this.#options
    const members = await rooms.joined(room, bot)
    if (!members) throw new ContentRefused({ key: 'matrix.bot-not-here' })
    if (await rooms.isEncrypted(room, bot)) throw new ContentRefused({ key: 'matrix.encrypted-room' })
    const powers = await rooms.powers(room, bot)
    if (!members.includes(user.id) || !powers.maySet(user.id, 'm.bridge')) throw new ContentRefused({ key: 'matrix.no-power' })
    if (!powers.mayInvite(bot)) throw new ContentRefused({ key: 'matrix.may-not-invite', params: { bot } })
    const ghosts = (several?.ghosts ?? [as]).map(({ id }) => id)
    for (const ghost of ghosts) await rooms.bring(room, ghost, bot)
    await chats.remember(room, as.id)
    if (several) await chats.gather(room, ghosts)
    else await this.#direct(room, bot, await this.#directionOf(as.id))
    return room
  }

  /** The room that one of us made for a portal, or makes now. */
  async #roomOf(
    portal: PortalId,
    by: string,
    settings: (manners: RoomManners) => object,
  ): Promise<{ room: string; isNew: boolean }> {
    const { homeserver, rooms, domain, manners } = this.#options
    if (this.#encryptsAll) throw new ContentRefused({ key: 'matrix.encrypts-all' })
    const version = await this.#versions.usual()
    const body = settings({ ...manners, ...(version !== undefined && { version }) })
    try {
      return { room: await this.#create(by, body), isNew: true }
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.errcode !== 'M_ROOM_IN_USE') throw error
    }
    const alias = `#${aliasName(portal)}:${domain}`
    const { room_id: room } = await homeserver.ask(roomAnswer, by, 'GET', clientPath`directory/room/${alias}`)
    if ((await rooms.canEnter(room, by)) && !(await rooms.isEncrypted(room, by))) return { room, isNew: false }
    // Whoever made it was thrown out and cannot come back, or it was encrypted since: that room is of no use to us any more.
    await homeserver.call(by, 'DELETE', clientPath`directory/room/${alias}`)
    return { room: await this.#create(by, body), isNew: true }
  }

  async #create(by: string, body: object): Promise<string> {
    const { homeserver, rooms, log } = this.#options
    const { room_id: room } = await homeserver.ask(roomAnswer, by, 'POST', clientPath`createRoom`, { body })
    if (!(await rooms.isEncrypted(room, by))) return room
    this.#encryptsAll = true
    log.error({ room }, 'the homeserver encrypts every private room (Synapse: encryption_enabled_by_default_for_room_type)')
    await rooms.withdraw(room, by)
    throw new ContentRefused({ key: 'matrix.encrypts-all' })
  }

  async #direct(room: string, by: string, chat: Direction): Promise<void> {
    for (const event of direction(chat, this.#options.manners)) await this.#options.rooms.set(room, by, event)
  }

  async #directionOf(ghost: string): Promise<Direction> {
    const { accounts, behind, bot } = this.#options
    const person = behind(ghost)
    if (!person) throw new Error(`${ghost} is no ghost of ours`)
    return { ghost, person, bot, looks: await accounts.looks(ghost) }
  }

  #invitation({ portal, user, reason }: Opening): Chat {
    const { bot } = this.#options
    return { portal, user: user.id, bot, ...(reason !== undefined && { reason: cleanText(reason) }) }
  }

  /** The user comes in by themselves, where they lent us their account. What they are invited to they can still join if that fails. */
  async #take(user: string, room: string): Promise<void> {
    const { puppets, log } = this.#options
    if (!(await puppets.has(user))) return
    try {
      await puppets.call(user, 'POST', clientPath`rooms/${room}/join`, { body: {} })
    } catch (error) {
      if (!(error instanceof HomeserverError)) throw error
      log.info({ room, as: user, err: error }, 'a user could not be taken into a chat that they want')
    }
  }
}
