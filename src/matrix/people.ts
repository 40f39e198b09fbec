// Who is behind a user id: one of us, or a user.

import type { Address } from '../core/address.ts'
import { serverOf } from './address.ts'

interface Options {
  readonly bot: string
  /** Servers whose users may use the gateway. */
  readonly servers: ReadonlySet<string>
  /** Whom a user id stands for, if it is a ghost of ours. */
  behind(userId: string): Address | undefined
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
    return userId === undefined ? undefined : this.#options.behind(userId)
  }

  /** Whether it is our bot or a ghost of ours. */
  isOurs(userId: string): boolean {
    return userId === this.bot || this.behind(userId) !== undefined
  }

  mayUse(userId: string): boolean {
    const server = serverOf(userId)
    return server !== undefined && this.#options.servers.has(server)
  }
}
