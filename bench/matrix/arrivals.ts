// Who waits for messages: notes when each of them was sent and when it arrived.

import { setTimeout as pause } from 'node:timers/promises'
import { percentile } from '../measure.ts'
import type { Moment } from './wire.ts'

/** So long may nothing arrive, in milliseconds. */
const patience = 60_000

/** What became of one round. */
export interface Round {
  readonly perSecond: number
  /** From the sending of each to its arrival, in milliseconds. */
  readonly p50: number
  readonly p99: number
}

export class Arrivals {
  readonly #sent = new Map<string, number>()
  readonly #seen = new Map<string, number>()
  readonly #first: number
  #lastNews = Date.now()

  /** `first`: the number of the first message of this round. */
  constructor(first: number) {
    this.#first = first
  }

  sent(moments: readonly Moment[]): void {
    for (const [lane, message, at] of moments) this.#sent.set(`${lane}-${message}`, at)
  }

  /** The first time counts; what is of an earlier round does not. */
  seen(moments: readonly Moment[]): void {
    this.#lastNews = Date.now()
    for (const [lane, message, at] of moments) {
      if (message < this.#first) continue
      const key = `${lane}-${message}`
      if (!this.#seen.has(key)) this.#seen.set(key, at)
    }
  }

  /** The round, once so many were sent and arrived. Rejects when nothing comes any more. */
  async round(count: number): Promise<Round> {
    this.#lastNews = Date.now()
    while (this.#seen.size < count || this.#sent.size < count) {
      if (Date.now() - this.#lastNews > patience) throw new Error(`of ${count} messages ${this.#seen.size} arrived`)
      await pause(5)
    }
    const times = [...this.#sent].map(([key, at]) => (this.#seen.get(key) ?? Number.NaN) - at)
    const took = Math.max(...this.#seen.values()) - Math.min(...this.#sent.values())
    return { perSecond: (count / took) * 1000, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
  }
}
