// Who has just done something at home: where they are seen online only while they are active, that counts.

import type { Address, AddressKey } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { NetworkEvent } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Users } from '../core/stores.ts'
import type { Chairs } from './chairs.ts'
import type { Networks } from './networks.ts'

/** Whoever does a lot is told of once in this time, in milliseconds. */
const apart = 30_000

const remembered = 10_000

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly chairs: Chairs
  readonly clock: Clock
  readonly log: Logger
}

export class Activities {
  readonly #parts: Parts
  /** When somebody's activity was last told of, the oldest first. */
  readonly #toldAt = new Map<AddressKey, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Looks at what a network tells. Never throws, and holds nothing up. */
  take(event: NetworkEvent): void {
    const person = doer(event)
    const { networks, clock } = this.#parts
    if (!person || networks.find(person.network)?.face !== 'home') return
    const key = addressKey(person)
    const now = clock()
    const toldAt = this.#toldAt.get(key)
    if (toldAt !== undefined && now - toldAt < apart) return
    this.#toldAt.delete(key)
    this.#toldAt.set(key, now)
    const [oldest] = this.#toldAt.keys()
    if (this.#toldAt.size > remembered && oldest !== undefined) this.#toldAt.delete(oldest)
    void this.#tell(person)
  }

  async #tell(person: Address): Promise<void> {
    const { networks, users, chairs, log } = this.#parts
    try {
      const user = await users.find(person)
      for (const as of user ? await chairs.all(user) : []) networks.of(as).signal({ kind: 'activity', as })
    } catch (error) {
      log.debug({ err: error }, 'nobody was told that a user is active')
    }
  }
}

/** Whose hands were at work; undefined where nobody's were. */
function doer(event: NetworkEvent): Address | undefined {
  switch (event.kind) {
    case 'message':
      // What comes back to us as said by a puppet was said elsewhere.
      return event.delivery ? undefined : event.from
    case 'request':
      return event.from
    case 'typing':
      return event.typing ? event.from : undefined
    case 'activity':
      return event.of
    default:
      return undefined
  }
}
