// Guessing passwords is made slow, and then impossible for a while: by account and address together, by address, and by account.
//
// The first few wrong ones cost nothing, since people mistype. Then each answer takes twice as long as the one before, and after `most` nothing is
// looked at any more until a quarter of an hour has passed since the last wrong one. One address may be wrong about several accounts (a family, a
// proxy), and an account may be tried from several addresses, so both have more room: somebody who guesses from far away does not shut the owner out soon.

import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Timers } from './timers.ts'
import { pause } from './timers.ts'

/** In milliseconds. */
const memory = 15 * 60_000
/** Wrong passwords that cost nothing. */
const free = 3
/** In milliseconds: the first wait, which then doubles, and the longest. */
const firstWait = 250
const longestWait = 8000
/** How many more may come from one address, and for one account, than from one address for one account. */
const roomOfAddress = 5
const roomOfAccount = 20
/** So many are remembered; beyond that the oldest are forgotten. */
const mostRemembered = 50_000

interface Failures {
  count: number
  last: number
}

export interface SignInTriesOptions {
  /** How many wrong passwords for one account may come from one address. */
  readonly most: number
  readonly clock: Clock
  readonly timers: Timers
}

export class SignInTries {
  readonly #options: SignInTriesOptions
  readonly #failures = new Map<string, Failures>()

  constructor(options: SignInTriesOptions) {
    this.#options = options
  }

  /**
   * Lets `check` look at a password, after the wait that the last failures cost, and counts when it finds that it opens nothing (undefined).
   * Undefined also where there were too many: then nothing is looked at. `account` is what the client says it is, `address` where it comes from.
   */
  async guard<Found>(account: string, address: string, check: () => Promise<Found | undefined>): Promise<Found | undefined> {
    const { most, timers } = this.#options
    const name = createHash('sha256').update(account.toLowerCase()).digest('base64')
    const pair = `${address} ${name}`
    const rooms: readonly (readonly [key: string, most: number])[] = [
      [pair, most],
      [`${address} *`, most * roomOfAddress],
      [`* ${name}`, most * roomOfAccount],
    ]
    if (rooms.some(([key, room]) => this.#count(key) >= room)) return undefined
    const wait = waitAfter(this.#count(pair))
    // Counted before it is looked at, so that many at the same time count as many.
    this.#fail(pair)
    if (wait > 0) await pause(timers, wait)
    const found = await check()
    if (found !== undefined) this.#failures.delete(pair)
    else for (const [key] of rooms) if (key !== pair) this.#fail(key)
    return found
  }

  #count(key: string): number {
    const failures = this.#failures.get(key)
    return failures && this.#options.clock() - failures.last < memory ? failures.count : 0
  }

  #fail(key: string): void {
    const failures = { count: this.#count(key) + 1, last: this.#options.clock() }
    this.#failures.delete(key)
    this.#failures.set(key, failures)
    if (this.#failures.size <= mostRemembered) return
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest)
      return
    }
  }
}

/** How long the next answer takes after so many wrong ones. */
function waitAfter(wrong: number): number {
  return wrong < free ? 0 : Math.min(longestWait, firstWait * 2 ** (wrong - free))
}
