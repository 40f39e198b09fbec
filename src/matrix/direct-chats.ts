// Which rooms are chats with one person, as clients remember it in the account of the user: kept by the user's own account, where they lent us that.

import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import { InOrder } from '../core/in-order.ts'
import type { Records } from '../core/stores.ts'
import type { Chats } from './chats.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'
import type { Puppets } from './puppets.ts'

const noun = 'matrix-direct'

/** What we put there: rooms, and the ghost in each. */
const directRecord = z.object({ rooms: z.record(z.string(), z.string()) })

/** Rooms by user ids (Matrix specification, `m.direct`). What others wrote is kept, whatever it is. */
const directContent = z.record(z.string(), z.unknown())
const roomList = z.array(z.unknown())

interface Options {
  readonly puppets: Pick<Puppets, 'has' | 'call'>
  readonly chats: Chats
  readonly records: Records
  readonly bot: string
}

/** Every method throws a HomeserverError. */
export class DirectChats {
  readonly #options: Options
  readonly #inOrder = new InOrder()

  constructor(options: Options) {
    this.#options = options
  }

  /** Makes these rooms of a chair the direct chats that we remember for it. What is so already costs nothing. */
  keep(user: Address, chair: Address, rooms: readonly string[]): Promise<void> {
    return this.#inOrder.run(user.id, () => this.#keep(user.id, `${user.id} ${addressKey(chair)}`, rooms))
  }

  async #keep(user: string, key: string, rooms: readonly string[]): Promise<void> {
    const { puppets, records } = this.#options
    const before = directRecord.safeParse(await records.get(noun, key)).data?.rooms ?? {}
    const now = await this.#directOf(rooms)
    const gone = Object.entries(before).filter(([room, ghost]) => now[room] !== ghost)
    const come = Object.entries(now).filter(([room, ghost]) => before[room] !== ghost)
    if (gone.length + come.length === 0 || !(await puppets.has(user))) return
    const content = await this.#read(user)
    const changed = structuredClone(content)
    for (const [room, ghost] of gone) take(changed, ghost, room)
    for (const [room, ghost] of come) put(changed, ghost, room)
    if (JSON.stringify(changed) !== JSON.stringify(content))
      await puppets.call(user, 'PUT', clientPath`user/${user}/account_data/m.direct`, { body: changed })
    await records.update(noun, key, () => (Object.keys(now).length === 0 ? undefined : { rooms: now }))
  }

  /** The ghost of each room that is a chat with one. */
  async #directOf(rooms: readonly string[]): Promise<Record<string, string>> {
    const { chats, bot } = this.#options
    const direct: Record<string, string> = {}
    for (const room of rooms) {
      const ghost = await chats.ghostIn(room)
      if (ghost !== undefined && ghost !== bot) direct[room] = ghost
    }
    return direct
  }

  async #read(user: string): Promise<Record<string, unknown>> {
    try {
      const content = await this.#options.puppets.call(user, 'GET', clientPath`user/${user}/account_data/m.direct`)
      return directContent.safeParse(content).data ?? {}
    } catch (error) {
      if (error instanceof HomeserverError && error.status === 404) return {}
      throw error
    }
  }
}

function put(content: Record<string, unknown>, ghost: string, room: string): void {
  const known = listOf(content, ghost)
  if (!known.includes(room)) content[ghost] = [...known, room]
}

function take(content: Record<string, unknown>, ghost: string, room: string): void {
  const rest = listOf(content, ghost).filter((each) => each !== room)
  if (rest.length > 0) content[ghost] = rest
  else delete content[ghost]
}

function listOf(content: Record<string, unknown>, ghost: string): unknown[] {
  return Object.hasOwn(content, ghost) ? (roomList.safeParse(content[ghost]).data ?? []) : []
}
