// How many strangers may turn to one hosted person in a day: each is an invitation where that person lives.

import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Records } from '../../core/stores.ts'
import { contactIn } from './book.ts'
import type { Books } from './books.ts'
import type { Handle } from './handle.ts'

const noun = 'strangers'
const day = 24 * 60 * 60_000

/** Who turned to somebody on one day. A record that cannot be read is of no day. */
const record = z.object({ day: z.int(), who: z.array(z.string()) }).catch({ day: -1, who: [] })

interface Parts {
  readonly records: Records
  readonly books: Books
  /** How many in a day. */
  readonly most: number
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
   * today. Counts whoever is new.
   */
  async admit(hosted: Handle, who: Handle): Promise<boolean> {
    const { records, books, most, welcomes, clock, log } = this.#parts
    if (!welcomes(hosted)) return false
    if (contactIn(await books.of(hosted), who)) return true
    const today = Math.floor(clock() / day)
    let admitted = false
    await records.update(noun, hosted, (current) => {
      const known = record.parse(current ?? {})
      const before = known.day === today ? known.who : []
      const isKnown = before.includes(who)
      admitted = isKnown || before.length < most
      return isKnown || !admitted ? current : { day: today, who: [...before, who] }
    })
    if (!admitted)
      log.warn({ account: hosted, stranger: who }, 'too many strangers turned to somebody hosted today: one was refused')
    return admitted
  }
}
