// The accounts of our own homeserver, which its operator lends us by a second registration: one that claims nobody and may speak as everybody.

import { setTimeout as wait } from 'node:timers/promises'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Secret } from '../core/secret.ts'
import { serverOf } from './address.ts'
import { isRefusal, LentAccount, NotLent } from './lent-account.ts'
import { Recent } from './recent.ts'

/** Pauses between two tries, in milliseconds. */
const shortestPause = 500
const longestPause = 60_000

/** How long we believe that the homeserver does not let us speak as somebody, in milliseconds. */
const refusalLasts = 10 * 60_000

const remembered = 20_000

interface Options {
  /** Where our homeserver answers clients, and its name. */
  readonly url: string
  readonly domain: string
  /** The token of the second registration; absent where there is none. */
  readonly token: Secret | undefined
  /** Whether an account is our bot or a ghost of ours. */
  readonly isOurs: (userId: string) => boolean
  readonly clock: Clock
  readonly log: Logger
}

interface Standing {
  readonly isLent: boolean
  /** When it is asked again, in milliseconds since 1970. */
  readonly until: number
}

/** Knows as whom of our homeserver we may speak. */
export class Household {
  readonly #options: Options
  readonly #stop = new AbortController()
  readonly #standings = new Recent<Standing>(remembered)
  readonly #asking = new Map<string, Promise<boolean>>()
  #check: Promise<void> | undefined
  /** The homeserver does not know the second registration. */
  #isUnknown = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Finds out whether our homeserver knows the second registration, where there is one. Throws nothing. */
  start(): void {
    const { token, url } = this.#options
    if (!token || this.#check !== undefined) return
    this.#check = this.#checkUntilKnown(new LentAccount({ url, token })).finally(() => {
      this.#check = undefined
    })
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#check
  }

  /** Whether we may speak as somebody. Never rejects. */
  async has(userId: string): Promise<boolean> {
    const { token, domain, isOurs, clock } = this.#options
    if (!token || this.#isUnknown || serverOf(userId) !== domain || isOurs(userId)) return false
    const standing = this.#standings.get(userId)
    if (standing && clock() < standing.until) return standing.isLent
    const asking = this.#asking.get(userId) ?? this.#ask(userId, this.#account(userId, token))
    this.#asking.set(userId, asking)
    return asking.finally(() => this.#asking.delete(userId))
  }

  /** Calls as somebody; undefined where it is not known that we may. */
  caller(userId: string): LentAccount['call'] | undefined {
    const { token } = this.#options
    if (!token || this.#isUnknown || !this.#standings.get(userId)?.isLent) return undefined
    const account = this.#account(userId, token)
    return async (...asked) => {
      try {
        return await account.call(...asked)
      } catch (error) {
        if (error instanceof NotLent) {
          this.#standings.delete(userId)
          this.start()
        }
        throw error
      }
    }
  }

  #account(userId: string, token: Secret): LentAccount {
    return new LentAccount({ url: this.#options.url, token, userId })
  }

  /** A homeserver that does not answer now has refused nothing, but is asked again. */
  async #ask(userId: string, account: LentAccount): Promise<boolean> {
    const { clock, log } = this.#options
    try {
      const isLent = (await account.owner()) === userId
      this.#standings.set(userId, { isLent, until: isLent ? Number.POSITIVE_INFINITY : clock() + refusalLasts })
      return isLent
    } catch (error) {
      const isLent = !isRefusal(error)
      this.#standings.set(userId, { isLent, until: isLent ? clock() : clock() + refusalLasts })
      if (!isLent) log.warn({ err: error, user: userId }, 'the homeserver does not let us speak as a user')
      return isLent
    }
  }

  async #checkUntilKnown(account: LentAccount): Promise<void> {
    const { log, url } = this.#options
    for (let tries = 1; !this.#stop.signal.aborted; tries++) {
      try {
        await account.owner()
        if (this.#isUnknown) log.info({ homeserver: url }, 'the homeserver lets Nudge speak as its users now')
        this.#isUnknown = false
        return
      } catch (error) {
        if (isRefusal(error) && !this.#isUnknown) {
          this.#isUnknown = true
          log.error(
            { homeserver: url },
            `The homeserver at ${url} does not know matrix.puppetToken: give it the file that "nudge registration --puppets" writes, beside the other, and restart it. Until then nobody is spoken for without a token of their own. Trying again until it works.`,
          )
        }
      }
      const pause = Math.min(longestPause, shortestPause * 2 ** Math.min(tries - 1, 10))
      await wait(pause, undefined, { signal: this.#stop.signal }).catch(() => {})
    }
  }
}
