// Fetches the whole list: SYN, and what follows it (msnp-core.md 3.9).

import type { Cancel, Timers } from '../../core/timers.ts'
import { writeSync } from '../dialect/roster.ts'
import type { RosterReader } from '../dialect/roster-reader.ts'
import type { Roster } from '../model/contact-list.ts'
import { unknownList } from '../model/contact-list.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import type { Connection } from './connection.ts'

/** A server may count wrong: without a line for so long, what came is all there is (7.3). In milliseconds. */
const silence = 5000

/** The sync that is under way on one connection. */
export class RosterSync {
  readonly #reader: RosterReader
  readonly #timers: Timers
  #finish: (() => void) | undefined
  #cancel: Cancel = () => {}

  constructor(reader: RosterReader, timers: Timers) {
    this.#reader = reader
    this.#timers = timers
  }

  /** Asks, and resolves with the list once it is whole or the server fell silent. Rejects with a ClientError. */
  async fetch(connection: Connection, dialect: Dialect): Promise<Roster> {
    const whole = new Promise<void>((resolve) => {
      this.#finish = resolve
    })
    try {
      await connection.request((trId) => writeSync(dialect, trId, unknownList), { seen: (reply) => this.take(reply) })
      await whole
    } finally {
      this.#cancel()
    }
    return this.#reader.roster
  }

  /** Takes a line that belongs to the list. */
  take(command: Command): boolean {
    if (!this.#reader.take(command)) return false
    this.#cancel()
    if (this.#reader.done) this.#finish?.()
    else this.#cancel = this.#timers.after(silence, () => this.#finish?.())
    return true
  }
}
