// How long to wait before the next try.

const shortest = 1000
const longest = 5 * 60_000

/** Waits that double from 1 s up to 5 min, each between half and whole of that, so that many sessions do not come back at once. */
export class BackOff {
  readonly #random: () => number
  #tries = 0

  constructor(random: () => number) {
    this.#random = random
  }

  /** The next wait, in milliseconds. */
  next(): number {
    const whole = Math.min(longest, shortest * 2 ** Math.min(this.#tries, 16))
    this.#tries++
    return whole * (0.5 + this.#random() / 2)
  }

  /** All is well again. */
  reset(): void {
    this.#tries = 0
  }
}
