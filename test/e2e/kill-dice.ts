// Chance that can be repeated: the seed is printed, and NUDGE_TEST_SEED gives it back.

import { randomInt } from 'node:crypto'

export class Dice {
  readonly seed: number
  #state: number

  constructor(seed = Number(process.env['NUDGE_TEST_SEED'] ?? randomInt(2 ** 31))) {
    this.seed = seed
    this.#state = seed
  }

  /** From 0 up to 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** A whole number from `least` up to, and without, `limit`. */
  between(least: number, limit: number): number {
    return least + Math.floor(this.next() * (limit - least))
  }

  /** So many places in the course of `total`, in order: one in each equal part of its first nine tenths, so that none comes after the end. */
  places(count: number, total: number): number[] {
    const part = (total * 0.9) / count
    return Array.from({ length: count }, (_, index) =>
      this.between(Math.ceil(index * part) + 1, Math.ceil((index + 1) * part) + 1),
    )
  }
}
