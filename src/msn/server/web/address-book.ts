// The operations of the address book on contacts (msnp-services.md A10, A11).

import { isOn } from '../../model/lists.ts'
import { cidOf, ownGuid } from '../../model/member-id.ts'
import type { BookOperation } from '../../soap/address-book.ts'
import { readBookQuery, writeBook } from '../../soap/address-book.ts'
import type { Contact } from '../../soap/contact.ts'
import { ownBook } from '../../soap/contact-call.ts'
import type { ContactChange, ContactRef } from '../../soap/contact-edits.ts'
import { readContactAdd, readContactChanges, readContactRefs } from '../../soap/contact-edits.ts'
import { errorCodes } from '../../wire/errors.ts'
import type { Book, BookContact } from '../book.ts'
import { contactIn, contactWithGuid, renameContact } from '../book.ts'
import { addCard, cardIn, changeCard, describeContact, forget, keep, removeCard, writtenDown } from '../book-details.ts'
import type { Handle } from '../handle.ts'
import { handleOf } from '../handle.ts'
import { ownEntry, updateOwner } from './address-book-owner.ts'
import { ContactError, type ContactOperation, type ContactRequest, nameIn, unless, whom } from './contact-operation.ts'

/** ABFindAll, ABFindContactsPaged: always the whole book; who asks for what is new is told to ask for that. */
export function readWhole(operation: BookOperation): ContactOperation {
  return async ({ owner, call, books }) => {
    const asked = readBookQuery(call)
    if (asked.book !== ownBook) throw new ContactError('Forbidden', 'There is no such address book here.')
    if (asked.deltasOnly) throw fullSyncRequired()
    const book = await books.of(owner)
    const { changedAt } = book
    const contacts = [
      ownEntry(owner, book),
      ...writtenDown(book).map((contact) => entryOf(contact, changedAt)),
      ...(book.cards ?? []).map(({ guid, name, groups, details }) => ({
        ...{ id: guid, type: 'Regular', isMessengerUser: false, groups, details, changedAt },
        ...(name !== undefined && { name }),
      })),
    ]
    const groups = book.groups.map(({ guid, name }) => ({ id: guid, name, changedAt }))
    return {
      inside: writeBook(operation, { owner: { handle: owner, cid: cidOf(owner) }, groups, contacts, changedAt, createdAt: 0 }),
    }
  }
}

/** The client keeps what it read, and asks for what is new; it is told to read it all. */
export function fullSyncRequired(): ContactError {
  return new ContactError('FullSyncRequired', 'Full sync required: changes are not kept one by one.')
}

/** ABAdd: everybody has one address book already. */
export const addBook: ContactOperation = async () => ({ made: ownBook })

/** ABContactAdd: somebody with an account comes on FL, somebody without is written down. Who is there already stays as they are. */
export const addContact: ContactOperation = async (request) => {
  const asked = readContactAdd(request.call)
  if (!asked) throw new ContactError('BadEmailArgument', 'Nobody was named.')
  const { handle: address, name, details, allows, invitation } = asked
  const { change } = request
  if (address === undefined) {
    const { after } = await change((book) => addCard(book, { name, details }))
    return { made: after.cards?.at(-1)?.guid ?? '' }
  }
  const handle = await whom(request, address)
  const guid = await befriend(request, handle, { name, invitation, allows })
  await change((book) => describeContact(book, guid, details))
  return { made: guid }
}

/** Puts somebody on FL and, where the client wants that, on AL unless they are blocked. Gives their GUID. */
export async function befriend(
  { owner, books, edits }: ContactRequest,
  who: Handle,
  { name, invitation, allows }: { name?: string | undefined; invitation?: string | undefined; allows: boolean },
): Promise<string> {
  const called = nameIn(await books.of(owner), who, name)
  const already = [errorCodes.alreadyThere]
  await unless(already, () => edits.put(owner, who, { list: 'FL', name: called, invitation }))
  if (allows) await unless([...already, errorCodes.onOppositeList], () => edits.put(owner, who, { list: 'AL' }))
  return contactIn(await books.of(owner), who)?.guid ?? ''
}

/**
 * ABContactDelete: off FL, and out of the book. Who is allowed or blocked stays so. Who is gone already is no error: libpurple says RML at the same
 * moment, and the notification server may be faster.
 */
export const deleteContacts: ContactOperation = async ({ owner, call, books, edits, change }) => {
  for (const ref of readContactRefs(call)) {
    const book = await books.of(owner)
    if (cardIn(book, ref.id ?? '')) await change((before) => removeCard(before, ref.id ?? ''))
    const contact = contactNamed(book, ref)
    if (!contact) continue
    await change((before) => forget(before, contact.guid))
    await unless([errorCodes.notOnList], () => edits.take(owner, contact.handle, { list: 'FL' }))
  }
  return undefined
}

/** ABContactUpdate: the owner, contacts and cards, each as it says. */
export const updateContacts: ContactOperation = async (request) => {
  for (const change of readContactChanges(request.call)) {
    if (change.isMe || change.id === ownGuid(request.owner)) await updateOwner(request, change)
    else await updateContact(request, change)
  }
  return undefined
}

async function updateContact({ owner, books, edits, change }: ContactRequest, asked: ContactChange): Promise<void> {
  const { name, isMessengerUser, details } = asked
  const book = await books.of(owner)
  const card = cardIn(book, asked.id ?? '')
  if (card) {
    await change((before) => changeCard(before, card.guid, { name, details }))
    return
  }
  const { guid, handle, name: called } = entryNamed(book, asked)
  await change((before) => {
    const named = name === undefined ? before : renameContact(before, handle, name)
    return describeContact(isMessengerUser === false ? keep(named, guid) : named, guid, details)
  })
  if (isMessengerUser === true)
    await unless([errorCodes.alreadyThere], () => edits.put(owner, handle, { list: 'FL', name: name || called }))
  if (isMessengerUser === false) await unless([errorCodes.notOnList], () => edits.take(owner, handle, { list: 'FL' }))
}

/** The contact that a request names, by id or by address. Throws a ContactError when there is none in the book. */
export function entryNamed(book: Book, ref: ContactRef): BookContact {
  const found = contactNamed(book, ref)
  if (found) return found
  throw new ContactError('ContactDoesNotExist', 'There is no such contact.')
}

function contactNamed(book: Book, { id, handle }: ContactRef): BookContact | undefined {
  if (id !== undefined) return contactWithGuid(book, id)
  const named = handleOf(handle ?? '')
  return named && contactIn(book, named)
}

function entryOf({ guid, handle, name, lists, groups, details }: BookContact, changedAt: number): Contact {
  return {
    id: guid,
    type: 'Regular',
    handle,
    name,
    isMessengerUser: isOn(lists, 'FL'),
    cid: cidOf(handle),
    groups,
    details: details ?? {},
    changedAt,
  }
}
