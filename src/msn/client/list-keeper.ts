// The list while we are signed in: read, told to the server, and kept as it changes, here and elsewhere (msnp-core.md 3.9, 3.10, 3.17).

import type { Timers } from '../../core/timers.ts'
import type { Addition, Removal } from '../dialect/edits.ts'
import type { Roster } from '../model/contact-list.ts'
import type { ContactBook } from './contact-book.ts'
import { keyOf } from './handle.ts'
import type { ListTold } from './list-edits.ts'
import { ListEdits } from './list-edits.ts'
import type { NotificationServer } from './notification.ts'
import { Refetch } from './refetch.ts'
import type { SessionOptions } from './session-options.ts'
import { WebSteps } from './web-steps.ts'
import { tellList, tellWholeList } from './whole-list.ts'
import { WireSteps } from './wire-steps.ts'

export interface ListKeeperOptions {
  readonly server: NotificationServer
  readonly session: SessionOptions
  readonly timers: Timers
  readonly book: ContactBook
}

/** From here on the contact services keep the list. */
const firstWebList = 13
/** Before it nobody is on PL. */
const firstPending = 10
/** Who may add us between two readings of the list, and be told with what they wrote. */
const mostAsking = 1000

export class ListKeeper {
  readonly edits: ListEdits
  readonly #options: ListKeeperOptions
  readonly #refetch: Refetch
  /** Who added us just now, by key. */
  readonly #asking = new Map<string, Addition>()

  constructor(options: ListKeeperOptions) {
    const { server, session, timers, book } = options
    const { log, web } = session
    this.#options = options
    const told: ListTold = {
      added: (addition) => this.#tell(book.add(addition)),
      removed: (removal) => this.#tell(book.remove(removal)),
    }
    const steps =
      server.dialect >= firstWebList && web?.book ? new WebSteps(server, web.book, book, told) : new WireSteps(server, book, told)
    this.edits = new ListEdits(steps, book)
    this.#refetch = new Refetch({
      ...{ timers, log },
      fetch: () => this.#fetch(),
      take: (roster) => this.#take(roster),
      done: () => this.#tellWhoAsks(),
    })
  }

  /** Reads the whole list and, from MSNP13 on, tells the server of it. Rejects with a ClientError. */
  async read(): Promise<Roster> {
    const { server } = this.#options
    const roster = await this.#fetch()
    this.#take(roster)
    if (server.dialect >= firstWebList) await tellWholeList(server, roster)
    return roster
  }

  /** Reads the whole list once more. Rejects with a ClientError. */
  async readAgain(): Promise<void> {
    this.#take(await this.#fetch())
  }

  /** Tells the server once more whom this session wants. Rejects with a ClientError. */
  async sayAgain(): Promise<void> {
    await tellList(this.#options.server, this.#options.book.entries)
  }

  /** Somebody else added us, or we ourselves somebody, with another client. */
  added(addition: Addition): void {
    const { handle = '' } = addition
    const isNews = addition.list === 'RL' && !this.#hasUs(handle)
    if (!isNews || this.#options.server.dialect < firstWebList || this.#asking.size >= mostAsking) {
      this.#tell(this.#options.book.addedUs(addition))
      return
    }
    // What they wrote stands in the list alone: it is read again first.
    this.#asking.set(keyOf(handle), addition)
    this.#refetch.now()
  }

  removed(removal: Removal): void {
    this.#asking.delete(keyOf(removal.handle ?? ''))
    this.#tell(this.#options.book.remove(removal))
  }

  /** The list was changed elsewhere: it is read again. */
  changed(): void {
    if (this.#options.server.dialect >= firstWebList) this.#refetch.soon()
  }

  /** Nothing is read again any more. */
  end(): void {
    this.#refetch.end()
  }

  #fetch(): Promise<Roster> {
    const { server, session } = this.#options
    const web = session.web?.book
    return server.dialect >= firstWebList && web ? web.fetch() : server.fetchRoster()
  }

  /** Whoever added us and is not on the list that was read is told all the same, without what they wrote. */
  #tellWhoAsks(): void {
    const { book } = this.#options
    for (const [key, addition] of this.#asking) if (!this.#hasUs(key)) this.#tell(book.addedUs(addition))
    this.#asking.clear()
  }

  #hasUs(handle: string): boolean {
    const { book } = this.#options
    return book.isOn(handle, 'RL') || book.isOn(handle, 'PL')
  }

  #take(roster: Roster): void {
    const { server, book, session } = this.#options
    book.replace(roster, server.dialect >= firstPending)
    session.onContacts(true, book.contacts)
  }

  #tell(contact: ReturnType<ContactBook['add']>): void {
    if (contact) this.#options.session.onContacts(false, [contact])
  }
}
