// The lists of the account as we know them: what we read when we signed in, and every change since (msnp-core.md 3.9, 3.17).

import type { ContactList } from '../../core/contact.ts'
import type { Addition, Removal } from '../dialect/edits.ts'
import type { ListEntry, Roster } from '../model/contact-list.ts'
import { contactLists, isOn, type ListBits, type ListName, withList, withoutList } from '../model/lists.ts'
import { keyOf } from './handle.ts'

/** Somebody on the lists of the account. One with no lists is gone. */
export interface MsnContact {
  /** In small letters. */
  readonly account: string
  readonly name: string
  readonly lists: readonly ContactList[]
  /** Names of groups. */
  readonly groups: readonly string[]
  /** What they wrote when they added us. */
  readonly invitation?: string
}

/** A server that invents contacts without end gets no more memory than this. */
const mostEntries = 5000
const mostGroups = 500

export class ContactBook {
  readonly #entries = new Map<string, ListEntry>()
  readonly #groups = new Map<string, string>()
  #hasPending = true

  /**
   * Takes over the whole list. Below MSNP10 nobody is on PL: there whoever is on RL, and neither on AL nor on BL, waits for an answer
   * (`hasPending` false), and here they are on PL all the same.
   */
  replace(roster: Roster, hasPending: boolean): void {
    this.#hasPending = hasPending
    this.#entries.clear()
    this.#groups.clear()
    for (const { id, name } of roster.groups) this.#groups.set(id, name)
    for (const entry of roster.entries.slice(0, mostEntries)) {
      const lists = hasPending ? entry.lists : withWaiting(entry.lists)
      this.#entries.set(keyOf(entry.handle), compact({ ...entry, lists }))
    }
  }

  get contacts(): MsnContact[] {
    return [...this.#entries.values()].map((entry) => this.#contactOf(entry))
  }

  get entries(): ListEntry[] {
    return [...this.#entries.values()]
  }

  /** The entry of somebody, whatever lists they are on. */
  find(handle: string): ListEntry | undefined {
    return this.#entries.get(keyOf(handle))
  }

  isOn(handle: string, list: ListName): boolean {
    const entry = this.find(handle)
    return entry !== undefined && isOn(entry.lists, list)
  }

  /** The id of the group of this name. */
  groupNamed(name: string): string | undefined {
    for (const [id, known] of this.#groups) if (known.toLowerCase() === name.toLowerCase()) return id
    return undefined
  }

  /** A group is called this now; or there is none of this id any more. */
  nameGroup(id: string, name: string | undefined): void {
    if (name === undefined) this.#groups.delete(id)
    else if (this.#groups.has(id) || this.#groups.size < mostGroups) this.#groups.set(id, name)
  }

  /** The handles of those in a group. */
  membersOf(group: string): string[] {
    return [...this.#entries.values()].filter(({ groups }) => groups.includes(group)).map(({ handle }) => handle)
  }

  /** Somebody put us on their list. Unless it is decided already whether they may see us, they wait for an answer. */
  addedUs(addition: Addition): MsnContact | undefined {
    const contact = this.add(addition)
    const entry = contact && this.find(contact.account)
    if (!entry || addition.list !== 'RL') return contact
    const waiting = { ...entry, lists: withWaiting(entry.lists) }
    this.#entries.set(keyOf(entry.handle), waiting)
    return this.#contactOf(waiting)
  }

  /** Somebody is on one more list, or in one more group. Gives the contact as it is now. */
  add({ list, handle, name, guid, group, network }: Addition): MsnContact | undefined {
    const known = handle === undefined ? this.#byGuid(guid) : this.find(handle)
    const who = known?.handle ?? handle
    if (who === undefined || (!known && this.#entries.size >= mostEntries)) return undefined
    const before = known ?? { handle: who, name: name ?? who, lists: 0, groups: nowhere, properties: nothing }
    const decided = !this.#hasPending && (list === 'AL' || list === 'BL')
    const entry: ListEntry = {
      ...before,
      name: list === 'FL' && name !== undefined ? name : before.name,
      lists: withList(decided ? withoutList(before.lists, 'PL') : before.lists, list),
      groups: group === undefined || before.groups.includes(group) ? before.groups : [...before.groups, group],
      ...(guid !== undefined && { guid }),
      ...(network !== undefined && { network }),
    }
    this.#entries.set(keyOf(who), entry)
    return this.#contactOf(entry)
  }

  /** Somebody is on one list less, or in one group less. Gives the contact as it is now. */
  remove({ list, handle, guid, group }: Removal): MsnContact | undefined {
    const known = (handle === undefined ? undefined : this.find(handle)) ?? this.#byGuid(guid)
    if (!known) return undefined
    const entry: ListEntry =
      group === undefined
        ? { ...known, lists: withoutList(known.lists, list), groups: list === 'FL' ? [] : known.groups }
        : { ...known, groups: known.groups.filter((id) => id !== group) }
    if (entry.lists === 0) this.#entries.delete(keyOf(entry.handle))
    else this.#entries.set(keyOf(entry.handle), entry)
    return this.#contactOf(entry)
  }

  #byGuid(guid: string | undefined): ListEntry | undefined {
    if (guid === undefined) return undefined
    for (const entry of this.#entries.values()) if (entry.guid?.toLowerCase() === guid.toLowerCase()) return entry
    return undefined
  }

  #contactOf({ handle, name, lists, groups, invitation }: ListEntry): MsnContact {
    const contact = {
      ...{ account: keyOf(handle), name, lists: contactLists(lists) },
      groups: groups.map((id) => this.#groups.get(id) ?? id),
    }
    return invitation === undefined ? contact : { ...contact, invitation }
  }
}

/** With PL where somebody has us and nobody decided about them. */
function withWaiting(lists: ListBits): ListBits {
  const isOpen = isOn(lists, 'RL') && !isOn(lists, 'AL') && !isOn(lists, 'BL')
  return isOpen ? withList(lists, 'PL') : lists
}

const nothing = {}
const nowhere: readonly string[] = []

/** Thousands of sessions hold lists: what is empty is shared, and phone numbers are for nobody here. */
function compact(entry: ListEntry): ListEntry {
  return { ...entry, groups: entry.groups.length > 0 ? entry.groups : nowhere, properties: nothing }
}
