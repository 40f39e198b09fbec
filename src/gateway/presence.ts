// Status becomes a signal at the home of whoever watches; somebody's return wakes what waited for them.

import type { Address, NetworkId } from '../core/address.ts'
import type { PresenceEvent } from '../core/event.ts'
import type { Outbox } from '../core/stores.ts'
import type { Chairs } from './chairs.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'

export class Presences {
  readonly #networks: Networks
  readonly #chairs: Chairs
  readonly #ghosts: Ghosts
  readonly #outbox: Outbox

  constructor({ networks, chairs, ghosts, outbox }: { networks: Networks; chairs: Chairs; ghosts: Ghosts; outbox: Outbox }) {
    this.#networks = networks
    this.#chairs = chairs
    this.#ghosts = ghosts
    this.#outbox = outbox
  }

  async changed(event: PresenceEvent): Promise<void> {
    const user = await this.#chairs.userIn(event.seenBy)
    if (!user) return
    if (event.presence.status !== 'offline') await this.#outbox.returned(event.of)
    const home = this.#networks.of(user.homes[0])
    if (event.name) await this.#rename(event.of, home.id, event.name)
    const ghost = home.ghostOf(event.of)
    if (ghost) home.signal({ kind: 'presence', as: ghost, presence: event.presence })
  }

  /** Shows a new name at once; nobody waits for it. */
  async #rename(of: Address, on: NetworkId, name: string): Promise<void> {
    await this.#ghosts.named(of, on, name)
    void this.#ghosts.introduceAll([of], on)
  }
}
