// Who is behind a user id: one of us, or a user.

import type { Address, NetworkId } from '../core/address.ts'
import type { Level } from '../core/level.ts'
import { allows } from '../core/level.ts'
import { ghostUserId, personBehind } from './address.ts'
import type { Permissions } from './permissions.ts'

interface Options {
  readonly bot: string
  readonly domain: string
  /** The networks whose people have ghosts here. */
  readonly ghostNetworks: readonly NetworkId[]
  readonly permissions: Permissions
}

/** Tells our accounts from everybody else's. */
export class People {
  readonly bot: string
  readonly #options: Options

  constructor(options: Options) {
    this.bot = options.bot
    this.#options = options
  }

  /** Whom the ghost stands for, if it is one of ours. */
  behind(userId: string | undefined): Address | undefined {
    const { domain, ghostNetworks } = this.#options
    return userId === undefined ? undefined : personBehind(userId, domain, ghostNetworks)
  }

  /** The user id of the ghost of somebody elsewhere; undefined where they can have none. */
  ghostOf(person: Address): string | undefined {
    const { domain, ghostNetworks } = this.#options
    return ghostNetworks.includes(person.network) ? ghostUserId(person, domain) : undefined
  }

  /** Whether it is our bot or a ghost of ours. */
  isOurs(userId: string): boolean {
    return userId === this.bot || this.behind(userId) !== undefined
  }

  /** What the operator lets somebody do. */
  levelOf(userId: string): Level {
    return this.#options.permissions.of(userId)
  }

  /** Whether somebody may have one of ours with them: a ghost is for chats of their own, our bot for whoever may talk with it. */
  mayInvite(userId: string, whom: string): boolean {
    return allows(this.levelOf(userId), whom === this.bot ? 'commands' : 'user')
  }

  /** Whether somebody may have chats of their own. */
  mayUse(userId: string): boolean {
    return allows(this.levelOf(userId), 'user')
  }
}
