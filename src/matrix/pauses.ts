// What the homeserver finds too much, it gets no more of for as long as it says: one pause for each account and kind of call.

import type { Clock } from '../core/clock.ts'
import { HomeserverError } from './homeserver-error.ts'
import { Recent } from './recent.ts'

/** Where the homeserver does not say how long, in milliseconds. */
const usual = 1000
const remembered = 5000

export class Pauses {
  readonly #clock: Clock
  readonly #until = new Recent<number>(remembered)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Throws what the homeserver would say again, without asking it. */
  check(as: string, what: string): void {
    const left = (this.#until.get(keyOf(as, what)) ?? 0) - this.#clock()
    if (left <= 0) return
    throw new HomeserverError(what, {
      status: 429,
      errcode: 'M_LIMIT_EXCEEDED',
      retryAfter: left,
      reason: 'still in the pause that it asked for',
    })
  }

  /** A call failed. */
  failed(as: string, what: string, error: HomeserverError): void {
    if (error.status !== 429) return
    this.#until.set(keyOf(as, what), this.#clock() + (error.retryAfter ?? usual))
  }
}

/** "PUT /_matrix/client/v3/rooms/!a/send/m.room.message/7" is of one kind with every other room and message; ids are no plain words, or longer. */
function keyOf(as: string, what: string): string {
  const words = what.split(/[ /?]/).filter((word) => /^[A-Za-z._]{2,20}$/.test(word))
  return `${as} ${words.join('/')}`
}
