// How often somebody may do something: so many times each second on average, and as many at once.

/** One who is held to a pace. It keeps a single number: when everything that was done so far would have been done at that pace. */
export class Pace {
  readonly #interval: number
  readonly #slack: number
  #done = 0

  /** `times` in `milliseconds`, and as many in one go. */
  constructor(times: number, milliseconds: number) {
    this.#interval = milliseconds / times
    this.#slack = milliseconds - this.#interval
  }

  /** How many milliseconds the next one has to wait from now on; 0: none. */
  wait(now: number): number {
    return Math.max(0, this.#done - now - this.#slack)
  }

  /** It is done now, or will be after the wait; `times` where it is as much as several. */
  count(now: number, times = 1): void {
    this.#done = Math.max(this.#done, now) + this.#interval * times
  }

  /** What was done does not count any more. */
  forget(): void {
    this.#done = 0
  }
}
