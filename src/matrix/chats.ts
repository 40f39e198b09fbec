// Which of our ghosts sits in which room, or that it is our bot, in a room of several ghosts: kept, because the homeserver does not say for whom of us it pushes an event.

import { z } from 'zod'
import type { Records } from '../core/stores.ts'
import { Recent } from './recent.ts'

const noun = 'matrix-chat'
const remembered = 10_000

const chat = z.object({ ghost: z.string().startsWith('@') })

/** The rooms in which our ghosts talk with somebody. */
export class Chats {
  readonly #records: Records
  readonly #ghosts = new Recent<string>(remembered)
  /** The rooms by their ghosts; read when they are first asked for. */
  #rooms: Promise<Map<string, Set<string>>> | undefined

  constructor(records: Records) {
    this.#records = records
  }

  /** The user id of our ghost in a room; our bot's, where the ghosts are several. */
  async ghostIn(room: string): Promise<string | undefined> {
    const known = this.#ghosts.get(room)
    if (known !== undefined) return known
    const ghost = chat.safeParse(await this.#records.get(noun, room)).data?.ghost
    if (ghost !== undefined) this.#ghosts.set(room, ghost)
    return ghost
  }

  /** The rooms in which a ghost talks with somebody alone. */
  async roomsOf(ghost: string): Promise<readonly string[]> {
    return [...((await this.#allRooms()).get(ghost) ?? [])]
  }

  async remember(room: string, ghost: string): Promise<void> {
    const before = await this.ghostIn(room)
    if (before === ghost) return
    await this.#records.update(noun, room, () => ({ ghost }))
    this.#ghosts.set(room, ghost)
    const rooms = await this.#rooms
    if (before !== undefined) rooms?.get(before)?.delete(room)
    if (rooms) addTo(rooms, ghost, room)
  }

  async forget(room: string): Promise<void> {
    const before = await this.ghostIn(room)
    this.#ghosts.delete(room)
    await this.#records.update(noun, room, () => undefined)
    if (before !== undefined) (await this.#rooms)?.get(before)?.delete(room)
  }

  #allRooms(): Promise<Map<string, Set<string>>> {
    this.#rooms ??= this.#readRooms().catch((error: unknown) => {
      this.#rooms = undefined
      throw error
    })
    return this.#rooms
  }

  async #readRooms(): Promise<Map<string, Set<string>>> {
    const rooms = new Map<string, Set<string>>()
    for await (const [room, record] of this.#records.list(noun)) {
      const ghost = chat.safeParse(record).data?.ghost
      if (ghost !== undefined) addTo(rooms, ghost, room)
    }
    return rooms
  }
}

function addTo(rooms: Map<string, Set<string>>, ghost: string, room: string): void {
  const known = rooms.get(ghost)
  if (known) known.add(room)
  else rooms.set(ghost, new Set([room]))
}
