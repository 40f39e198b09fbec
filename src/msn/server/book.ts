// The lists, groups and settings of one person, and what may be done to them (msnp-core.md 3.9, 3.17). Pure: every change gives a new book.

import { randomUUID } from 'node:crypto'
import type { Privacy, Prompt, Properties } from '../model/contact-list.ts'
import { isOn, type ListBits, type ListName, withList, withoutList } from '../model/lists.ts'
import type { Details } from '../soap/contact-details.ts'
import { errorCodes } from '../wire/errors.ts'
import { CommandError } from './command-error.ts'
import type { Handle } from './handle.ts'

export interface BookContact {
  readonly handle: Handle
  readonly name: string
  /** FL, AL, BL, RL; and PL for those who added the owner and wait for an answer, who are then not on RL. */
  readonly lists: ListBits
  readonly guid: string
  /** GUIDs of groups; only for contacts on FL. */
  readonly groups: readonly string[]
  /** They stay in the address book when they are on no list. */
  readonly kept?: true
  /** What the address book keeps about them, see book-details.ts. */
  readonly details?: Details
  /** What they wrote when they added the owner, while they wait for an answer. */
  readonly invitation?: string
}

/** Somebody who is only written down: without an account here. */
export interface Card {
  readonly guid: string
  readonly name?: string
  /** GUIDs of groups. */
  readonly groups: readonly string[]
  readonly details: Details
}

export interface BookGroup {
  readonly guid: string
  /** What MSNP7 to 9 call the group; never used twice. */
  readonly number: number
  readonly name: string
}

export interface Book {
  /** The owner is from another network and here without an account. */
  readonly hosted?: true
  /** The owner's friendly name. */
  readonly name: string
  /** Counts changes; MSNP2 to 9 see it. */
  readonly serial: number
  /** Milliseconds since 1970; MSNP10 and later see it. */
  readonly changedAt: number
  readonly privacy: Privacy
  readonly prompt: Prompt
  readonly properties: Properties
  readonly contacts: readonly BookContact[]
  readonly groups: readonly BookGroup[]
  readonly cards?: readonly Card[]
  /** What the address book keeps about the owner. */
  readonly details?: Details
}

/** The bounds of a book (msnp-core.md 1.6), counted in bytes of the name with all encoded that a client may encode. */
export const mostContacts = 1000
const mostGroups = 30
const longestGroupName = 61
const longestName = 387

/** The book of somebody who never changed anything. */
export function emptyBook(handle: Handle): Book {
  return { name: handle, serial: 1, changedAt: 0, privacy: 'AL', prompt: 'A', properties: {}, contacts: [], groups: [] }
}

/** The book of somebody who is hosted: only those whom they allowed see them. */
export function hostedBook(book: Book): Book {
  return { ...book, hosted: true, privacy: 'BL' }
}

/** The entry of somebody. */
export function contactIn(book: Book, handle: Handle): BookContact | undefined {
  return book.contacts.find((contact) => contact.handle === handle)
}

/** The entry with this GUID. */
export function contactWithGuid(book: Book, guid: string): BookContact | undefined {
  return book.contacts.find((contact) => contact.guid === guid.toLowerCase())
}

/** The group with this GUID or, in MSNP7 to 9, this number. */
export function groupIn(book: Book, id: string): BookGroup | undefined {
  return book.groups.find((group) => group.guid === id.toLowerCase() || String(group.number) === id)
}

/** Whether the owner lets somebody see them: not blocked and, where only the allowed may, allowed. */
export function shows(book: Book, watcher: Handle): boolean {
  return showsThoseOn(book, contactIn(book, watcher)?.lists ?? 0)
}

/** Whether the owner lets somebody write to them: whoever may see them may; and strangers may to a hosted person, whom that invites to a chat. */
export function admits(book: Book, caller: Handle): boolean {
  return shows(book, caller) || (book.hosted === true && !isOn(contactIn(book, caller)?.lists ?? 0, 'BL'))
}

/**
 * The owner puts somebody on FL, AL, BL or, answering them, RL. Whoever waits for an answer has it with AL or BL. RL is for nobody else: who is on it
 * is told how the owner is.
 * Throws 215 when they are on FL, AL or BL already, 219 when they would be on AL and BL, 210 when the list is full.
 */
export function putOn(book: Book, list: Exclude<ListName, 'PL'>, handle: Handle, name = handle as string): Book {
  const known = contactIn(book, handle)
  if (list === 'RL' && !isOn(known?.lists ?? 0, 'PL')) return book
  if (known && isOn(known.lists, list)) throw new CommandError(errorCodes.alreadyThere)
  const opposite = ({ AL: 'BL', BL: 'AL' } as const)[list as 'AL' | 'BL'] as 'AL' | 'BL' | undefined
  if (known && opposite && isOn(known.lists, opposite)) throw new CommandError(errorCodes.onOppositeList)
  if (!known && book.contacts.length >= mostContacts) throw new CommandError(errorCodes.listFull)
  const before = known ?? { handle, name: trimmed(name), lists: 0, guid: randomUUID(), groups: [] }
  const waited = isOn(before.lists, 'PL') && list !== 'FL'
  const lists = withList(waited ? withList(withoutList(before.lists, 'PL'), 'RL') : before.lists, list)
  return put(book, { ...before, lists, name: list === 'FL' ? trimmed(name) : before.name })
}

/**
 * The owner takes somebody off FL, AL, BL or PL: then they have their answer and are on RL. Throws 216 when they are not on it; being off PL
 * already is fine.
 */
export function takeOff(book: Book, list: Exclude<ListName, 'RL'>, handle: Handle): Book {
  const known = contactIn(book, handle)
  if (!known || !isOn(known.lists, list)) {
    if (list === 'PL') return book
    throw new CommandError(errorCodes.notOnList)
  }
  const rest = withoutList(known.lists, list)
  const lists = list === 'PL' ? withList(rest, 'RL') : rest
  return put(book, { ...known, lists, groups: list === 'FL' ? [] : known.groups })
}

/** Somebody else put the owner on their FL: whoever was never answered waits for it, in PL. Strangers do not get into a book that is full. */
export function addedBy(book: Book, handle: Handle, name: string, invitation?: string): Book {
  const entry = contactIn(book, handle)
  if (!entry && book.contacts.length >= mostContacts) return book
  const known = entry ?? { handle, name: trimmed(name), lists: 0, guid: randomUUID(), groups: [] }
  if (isOn(known.lists, 'RL') || isOn(known.lists, 'PL')) return book
  const answered = isOn(known.lists, 'AL') || isOn(known.lists, 'BL')
  return put(book, {
    ...known,
    lists: withList(known.lists, answered ? 'RL' : 'PL'),
    ...(invitation !== undefined && { invitation }),
  })
}

/** Somebody else took the owner off their FL. */
export function removedBy(book: Book, handle: Handle): Book {
  const known = contactIn(book, handle)
  if (!known || (!isOn(known.lists, 'RL') && !isOn(known.lists, 'PL'))) return book
  return put(book, { ...known, lists: withoutList(withoutList(known.lists, 'RL'), 'PL') })
}

/** Another name for the owner. Throws 209 when it is too long. */
export function renameOwner(book: Book, name: string): Book {
  if (name === '' || encodedLength(name) > longestName) throw new CommandError(errorCodes.invalidFriendlyName)
  return { ...book, name }
}

/** The owner's name as it is where they really live, cut to what a line can hold. */
export function nameFor(book: Book, name: string): Book {
  const kept = trimmed(name)
  return kept === '' || kept === book.name ? book : { ...book, name: kept }
}

/** Another name for a contact, on this list alone. Throws 209 when it is too long, 216 when there is no such contact. */
export function renameContact(book: Book, handle: Handle, name: string): Book {
  const known = contactIn(book, handle)
  if (!known) throw new CommandError(errorCodes.notOnList)
  if (encodedLength(name) > longestName) throw new CommandError(errorCodes.invalidFriendlyName)
  return put(book, { ...known, name: name || handle })
}

/** A new group. Throws 223 when there are too many, 228 when the name is taken, 229 when it is too long. */
export function addGroup(book: Book, name: string): Book {
  if (book.groups.length >= mostGroups) throw new CommandError(errorCodes.tooManyGroups)
  checkGroupName(book, name)
  const number = Math.max(0, ...book.groups.map((group) => group.number)) + 1
  return { ...book, groups: [...book.groups, { guid: randomUUID(), number, name }] }
}

/** Another name for a group. Throws 224 when there is no such group, else as `addGroup`. */
export function renameGroup(book: Book, id: string, name: string): Book {
  const group = groupIn(book, id)
  if (!group) throw new CommandError(errorCodes.invalidGroup)
  checkGroupName(book, name, group)
  return { ...book, groups: book.groups.map((each) => (each === group ? { ...group, name } : each)) }
}

/** Takes a group away; its contacts stay. Throws 224 when there is no such group, 230 for the group of those without one. */
export function removeGroup(book: Book, id: string): Book {
  if (id === '0') throw new CommandError(errorCodes.cannotRemoveGroupZero)
  const group = groupIn(book, id)
  if (!group) throw new CommandError(errorCodes.invalidGroup)
  const without = <Entry extends BookContact | Card>(entry: Entry): Entry => ({
    ...entry,
    groups: entry.groups.filter((guid) => guid !== group.guid),
  })
  const cards = book.cards && { cards: book.cards.map(without) }
  return { ...book, contacts: book.contacts.map(without), groups: book.groups.filter((each) => each !== group), ...cards }
}

/** Puts a contact of FL into a group. Throws 224 when there is no such group, 216 when they are not on FL, 215 when they are in it. */
export function putInGroup(book: Book, handle: Handle, id: string): Book {
  const { contact, group } = forwardAndGroup(book, handle, id)
  if (contact.groups.includes(group.guid)) throw new CommandError(errorCodes.alreadyThere)
  return put(book, { ...contact, groups: [...contact.groups, group.guid] })
}

/** Takes a contact out of a group. Throws 224 and 216 as above, 225 when they are not in it. */
export function takeOutOfGroup(book: Book, handle: Handle, id: string): Book {
  const { contact, group } = forwardAndGroup(book, handle, id)
  if (!contact.groups.includes(group.guid)) throw new CommandError(errorCodes.notInGroup)
  return put(book, { ...contact, groups: contact.groups.filter((guid) => guid !== group.guid) })
}

/** Everybody who has the owner on their list, answered or not. */
export function watchers(book: Book): Handle[] {
  return book.contacts.filter(({ lists }) => isOn(lists, 'RL') || isOn(lists, 'PL')).map(({ handle }) => handle)
}

/** Those of the watchers whom the owner lets see them: one walk through a book that may be long. */
export function seers(book: Book): Handle[] {
  const watching = book.contacts.filter(({ lists }) => isOn(lists, 'RL') || isOn(lists, 'PL'))
  return watching.filter(({ lists }) => showsThoseOn(book, lists)).map(({ handle }) => handle)
}

/** Everybody on the owner's list. */
export function watched(book: Book): BookContact[] {
  return book.contacts.filter(({ lists }) => isOn(lists, 'FL'))
}

function showsThoseOn({ privacy }: Book, lists: ListBits): boolean {
  return !isOn(lists, 'BL') && (privacy === 'AL' || isOn(lists, 'AL'))
}

function forwardAndGroup(book: Book, handle: Handle, id: string): { contact: BookContact; group: BookGroup } {
  const group = groupIn(book, id)
  if (!group) throw new CommandError(errorCodes.invalidGroup)
  const contact = contactIn(book, handle)
  if (!contact || !isOn(contact.lists, 'FL')) throw new CommandError(errorCodes.notOnList)
  return { contact, group }
}

/** Replaces an entry, or forgets one that is on no list and not kept. Who waits no longer has nothing to say about it. */
export function put(book: Book, entry: BookContact): Book {
  const { invitation, ...rest } = entry
  const contact = invitation !== undefined && isOn(entry.lists, 'PL') ? entry : rest
  const others = book.contacts.filter(({ handle }) => handle !== contact.handle)
  if (contact.lists === 0 && !contact.kept) return { ...book, contacts: others }
  if (others.length === book.contacts.length) return { ...book, contacts: [...others, contact] }
  return { ...book, contacts: book.contacts.map((each) => (each.handle === contact.handle ? contact : each)) }
}

function checkGroupName(book: Book, name: string, own?: BookGroup): void {
  if (name === '' || encodedLength(name) > longestGroupName) throw new CommandError(errorCodes.groupNameTooLong)
  if (book.groups.some((group) => group !== own && group.name === name)) throw new CommandError(errorCodes.groupNameTaken)
}

/** What others call themselves may be of any length; the list keeps what a line can hold. */
export function trimmed(name: string): string {
  let kept = ''
  for (const char of name) {
    if (encodedLength(kept + char) > longestName) break
    kept += char
  }
  return kept
}

function encodedLength(name: string): number {
  return encodeURIComponent(name.toWellFormed()).length
}
