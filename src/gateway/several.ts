// Chats of several people: who belongs to one, and what those are called.

import type { Address } from '../core/address.ts'
import { holdsSeveral } from '../core/network.ts'
import type { Portal } from '../core/portal.ts'
import type { Ghosts } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Networks } from './networks.ts'

/** What the gateway knows of chats of several; the networks themselves keep who is in them. */
export class Several {
  readonly #networks: Networks
  readonly #ghosts: Ghosts

  constructor({ networks, ghosts }: { networks: Networks; ghosts: Ghosts }) {
    this.#networks = networks
    this.#ghosts = ghosts
  }

  /** Everybody at the far end of a portal of several; undefined where that is one contact. */
  async peopleIn({ anchor }: Portal): Promise<readonly Address[] | undefined> {
    const network = this.#networks.find(anchor.network)
    return network && holdsSeveral(network) ? network.peopleIn(anchor) : undefined
  }

  /** Whoever is at the far end of a portal, as its user reads it. */
  async nameOf(portal: Portal, user: User): Promise<string> {
    const people = await this.peopleIn(portal)
    return people ? this.namesOf(people, user) : portal.anchor.id
  }

  /** "Juliet, Nurse": people as a user knows them. */
  async namesOf(people: readonly Address[], { homes: [home] }: User): Promise<string> {
    const names = people.map(async (person) => (await this.#ghosts.get(person, home.network))?.name ?? person.id)
    return (await Promise.all(names)).join(', ')
  }
}
