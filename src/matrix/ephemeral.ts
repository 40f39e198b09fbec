// What users do and nobody keeps: they type, come and go, and read.

import type { Address, NetworkId } from '../core/address.ts'
import type { EventSink } from '../core/event.ts'
import { readPresence, readReceipts, readTyping } from './events.ts'
import type { People } from './people.ts'
import { presenceOf } from './presence.ts'
import { TypingWatch } from './typing.ts'

interface Options {
  readonly network: NetworkId
  readonly people: People
  /** Whether anybody wants to know who is there. */
  readonly tellsPresence: boolean
  readonly sink: EventSink
}

/** Takes ephemeral events as the homeserver pushes them. */
export class Ephemeral {
  readonly #options: Options
  readonly #typing = new TypingWatch()

  constructor(options: Options) {
    this.#options = options
  }

  /** Tells of those who began or stopped typing, and of users who came, went, changed or read something. */
  async take(value: unknown): Promise<void> {
    await this.#takeTyping(value)
    await this.#takePresence(value)
    const readers = new Set(readReceipts(value))
    for (const reader of readers) await this.#tellActivity(reader)
  }

  async #takeTyping(value: unknown): Promise<void> {
    const list = readTyping(value)
    if (!list) return
    const { network, people, sink } = this.#options
    const users = list.users.filter((user) => !people.isOurs(user))
    for (const { user, typing } of this.#typing.changes({ room: list.room, users })) {
      const conversation = { network, id: list.room }
      await sink({ kind: 'typing', conversation, from: this.#address(user), typing })
    }
  }

  async #takePresence(value: unknown): Promise<void> {
    const update = readPresence(value)
    const { people, tellsPresence, sink } = this.#options
    if (!update || !tellsPresence || people.isOurs(update.user) || !people.mayUse(update.user)) return
    await sink({ kind: 'presence', of: this.#address(update.user), presence: presenceOf(update) })
    if (update.isActive) await this.#tellActivity(update.user)
  }

  async #tellActivity(user: string): Promise<void> {
    const { people, sink } = this.#options
    if (!people.isOurs(user) && people.mayUse(user)) await sink({ kind: 'activity', of: this.#address(user) })
  }

  #address(id: string): Address {
    return { network: this.#options.network, id }
  }
}
