// The lock on leaving messages: the client shows that it is a known program, by the sum that also answers CHL (msnp-services.md A16.3). Nothing is
// kept: the question follows from who asks and from the time, so that an answer is good for half a day, and not after a restart.

import { createHmac, randomBytes } from 'node:crypto'
import type { Clock } from '../../../core/clock.ts'
import { newAnswer, productKey } from '../../model/challenge.ts'
import type { Handle } from '../handle.ts'

/** Milliseconds. A key is good in the period in which it was asked for and in the next. */
const period = 6 * 3_600_000

export class LockKeys {
  readonly #secret = randomBytes(32)
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What somebody's client has to answer: 20 digits, which no client pads differently from others. */
  challenge(handle: Handle): string {
    return this.#challengeIn(this.#period(), handle)
  }

  /** Whether this opens: the answer of a known product to a challenge that is not too old. */
  opens(handle: Handle, product: string, lockKey: string): boolean {
    const key = productKey(product)
    if (key === undefined) return false
    const now = this.#period()
    return [now, now - 1].some(
      (each) => newAnswer(this.#challengeIn(each, handle), { id: product, key }) === lockKey.toLowerCase(),
    )
  }

  #period(): number {
    return Math.floor(this.#clock() / period)
  }

  #challengeIn(number: number, handle: Handle): string {
    const sum = createHmac('sha256', this.#secret).update(`${number} ${handle}`).digest()
    return `1${(sum.readBigUInt64BE() % 10n ** 19n).toString().padStart(19, '0')}`
  }
}
