// What our own sessions were given to store and have not said yet that they did (product.md: a message lost without its sender being told must never happen).

import type { Cancel, Timers } from '../../core/timers.ts'

interface Expected {
  readonly done: (stored: boolean) => void
  readonly cancel: Cancel
}

/** Who has not answered for so long has not stored it. */
const patience = 30_000
/** So many may be on their way before senders have to wait. */
const most = 256

export class Receipts {
  readonly #timers: Timers
  readonly #expected = new Map<number, Expected>()
  readonly #waiting: (() => void)[] = []
  #last = 0

  constructor(timers: Timers) {
    this.#timers = timers
  }

  get isFull(): boolean {
    return this.#expected.size >= most
  }

  /** A number for a message; `done` is called once, with whether the message was stored. */
  expect(done: (stored: boolean) => void): number {
    const receipt = ++this.#last
    const cancel = this.#timers.after(patience, () => this.settle(receipt, false))
    this.#expected.set(receipt, { done, cancel })
    return receipt
  }

  /** The message of this number is stored, or is not. A number that nobody expects, or no more, says nothing. */
  settle(receipt: number, stored: boolean): void {
    const expected = this.#expected.get(receipt)
    if (!expected) return
    this.#expected.delete(receipt)
    expected.cancel()
    expected.done(stored)
    if (!this.isFull) for (const go of this.#waiting.splice(0)) go()
  }

  /** Nothing will be stored any more. */
  giveUp(): void {
    for (const receipt of [...this.#expected.keys()]) this.settle(receipt, false)
  }

  /** Resolves when there is room for another. */
  async roomy(): Promise<void> {
    if (this.isFull) await new Promise<void>((resolve) => this.#waiting.push(resolve))
  }
}
