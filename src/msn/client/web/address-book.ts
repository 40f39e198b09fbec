// The contact list of an account as the contact services keep it from MSNP13 on (msnp-services.md A9 to A12): two documents, the address book and the
// memberships, read as one list.

import type { ListEntry, Privacy, Prompt, Roster } from '../../model/contact-list.ts'
import { type ListName, listBit, withList, withoutList } from '../../model/lists.ts'
import { type AddressBookDocument, type BookOperation, readBook, writeBookAdd, writeBookQuery } from '../../soap/address-book.ts'
import type { Contact } from '../../soap/contact.ts'
import { readMade } from '../../soap/contact-call.ts'
import { annotation } from '../../soap/contact-details.ts'
import {
  writeContactAdd,
  writeContactChange,
  writeContactRefs,
  writeForeignContactAdd,
  writeGroupAdd,
  writeGroupMembers,
  writeGroupRefs,
  writeGroupRename,
} from '../../soap/contact-edits.ts'
import { type Member, type MemberList, readMemberships, writeMemberEdit, writeMembershipQuery } from '../../soap/membership.ts'
import type { Element, Inside } from '../../soap/xml.ts'
import { ClientError } from '../errors.ts'
import { isHandle, keyOf } from '../handle.ts'
import type { AddressBook } from '../web-ports.ts'
import { ContactFaultError, ContactService, type ContactServiceOptions, type Scenario } from './contact-service.ts'

export interface WebAddressBookOptions extends ContactServiceOptions {
  readonly account: string
}

/** Said of what is done already, or not there to be undone: no error. */
const doneAlready: ReadonlySet<string> = new Set([
  'ContactAlreadyExists',
  'ContactDoesNotExist',
  'MemberAlreadyExists',
  'MemberDoesNotExist',
  'GroupAlreadyExists',
  'GroupDoesNotExist',
])
const nickname = annotation('AB.NickName')
const messenger = 1
/** The kinds of e-mail addresses that stand for an account on another network. */
const elsewhereTypes = [
  ['Messenger2', 32],
  ['Messenger3', 2],
] as const

export class WebAddressBook implements AddressBook {
  readonly #account: string
  readonly #service: ContactService
  /** On which network people are who are not on Messenger's own, by address. */
  #networks = new Map<string, number>()
  #ownName: string | undefined

  constructor({ account, ...options }: WebAddressBookOptions) {
    this.#account = account
    this.#service = new ContactService(options)
  }

  async fetch(): Promise<Roster> {
    const members = await this.#members()
    const book = await this.#book()
    const roster = rosterOf(book, members)
    this.#networks = new Map(
      roster.entries.flatMap(({ handle, network }) => (network === undefined ? [] : [[keyOf(handle), network] as const])),
    )
    this.#ownName = roster.properties.MFN
    return roster
  }

  async add(handle: string, network = messenger): Promise<string> {
    const name = this.#ownName
    const inside =
      network === messenger
        ? writeContactAdd({ handle, ...(name !== undefined && { name }), details: {} })
        : writeForeignContactAdd(handle, network)
    if (network !== messenger) this.#networks.set(keyOf(handle), network)
    const made = await this.#make('ABContactAdd', 'ContactSave', inside)
    if ('id' in made) return made.id
    // Who was taken off the list may be in the book still.
    const id = made.conflict ?? (await this.#contactOf(handle))
    await this.#edit(
      'ABContactUpdate',
      'ContactSave',
      writeContactChange({ id, isMe: false, isMessengerUser: true, details: {} }),
    )
    return id
  }

  async remove(contact: string): Promise<void> {
    await this.#edit('ABContactDelete', 'ContactSave', writeContactRefs([contact]))
  }

  async rename(contact: string, name: string): Promise<void> {
    const change = writeContactChange({ id: contact, isMe: false, details: { [nickname]: name } })
    await this.#edit('ABContactUpdate', 'ContactSave', change)
  }

  async renameSelf(name: string): Promise<void> {
    await this.#edit('ABContactUpdate', 'ContactSave', writeContactChange({ isMe: true, name, details: {} }))
    this.#ownName = name
  }

  async addMember(list: MemberList, handle: string): Promise<void> {
    await this.#edit('AddMember', 'BlockUnblock', this.#member(list, handle), 'sharing')
  }

  async removeMember(list: MemberList, handle: string): Promise<void> {
    await this.#edit('DeleteMember', 'BlockUnblock', this.#member(list, handle), 'sharing')
  }

  async addGroup(name: string): Promise<string> {
    const made = await this.#make('ABGroupAdd', 'GroupSave', writeGroupAdd(name))
    if ('id' in made) return made.id
    const id = made.conflict ?? (await this.#book()).groups.find((group) => group.name === name)?.id
    if (id === undefined) throw new ClientError('server-error', 'there is such a group, and the server does not say which')
    return id
  }

  async renameGroup(group: string, name: string): Promise<void> {
    await this.#edit('ABGroupUpdate', 'GroupSave', writeGroupRename(group, name))
  }

  async removeGroup(group: string): Promise<void> {
    await this.#edit('ABGroupDelete', 'GroupSave', writeGroupRefs([group]))
  }

  async addToGroup(contact: string, group: string): Promise<void> {
    await this.#edit('ABGroupContactAdd', 'GroupSave', writeGroupMembers({ groups: [group], contacts: [{ id: contact }] }))
  }

  async removeFromGroup(contact: string, group: string): Promise<void> {
    await this.#edit('ABGroupContactDelete', 'GroupSave', writeGroupMembers({ groups: [group], contacts: [{ id: contact }] }))
  }

  async #members(): Promise<readonly Member[]> {
    const query = { service: 'sharing', name: 'FindMembership', scenario: 'Initial', inside: writeMembershipQuery() } as const
    const answer = await this.#service.ask(query).catch(async (error: unknown) => {
      if (!isFault(error, 'ABDoesNotExist')) throw error
      // A new account gets its book when somebody first asks for it.
      await this.#ask('ABAdd', 'Initial', writeBookAdd(this.#account))
      return this.#service.ask(query)
    })
    const memberships = readMemberships(answer)
    if (!memberships) throw new ClientError('server-error', 'the contact service answered with no memberships')
    return memberships.members
  }

  /** Servers for WLM 2009 may know only the one question, those for WLM 8 only the other. */
  async #book(): Promise<AddressBookDocument> {
    const read = async (operation: BookOperation) => readBook(await this.#ask(operation, 'Initial', writeBookQuery(operation)))
    const book = await read('ABFindContactsPaged').catch((error: unknown) => {
      if (!(error instanceof ContactFaultError)) throw error
      return read('ABFindAll')
    })
    if (!book) throw new ClientError('server-error', 'the contact service answered with no address book')
    return book
  }

  async #contactOf(handle: string): Promise<string> {
    const found = (await this.#book()).contacts.find((contact) => keyOf(addressOf(contact).handle ?? '') === keyOf(handle))
    if (!found) throw new ClientError('server-error', 'the contact is there, and the server does not say where')
    return found.id
  }

  #member(list: MemberList, handle: string): Inside {
    return writeMemberEdit({ list, handle, network: this.#networks.get(keyOf(handle)) ?? messenger })
  }

  /** Makes something, and gives its id; or says that it is there already, and which it is if the server tells. */
  async #make(operation: string, scenario: Scenario, inside: Inside): Promise<{ id: string } | { conflict: string | undefined }> {
    try {
      const id = readMade(await this.#ask(operation, scenario, inside))
      if (id === undefined)
        throw new ClientError('server-error', `the contact service made something by ${operation} and does not say what`)
      return { id }
    } catch (error) {
      if (isFault(error, 'ContactAlreadyExists') || isFault(error, 'GroupAlreadyExists'))
        return { conflict: error.fault.conflict }
      throw error
    }
  }

  async #edit(operation: string, scenario: Scenario, inside: Inside, service: 'book' | 'sharing' = 'book'): Promise<void> {
    try {
      await this.#service.ask({ service, name: operation, scenario, inside })
    } catch (error) {
      if (!(error instanceof ContactFaultError && doneAlready.has(error.fault.code))) throw error
    }
  }

  #ask(name: string, scenario: Scenario, inside: Inside): Promise<Element> {
    return this.#service.ask({ service: 'book', name, scenario, inside })
  }
}

function isFault(error: unknown, code: string): error is ContactFaultError {
  return error instanceof ContactFaultError && error.fault.code === code
}

function rosterOf(book: AddressBookDocument, members: readonly Member[]): Roster {
  const entries = new Map<string, ListEntry>()
  const put = (handle: string, list: ListName, more: Partial<ListEntry> = {}) => {
    const known = entries.get(keyOf(handle)) ?? { handle, name: handle, lists: 0, groups: [], properties: {} }
    entries.set(keyOf(handle), { ...known, ...more, lists: withList(known.lists, list) })
  }
  for (const contact of book.contacts) {
    const { id: guid, groups } = contact
    const { handle, ...elsewhere } = addressOf(contact)
    if (handle !== undefined && isHandle(handle) && isFriend(contact))
      put(handle, 'FL', { handle, guid, groups, name: nameOf(contact, handle), ...elsewhere })
  }
  for (const { handle, list, invitation, network } of members)
    if (handle !== undefined && isHandle(handle))
      put(handle, list, { ...(invitation !== undefined && { invitation }), ...(network !== messenger && { network }) })
  const me = book.contacts.find(({ type }) => type === 'Me')
  return {
    entries: [...entries.values()].map(decided),
    groups: book.groups.map(({ id, name }) => ({ id, name })),
    ...ownWill(me),
    properties: me?.name === undefined ? {} : { MFN: me.name },
  }
}

/** Somebody's account; or, where they have none on Messenger, their address on another network. */
function addressOf({ handle, details }: Contact): { handle?: string; network?: number } {
  if (handle !== undefined) return { handle }
  for (const [type, network] of elsewhereTypes) {
    const address = details[`emails/${type}/email`]
    if (address !== undefined) return { handle: address, network }
  }
  return {}
}

/** Somebody with an account whom the owner has on Messenger, not only in the address book. */
function isFriend({ type, isMessengerUser, details }: Contact): boolean {
  if (type === 'Me' || type === 'Circle') return false
  return (
    isMessengerUser ||
    Object.entries(details).some(([path, text]) => /^emails\/.*\/isMessengerEnabled$/.test(path) && text === 'true')
  )
}

function nameOf({ name, details }: Contact, handle: string): string {
  return details[nickname] || name || details['quickName'] || handle
}

/** Servers refuse somebody who is allowed and blocked at once: blocked counts. */
function decided(entry: ListEntry): ListEntry {
  return (entry.lists & listBit.BL) === 0 ? entry : { ...entry, lists: withoutList(entry.lists, 'AL') }
}

/** What the owner's own entry says about strangers; where it says nothing, everybody may write and is asked about. */
function ownWill(me: Contact | undefined): { privacy: Privacy; prompt: Prompt } {
  return {
    privacy: me?.details[annotation('MSN.IM.BLP')] === '2' ? 'BL' : 'AL',
    prompt: me?.details[annotation('MSN.IM.GTC')] === '2' ? 'N' : 'A',
  }
}
