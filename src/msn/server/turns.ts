// So many at a time for each key; whoever is more waits for a turn, in order.

interface Queue {
  running: number
  readonly waiting: (() => void)[]
}

export class Turns {
  readonly #most: number
  readonly #queues = new Map<string, Queue>()

  constructor(most: number) {
    this.#most = most
  }

  /** Does something in turn. What it throws comes out here, and the next one goes on. */
  async take<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const queue = this.#queues.get(key) ?? { running: 0, waiting: [] }
    this.#queues.set(key, queue)
    if (queue.running < this.#most) queue.running++
    else await new Promise<void>((resolve) => queue.waiting.push(resolve))
    try {
      return await task()
    } finally {
      this.#pass(key, queue)
    }
  }

  /** The turn goes to whoever waits longest. */
  #pass(key: string, queue: Queue): void {
    const next = queue.waiting.shift()
    if (next) next()
    else if (--queue.running === 0) this.#queues.delete(key)
  }
}
