// Time that moves when a test says so.

import type { Cancel, Timers } from '../../src/core/timers.ts'

interface Wait {
  readonly at: number
  readonly run: () => void
}

/** Timers and a clock of one hand-driven time. */
export class ManualTimers implements Timers {
  #now = 0
  readonly #waits = new Set<Wait>()

  after(milliseconds: number, run: () => void): Cancel {
    const wait = { at: this.#now + milliseconds, run }
    this.#waits.add(wait)
    return () => void this.#waits.delete(wait)
  }

  readonly clock = (): number => this.#now

  /** How many waits are open. */
  get waiting(): number {
    return this.#waits.size
  }

  /** How long until the next wait is over; undefined when none is open. */
  get next(): number | undefined {
    const times = [...this.#waits].map((wait) => wait.at - this.#now)
    return times.length === 0 ? undefined : Math.min(...times)
  }

  /** Lets so much time pass, running what falls due in order. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    for (;;) {
      await settled()
      const [due] = [...this.#waits].filter((wait) => wait.at <= end).sort((a, b) => a.at - b.at)
      if (!due) break
      this.#waits.delete(due)
      this.#now = Math.max(this.#now, due.at)
      due.run()
    }
    this.#now = end
    await settled()
  }
}

/** Resolves when everything that could happen without time passing has happened: streams in memory take a few turns of the loop. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setImmediate(resolve))
}
