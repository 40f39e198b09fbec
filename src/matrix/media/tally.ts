// How often somebody asks, counted by the minute.

import type { Clock } from '../../core/clock.ts'

const minute = 60_000
/** More than this are not told apart: then the counting begins anew. */
const mostKeys = 10_000

export class Tally {
  readonly #most: number
  readonly #clock: Clock
  readonly #counts = new Map<string, number>()
  #since = Number.NEGATIVE_INFINITY

  /** `most`: how often anybody may ask in a minute. */
  constructor(most: number, clock: Clock) {
    this.#most = most
    this.#clock = clock
  }

  /** Counts, and tells whether it was too often. */
  isTooMuch(key: string): boolean {
    const now = this.#clock()
    if (now - this.#since >= minute || this.#counts.size >= mostKeys) {
      this.#counts.clear()
      this.#since = now
    }
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count > this.#most
  }
}
