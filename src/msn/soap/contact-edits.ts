// Changing an address book: contacts, groups, and who is in which (msnp-services.md A11). Real clients put the elements of a request in any order, so
// they are read by name.

import { inviteMessage, readAnnotation, writeAnnotation } from './annotation.ts'
import { displayed, groupType, isTrue, readId } from './contact.ts'
import { ownBook } from './contact-call.ts'
import type { Details } from './contact-details.ts'
import { changeWords, readDetailChanges, readDetails, wordOf, writeDetailLists, writePlainDetail } from './contact-details.ts'
import type { Element, Inside } from './xml.ts'
import { childOf, childrenOf, escapeXml, tag, textOf, textTag } from './xml.ts'

/** Somebody who is added: with an account, or only written down. */
export interface NewContact {
  readonly handle?: string
  readonly name?: string
  /** What they are told with the news that they were added. */
  readonly invitation?: string
  readonly details: Details
}

/** Somebody as requests name them: by id, or by address. */
export interface ContactRef {
  readonly id?: string
  readonly handle?: string
}

/** What shall be different about a contact, or about the owner. */
export interface ContactChange extends ContactRef {
  readonly isMe: boolean
  /** The friendly name. */
  readonly name?: string
  /** False: off the forward list, but still in the book. */
  readonly isMessengerUser?: boolean
  /** An empty text takes a detail away. */
  readonly details: Details
}

/** Contacts that are put into groups or taken out of them; new ones come in where `added` has them. */
export interface GroupMembers {
  readonly groups: readonly string[]
  readonly contacts: readonly ContactRef[]
}

/** In characters. */
const longestInvitation = 256
/** More contacts or groups in one request are not read: each costs a look at the whole book. */
const mostNamed = 500

/** ABContactAdd: somebody with an account. */
export function writeContactAdd({ handle, name, invitation }: NewContact): Inside {
  const info = [
    textTag('contactType', 'LivePending'),
    textTag('passportName', handle ?? ''),
    textTag('isMessengerUser', true),
    tag('MessengerMemberInfo', [
      invitation === undefined ? undefined : tag('PendingAnnotations', writeAnnotation(inviteMessage, invitation)),
      name === undefined ? undefined : textTag('DisplayName', name),
    ]),
  ]
  return [book, contacts(tag('contactInfo', info)), tag('options', textTag('EnableAllowListManagement', true))]
}

/** ABContactAdd: somebody of another network, 32 (Yahoo) or 2. */
export function writeForeignContactAdd(handle: string, network: number): Inside {
  const email = `emails/${network === 2 ? 'Messenger3' : 'Messenger2'}`
  const details: Details = {
    [`${email}/email`]: handle,
    [`${email}/isMessengerEnabled`]: 'true',
    [`${email}/Capability`]: String(network),
    [`${email}/MessengerEnabledExternally`]: 'false',
  }
  const info = tag('contactInfo', writeDetailLists(details, true))
  return [book, contacts(info), tag('options', textTag('EnableAllowListManagement', true))]
}

/** Reads an ABContactAdd. Undefined when it is about nobody. */
export function readContactAdd(call: Element): (NewContact & { readonly allows: boolean }) | undefined {
  const info = childOf(childrenOf(childOf(call, 'contacts'), 'Contact')[0], 'contactInfo')
  if (!info) return undefined
  return { ...readNew(info), allows: isTrue(call, 'options', 'EnableAllowListManagement') }
}

/** ABContactDelete: the contacts. */
export function writeContactRefs(ids: readonly string[]): Inside {
  return [
    book,
    tag(
      'contacts',
      ids.map((id) => tag('Contact', textTag('contactId', id))),
    ),
  ]
}

/** The contacts that a request names. */
export function readContactRefs(call: Element): readonly ContactRef[] {
  return namedIn(call, 'contacts', 'Contact').map(readRef)
}

/** ABContactUpdate of one contact or, without an id, of the owner. */
export function writeContactChange({ id, isMe, name, isMessengerUser, details }: ContactChange): Inside {
  const words = [
    ...(name === undefined ? [] : ['DisplayName']),
    ...(isMessengerUser === undefined ? [] : ['IsMessengerUser']),
    ...changeWords(details),
  ]
  const info = [
    writeDetailLists(details, true),
    isMe ? textTag('contactType', 'Me') : undefined,
    name === undefined ? undefined : textTag('displayName', name),
    isMessengerUser === undefined ? undefined : textTag('isMessengerUser', isMessengerUser),
    Object.keys(details).map((path) => (path.includes('/') ? undefined : writePlainDetail(path, details))),
  ]
  const parts = [
    id === undefined ? undefined : textTag('contactId', id),
    tag('contactInfo', info),
    textTag('propertiesChanged', words.join(' ')),
  ]
  return [book, contacts(parts)]
}

/** Reads an ABContactUpdate: every change in it. */
export function readContactChanges(call: Element): readonly ContactChange[] {
  return namedIn(call, 'contacts', 'Contact').map((contact) => {
    const info = childOf(contact, 'contactInfo')
    const list = textOf(contact, 'propertiesChanged')
    const words = list ? new Set(list.split(/\s+/).map(wordOf)) : undefined
    const changed = (word: string) => words === undefined || words.has(word)
    const name = changed('displayname') ? textOf(info, 'displayName') : undefined
    const isUser = changed('ismessengeruser') ? childOf(info, 'isMessengerUser') : undefined
    return {
      ...readRef(contact),
      isMe: textOf(info, 'contactType') === 'Me',
      ...(name !== undefined && { name }),
      ...(isUser && { isMessengerUser: isTrue(info, 'isMessengerUser') }),
      details: readDetailChanges(info, words),
    }
  })
}

/** ABGroupAdd. */
export function writeGroupAdd(name: string): Inside {
  const info = [textTag('name', name), textTag('groupType', groupType), textTag('fMessenger', false), displayed]
  return [book, tag('groupAddOptions', textTag('fRenameOnMsgrConflict', false)), tag('groupInfo', tag('GroupInfo', info))]
}

/** The name of the new group. */
export function readGroupAdd(call: Element): string | undefined {
  return textOf(call, 'groupInfo', 'GroupInfo', 'name')
}

/** ABGroupUpdate: another name. */
export function writeGroupRename(id: string, name: string): Inside {
  const parts = [textTag('groupId', id), tag('groupInfo', textTag('name', name)), textTag('propertiesChanged', 'GroupName')]
  return [book, tag('groups', tag('Group', parts))]
}

/** Reads an ABGroupUpdate: the groups that get another name. */
export function readGroupRenames(call: Element): readonly { readonly id: string; readonly name: string }[] {
  return namedIn(call, 'groups', 'Group').flatMap((group) => {
    const id = readId(group, 'groupId')
    const name = textOf(group, 'groupInfo', 'name')
    return id === undefined || name === undefined ? [] : { id, name }
  })
}

/** ABGroupDelete. */
export function writeGroupRefs(ids: readonly string[]): Inside {
  return [book, groupFilter(ids)]
}

/** ABGroupContactAdd and ABGroupContactDelete. */
export function writeGroupMembers({ groups, contacts: members }: GroupMembers): Inside {
  const named = members.map(({ id, handle }) =>
    tag(
      'Contact',
      id === undefined
        ? tag('contactInfo', [textTag('passportName', handle ?? ''), textTag('isSmtp', false), textTag('isMessengerUser', true)])
        : textTag('contactId', id),
    ),
  )
  return [book, groupFilter(groups), tag('contacts', named)]
}

/** The groups that a request names, each once. */
export function readGroupRefs(call: Element): readonly string[] {
  const ids = namedIn(childOf(call, 'groupFilter'), 'groupIds', 'guid').map(({ text }) => text.trim().toLowerCase())
  return [...new Set(ids)]
}

/** Reads an ABGroupContactAdd or ABGroupContactDelete. `allows`: new contacts may see and call the owner at once. */
export function readGroupMembers(call: Element): GroupMembers & { readonly allows: boolean; readonly invitation?: string } {
  const info = childOf(childrenOf(childOf(call, 'contacts'), 'Contact')[0], 'contactInfo')
  const invitation = invitationIn(info) ?? invitationIn(childOf(call, 'groupContactAddOptions'))
  return {
    groups: readGroupRefs(call),
    contacts: readContactRefs(call),
    allows: isTrue(call, 'groupContactAddOptions', 'EnableAllowListManagement'),
    ...(invitation && { invitation }),
  }
}

const book = textTag('abId', ownBook)

function contacts(inside: Inside): Inside {
  return tag('contacts', tag('Contact', inside))
}

function groupFilter(ids: readonly string[]): Inside {
  return tag(
    'groupFilter',
    tag(
      'groupIds',
      ids.map((id) => tag('guid', escapeXml(id))),
    ),
  )
}

function namedIn(call: Element | undefined, list: string, item: string): readonly Element[] {
  return childrenOf(childOf(call, list), item).slice(0, mostNamed)
}

function readRef(contact: Element): ContactRef {
  const id = readId(contact, 'contactId')
  const handle = textOf(contact, 'contactInfo', 'passportName')
  return { ...(id && { id }), ...(handle && { handle }) }
}

function readNew(info: Element): NewContact {
  const handle = textOf(info, 'passportName')
  const name = textOf(info, 'displayName')
  const invitation = invitationIn(info)
  return { ...(handle && { handle }), ...(name && { name }), ...(invitation && { invitation }), details: readDetails(info) }
}

function invitationIn(info: Element | undefined): string | undefined {
  const annotations = childOf(info, 'MessengerMemberInfo', 'PendingAnnotations')
  return readAnnotation(annotations, inviteMessage)?.slice(0, longestInvitation) || undefined
}
