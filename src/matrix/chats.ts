// Which of our ghosts sits in which room, or that it is our bot, in a room of several ghosts: kept, because the homeserver does not say for whom of us it pushes an event.

import { z } from 'zod'
import type { Records } from '../core/stores.ts'
import { Recent } from './recent.ts'

const noun = 'matrix-chat'
const remembered = 10_000

const userId = z.string().startsWith('@')
/** `party`: the ghosts in a room of several, in the order in which they came; absent where that was not kept yet. */
const chat = z.object({ ghost: userId, party: z.array(userId).optional().catch(undefined) })

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

  /** The ghosts in a room of several, as far as we know. */
  async partyIn(room: string): Promise<readonly string[]> {
    return chat.safeParse(await this.#records.get(noun, room)).data?.party ?? []
  }

  /** These and no others are the ghosts in a room of several. */
  async gather(room: string, ghosts: readonly string[]): Promise<void> {
    await this.#changeParty(room, () => ghosts)
  }

  /** One more ghost is in a room of several. */
  async came(room: string, ghost: string): Promise<void> {
    await this.#changeParty(room, (party) => party && (party.includes(ghost) ? party : [...party, ghost]))
  }

  /** A ghost left a room of several. */
  async went(room: string, ghost: string): Promise<void> {
    await this.#changeParty(room, (party) => party?.filter((each) => each !== ghost))
  }

  /** The rooms in which a ghost talks with somebody. */
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
    await this.gather(room, [])
    const before = await this.ghostIn(room)
    this.#ghosts.delete(room)
    await this.#records.update(noun, room, () => undefined)
    if (before !== undefined) (await this.#rooms)?.get(before)?.delete(room)
  }

  async #changeParty(
    room: string,
    change: (party: readonly string[] | undefined) => readonly string[] | undefined,
  ): Promise<void> {
    let before: readonly string[] = []
    let after: readonly string[] = []
    await this.#records.update(noun, room, (current) => {
      const known = chat.safeParse(current).data
      if (!known) return current
      const party = change(known.party)
      before = known.party ?? []
      after = party ?? []
      return { ...known, ...(party && { party }) }
    })
    const rooms = await this.#rooms
    if (!rooms) return
    for (const ghost of before) rooms.get(ghost)?.delete(room)
    for (const ghost of after) addTo(rooms, ghost, room)
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
      const { ghost, party = [] } = chat.safeParse(record).data ?? {}
      for (const each of ghost === undefined ? [] : [ghost, ...party]) addTo(rooms, each, room)
    }
    return rooms
  }
}

function addTo(rooms: Map<string, Set<string>>, ghost: string, room: string): void {
  const known = rooms.get(ghost)
  if (known) known.add(room)
  else rooms.set(ghost, new Set([room]))
}
