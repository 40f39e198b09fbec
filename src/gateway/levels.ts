// What somebody may do with us: what their home grants them, unless an admin shut them out.

import type { Address } from '../core/address.ts'
import type { Level } from '../core/level.ts'
import { allows } from '../core/level.ts'
import { grantsLevels } from '../core/network.ts'
import type { Users } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Networks } from './networks.ts'

export class Levels {
  readonly #networks: Networks
  readonly #users: Users

  constructor({ networks, users }: { networks: Networks; users: Users }) {
    this.#networks = networks
    this.#users = users
  }

  /** What somebody may do now. */
  async of(person: Address): Promise<Level> {
    const granted = this.#granted(person)
    // Nobody is shut out of what they run.
    if (granted === 'block' || granted === 'admin') return granted
    return (await this.#users.find(person))?.isBlocked ? 'block' : granted
  }

  /** Whether somebody whom we know may still have chats. */
  mayUse({ homes: [home], isBlocked }: User): boolean {
    const granted = this.#granted(home)
    return granted === 'admin' || (!isBlocked && allows(granted, 'user'))
  }

  /** What their home grants somebody; a home that knows no levels takes everybody for a user. */
  #granted(person: Address): Level {
    const home = this.#networks.find(person.network)
    if (!home) return 'block'
    return grantsLevels(home) ? home.levelOf(person) : 'user'
  }
}
