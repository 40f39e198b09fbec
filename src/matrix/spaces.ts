// Spaces: the chats of an account in one place, and those of each group of its contact list in a Space within it. What we last wrote is kept,
// so that only what changed is written. Who leaves their Space is left alone until they ask for it.

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import { InOrder } from '../core/in-order.ts'
import type { Shelf } from '../core/network.ts'
import type { Records } from '../core/stores.ts'
import { say } from '../core/words.ts'
import type { Chats } from './chats.ts'
import type { RoomEvent } from './events.ts'
import { readMembership } from './events.ts'
import { displayName } from './names.ts'
import type { StateEvent } from './room-settings.ts'
import type { Rooms } from './rooms.ts'
import { ordersOf } from './space-order.ts'
import type { SpaceRooms } from './space-rooms.ts'

const noun = 'matrix-space'

const space = z.object({
  alias: z.string(),
  name: z.string(),
  /** Absent: it is about to be made. */
  room: z.string().optional(),
  /** What is in it: rooms and their order. */
  children: z.record(z.string(), z.string()),
})

const shelfRecord = z.object({
  main: space,
  groups: z.array(space),
  /** The Spaces that each chat says it is in. */
  parents: z.record(z.string(), z.array(z.string())),
  /** The user left it. */
  left: z.literal(true).optional(),
})

type Space = z.infer<typeof space>
/** What stands where, as we last wrote it; changed as we write. */
type Standing = z.infer<typeof shelfRecord>

interface Options {
  readonly spaceRooms: SpaceRooms
  readonly rooms: Rooms
  readonly chats: Chats
  readonly records: Records
  readonly bot: string
  readonly domain: string
}

/** Keeps the Spaces of our users. Every method throws a HomeserverError. */
export class Spaces {
  readonly #options: Options
  /** Which record a Space belongs to; read when it is first asked for. */
  #owners: Promise<Map<string, string>> | undefined
  readonly #inOrder = new InOrder()

  constructor(options: Options) {
    this.#options = options
  }

  /** Makes the chats of an account stand as given. What stands so already costs nothing. */
  arrange(shelf: Shelf): Promise<void> {
    return this.#inOrder.run(shelf.user.id, () => this.#arrange(shelf))
  }

  /** Takes the Spaces of an account away. The chats stay. */
  remove(user: Address, chair: Address): Promise<void> {
    return this.#inOrder.run(user.id, () => this.#remove(user, chair))
  }

  /** Somebody came or went: whoever leaves their own Space does not want it, and whoever comes back does. */
  async saw(event: RoomEvent): Promise<void> {
    if (event.type !== 'm.room.member') return
    const membership = readMembership(event)?.now
    const key = (await this.#ownersOf()).get(event.room_id)
    if (!key?.startsWith(`${event.state_key} `)) return
    if (membership === 'leave' || membership === 'join') await this.#markLeft(key, membership === 'leave')
  }

  async #arrange(shelf: Shelf): Promise<void> {
    const key = keyOf(shelf.user, shelf.chair)
    const known = await this.#standing(key)
    const isEmpty = shelf.chats.length + shelf.groups.length === 0
    if (known ? known.left && !shelf.isAsked : isEmpty) return
    if (known?.left) await this.#markLeft(key, false)
    const isGone = shelf.isAsked && known?.main.room !== undefined && !(await this.#options.spaceRooms.isThere(known.main.room))
    const standing = known && !isGone ? known : this.#nothing(shelf.chair)
    try {
      await this.#write(standing, shelf, key)
    } finally {
      await this.#keep(key, standing)
    }
  }

  async #write(standing: Standing, shelf: Shelf, key: string): Promise<void> {
    const isNew = standing.main.room === undefined
    const main = await this.#mainRoom(standing, shelf, key)
    if (shelf.isAsked && !isNew) await this.#options.spaceRooms.admit(main, shelf.user.id)
    const wanted = matched(standing.groups, shelf.groups)
    await this.#dropGroups(standing, new Set(wanted.values()), shelf.user.id)
    const groups: string[] = []
    for (const [{ name, chats }, known] of wanted) {
      const group = known ?? this.#newSpace(displayName(name))
      if (!known) standing.groups.push(group)
      const room = await this.#groupRoom(group, standing, shelf, key)
      await this.#rename(group, room, displayName(name))
      await this.#fill(group, room, idsOf(chats))
      groups.push(room)
    }
    await this.#fill(standing.main, main, [...groups, ...idsOf(shelf.chats)])
    await this.#tellParents(standing)
  }

  async #mainRoom(standing: Standing, { user, chair }: Shelf, key: string): Promise<string> {
    const { main } = standing
    if (main.room !== undefined) return main.room
    const { spaceRooms } = this.#options
    // The alias is kept first, so that a Space that we made without knowing is found again.
    await this.#keep(key, standing)
    const topic = say({ key: 'matrix.space-topic', params: { account: chair.id } })
    const room = await spaceRooms.make({ ...main, topic, user: user.id, state: this.#bridgeInfo(chair) })
    await spaceRooms.admit(room, user.id)
    main.room = room
    await this.#keep(key, standing)
    return room
  }

  async #groupRoom(group: Space, standing: Standing, { user, chair }: Shelf, key: string): Promise<string> {
    if (group.room !== undefined) return group.room
    const { spaceRooms } = this.#options
    await this.#keep(key, standing)
    const topic = say({ key: 'matrix.space-group-topic', params: { account: chair.id } })
    const within = standing.main.room as string
    const room = await spaceRooms.make({ ...group, topic, user: user.id, state: [this.#parent(within, true)], within })
    await spaceRooms.enter(room, user.id)
    group.room = room
    await this.#keep(key, standing)
    return room
  }

  async #rename(group: Space, room: string, name: string): Promise<void> {
    if (group.name === name) return
    await this.#options.spaceRooms.set(room, { type: 'm.room.name', state_key: '', content: { name } })
    group.name = name
  }

  /** Groups that are no more, under this name or another. */
  async #dropGroups(standing: Standing, kept: ReadonlySet<Space | undefined>, user: string): Promise<void> {
    const { spaceRooms } = this.#options
    for (const group of standing.groups.filter((each) => !kept.has(each))) {
      const { room, alias, name } = group
      if (room !== undefined && standing.main.room !== undefined) {
        await spaceRooms.set(standing.main.room, childEvent(room, {}))
        await spaceRooms.close(room, alias, user, say({ key: 'matrix.space-group-gone', params: { group: name } }))
        delete standing.main.children[room]
      }
      standing.groups.splice(standing.groups.indexOf(group), 1)
    }
  }

  /** Puts rooms into a Space, in this order, and takes out what else we put there. */
  async #fill({ children }: Space, room: string, wanted: readonly string[]): Promise<void> {
    const { spaceRooms, domain } = this.#options
    const orders = ordersOf(wanted, children)
    // What comes before what goes, so that nothing is nowhere in between.
    for (const [child, order] of Object.entries(orders)) {
      if (children[child] === order) continue
      await spaceRooms.set(room, childEvent(child, { via: [domain], order, suggested: true }))
      children[child] = order
    }
    for (const child of Object.keys(children).filter((each) => !Object.hasOwn(orders, each))) {
      await spaceRooms.set(room, childEvent(child, {}))
      delete children[child]
    }
  }

  /** Tells each chat in which Spaces it is; the first is the one that clients show. A chat that does not let us is left. */
  async #tellParents(standing: Standing): Promise<void> {
    const wanted: Record<string, string[]> = {}
    const groups = new Set(standing.groups.map(({ room }) => room))
    for (const { room, children } of [standing.main, ...standing.groups])
      for (const child of Object.keys(children))
        if (room !== undefined && !groups.has(child)) wanted[child] = [...(wanted[child] ?? []), room]
    for (const chat of new Set([...Object.keys(standing.parents), ...Object.keys(wanted)])) {
      await this.#tellChat(chat, standing.parents[chat] ?? [], wanted[chat] ?? [])
      if (wanted[chat]) standing.parents[chat] = wanted[chat]
      else delete standing.parents[chat]
    }
  }

  async #tellChat(chat: string, before: readonly string[], now: readonly string[]): Promise<void> {
    const { rooms, chats, bot } = this.#options
    const changed = [...before.filter((parent) => !now.includes(parent)), ...now.filter((each, at) => each !== before[at])]
    if (changed.length === 0) return
    const as = (await chats.ghostIn(chat)) ?? bot
    for (const parent of changed)
      await rooms.set(chat, as, now.includes(parent) ? this.#parent(parent, parent === now[0]) : parentEvent(parent, {}))
  }

  async #remove(user: Address, chair: Address): Promise<void> {
    const { records, spaceRooms } = this.#options
    const key = keyOf(user, chair)
    const standing = await this.#standing(key)
    if (!standing) return
    for (const [chat, parents] of Object.entries(standing.parents)) await this.#tellChat(chat, parents, [])
    const reason = say({ key: 'matrix.space-gone', params: { account: chair.id } })
    for (const { room, alias } of [...standing.groups, standing.main])
      if (room !== undefined) await spaceRooms.close(room, alias, user.id, reason)
    await records.update(noun, key, () => undefined)
    this.#owners = undefined
  }

  #nothing(chair: Address): Standing {
    const name = displayName(say({ key: 'matrix.space', params: { account: chair.id } }))
    return { main: this.#newSpace(name), groups: [], parents: {} }
  }

  #newSpace(name: string): Space {
    return { alias: `nudge_space_${randomBytes(12).toString('hex')}`, name, children: {} }
  }

  #parent(space: string, canonical: boolean): StateEvent {
    return parentEvent(space, { via: [this.#options.domain], ...(canonical && { canonical }) })
  }

  /** Tells clients what the Space is for (MSC2346, under its two names), with the channel that mautrix bridges give theirs. */
  #bridgeInfo({ network, id }: Address): StateEvent[] {
    const { bot } = this.#options
    const content = {
      bridgebot: bot,
      creator: bot,
      protocol: { id: network, displayname: network },
      channel: { id: '__personal_filtering_space__', displayname: id },
    }
    return ['m.bridge', 'uk.half-shot.bridge'].map((type) => ({ type, state_key: `dev.nudge/${network}/space`, content }))
  }

  async #standing(key: string): Promise<Standing | undefined> {
    return shelfRecord.safeParse(await this.#options.records.get(noun, key)).data
  }

  async #markLeft(key: string, isLeft: boolean): Promise<void> {
    await this.#options.records.update(noun, key, (current) => {
      const record = shelfRecord.safeParse(current).data
      if (!record) return current
      const { left: _, ...rest } = record
      return isLeft ? { ...rest, left: true } : rest
    })
  }

  /** Remembers what was written. That the user left meanwhile is not forgotten. */
  async #keep(key: string, { main, groups, parents }: Standing): Promise<void> {
    await this.#options.records.update(noun, key, (current) => {
      const isLeft = shelfRecord.safeParse(current).data?.left
      return { main, groups, parents, ...(isLeft && { left: true }) }
    })
    if (main.room !== undefined) (await this.#ownersOf()).set(main.room, key)
  }

  #ownersOf(): Promise<Map<string, string>> {
    this.#owners ??= this.#readOwners().catch((error: unknown) => {
      this.#owners = undefined
      throw error
    })
    return this.#owners
  }

  async #readOwners(): Promise<Map<string, string>> {
    const owners = new Map<string, string>()
    for await (const [key, record] of this.#options.records.list(noun)) {
      const room = shelfRecord.safeParse(record).data?.main.room
      if (room !== undefined) owners.set(room, key)
    }
    return owners
  }
}

/** The Spaces of groups by the groups that they are for: one of the same name, or else one that has some of its chats, since it was renamed then. */
function matched(spaces: readonly Space[], groups: Shelf['groups']): Map<Shelf['groups'][number], Space | undefined> {
  const free = new Set(spaces)
  const match = new Map<Shelf['groups'][number], Space | undefined>(groups.map((group) => [group, undefined]))
  const take = (fits: (space: Space, group: Shelf['groups'][number]) => boolean) => {
    for (const group of groups) {
      const space = match.get(group) ?? [...free].find((each) => fits(each, group))
      match.set(group, space)
      if (space) free.delete(space)
    }
  }
  take((space, { name }) => space.name === displayName(name))
  take((space, { chats }) => chats.some(({ id }) => Object.hasOwn(space.children, id)))
  return match
}

function keyOf(user: Address, chair: Address): string {
  return `${user.id} ${addressKey(chair)}`
}

function idsOf(chats: readonly Conversation[]): string[] {
  return chats.map(({ id }) => id)
}

function childEvent(room: string, content: object): StateEvent {
  return { type: 'm.space.child', state_key: room, content }
}

function parentEvent(space: string, content: object): StateEvent {
  return { type: 'm.space.parent', state_key: space, content }
}
