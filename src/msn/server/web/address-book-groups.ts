// The operations of the address book on groups (msnp-services.md A11).

import type { ContactRef } from '../../soap/contact-edits.ts'
import { readGroupAdd, readGroupMembers, readGroupRefs, readGroupRenames } from '../../soap/contact-edits.ts'
import type { Book } from '../book.ts'
import { addGroup, groupIn, removeGroup, renameGroup } from '../book.ts'
import { cardIn, groupEntry } from '../book-details.ts'
import { befriend, entryNamed } from './address-book.ts'
import { ContactError, type ContactOperation, type ContactRequest, whom } from './contact-operation.ts'

/** ABGroupAdd. */
export const makeGroup: ContactOperation = async ({ owner, call, books, change }) => {
  const name = readGroupAdd(call) ?? ''
  const taken = (await books.of(owner)).groups.find((group) => group.name === name)
  if (taken) throw new ContactError('GroupAlreadyExists', 'There is a group of this name.', taken.guid)
  const { after } = await change((book) => addGroup(book, name))
  return { made: after.groups.find((group) => group.name === name)?.guid ?? '' }
}

/** ABGroupUpdate. */
export const renameGroups: ContactOperation = async ({ call, change }) => {
  for (const { id, name } of readGroupRenames(call)) await change((book) => renameGroup(book, id, name))
  return undefined
}

/** ABGroupDelete. */
export const deleteGroups: ContactOperation = async ({ call, change }) => {
  for (const id of readGroupRefs(call)) await change((book) => removeGroup(book, id))
  return undefined
}

/** ABGroupContactAdd. libpurple adds people by this: who is not on FL yet comes on it. Gives the id of the last contact. */
export const putInGroups: ContactOperation = async (request) => {
  const { groups, contacts, allows, invitation } = readGroupMembers(request.call)
  const { owner, books, change } = request
  await checkGroups(request, groups)
  const named = new Set<string>()
  for (const ref of contacts) {
    const card = cardIn(await books.of(owner), ref.id ?? '')
    named.add(card?.guid ?? (await friend(request, ref, { allows, invitation })))
  }
  await change((book) => inEach(book, named, groups, true))
  return { made: [...named].at(-1) ?? '' }
}

/** ABGroupContactDelete. */
export const takeOutOfGroups: ContactOperation = async (request) => {
  const { groups, contacts } = readGroupMembers(request.call)
  await checkGroups(request, groups)
  await request.change((book) => {
    const named = new Set(contacts.map((ref) => cardIn(book, ref.id ?? '')?.guid ?? entryNamed(book, ref).guid))
    return inEach(book, named, groups, false)
  })
  return undefined
}

/** Everybody with these GUIDs in all of these groups, or in none of them. One change: clients name many at once. */
function inEach(book: Book, named: ReadonlySet<string>, groups: readonly string[], isMember: boolean): Book {
  let next = book
  for (const guid of named) for (const group of groups) next = groupEntry(next, guid, group, isMember)
  return next
}

/** The GUID of a contact of FL, who may be known by address only, or not yet. */
async function friend(
  request: ContactRequest,
  ref: ContactRef,
  how: { allows: boolean; invitation?: string | undefined },
): Promise<string> {
  const book = await request.books.of(request.owner)
  const handle = ref.id === undefined ? await whom(request, ref.handle ?? '') : entryNamed(book, ref).handle
  return befriend(request, handle, how)
}

/** By GUID alone: MSNP9 and earlier have numbers for groups, which no id of these services is. */
async function checkGroups({ owner, books }: ContactRequest, ids: readonly string[]): Promise<void> {
  const book = await books.of(owner)
  if (ids.length === 0 || ids.some((id) => groupIn(book, id)?.guid !== id))
    throw new ContactError('GroupDoesNotExist', 'There is no such group.')
}
