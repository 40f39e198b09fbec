// Ghosts and their looks, kept fresh.

import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Ghost } from '../core/ghost.ts'
import type { Logger } from '../core/log.ts'
import { introducesGhosts } from '../core/network.ts'
import type { Ghosts as GhostStore } from '../core/stores.ts'
import { InOrder } from './in-order.ts'
import type { Networks } from './networks.ts'

/** Knows what each ghost should look like, and tells its network when that is new. */
export class Ghosts {
  readonly #networks: Networks
  readonly #store: GhostStore
  readonly #log: Logger
  /** The name under which each ghost was last introduced; only so that we do not say the same twice. */
  readonly #introduced = new Map<string, string>()
  readonly #inOrder = new InOrder()

  constructor({ networks, ghosts, log }: { networks: Networks; ghosts: GhostStore; log: Logger }) {
    this.#networks = networks
    this.#store = ghosts
    this.#log = log
  }

  /** Remembers what somebody is called. Their ghost shows it when it is next introduced. */
  async named(of: Address, on: NetworkId, name: string): Promise<Ghost> {
    const known = await this.#store.get(of, on)
    if (known?.name === name) return known
    const ghost: Ghost = { of, on, name }
    await this.#store.save(ghost)
    return ghost
  }

  /** Remembers what somebody is called on a list, which may be old news: it counts only where nobody knows better. */
  async listed(of: Address, on: NetworkId, name: string): Promise<void> {
    if (!(await this.#store.get(of, on))) await this.named(of, on, name)
  }

  /** Somebody is where a ghost of theirs will be seen: it is brought back after a restart, under their name or, while that is unknown, their address. */
  async met(of: Address, on: NetworkId, name: string | undefined): Promise<void> {
    if (name) await this.named(of, on, name)
    else await this.listed(of, on, of.id)
  }

  /** Makes the ghost of somebody exist with its present looks. Throws a DeliveryError. */
  introduce(of: Address, on: NetworkId): Promise<void> {
    const key = `${on} ${addressKey(of)}`
    // One after another, so that an older name never arrives after a newer one.
    return this.#inOrder.run(key, () => this.#introduceNow(key, of, on))
  }

  async #introduceNow(key: string, of: Address, on: NetworkId): Promise<void> {
    const network = this.#networks.get(on)
    if (!introducesGhosts(network)) return
    const ghost = (await this.#store.get(of, on)) ?? { of, on, name: of.id }
    if (this.#introduced.get(key) === ghost.name) return
    await network.introduce(ghost)
    this.#introduced.set(key, ghost.name)
  }

  /** Introduces many, one after another. One that fails is introduced again before its first word. */
  async introduceAll(people: readonly Address[], on: NetworkId): Promise<void> {
    for (const person of people) {
      try {
        await this.introduce(person, on)
      } catch (error) {
        this.#log.warn({ err: error, network: on }, 'could not introduce a ghost now; it is introduced when it first speaks')
      }
    }
  }

  /** Brings back the people who are hosted on a network, after a restart. */
  async revive(on: NetworkId): Promise<void> {
    const people: Address[] = []
    for await (const ghost of this.#store.on(on)) people.push(ghost.of)
    await this.introduceAll(people, on)
  }
}
