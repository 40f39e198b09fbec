// Status becomes a signal at the home of whoever watches; somebody's return wakes what waited for them.

import type { Address, NetworkId } from '../core/address.ts'
import type { PresenceEvent } from '../core/event.ts'
import type { Outbox, Users } from '../core/stores.ts'
import type { Chairs } from './chairs.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly chairs: Chairs
  readonly ghosts: Ghosts
  readonly outbox: Outbox
}

export class Presences {
  readonly #networks: Networks
  readonly #users: Users
  readonly #chairs: Chairs
  readonly #ghosts: Ghosts
  readonly #outbox: Outbox

  constructor({ networks, users, chairs, ghosts, outbox }: Parts) {
    this.#networks = networks
    this.#users = users
    this.#chairs = chairs
    this.#ghosts = ghosts
    this.#outbox = outbox
  }

  async changed(event: PresenceEvent): Promise<void> {
    if (!event.seenBy) return this.#showOnHosted(event)
    const user = await this.#chairs.userIn(event.seenBy)
    if (!user) return
    if (event.presence.status !== 'offline') await this.#outbox.returned(event.of)
    const home = this.#networks.of(user.homes[0])
    if (event.name) await this.#rename(event.of, home.id, event.name)
    const ghost = home.ghostOf(event.of)
    if (ghost) home.signal({ kind: 'presence', as: ghost, presence: event.presence })
  }

  /** One of our users came, went or changed at home: where they are hosted, they are seen so. */
  async #showOnHosted({ of, presence }: PresenceEvent): Promise<void> {
    if (!(await this.#users.find(of))) return
    for (const network of this.#networks.all()) {
      const as = network.face === 'hosted' ? network.ghostOf(of) : undefined
      if (as) network.signal({ kind: 'presence', as, presence })
    }
  }

  /** Shows a new name at once; nobody waits for it. */
  async #rename(of: Address, on: NetworkId, name: string): Promise<void> {
    await this.#ghosts.named(of, on, name)
    void this.#ghosts.introduceAll([of], on)
  }
}
