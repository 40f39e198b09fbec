// Accounts that their owners lend us one by one, each with a token of its own.

import { setTimeout as wait } from 'node:timers/promises'
import type { EventSink } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId, LoginState } from '../core/login.ts'
import type { Phrase } from '../core/words.ts'
import { serverOf } from './address.ts'
import { isRefusal, LentAccount, NotLent } from './lent-account.ts'

/** Pauses between two tries to reach a homeserver, in milliseconds. */
const shortestPause = 500
const longestPause = 60_000

interface Options {
  /** Where homeservers answer clients, by their names: ours and those that the operator knows. */
  readonly servers: Readonly<Record<string, string>>
  readonly sink: EventSink
  readonly log: Logger
}

interface Loan {
  readonly login: LoginId
  readonly userId: string
  readonly account: LentAccount
  readonly end: AbortController
}

/** Keeps the tokens while we run, and tells how each of them is. */
export class Loans {
  readonly #options: Options
  readonly #loans = new Map<string, Loan>()
  readonly #running = new Set<Promise<void>>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Whether there is a token of somebody, and no homeserver has refused it. */
  has(userId: string): boolean {
    return this.#loans.has(userId)
  }

  /** Takes a token and asks the homeserver whose it is, until it answers. */
  async connect({ id: login, address }: Login, { password: token }: Credentials): Promise<void> {
    this.disconnect(login)
    const server = serverOf(address.id) ?? address.id
    const { servers } = this.#options
    const url = Object.hasOwn(servers, server) ? servers[server] : undefined
    if (url === undefined) return this.#tell(login, 'refused', { key: 'puppet.unknown-server', params: { server } })
    const loan = { login, userId: address.id, account: new LentAccount({ url, token }), end: new AbortController() }
    this.#loans.set(loan.userId, loan)
    this.#run(this.#verify(loan))
  }

  disconnect(login: LoginId): void {
    for (const loan of this.#loans.values()) if (loan.login === login) this.#forget(loan)
  }

  /** Calls as somebody; undefined where they lent us no token. */
  caller(userId: string): LentAccount['call'] | undefined {
    const loan = this.#loans.get(userId)
    if (!loan) return undefined
    return async (...asked) => {
      try {
        return await loan.account.call(...asked)
      } catch (error) {
        if (error instanceof NotLent) this.#run(this.#refused(loan, { key: 'puppet.signed-out' }))
        throw error
      }
    }
  }

  async stop(): Promise<void> {
    for (const loan of this.#loans.values()) loan.end.abort()
    await Promise.all(this.#running)
  }

  async #verify(loan: Loan): Promise<void> {
    const { login, account, end } = loan
    await this.#tell(login, 'connecting')
    for (let tries = 1; !end.signal.aborted; tries++) {
      try {
        const owner = await account.owner()
        return await this.#isOwnedBy(loan, owner)
      } catch (error) {
        if (isRefusal(error)) return this.#refused(loan, { key: 'puppet.signed-out' })
        if (tries === 1) await this.#tell(login, 'reconnecting')
      }
      const pause = Math.min(longestPause, shortestPause * 2 ** Math.min(tries - 1, 10))
      await wait(pause, undefined, { signal: end.signal }).catch(() => {})
    }
  }

  async #isOwnedBy(loan: Loan, owner: string): Promise<void> {
    if (loan.end.signal.aborted) return
    if (owner !== loan.userId) return this.#refused(loan, { key: 'puppet.somebody-else', params: { owner } })
    await this.#tell(loan.login, 'online')
  }

  /** A token does not count any more: that is told once. */
  async #refused(loan: Loan, reason: Phrase): Promise<void> {
    if (this.#loans.get(loan.userId) !== loan) return
    this.#forget(loan)
    await this.#tell(loan.login, 'refused', reason)
  }

  #forget(loan: Loan): void {
    loan.end.abort()
    this.#loans.delete(loan.userId)
  }

  #tell(login: LoginId, state: LoginState, reason?: Phrase): Promise<void> {
    return this.#options.sink({ kind: 'login-state', login, state, ...(reason && { reason }) })
  }

  #run(task: Promise<void>): void {
    const running = task
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'how a lent account is could not be told'))
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }
}
