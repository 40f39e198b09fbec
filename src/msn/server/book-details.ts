// What only the address book of MSNP13 and later keeps (msnp-services.md A10, A11): details of contacts and of the owner, contacts that are on no list
// any more, and cards of people without an account. Pure, like book.ts.

import { randomUUID } from 'node:crypto'
import { isOn } from '../model/lists.ts'
import type { Details } from '../soap/contact-details.ts'
import { withChanges } from '../soap/contact-details.ts'
import { errorCodes } from '../wire/errors.ts'
import type { Book, BookContact, Card } from './book.ts'
import { contactWithGuid, groupIn, mostContacts, put, putInGroup, takeOutOfGroup, trimmed } from './book.ts'
import { CommandError } from './command-error.ts'

/** All details of a book together, in characters, paths included: the book is read and written as a whole. */
const mostDetails = 256 * 1024

/** What is different about an entry; an empty text takes a detail away. */
export interface EntryChange {
  readonly name?: string | undefined
  readonly details?: Details
}

/** Those in the address book who have an account: on FL, or kept without. */
export function writtenDown(book: Book): BookContact[] {
  return book.contacts.filter(({ lists, kept }) => isOn(lists, 'FL') || kept)
}

/** The card with this GUID. */
export function cardIn(book: Book, guid: string): Card | undefined {
  return book.cards?.find((card) => card.guid === guid.toLowerCase())
}

/** Changes the details of a contact. Throws 216 when there is none of this GUID, 210 when the book holds too much. */
export function describeContact(book: Book, guid: string, changes: Details): Book {
  const contact = contactOrThrow(book, guid)
  if (Object.keys(changes).length === 0) return book
  return bounded(put(book, { ...contact, details: withChanges(contact.details ?? {}, changes) }))
}

/** Changes the details of the owner. Throws as above. */
export function describeOwner(book: Book, changes: Details): Book {
  if (Object.keys(changes).length === 0) return book
  return bounded({ ...book, details: withChanges(book.details ?? {}, changes) })
}

/** Keeps a contact in the book though they are on no list, or no longer. Throws 216 when there is none of this GUID. */
export function keep(book: Book, guid: string): Book {
  const contact = contactOrThrow(book, guid)
  return contact.kept ? book : put(book, { ...contact, kept: true })
}

/** Forgets what the book keeps about a contact, who may still be on some list. */
export function forget(book: Book, guid: string): Book {
  const contact = contactWithGuid(book, guid)
  if (!contact?.kept && !contact?.details) return book
  const { kept, details, ...rest } = contact
  return put(book, rest)
}

/** A new card, at the end. Throws 210 when there are too many, or the book holds too much. */
export function addCard(book: Book, { name, details = {} }: EntryChange): Book {
  if ((book.cards?.length ?? 0) >= mostContacts) throw new CommandError(errorCodes.listFull)
  const card: Card = { guid: randomUUID(), ...(name && { name: trimmed(name) }), groups: [], details: withChanges({}, details) }
  return bounded({ ...book, cards: [...(book.cards ?? []), card] })
}

/** Changes a card. Throws 216 when there is none of this GUID, 210 when the book holds too much. */
export function changeCard(book: Book, guid: string, { name, details = {} }: EntryChange): Book {
  const card = cardOrThrow(book, guid)
  const { name: before, ...rest } = card
  const called = name === undefined ? before : trimmed(name)
  return bounded(replaceCard(book, { ...rest, ...(called && { name: called }), details: withChanges(card.details, details) }))
}

/** Forgets a card. */
export function removeCard(book: Book, guid: string): Book {
  return { ...book, cards: (book.cards ?? []).filter((card) => card.guid !== guid) }
}

/**
 * Puts a contact or a card into a group, or takes it out; who is there already, or is gone already, stays so. Throws 216 when there is none of this
 * GUID, or a contact that is not on FL would come into a group; 224 when there is no such group.
 */
export function groupEntry(book: Book, guid: string, groupId: string, isMember: boolean): Book {
  const group = groupIn(book, groupId)
  if (!group) throw new CommandError(errorCodes.invalidGroup)
  const card = cardIn(book, guid)
  const { groups } = card ?? contactOrThrow(book, guid)
  if (groups.includes(group.guid) === isMember) return book
  if (!card) return (isMember ? putInGroup : takeOutOfGroup)(book, contactOrThrow(book, guid).handle, group.guid)
  return replaceCard(book, { ...card, groups: isMember ? [...groups, group.guid] : groups.filter((id) => id !== group.guid) })
}

function contactOrThrow(book: Book, guid: string): BookContact {
  const contact = contactWithGuid(book, guid)
  if (!contact) throw new CommandError(errorCodes.notOnList)
  return contact
}

function cardOrThrow(book: Book, guid: string): Card {
  const card = cardIn(book, guid)
  if (!card) throw new CommandError(errorCodes.notOnList)
  return card
}

function replaceCard(book: Book, card: Card): Book {
  return { ...book, cards: (book.cards ?? []).map((each) => (each.guid === card.guid ? card : each)) }
}

function bounded(book: Book): Book {
  const all = [book.details, ...book.contacts.map(({ details }) => details), ...(book.cards ?? []).map(({ details }) => details)]
  let size = 0
  for (const details of all) for (const [path, text] of Object.entries(details ?? {})) size += path.length + text.length
  if (size > mostDetails) throw new CommandError(errorCodes.listFull)
  return book
}
