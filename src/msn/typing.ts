// Our chairs typing. A home says once that somebody types, and once that they stopped; clients of MSN forget it after some seconds, so it
// is said again for as long as it lasts.

import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Cancel, Timers } from '../core/timers.ts'

/** Clients say it every 5 s, and forget it after 6 s (msnp-core.md 5.2), in milliseconds. */
const again = 5_000

/** Nobody types for longer than this without a pause: the word that they stopped was lost, in milliseconds. */
const longest = 2 * 60_000

export class Typing {
  readonly #timers: Timers
  readonly #typing = new Map<string, Cancel>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Somebody types in a chat: `show` is called now and again until they stop. */
  began(as: Address, chat: string, show: () => void): void {
    this.ended(as, chat)
    this.#show(keyOf(as, chat), show, longest)
  }

  /** Somebody stopped typing, or said it. */
  ended(as: Address, chat: string): void {
    const key = keyOf(as, chat)
    this.#typing.get(key)?.()
    this.#typing.delete(key)
  }

  stop(): void {
    for (const cancel of this.#typing.values()) cancel()
    this.#typing.clear()
  }

  #show(key: string, show: () => void, left: number): void {
    this.#typing.delete(key)
    if (left <= 0) return
    show()
    this.#typing.set(
      key,
      this.#timers.after(again, () => this.#show(key, show, left - again)),
    )
  }
}

function keyOf(as: Address, chat: string): string {
  return `${addressKey(as)} ${chat}`
}
