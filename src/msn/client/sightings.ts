// How the contacts look, put together from what the server tells piece by piece: status and name, and the personal message apart (msnp-core.md 3.11, 3.13).

import type { Status } from '../../core/signal.ts'
import type { ContactBook } from './contact-book.ts'
import { keyOf } from './handle.ts'
import type { Sight } from './lookout.ts'

/** How a contact looks now. */
export interface ContactPresence {
  readonly account: string
  readonly name: string
  readonly status: Status
  /** The personal message; empty when there is none. */
  readonly message: string
}

/** A server that shows strangers without end gets no more memory than this. */
const mostSeen = 5000

export class Sightings {
  readonly #book: ContactBook
  readonly #tell: (presence: ContactPresence) => void
  readonly #seen = new Map<string, ContactPresence>()

  constructor(book: ContactBook, tell: (presence: ContactPresence) => void) {
    this.#book = book
    this.#tell = tell
  }

  /** The server told something about somebody. */
  note({ handle, name, status, message }: Sight): void {
    const account = keyOf(handle)
    const known = this.#seen.get(account)
    if (!known && this.#seen.size >= mostSeen) return
    // A personal message may come alone; it says nothing about whether its author is here.
    const now: ContactPresence = {
      account,
      name: name ?? known?.name ?? this.#book.find(handle)?.name ?? handle,
      status: status ?? known?.status ?? 'offline',
      message: message ?? known?.message ?? '',
    }
    this.#seen.set(account, now)
    this.#tell(now)
  }

  /** Whoever was here is out of our sight. */
  end(): void {
    const seen = [...this.#seen.values()]
    this.#seen.clear()
    for (const who of seen) if (who.status !== 'offline') this.#tell({ ...who, status: 'offline' })
  }
}
