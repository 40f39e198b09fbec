// What the room of a portal is like when it is made. Pure.

import type { Address, NetworkId } from '../core/address.ts'
import type { PortalId } from '../core/portal.ts'
import { escapeId } from './address.ts'
import { hasCreators } from './room-version.ts'

/** The level of whoever made a room, where it has to be said. */
const highest = 100
const moderator = 50

/** How a homeserver makes rooms, and how ours are to be. */
export interface RoomManners {
  /** The version of a new room, where the homeserver says which is usual. */
  readonly version?: string
  /** Whether people of other servers can be in it. */
  readonly federates: boolean
  /** Whether files can be sent, as links. */
  readonly linksFiles: boolean
}

/** What is needed to make the room of a portal. */
export interface Chat {
  readonly portal: PortalId
  /** The user id of the user. */
  readonly user: string
  readonly bot: string
  /** What the invitation says. */
  readonly reason?: string
}

/** Where a direct chat leads. */
export interface Direction {
  readonly bot: string
  readonly ghost: string
  /** Whom the ghost stands for. */
  readonly person: Address
  /** How the ghost looks, where that is known: its name, and the address of its picture. */
  readonly looks: { readonly name?: string; readonly picture?: string }
}

/** A chat with several ghosts, which belongs to our bot. */
export interface ChatOfSeveral extends Chat {
  readonly ghosts: readonly string[]
  /** Where the others are, as far as anybody is there. */
  readonly network?: NetworkId
  readonly name: string
}

/** A state event. */
export interface StateEvent {
  readonly type: string
  readonly state_key: string
  readonly content: object
}

/** What is asked of the homeserver for a direct chat. The invitation of the user comes later: it has to say that the chat is direct. */
export function directRoom(chat: Chat & Direction, manners: RoomManners): object {
  const { ghost, bot } = chat
  return {
    ...privateRoom(chat, manners, [ghost, bot]),
    is_direct: true,
    invite: [bot],
    initial_state: [nameless, ...direction(chat, manners)],
  }
}

/** The same for a room in which a user talks with our bot alone. */
export function roomOfBot(chat: Chat, manners: RoomManners): object {
  return { ...privateRoom(chat, manners, [chat.bot]), is_direct: true, initial_state: [nameless] }
}

/** The same for a chat of several. */
export function roomOfSeveral(chat: ChatOfSeveral, manners: RoomManners): object {
  return { ...privateRoom(chat, manners, [chat.bot]), name: chat.name, initial_state: directionOfSeveral(chat, manners) }
}

/** Tells clients where a chat leads, and that our bot is no party to it. */
export function direction(chat: Direction, manners: Pick<RoomManners, 'linksFiles'>): readonly StateEvent[] {
  const { person, ghost: creator, bot, looks } = chat
  const key = bridgeKey(person)
  const channel = {
    id: person.id,
    ...(looks.name !== undefined && { displayname: looks.name }),
    ...(looks.picture !== undefined && { avatar_url: looks.picture }),
  }
  return [
    ...bridgeInfo(key, { bot, creator, network: person.network, channel }),
    serviceMembers(chat),
    roomFeatures(key, manners),
  ]
}

/** MSN has no name for a chat of several: it goes by that of our portal. */
function directionOfSeveral(chat: ChatOfSeveral, manners: RoomManners): readonly StateEvent[] {
  const { bot, network, portal, name } = chat
  if (network === undefined) return [serviceMembers(chat), roomFeatures('dev.nudge', manners)]
  const key = bridgeKey({ network, id: portal })
  const channel = { id: portal, displayname: name }
  return [...bridgeInfo(key, { bot, creator: bot, network, channel }), serviceMembers(chat), roomFeatures(key, manners)]
}

/** The name of a portal's room, within the namespace that is ours alone. */
export function aliasName(portal: PortalId): string {
  return `nudge_${escapeId(portal)}`
}

/** Whether an alias is one that we gave. */
export function isOurAlias(alias: string, domain: string): boolean {
  return alias.startsWith('#nudge_') && alias.endsWith(`:${domain}`)
}

/** Without it, clients call a room by the alias that it is made with, and not by who is in it (Matrix specification, 13.2.2.5). */
const nameless: StateEvent = { type: 'm.room.canonical_alias', state_key: '', content: {} }

function privateRoom({ portal }: Chat, { version, federates }: RoomManners, ours: readonly [string, ...string[]]): object {
  return {
    preset: 'private_chat',
    room_alias_name: aliasName(portal),
    ...(version !== undefined && { room_version: version }),
    ...(!federates && { creation_content: { 'm.federate': false } }),
    power_level_content_override: powers(ours, version),
  }
}

/**
 * Everybody may name the room as they like and invite others; what would end it for us only we may. `ours` begins with whoever makes the room.
 * From version 12 on they must not be named.
 */
function powers([creator, ...others]: readonly [string, ...string[]], version: string | undefined): object {
  const named = version !== undefined && hasCreators(version) ? others : [creator, ...others]
  return {
    users: Object.fromEntries(named.map((user) => [user, highest])),
    users_default: 0,
    events_default: 0,
    state_default: moderator,
    invite: 0,
    kick: moderator,
    ban: moderator,
    redact: moderator,
    events: {
      'm.room.name': 0,
      'm.room.avatar': 0,
      'm.room.topic': 0,
      'm.room.power_levels': highest,
      'm.room.history_visibility': highest,
      'm.room.tombstone': highest,
      'm.room.server_acl': highest,
      'm.room.encryption': highest,
    },
  }
}

interface Bridged {
  readonly bot: string
  readonly creator: string
  readonly network: NetworkId
  readonly channel: object
}

/** Tells clients that the room leads elsewhere (MSC2346, under its two names). */
function bridgeInfo(key: string, { bot, creator, network, channel }: Bridged): StateEvent[] {
  const content = { bridgebot: bot, creator, protocol: { id: network, displayname: network }, channel }
  return ['m.bridge', 'uk.half-shot.bridge'].map((type) => ({ type, state_key: key, content }))
}

function bridgeKey({ network, id }: Address): string {
  return `dev.nudge/${network}/${escapeId(id)}`
}

/** Tells clients that our bot is no party to the chat (MSC4171, under the name that Element knows). */
function serviceMembers({ bot }: Pick<Chat, 'bot'>): StateEvent {
  return { type: 'io.element.functional_members', state_key: '', content: { service_members: [bot] } }
}

/** So well is something carried (com.beeper.room_features): refused, in another form, as it is. */
const [refused, changed, whole] = [-2, 1, 2]

/** Tells clients what MSN carries, so that they offer nothing that would be lost. */
function roomFeatures(stateKey: string, { linksFiles }: Pick<RoomManners, 'linksFiles'>): StateEvent {
  const file = { mime_types: { '*/*': linksFiles ? changed : refused }, caption: changed }
  const kinds = ['m.image', 'm.video', 'm.audio', 'm.file', 'm.sticker', 'org.matrix.msc3245.voice', 'fi.mau.gif']
  const content = {
    id: `dev.nudge.msn${linksFiles ? '.files' : ''}`,
    formatting: {
      bold: whole,
      italic: whole,
      underline: whole,
      strikethrough: whole,
      'color.foreground': whole,
      inline_link: changed,
    },
    file: Object.fromEntries(kinds.map((kind) => [kind, file])),
    location_message: changed,
    poll: changed,
    thread: changed,
    reply: changed,
    edit: changed,
    delete: changed,
    reaction: changed,
    typing_notifications: true,
  }
  return { type: 'com.beeper.room_features', state_key: stateKey, content }
}
