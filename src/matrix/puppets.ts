// Users whose own account we may speak as: by a second registration where they live on our homeserver, else with a token that they lend us.

import type { Clock } from '../core/clock.ts'
import type { EventSink } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId } from '../core/login.ts'
import type { MatrixConfig } from './config.ts'
import type { Call, Homeserver, Method } from './homeserver.ts'
import { Household } from './household.ts'
import { NotLent } from './lent-account.ts'
import { Loans } from './loans.ts'

interface Options {
  readonly config: MatrixConfig
  readonly homeserver: Homeserver
  /** Whether an account is our bot or a ghost of ours. */
  readonly isOurs: (userId: string) => boolean
  readonly sink: EventSink
  readonly clock: Clock
  readonly log: Logger
}

/** Knows who lends us their account, and calls as them. */
export class Puppets {
  readonly #homeserver: Homeserver
  readonly #household: Household
  readonly #loans: Loans

  constructor({ config, homeserver, isOurs, sink, clock, log }: Options) {
    const { homeserver: url, domain, puppetToken: token, puppetServers } = config
    this.#homeserver = homeserver
    this.#household = new Household({ url, domain, token, isOurs, clock, log })
    this.#loans = new Loans({ servers: { ...puppetServers, [domain]: url }, sink, log })
    homeserver.lend((userId) => this.#household.caller(userId) ?? this.#loans.caller(userId))
  }

  /** Finds out whether our homeserver knows the second registration. Throws nothing. */
  start(): void {
    this.#household.start()
  }

  async stop(): Promise<void> {
    await this.#loans.stop()
    await this.#household.stop()
  }

  /** Whether we may speak as somebody. Never rejects. */
  async has(userId: string): Promise<boolean> {
    return (await this.#household.has(userId)) || this.#loans.has(userId)
  }

  /** Calls as somebody who lends us their account. Throws a HomeserverError. */
  async call(userId: string, method: Method, path: string, call: Call = {}): Promise<unknown> {
    if (!(await this.has(userId))) throw new NotLent(`${method} ${path}`, { reason: 'nobody lends us this account' })
    return this.#homeserver.call(userId, method, path, call)
  }

  /** Takes an account that its owner lends us with a token; how that went is told. */
  connect(login: Login, credentials: Credentials): Promise<void> {
    return this.#loans.connect(login, credentials)
  }

  disconnect(login: LoginId): void {
    this.#loans.disconnect(login)
  }
}
