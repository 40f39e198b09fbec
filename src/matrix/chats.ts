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

  async remember(room: string, ghost: string): Promise<void> {
    if (this.#ghosts.get(room) === ghost) return
    await this.#records.update(noun, room, () => ({ ghost }))
    this.#ghosts.set(room, ghost)
  }

  async forget(room: string): Promise<void> {
    this.#ghosts.delete(room)
    await this.#records.update(noun, room, () => undefined)
  }
}
