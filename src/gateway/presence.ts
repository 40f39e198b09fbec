// Status becomes a signal at the home of whoever watches; somebody's return wakes what waited for them.

import type { Address, NetworkId } from '../core/address.ts'
import type { PresenceEvent } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import { knowsPresence } from '../core/network.ts'
import type { Outbox, Portals, Users } from '../core/stores.ts'
import type { UserId } from '../core/user.ts'
import type { Chairs } from './chairs.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'
import type { Place } from './portals.ts'
import type { Several } from './several.ts'

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly chairs: Chairs
  readonly ghosts: Ghosts
  readonly outbox: Outbox
  readonly portals: Portals
  readonly several: Several
  readonly log: Logger
}

export class Presences {
  readonly #networks: Networks
  readonly #users: Users
  readonly #chairs: Chairs
  readonly #ghosts: Ghosts
  readonly #outbox: Outbox
  readonly #portals: Portals
  readonly #several: Several
  readonly #log: Logger

  constructor({ networks, users, chairs, ghosts, outbox, portals, several, log }: Parts) {
    this.#networks = networks
    this.#users = users
    this.#chairs = chairs
    this.#ghosts = ghosts
    this.#outbox = outbox
    this.#portals = portals
    this.#several = several
    this.#log = log
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

  /** Asks how the user of a portal is at home, where they are hosted at its other end. Never rejects. */
  async ask({ portal, user }: Pick<Place, 'portal' | 'user'>): Promise<void> {
    const [of] = user.homes
    const home = this.#networks.of(of)
    const as = home.ghostOf({ network: portal.anchor.network, id: portal.anchor.id })
    if (!as || !knowsPresence(home) || this.#networks.find(portal.anchor.network)?.face !== 'hosted') return
    try {
      await this.#showOnHosted({ of, presence: await home.presenceOf(of, as) })
    } catch (error) {
      this.#log.debug({ err: error, user: user.id }, 'it is not known now how a user is at home')
    }
  }

  /** Asks how everybody is who is in a chat, as after a restart. */
  async askAll(): Promise<void> {
    const asked = new Set<UserId>()
    for await (const portal of this.#portals.all()) {
      if (!portal.room || asked.has(portal.user) || (await this.#several.peopleIn(portal))) continue
      asked.add(portal.user)
      const user = await this.#users.get(portal.user)
      if (user) await this.ask({ portal, user })
    }
  }

  /** One of our users came, went or changed at home: where they are hosted, they are seen so. */
  async #showOnHosted({ of, presence }: Pick<PresenceEvent, 'of' | 'presence'>): Promise<void> {
    if (!(await this.#users.find(of))) return
    for (const network of this.#networks.all()) {
      const as = network.face === 'hosted' ? network.ghostOf(of) : undefined
      if (as) network.signal({ kind: 'presence', as, presence })
    }
  }

  /** Shows a new name at once; nobody waits for it. */
  async #rename(of: Address, on: NetworkId, name: string): Promise<void> {
    await this.#ghosts.named(of, on, name)
    void this.#ghosts.freshen([of], on)
  }
}
