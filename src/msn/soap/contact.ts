// Contacts and groups as the address book has them (msnp-services.md A10). Elements stand in the order of the services' own description, which some
// clients insist on; they are read by name.

import { writeAnnotation } from './annotation.ts'
import { readMoment, writeMoment } from './contact-date.ts'
import type { Details } from './contact-details.ts'
import { readDetails, writeDetailLists, writePlainDetail } from './contact-details.ts'
import type { Element, Xml } from './xml.ts'
import { childOf, childrenOf, tag, textOf, textTag } from './xml.ts'

/** Somebody in an address book. */
export interface Contact {
  /** A GUID in small letters, without braces. */
  readonly id: string
  /** `Me` is the owner; `Regular` and everything else a contact. */
  readonly type: string
  /** The address of their account; absent for somebody who is only written down. */
  readonly handle?: string
  /** The friendly name. */
  readonly name?: string
  /** Whether they are on the owner's forward list. */
  readonly isMessengerUser: boolean
  /** The number of their account, decimal. */
  readonly cid?: string
  /** GUIDs. */
  readonly groups: readonly string[]
  readonly details: Details
  /** Milliseconds since 1970; 0 when that is not known. */
  readonly changedAt: number
}

export interface ContactGroup {
  /** A GUID in small letters, without braces. */
  readonly id: string
  readonly name: string
  readonly changedAt: number
}

/** The one kind of group that Messenger has. */
export const groupType = 'c8529ce2-6ead-434d-881f-341e17db3ff8'

/** What stands between the lists and the end of `contactInfo`, in order. */
const elements = [
  ...['contactType', 'quickName', 'firstName', 'MiddleName', 'lastName', 'Suffix', 'NameTitle'],
  ...['passportName', 'IsPassportNameHidden', 'displayName', 'puid', 'CID', 'comment'],
  ...['IsNotMobileVisible', 'isMobileIMEnabled', 'isMessengerUser', 'isFavorite', 'isSmtp', 'hasSpace', 'spotWatchState'],
  ...['birthdate', 'primaryEmailType', 'PrimaryLocation', 'PrimaryPhone', 'IsPrivate', 'Anniversary', 'Gender', 'TimeZone'],
]

export function writeContact(contact: Contact): Xml {
  return tag('Contact', [
    textTag('contactId', contact.id),
    writeInfo(contact),
    tag('propertiesChanged'),
    textTag('fDeleted', false),
    textTag('lastChange', writeMoment(contact.changedAt)),
  ])
}

/** Reads a contact. Undefined for one that was deleted, or has no id. */
export function readContact(element: Element): Contact | undefined {
  const id = readId(element, 'contactId')
  if (!id || isTrue(element, 'fDeleted')) return undefined
  const info = childOf(element, 'contactInfo')
  const handle = textOf(info, 'passportName')
  const name = textOf(info, 'displayName')
  const cid = textOf(info, 'CID')
  return {
    id,
    type: textOf(info, 'contactType') ?? 'Regular',
    ...(handle && { handle }),
    ...(name && { name }),
    isMessengerUser: isTrue(info, 'isMessengerUser'),
    ...(cid && { cid }),
    groups: childrenOf(childOf(info, 'groupIds'), 'guid').map(({ text }) => text.trim().toLowerCase()),
    details: readDetails(info),
    changedAt: readMoment(textOf(element, 'lastChange')),
  }
}

export function writeGroup({ id, name, changedAt }: ContactGroup): Xml {
  return tag('Group', [
    textTag('groupId', id),
    tag('groupInfo', [
      displayed,
      textTag('groupType', groupType),
      textTag('name', name),
      textTag('IsNotMobileVisible', false),
      textTag('IsPrivate', false),
      textTag('IsFavorite', false),
    ]),
    tag('propertiesChanged'),
    textTag('fDeleted', false),
    textTag('lastChange', writeMoment(changedAt)),
  ])
}

/** Reads a group. Undefined for one that was deleted, or has no id. */
export function readGroup(element: Element): ContactGroup | undefined {
  const id = readId(element, 'groupId')
  if (!id || isTrue(element, 'fDeleted')) return undefined
  const name = textOf(element, 'groupInfo', 'name') ?? ''
  return { id, name, changedAt: readMoment(textOf(element, 'lastChange')) }
}

/** The annotation that every group has. */
export const displayed = tag('annotations', writeAnnotation('MSN.IM.Display', 1))

/** A GUID as these services write it, or whatever else another server takes for an id. */
export function readId(element: Element | undefined, name: string): string | undefined {
  return textOf(element, name)?.toLowerCase() || undefined
}

/** Whether an element says `true`. */
export function isTrue(element: Element | undefined, ...path: readonly string[]): boolean {
  return /^(?:true|1)$/i.test(textOf(element, ...path) ?? '')
}

function writeInfo({ type, handle, name, isMessengerUser, cid, groups, details }: Contact): Xml {
  const own: Readonly<Record<string, string | undefined>> = {
    contactType: type,
    passportName: handle,
    IsPassportNameHidden: 'false',
    displayName: name,
    puid: '0',
    CID: cid ?? '0',
    isMessengerUser: String(isMessengerUser),
  }
  const groupIds =
    groups.length === 0
      ? undefined
      : tag(
          'groupIds',
          groups.map((id) => textTag('guid', id)),
        )
  const rest = elements.map((element) => {
    if (!Object.hasOwn(own, element)) return writePlainDetail(element, details)
    return own[element] === undefined ? undefined : textTag(element, own[element])
  })
  return tag('contactInfo', [writeDetailLists(details), groupIds, rest])
}
