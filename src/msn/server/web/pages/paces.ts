// A pace for each address that people come from.

import { addressBlock } from '../../address-block.ts'
import { Pace } from '../../pace.ts'

/** So many are remembered; beyond that the oldest are forgotten. */
const mostRemembered = 10_000

export class Paces {
  readonly #times: number
  readonly #milliseconds: number
  readonly #paces = new Map<string, Pace>()

  /** So many times in so many milliseconds. */
  constructor(times: number, milliseconds: number) {
    this.#times = times
    this.#milliseconds = milliseconds
  }

  /** Counts one more from an address. False when it is too soon; then it does not count. */
  take(address: string, now: number): boolean {
    const who = addressBlock(address)
    const pace = this.#paces.get(who) ?? new Pace(this.#times, this.#milliseconds)
    if (pace.wait(now) > 0) return false
    pace.count(now)
    this.#paces.delete(who)
    this.#paces.set(who, pace)
    for (const oldest of this.#paces.keys()) {
      if (this.#paces.size <= mostRemembered) break
      this.#paces.delete(oldest)
    }
    return true
  }
}
