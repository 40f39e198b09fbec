// What one board said and is not yet safe: kept in order, and only so much of it.

import type { Timers } from '../../core/timers.ts'
import { pause } from '../../core/timers.ts'
import { MessageRefused } from './errors.ts'

export interface InboxListener {
  /** No more for now. */
  full(): void
  /** More, please. */
  roomy(): void
  /** Tells our own server what became of a message: `STO` it is stored, `NST` it is not. */
  answer(verb: 'STO' | 'NST', receipt: number): void
  /** A message could not be stored, and its sender cannot be told. */
  lost(cause: unknown): void
}

interface Item {
  readonly bytes: number
  readonly receipt: number | undefined
  readonly store: () => Promise<void>
}

const mostBytes = 64 * 1024
const mostItems = 64
/** Waits between tries to store what no server will send again, in milliseconds. */
const retries = [500, 1000, 2000, 4000, 8000, 15_000, 30_000, 60_000]

/**
 * Stores one message after the other. Our own server hears what became of each, so that it can tell the sender; a server out there sends nothing twice,
 * so there a message that could not be stored is tried again for two minutes while the board waits.
 */
export class Inbox {
  readonly #timers: Timers
  readonly #hosted: boolean
  readonly #listener: InboxListener
  readonly #items: Item[] = []
  #bytes = 0
  #isFull = false
  #running: Promise<void> | undefined

  constructor(timers: Timers, hosted: boolean, listener: InboxListener) {
    this.#timers = timers
    this.#hosted = hosted
    this.#listener = listener
  }

  /** Appends a message. `store` resolves once it is safe. */
  add(bytes: number, receipt: number | undefined, store: () => Promise<void>): void {
    this.#items.push({ bytes, receipt, store })
    this.#bytes += bytes
    if (!this.#isFull && (this.#bytes > mostBytes || this.#items.length > mostItems)) {
      this.#isFull = true
      this.#listener.full()
    }
    this.#running ??= this.#run()
  }

  /** Resolves when nothing waits. */
  async drained(): Promise<void> {
    while (this.#items.length > 0) await this.#running
  }

  async #run(): Promise<void> {
    for (let item = this.#items[0]; item; item = this.#items[0]) {
      await this.#store(item)
      this.#items.shift()
      this.#bytes -= item.bytes
      if (this.#isFull && this.#bytes <= mostBytes / 2 && this.#items.length <= mostItems / 2) {
        this.#isFull = false
        this.#listener.roomy()
      }
    }
    this.#running = undefined
  }

  async #store({ receipt, store }: Item): Promise<void> {
    const answered = this.#hosted && receipt !== undefined
    for (const wait of [...(answered ? [] : retries), undefined]) {
      try {
        await store()
        if (answered) this.#listener.answer('STO', receipt)
        return
      } catch (cause) {
        const useless = wait === undefined || cause instanceof MessageRefused
        if (!useless) await pause(this.#timers, wait)
        else {
          if (answered) this.#listener.answer('NST', receipt)
          else if (!(cause instanceof MessageRefused)) this.#listener.lost(cause)
          return
        }
      }
    }
  }
}
