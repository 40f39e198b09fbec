// Where the books are kept: one record for each person, read and changed through here alone.

import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Records } from '../../core/stores.ts'
import type { Group, Roster } from '../model/contact-list.ts'
import { propertyKeys } from '../model/contact-list.ts'
import type { Dialect } from '../wire/dialect.ts'
import type { Book, BookGroup } from './book.ts'
import { emptyBook, hostedBook } from './book.ts'
import type { Handle } from './handle.ts'

const noun = 'books'

const bookRecord = z.strictObject({
  name: z.string(),
  serial: z.int(),
  changedAt: z.number(),
  privacy: z.enum(['AL', 'BL']),
  prompt: z.enum(['A', 'N']),
  properties: z.partialRecord(z.enum(propertyKeys), z.string()),
  contacts: z.array(
    z.strictObject({
      handle: z.string().transform((text) => text as Handle),
      name: z.string(),
      lists: z.int(),
      guid: z.string(),
      groups: z.array(z.string()),
      kept: z.literal(true).optional(),
      details: z.record(z.string(), z.string()).optional(),
      invitation: z.string().optional(),
    }),
  ),
  groups: z.array(z.strictObject({ guid: z.string(), number: z.int(), name: z.string() })),
  cards: z
    .array(
      z.strictObject({
        guid: z.string(),
        name: z.string().optional(),
        groups: z.array(z.string()),
        details: z.record(z.string(), z.string()),
      }),
    )
    .optional(),
  details: z.record(z.string(), z.string()).optional(),
})

/** A book before and after. */
export interface Change {
  readonly before: Book
  readonly after: Book
}

export class Books {
  readonly #records: Records
  readonly #clock: Clock
  readonly #isHosted: (handle: Handle) => boolean

  constructor(records: Records, clock: Clock, isHosted: (handle: Handle) => boolean = () => false) {
    this.#records = records
    this.#clock = clock
    this.#isHosted = isHosted
  }

  /** Somebody's book; an empty one for those who never changed anything. */
  async of(handle: Handle): Promise<Book> {
    return this.#read(handle, await this.#records.get(noun, handle))
  }

  /**
   * Changes a book in one step and gives it as it was and as it then is. `change` is pure and may be called again; when it throws, nothing is
   * written and the error comes out here. A change that gives back the same book is none.
   */
  async change(handle: Handle, change: (book: Book) => Book): Promise<Change> {
    let failure: unknown
    let before = emptyBook(handle)
    const record = await this.#records.update(noun, handle, (current) => {
      before = this.#read(handle, current)
      failure = undefined
      try {
        const next = change(before)
        return next === before ? current : written({ ...next, serial: before.serial + 1, changedAt: this.#clock() })
      } catch (error) {
        failure = error
        return current
      }
    })
    if (failure !== undefined) throw failure
    return { before, after: this.#read(handle, record) }
  }

  /** Forgets a book. */
  async remove(handle: Handle): Promise<void> {
    await this.#records.update(noun, handle, () => undefined)
  }

  #read(handle: Handle, record: unknown): Book {
    const book = record === undefined ? emptyBook(handle) : (bookRecord.parse(record) as Book)
    return this.#isHosted(handle) ? hostedBook(book) : book
  }
}

/** Who is hosted is known by the address, and is not kept. */
function written({ hosted: _, ...book }: Book): unknown {
  return book
}

/** What a dialect calls a group. */
export function groupId(dialect: Dialect, group: BookGroup): string {
  return dialect < 10 ? String(group.number) : group.guid
}

/** A book as the wire transfers it to its owner. */
export function rosterOf(dialect: Dialect, book: Book): Roster {
  const ids = new Map(book.groups.map((group) => [group.guid, groupId(dialect, group)]))
  const listed = book.contacts.filter(({ lists }) => lists !== 0)
  const entries = listed.map((contact) => ({
    handle: contact.handle,
    name: contact.name,
    lists: contact.lists,
    guid: contact.guid,
    groups: contact.groups.flatMap((guid) => ids.get(guid) ?? []),
    properties: {},
  }))
  const groups = book.groups.map((group): Group => ({ id: groupId(dialect, group), name: group.name }))
  return { entries, groups, privacy: book.privacy, prompt: book.prompt, properties: { ...book.properties, MFN: book.name } }
}

/** The state of a book as a dialect names it: a number below MSNP10, a time from 10 on. */
export function stampOf(dialect: Dialect, book: Book): { list: string; settings: string } {
  if (dialect < 10) return { list: String(book.serial), settings: String(book.serial) }
  const time = new Date(book.changedAt).toISOString().replace('Z', '0000-00:00')
  return { list: time, settings: time }
}
