// Guessing passwords is made slow, and then impossible for a while: by account and place together, by place, and by account. A place is an address, or
// the network of one (address-block.ts).
//
// The first few wrong ones cost nothing, since people mistype. Then each answer takes twice as long as the one before, and after `most` nothing is
// looked at any more until a quarter of an hour has passed since the last wrong one. One place may be wrong about several accounts (a family, a
// proxy), and an account may be tried from several places, so both have more room. Whoever was right about an account from a place is not shut out
// of it by what is guessed elsewhere.

import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Timers } from '../../core/timers.ts'
import { pause } from '../../core/timers.ts'
import { addressBlock } from './address-block.ts'
import { handleOf } from './handle.ts'
import { Turns } from './turns.ts'

/** In milliseconds. */
const memory = 15 * 60_000
/** Wrong passwords that cost nothing. */
const free = 3
/** In milliseconds: the first wait, which then doubles, and the longest. */
const firstWait = 250
const longestWait = 8000
/** How many more may come from one place, and for one account, than from one place for one account. */
const roomOfPlace = 5
const roomOfAccount = 20
/** Passwords of one place that are looked at at the same time: a look costs much, and others want one, too. */
const mostAtOnce = 8
/** So many are remembered; beyond that the oldest are forgotten. */
const mostRemembered = 50_000

interface Failures {
  count: number
  last: number
}

export interface SignInTriesOptions {
  /** How many wrong passwords for one account may come from one place. */
  readonly most: number
  readonly clock: Clock
  readonly timers: Timers
}

export class SignInTries {
  readonly #options: SignInTriesOptions
  readonly #failures = new Map<string, Failures>()
  /** Who was right, and where. */
  readonly #welcome = new Map<string, true>()
  readonly #turns = new Turns(mostAtOnce)

  constructor(options: SignInTriesOptions) {
    this.#options = options
  }

  /**
   * Lets `check` look at a password, after the wait that the last failures cost, and counts when it finds that it opens nothing (undefined).
   * Undefined also where there were too many: then nothing is looked at. `account` is what the client says it is, `address` where it comes from.
   */
  async guard<Found>(account: string, address: string, check: () => Promise<Found | undefined>): Promise<Found | undefined> {
    const { most, timers } = this.#options
    const place = addressBlock(address)
    const name = createHash('sha256')
      .update(handleOf(account) ?? account.toLowerCase())
      .digest('base64')
    const [pair, anyone, anywhere] = [`${place} ${name}`, `${place} *`, `* ${name}`]
    const isShut = () =>
      this.#count(anyone) >= most * roomOfPlace || (!this.#welcome.has(pair) && this.#count(anywhere) >= most * roomOfAccount)
    if (this.#count(pair) >= most || isShut()) return undefined
    const wait = waitAfter(this.#count(pair))
    // Counted before it is looked at, so that many at the same time count as many.
    this.#fail(pair)
    if (wait > 0) await pause(timers, wait)
    return this.#turns.take(place, async () => {
      if (isShut()) return undefined
      const found = await check().catch((error: unknown) => {
        // Nobody knows whether it was wrong.
        this.#fail(pair, -1)
        throw error
      })
      if (found === undefined) for (const key of [anyone, anywhere]) this.#fail(key)
      else {
        this.#failures.delete(pair)
        keep(this.#welcome, pair, true)
      }
      return found
    })
  }

  #count(key: string): number {
    const failures = this.#failures.get(key)
    return failures && this.#options.clock() - failures.last < memory ? failures.count : 0
  }

  #fail(key: string, times = 1): void {
    keep(this.#failures, key, { count: this.#count(key) + times, last: this.#options.clock() })
  }
}

/** Remembers something as the latest; when there is too much, the oldest is forgotten. */
function keep<Value>(memory: Map<string, Value>, key: string, value: Value): void {
  memory.delete(key)
  memory.set(key, value)
  const [oldest] = memory.size > mostRemembered ? memory.keys() : []
  if (oldest !== undefined) memory.delete(oldest)
}

/** How long the next answer takes after so many wrong ones. */
function waitAfter(wrong: number): number {
  return wrong < free ? 0 : Math.min(longestWait, firstWait * 2 ** (wrong - free))
}
