// contacts [account]: who is on the contact lists, by group; who waits for an answer, and who is blocked. groups [account]: the groups alone.

import type { Address } from '../core/address.ts'
import type { ListedContact } from '../core/contact.ts'
import { isAsking, isFriend } from '../core/contact.ts'
import type { User } from '../core/user.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import { chairNames, namedChair } from './chair.ts'
import type { Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'
import { refusal } from './refusal.ts'

/** More of one group are only counted: a message has an end. */
const mostOfGroup = 200

type ListOf = (chair: Address, desk: Desk, locale: Locale) => Promise<Phrase>

export const contacts = listing(contactsOf)
export const groups = listing(groupsOf)

/** A command that shows something of each list, or of the one that is named. */
function listing(listOf: ListOf): Command {
  return { run: ({ user, text }, desk) => listed(user, text, desk, listOf) }
}

async function listed(user: User, text: string, desk: Desk, listOf: ListOf): Promise<Reply> {
  const chairs = await desk.chairs(user)
  const { chair, rest } = namedChair(text, chairs)
  if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
  if (rest !== '') return { say: [{ key: 'contacts.unknown-chair', params: { account: rest, accounts: chairNames(chairs) } }] }
  return { say: await Promise.all((chair ? [chair] : chairs).map((each) => listOf(each, desk, user.locale))) }
}

async function contactsOf(chair: Address, desk: Desk, locale: Locale): Promise<Phrase> {
  const params = { account: chair.id, network: chair.network }
  try {
    const lines = linesOf(await desk.contacts(chair), locale)
    if (lines.length === 0) return { key: 'contacts.list-empty', params }
    return { key: 'contacts.list', params: { ...params, contacts: lines.join('\n') } }
  } catch (error) {
    return refusal(error, locale)
  }
}

async function groupsOf(chair: Address, desk: Desk, locale: Locale): Promise<Phrase> {
  const params = { account: chair.id, network: chair.network }
  try {
    const sizes = new Map<string, number>()
    for (const { groups: names } of (await desk.contacts(chair)).filter(isFriend))
      for (const name of names) sizes.set(name, (sizes.get(name) ?? 0) + 1)
    if (sizes.size === 0) return { key: 'contacts.no-groups', params }
    const lines = [...sizes]
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([group, count]) => say({ key: 'contacts.group-size', params: { group, count } }, locale))
    return { key: 'contacts.groups', params: { ...params, groups: lines.join('\n') } }
  } catch (error) {
    return refusal(error, locale)
  }
}

function linesOf(list: readonly ListedContact[], locale: Locale): string[] {
  const groups = new Map<string, string[]>()
  const put = (group: string, contact: ListedContact) => groups.set(group, [...(groups.get(group) ?? []), nameOf(contact)])
  const friends = list.filter(isFriend)
  for (const friend of friends) for (const group of friend.groups) put(group, friend)
  for (const friend of friends) if (friend.groups.length === 0) put(say({ key: 'contacts.no-group' }, locale), friend)
  for (const contact of list) if (isAsking(contact)) put(say({ key: 'contacts.asking' }, locale), contact)
  for (const contact of list) if (contact.lists.includes('block')) put(say({ key: 'contacts.blocked-list' }, locale), contact)
  return [...groups].map(([group, names]) => {
    const more = names.length - mostOfGroup
    const shown = names.sort((a, b) => a.localeCompare(b)).slice(0, mostOfGroup)
    if (more > 0) shown.push(say({ key: 'contacts.more', params: { count: more } }, locale))
    return say({ key: 'contacts.group', params: { group, contacts: shown.join(', ') } }, locale)
  })
}

function nameOf({ name, address }: ListedContact): string {
  return name === '' || name === address.id ? address.id : `${name} (${address.id})`
}
