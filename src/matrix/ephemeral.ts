// What users do and nobody keeps: they type, come and go, and read.

import type { Address, NetworkId } from '../core/address.ts'
import type { EventSink } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { PresenceUpdate } from './events.ts'
import { readPresence, readReceipts, readTyping } from './events.ts'
import type { People } from './people.ts'
import { presenceOf } from './presence.ts'
import type { ProfileStatuses } from './profile-status.ts'
import { TypingWatch } from './typing.ts'

interface Options {
  readonly network: NetworkId
  readonly people: People
  /** Whether anybody wants to know who is there. */
  readonly tellsPresence: boolean
  readonly statuses: ProfileStatuses
  readonly sink: EventSink
  readonly log: Logger
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
    const { people, tellsPresence } = this.#options
    if (!update || !tellsPresence || people.isOurs(update.user) || !people.mayUse(update.user)) return
    await this.#tellPresence(update)
    if (update.isActive) await this.#tellActivity(update.user)
    // Nobody waits for the homeserver here: it waits for us.
    if (update.presence !== 'offline') void this.#look(update)
  }

  async #tellPresence(update: PresenceUpdate): Promise<void> {
    const { statuses, sink } = this.#options
    const statusMessage = statuses.of(update.user) || update.statusMessage
    const presence = presenceOf({ presence: update.presence, ...(statusMessage !== undefined && { statusMessage }) })
    await sink({ kind: 'presence', of: this.#address(update.user), presence })
  }

  async #look(update: PresenceUpdate): Promise<void> {
    const { statuses, log } = this.#options
    try {
      if (await statuses.look(update.user)) await this.#tellPresence(update)
    } catch (error) {
      log.debug({ err: error }, 'left out what a user says in their profile')
    }
  }

  async #tellActivity(user: string): Promise<void> {
    const { people, sink } = this.#options
    if (!people.isOurs(user) && people.mayUse(user)) await sink({ kind: 'activity', of: this.#address(user) })
  }

  #address(id: string): Address {
    return { network: this.#options.network, id }
  }
}
