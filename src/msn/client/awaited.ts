// Who was called to a board and is waited for.

import type { Cancel, Timers } from '../../core/timers.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'

interface Expected {
  readonly arrival: PromiseWithResolvers<void>
  readonly cancel: Cancel
}

/** How long somebody who was called has for coming, in milliseconds. */
const patience = 30_000

export class Awaited {
  readonly #timers: Timers
  readonly #expected = new Map<string, Expected>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Resolves when somebody comes. Rejects with `contact-offline` when they do not within 30 s, or with what `fail` or `end` was told before. */
  arrivalOf(handle: string): Promise<void> {
    const known = this.#expected.get(keyOf(handle))
    if (known) return known.arrival.promise
    const arrival = Promise.withResolvers<void>()
    const cancel = this.#timers.after(patience, () =>
      this.fail(handle, new ClientError('contact-offline', 'the contact was called and did not come')),
    )
    this.#expected.set(keyOf(handle), { arrival, cancel })
    return arrival.promise
  }

  /** Somebody is here. */
  come(handle: string): void {
    this.#settle(handle)?.resolve()
  }

  /** Somebody will not come. */
  fail(handle: string, reason: unknown): void {
    this.#settle(handle)?.reject(reason)
  }

  /** Nobody will come any more. */
  end(reason: unknown): void {
    for (const key of [...this.#expected.keys()]) this.fail(key, reason)
  }

  #settle(handle: string): PromiseWithResolvers<void> | undefined {
    const key = keyOf(handle)
    const expected = this.#expected.get(key)
    expected?.cancel()
    this.#expected.delete(key)
    return expected?.arrival
  }
}
