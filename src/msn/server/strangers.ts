// How many strangers may turn to one hosted person in a day, and to how many one may turn: each is an invitation where that person lives, and
// each brings somebody in whom the server then keeps.

import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Records } from '../../core/stores.ts'
import { contactIn } from './book.ts'
import type { Books } from './books.ts'
import type { Handle } from './handle.ts'

/** Who turned to a hosted person, and to whom somebody turned. */
const nouns = { to: 'strangers', of: 'strangers-of' } as const
const day = 24 * 60 * 60_000

/** Those of one day. A record that cannot be read is of no day. */
const record = z.object({ day: z.int(), who: z.array(z.string()) }).catch({ day: -1, who: [] })

interface Parts {
  readonly records: Records
  readonly books: Books
  /** How many may turn to one hosted person in a day. */
  readonly most: number
  /** To how many one account may turn in a day. */
  readonly mostOfOne: number
  /** Whether a hosted address stands for somebody who may be here. */
  welcomes(handle: Handle): boolean
  readonly clock: Clock
  readonly log: Logger
}

export class Strangers {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Whether somebody may add a hosted person or write to them: there is such a person, and they know each other or not too many others came
   * today, nor the same one to too many others. Counts whoever is new.
   */
  async admit(hosted: Handle, who: Handle): Promise<boolean> {
    const { books, most, mostOfOne, welcomes, log } = this.#parts
    if (!welcomes(hosted)) return false
    if (contactIn(await books.of(hosted), who)) return true
    const admitted = (await this.#count(nouns.of, who, hosted, mostOfOne)) && (await this.#count(nouns.to, hosted, who, most))
    if (!admitted)
      log.warn({ account: hosted, stranger: who }, 'too many strangers turned to somebody hosted today: one was refused')
    return admitted
  }

  /** Counts somebody new for today; false when there are too many. */
  async #count(noun: string, id: Handle, who: Handle, most: number): Promise<boolean> {
    const today = Math.floor(this.#parts.clock() / day)
    let admitted = false
    await this.#parts.records.update(noun, id, (current) => {
      const known = record.parse(current ?? {})
      const before = known.day === today ? known.who : []
      const isKnown = before.includes(who)
      admitted = isKnown || before.length < most
      return isKnown || !admitted ? current : { day: today, who: [...before, who] }
    })
    return admitted
  }
}
