// The lists of the account as we know them: what SYN told, and every change since (msnp-core.md 3.9, 3.17).

import type { ContactList } from '../../core/contact.ts'
import type { Addition, Removal } from '../dialect/edits.ts'
import type { ListEntry, Roster } from '../model/contact-list.ts'
import { contactLists, isOn, type ListName, withList, withoutList } from '../model/lists.ts'
import { keyOf } from './handle.ts'

/** Somebody on the lists of the account. One with no lists is gone. */
export interface MsnContact {
  /** In small letters. */
  readonly account: string
  readonly name: string
  readonly lists: readonly ContactList[]
  /** Names of groups. */
  readonly groups: readonly string[]
}

/** A server that invents contacts without end gets no more memory than this. */
const mostEntries = 5000

export class ContactBook {
  readonly #entries = new Map<string, ListEntry>()
  readonly #groups = new Map<string, string>()

  /** Takes over what SYN told. */
  replace(roster: Roster): void {
    this.#entries.clear()
    this.#groups.clear()
    for (const { id, name } of roster.groups) this.#groups.set(id, name)
    for (const entry of roster.entries.slice(0, mostEntries)) this.#entries.set(keyOf(entry.handle), compact(entry))
  }

  get contacts(): MsnContact[] {
    return [...this.#entries.values()].map((entry) => this.#contactOf(entry))
  }

  /** The entry of somebody, whatever lists they are on. */
  find(handle: string): ListEntry | undefined {
    return this.#entries.get(keyOf(handle))
  }

  isOn(handle: string, list: ListName): boolean {
    const entry = this.find(handle)
    return entry !== undefined && isOn(entry.lists, list)
  }

  /** Somebody is on one more list, or in one more group. Gives the contact as it is now. */
  add({ list, handle, name, guid, group }: Addition): MsnContact | undefined {
    const known = handle === undefined ? this.#byGuid(guid) : this.find(handle)
    const who = known?.handle ?? handle
    if (who === undefined || (!known && this.#entries.size >= mostEntries)) return undefined
    const before = known ?? { handle: who, name: name ?? who, lists: 0, groups: [], properties: {} }
    const entry: ListEntry = {
      ...before,
      name: list === 'FL' && name !== undefined ? name : before.name,
      lists: withList(before.lists, list),
      groups: group === undefined || before.groups.includes(group) ? before.groups : [...before.groups, group],
      ...(guid !== undefined && { guid }),
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

  #contactOf({ handle, name, lists, groups }: ListEntry): MsnContact {
    return { account: keyOf(handle), name, lists: contactLists(lists), groups: groups.map((id) => this.#groups.get(id) ?? id) }
  }
}

const nothing = {}
const nowhere: readonly string[] = []

/** Thousands of sessions hold lists: what is empty is shared, and phone numbers are for nobody here. */
function compact(entry: ListEntry): ListEntry {
  return { ...entry, groups: entry.groups.length > 0 ? entry.groups : nowhere, properties: nothing }
}
