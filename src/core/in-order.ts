// One task at a time for each key: what belongs together is never reordered by waiting.

/** Runs tasks one after another for each key; different keys do not wait for each other. */
export class InOrder {
  readonly #tails = new Map<string, Promise<unknown>>()

  /** Runs the task when everything earlier of this key has ended, well or badly. */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const before = this.#tails.get(key) ?? Promise.resolve()
    const mine = before.then(task, task)
    const tail = mine.catch(() => {})
    this.#tails.set(key, tail)
    void tail.then(() => {
      if (this.#tails.get(key) === tail) this.#tails.delete(key)
    })
    return mine
  }

  /** Whether something of this key is under way. */
  isBusy(key: string): boolean {
    return this.#tails.has(key)
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    while (this.#tails.size > 0) await Promise.all(this.#tails.values())
  }
}
