// Transactions that the homeserver made and did not send.
//
// Synapse can leave one lying: made while it takes us for down, at the moment when it finds that we are up again, or under way when it is
// killed. It goes on with the next ones, and sends what lies there only after the next failure: too late for the order. But it numbers its
// transactions, so a gap shows; and it begins with the oldest when one is refused. So the transaction behind a gap is refused, once.
// Where it comes again and nothing before it, the numbers have gaps for other reasons: other application services share them.

import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Records } from '../core/stores.ts'

const noun = 'matrix-transaction'
const id = 'last'

/** A homeserver that skips more does not count. */
const widestGap = 1000
/** How long gaps are passed over after one that meant nothing, in milliseconds. */
const calm = 10 * 60_000

const record = z.object({ number: z.number().int() })

/** The homeserver shall begin with the oldest transaction that it has. */
export class TransactionMissing extends Error {
  override readonly name = 'TransactionMissing'
}

export class Gaps {
  readonly #records: Records
  readonly #clock: Clock
  #last: number | undefined
  #refused: number | undefined
  #calmUntil = Number.NEGATIVE_INFINITY

  constructor(records: Records, clock: Clock) {
    this.#records = records
    this.#clock = clock
  }

  /** Throws a TransactionMissing when one before this seems to be missing and the homeserver was not asked for it yet. */
  async check(transaction: string): Promise<void> {
    const number = numberOf(transaction)
    const last = await this.#lastTaken()
    if (number === undefined || last === undefined || number <= last + 1 || number - last > widestGap) return
    if (number === this.#refused) this.#calmUntil = this.#clock() + calm
    if (this.#clock() < this.#calmUntil) return
    this.#refused = number
    throw new TransactionMissing(`transaction ${number} came after ${last}: asking the homeserver for what is between them`)
  }

  /** Remembers that a transaction was taken. */
  async taken(transaction: string): Promise<void> {
    const number = numberOf(transaction)
    if (number === undefined || number === this.#last) return
    await this.#records.update(noun, id, () => ({ number }))
    this.#last = number
  }

  async #lastTaken(): Promise<number | undefined> {
    this.#last ??= record.safeParse(await this.#records.get(noun, id)).data?.number
    return this.#last
  }
}

function numberOf(transaction: string): number | undefined {
  return /^\d{1,15}$/.test(transaction) ? Number(transaction) : undefined
}
