// Reading an address book: ABFindAll (WLM 8, aMSN, libpurple at MSNP15) and ABFindContactsPaged (WLM 2009, libpurple at MSNP18, MSNPSharp), which
// never pages (msnp-services.md A10).

import type { Contact, ContactGroup } from './contact.ts'
import { isTrue, readContact, readGroup, writeContact, writeGroup } from './contact.ts'
import { ownBook } from './contact-call.ts'
import { readMoment, sinceEver, writeMoment } from './contact-date.ts'
import type { Element, Inside, Xml } from './xml.ts'
import { childOf, childrenOf, tag, textOf, textTag } from './xml.ts'

export type BookOperation = 'ABFindAll' | 'ABFindContactsPaged'

/** What is asked for. */
export interface BookQuery {
  /** Which book: the own one, or that of a circle. */
  readonly book: string
  /** Only what changed since somebody last asked. */
  readonly deltasOnly: boolean
}

export interface AddressBookDocument {
  readonly owner: { readonly handle: string; readonly cid: string }
  readonly groups: readonly ContactGroup[]
  /** The owner's own entry, of the type `Me`, among them. */
  readonly contacts: readonly Contact[]
  /** Milliseconds since 1970. */
  readonly changedAt: number
  readonly createdAt: number
}

/** Any text: WLM 2009 and libpurple send it back in `USR SHA A`, unread (A13). It has to look like what the official service signed. */
const circleTicket =
  '<?xml version="1.0" encoding="utf-16"?><SignedTicket xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" ver="1" keyVer="1"><Data></Data><Sig></Sig></SignedTicket>'

/** What a request for the whole book holds. */
export function writeBookQuery(operation: BookOperation): Inside {
  if (operation === 'ABFindAll')
    return [textTag('abId', ownBook), textTag('abView', 'Full'), textTag('deltasOnly', false), textTag('lastChange', sinceEver)]
  const contactFilter = tag('ContactFilter', [textTag('IncludeShellContacts', true), textTag('IncludeHiddenContacts', true)])
  return [
    textTag('abView', 'MessengerClient8'),
    textTag('extendedContent', 'AB AllGroups CircleResult'),
    tag('filterOptions', [textTag('DeltasOnly', false), textTag('LastChanged', sinceEver), contactFilter]),
    tag('abHandle', [textTag('ABId', ownBook), textTag('Puid', 0), textTag('Cid', 0)]),
  ]
}

/** What ABAdd holds: an account that never had a book asks for one. */
export function writeBookAdd(owner: string): Inside {
  const info = [textTag('name', ''), textTag('ownerPuid', 0), textTag('ownerEmail', owner), textTag('fDefault', true)]
  return tag('abInfo', info)
}

/** Reads a request of either kind; what is absent means all of the own book. */
export function readBookQuery(call: Element): BookQuery {
  const filter = childOf(call, 'filterOptions')
  const book = textOf(call, 'abId') || textOf(call, 'abHandle', 'ABId') || ownBook
  const deltasOnly = isTrue(call, 'deltasOnly') || isTrue(filter, 'DeltasOnly') || isTrue(filter, 'deltasOnly')
  return { book: book.toLowerCase(), deltasOnly }
}

/** What stands in the response. Some names differ between the two operations in nothing but a capital letter. */
export function writeBook(operation: BookOperation, document: AddressBookDocument): Inside {
  const groups = document.groups.map(writeGroup)
  const contacts = document.contacts.map(writeContact)
  if (operation === 'ABFindAll')
    return tag('ABFindAllResult', [tag('groups', groups), tag('contacts', contacts), tag('ab', writeAb(document))])
  return tag('ABFindContactsPagedResult', [
    tag('Groups', groups),
    tag('Contacts', contacts),
    tag('CircleResult', [tag('Circles'), textTag('CircleTicket', circleTicket)]),
    tag('Ab', writeAb(document)),
  ])
}

/** Reads the answer of either operation. Undefined when it is another's. */
export function readBook(answer: Element): AddressBookDocument | undefined {
  const result = childOf(answer, 'ABFindAllResult') ?? childOf(answer, 'ABFindContactsPagedResult')
  if (!result) return undefined
  const ab = childOf(result, 'ab') ?? childOf(result, 'Ab')
  const groups = childOf(result, 'groups') ?? childOf(result, 'Groups')
  const contacts = childOf(result, 'contacts') ?? childOf(result, 'Contacts')
  return {
    owner: { handle: textOf(ab, 'abInfo', 'ownerEmail') ?? '', cid: textOf(ab, 'abInfo', 'OwnerCID') ?? '0' },
    groups: childrenOf(groups, 'Group').flatMap((element) => readGroup(element) ?? []),
    contacts: childrenOf(contacts, 'Contact').flatMap((element) => readContact(element) ?? []),
    changedAt: readMoment(textOf(ab, 'lastChange')),
    createdAt: readMoment(textOf(ab, 'createDate')),
  }
}

function writeAb({ owner, changedAt, createdAt }: AddressBookDocument): Xml[] {
  return [
    textTag('abId', ownBook),
    tag('abInfo', [
      textTag('ownerPuid', 0),
      textTag('OwnerCID', owner.cid),
      textTag('ownerEmail', owner.handle),
      textTag('fDefault', true),
      textTag('joinedNamespace', false),
      textTag('IsBot', false),
      textTag('IsParentManaged', false),
      textTag('SubscribeExternalPartner', false),
      textTag('NotifyExternalPartner', false),
      textTag('AddressBookType', 'Individual'),
    ]),
    textTag('lastChange', writeMoment(changedAt)),
    textTag('DynamicItemLastChanged', writeMoment(0)),
    textTag('createDate', writeMoment(createdAt)),
    tag('propertiesChanged'),
  ]
}
