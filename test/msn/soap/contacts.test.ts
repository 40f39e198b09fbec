import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { AddressBookDocument, BookOperation } from '../../../src/msn/soap/address-book.ts'
import { readBook, readBookQuery, writeBook, writeBookQuery } from '../../../src/msn/soap/address-book.ts'
import type { Contact, ContactGroup } from '../../../src/msn/soap/contact.ts'
import type { ContactAnswer } from '../../../src/msn/soap/contact-call.ts'
import {
  ownBook,
  readContactAnswer,
  readContactCall,
  readMade,
  writeContactAnswer,
  writeContactCall,
  writeContactFault,
  writeMade,
  writeStaleTicket,
} from '../../../src/msn/soap/contact-call.ts'
import { never, readMoment, writeMoment } from '../../../src/msn/soap/contact-date.ts'
import type { Details } from '../../../src/msn/soap/contact-details.ts'
import { annotation, withChanges } from '../../../src/msn/soap/contact-details.ts'
import {
  readContactAdd,
  readContactChanges,
  readContactRefs,
  readGroupAdd,
  readGroupMembers,
  readGroupRefs,
  readGroupRenames,
  writeContactAdd,
  writeContactChange,
  writeContactRefs,
  writeGroupAdd,
  writeGroupMembers,
  writeGroupRefs,
  writeGroupRename,
} from '../../../src/msn/soap/contact-edits.ts'
import type { Member, Memberships } from '../../../src/msn/soap/membership.ts'
import {
  readMemberEdit,
  readMemberships,
  wantsDeltas,
  writeMemberEdit,
  writeMembershipQuery,
  writeMemberships,
} from '../../../src/msn/soap/membership.ts'
import type { Element, Inside } from '../../../src/msn/soap/xml.ts'
import { parseXml, tag } from '../../../src/msn/soap/xml.ts'
import { recorded } from '../../support/recorded-requests.ts'
import { damaged, randomXml } from './documents.ts'

const operations = ['ABFindAll', 'ABFindContactsPaged'] as const satisfies readonly BookOperation[]
const header = { cacheKey: '12r1:7', host: 'msn.example.com' }

const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((raw) => `x${raw.replace(/[\p{Cc}\ufffe\uffff]/gu, '')}x`)
const word = fc.stringMatching(/^[\w.-]{1,20}$/)
const handle = word.map((local) => `${local.toLowerCase()}@example.com`)
const guid = fc.uuid()
const moment = fc.integer({ min: 1, max: Date.parse('2100-01-01') })
const cid = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map(String)

const path = fc.oneof(
  fc.constantFrom('quickName', 'firstName', 'MiddleName', 'lastName', 'comment', 'birthdate', 'Anniversary', 'isFavorite'),
  fc.constantFrom('phones/ContactPhoneMobile/number', 'phones/ContactPhoneMobile/isMessengerEnabled'),
  fc.constantFrom('emails/ContactEmailPersonal/email', 'emails/Messenger2/Capability'),
  fc.constantFrom('locations/ContactLocationBusiness/postalCode', 'locations/ContactLocationBusiness/city'),
  fc.constantFrom('webSites/ContactWebSitePersonal/webURL'),
  word.map(annotation),
)
const details: fc.Arbitrary<Details> = fc.dictionary(path, text, { maxKeys: 8, noNullPrototype: true })
const changes: fc.Arbitrary<Details> = fc.dictionary(path, fc.oneof(text, fc.constant('')), { maxKeys: 8, noNullPrototype: true })

const contact: fc.Arbitrary<Contact> = fc.record(
  {
    id: guid,
    type: fc.constantFrom('Me', 'Regular', 'LivePending'),
    isMessengerUser: fc.boolean(),
    groups: fc.array(guid, { maxLength: 3 }),
    details,
    changedAt: moment,
    handle,
    name: text,
    cid,
  },
  { requiredKeys: ['id', 'type', 'isMessengerUser', 'groups', 'details', 'changedAt', 'cid'], noNullPrototype: true },
)
const group: fc.Arbitrary<ContactGroup> = fc.record({ id: guid, name: text, changedAt: moment }, { noNullPrototype: true })
const document: fc.Arbitrary<AddressBookDocument> = fc.record(
  {
    owner: fc.record({ handle, cid }, { noNullPrototype: true }),
    groups: fc.array(group, { maxLength: 3 }),
    contacts: fc.array(contact, { maxLength: 5 }),
    changedAt: moment,
    createdAt: moment,
  },
  { noNullPrototype: true },
)
const member: fc.Arbitrary<Member> = fc.record(
  {
    list: fc.constantFrom('AL', 'BL', 'RL', 'PL'),
    id: word,
    handle,
    network: fc.constant(1),
    cid,
    invitation: text,
    changedAt: moment,
  },
  { requiredKeys: ['list', 'id', 'handle', 'network', 'changedAt'], noNullPrototype: true },
)

/** What the other side reads of an answer. */
function answerOf(inside: Inside, operation = 'X'): Element {
  const answer = readContactAnswer(writeContactAnswer(operation, header, inside))
  if (answer?.kind !== 'answer') throw new Error('no answer')
  expect(answer).toMatchObject(header)
  return answer.answer
}

/** What the other side reads of a request. */
function callOf(inside: Inside, operation = 'X'): Element {
  const call = readContactCall(writeContactCall({ operation, scenario: 'Timer', ticket: new Secret('t=1&p=') }, inside).reveal())
  if (!call) throw new Error('no call')
  expect([call.operation, call.ticket?.reveal()]).toEqual([operation, 't=1&p='])
  return call.call
}

describe('what is written is read', () => {
  test.each(operations)('an address book, as the answer to %s', (operation) => {
    fc.assert(
      fc.property(document, (written) => {
        expect(readBook(answerOf(writeBook(operation, written)))).toEqual(written)
      }),
    )
  })

  test('memberships', () => {
    const all = fc.record(
      { owner: fc.record({ handle, cid }, { noNullPrototype: true }), members: fc.array(member), changedAt: moment },
      { noNullPrototype: true },
    )
    const sorted = ({ members, ...rest }: Memberships) => ({
      ...rest,
      members: ['AL', 'BL', 'RL', 'PL'].flatMap((list) => members.filter((one) => one.list === list)),
    })
    fc.assert(
      fc.property(all, (written) => {
        expect(readMemberships(answerOf(writeMemberships(written)))).toEqual(sorted(written))
      }),
    )
  })

  test('the questions for all of it', () => {
    for (const operation of operations)
      expect(readBookQuery(callOf(writeBookQuery(operation)))).toEqual({ book: ownBook, deltasOnly: false })
    expect(wantsDeltas(callOf(writeMembershipQuery()))).toBe(false)
  })

  test('a change, each word covering what it names', () => {
    const change = fc.record(
      { isMe: fc.boolean(), id: guid, name: text, isMessengerUser: fc.boolean(), details: changes },
      { requiredKeys: ['isMe', 'details', 'name'], noNullPrototype: true },
    )
    fc.assert(
      fc.property(change, (written) => {
        expect(readContactChanges(callOf(writeContactChange(written)))).toEqual([written])
      }),
    )
  })

  test('somebody new, with an invitation', () => {
    const added = { handle: 'romeo@example.com', name: 'Juliet', invitation: 'O <Romeo> & co' }
    expect(readContactAdd(callOf(writeContactAdd({ ...added, details: {} })))).toEqual({
      handle: 'romeo@example.com',
      invitation: 'O <Romeo> & co',
      details: {},
      allows: true,
    })
  })

  test('contacts and groups by id, and who is in which', () => {
    expect(readContactRefs(callOf(writeContactRefs(['a-1', 'b-2'])))).toEqual([{ id: 'a-1' }, { id: 'b-2' }])
    expect(readGroupRefs(callOf(writeGroupRefs(['a-1', 'b-2'])))).toEqual(['a-1', 'b-2'])
    expect(readGroupAdd(callOf(writeGroupAdd('Café <1>')))).toBe('Café <1>')
    expect(readGroupRenames(callOf(writeGroupRename('a-1', 'x & y')))).toEqual([{ id: 'a-1', name: 'x & y' }])
    const both = { groups: ['a-1'], contacts: [{ id: 'b-2' }, { handle: 'romeo@example.com' }] }
    expect(readGroupMembers(callOf(writeGroupMembers(both)))).toEqual({ ...both, allows: false })
  })

  test('a member of Messenger, and one of another network', () => {
    for (const network of [1, 2, 32]) {
      const one = { list: 'BL', handle: 'romeo@example.com', network } as const
      expect(readMemberEdit(callOf(writeMemberEdit(one)))).toEqual([{ ...one, changedAt: 0 }])
    }
  })

  test('ids of what was made', () => {
    for (const operation of ['ABContactAdd', 'ABGroupAdd', 'ABGroupContactAdd', 'ABAdd']) {
      const answer = readContactAnswer(writeMade(operation, header, 'a-1'))
      expect(answer?.kind === 'answer' && readMade(answer.answer)).toBe('a-1')
    }
  })

  test('faults, and a ticket that is over', () => {
    const faults = [
      { code: 'ContactAlreadyExists', reason: 'There <already>', conflict: 'a-1' },
      { code: 'FullSyncRequired', reason: 'All of it' },
    ]
    for (const fault of faults)
      expect(readContactAnswer(writeContactFault('ABContactAdd', fault))).toEqual<ContactAnswer>({ kind: 'fault', fault })
    expect(readContactAnswer(writeStaleTicket())).toEqual({ kind: 'stale' })
  })

  test('moments, and one that never was', () => {
    fc.assert(fc.property(moment, (at) => void expect(readMoment(writeMoment(at))).toBe(at)))
    expect(writeMoment(Date.parse('2007-09-05T21:42:12Z'))).toBe('2007-09-05T21:42:12.0000000Z')
    expect(readMoment('2007-09-05T14:42:12.1230000-07:00')).toBe(Date.parse('2007-09-05T21:42:12.123Z'))
    expect([writeMoment(0), readMoment(never), readMoment('soon'), readMoment(undefined)]).toEqual([never, 0, 0, 0])
  })

  test('a change of details and back is none', () => {
    fc.assert(
      fc.property(details, changes, (before, change) => {
        const gone = Object.fromEntries(Object.keys(change).map((key) => [key, '']))
        const after = withChanges(withChanges(before, change), gone)
        for (const key of Object.keys(change)) expect(after).not.toHaveProperty([key])
        expect(withChanges(after, after)).toEqual(after)
      }),
    )
  })
})

test('a full address book, with much about everybody, is not too large', () => {
  const about = Object.fromEntries(Array.from({ length: 8 }, (_, index) => [annotation(`A${index}`), 'x']))
  const contacts = Array.from({ length: 1000 }, (_, index) => ({
    ...{ id: `id-${index}`, type: 'Regular', handle: `nurse.${index}@example.com`, name: 'Nurse', cid: '1' },
    ...{ isMessengerUser: true, groups: ['g'], details: about, changedAt: 1 },
  }))
  const written = { owner: { handle: 'juliet@example.com', cid: '1' }, groups: [], contacts, changedAt: 1, createdAt: 1 }
  expect(readBook(answerOf(writeBook('ABFindAll', written)))?.contacts).toHaveLength(1000)
})

describe('the answer that clients look at', () => {
  test('elements of a contact stand in the order of the description, whatever is there', () => {
    const order =
      'emails phones locations webSites annotations groupIds contactType quickName firstName MiddleName lastName Suffix NameTitle passportName IsPassportNameHidden displayName puid CID comment IsNotMobileVisible isMobileIMEnabled isMessengerUser isFavorite isSmtp hasSpace spotWatchState birthdate primaryEmailType PrimaryLocation PrimaryPhone IsPrivate Anniversary Gender TimeZone'.split(
        ' ',
      )
    fc.assert(
      fc.property(document, (written) => {
        const answer = answerOf(writeBook('ABFindAll', written))
        for (const one of answer.children[0]?.children[1]?.children ?? []) {
          expect(one.children.map(({ name }) => name)).toEqual([
            'contactId',
            'contactInfo',
            'propertiesChanged',
            'fDeleted',
            'lastChange',
          ])
          const places = (one.children[1]?.children ?? []).map(({ name }) => order.indexOf(name))
          expect(places).toEqual(places.toSorted((a, b) => a - b))
          expect(places).not.toContain(-1)
        }
      }),
    )
  })

  test('names differ between the two reads in nothing but capitals', () => {
    const empty = { owner: { handle: 'a@b', cid: '1' }, groups: [], contacts: [], changedAt: 0, createdAt: 0 }
    const names = (operation: BookOperation) =>
      answerOf(writeBook(operation, empty)).children[0]?.children.map(({ name }) => name)
    expect(names('ABFindAll')).toEqual(['groups', 'contacts', 'ab'])
    expect(names('ABFindContactsPaged')).toEqual(['Groups', 'Contacts', 'CircleResult', 'Ab'])
  })
})

describe('what other servers and clients write', () => {
  const call = (xml: string) => parseXml(xml) as Element

  test('deleted contacts, groups and members are not there; circles and domains are passed over', () => {
    const answer = call(
      '<R><ABFindAllResult><groups><Group><groupId>A-1</groupId><fDeleted>true</fDeleted></Group></groups><contacts><Contact><contactId>b</contactId><fDeleted>true</fDeleted></Contact><Contact><contactInfo/></Contact></contacts></ABFindAllResult></R>',
    )
    expect(readBook(answer)).toMatchObject({ groups: [], contacts: [] })
    const members =
      '<Member><MembershipId>Allow/1</MembershipId><PassportName>Romeo@Example.com</PassportName></Member><Member><MembershipId>2</MembershipId><PassportName>gone@example.com</PassportName><Deleted>true</Deleted></Member><Member><CircleId>3</CircleId></Member><Member><MembershipId>4</MembershipId><PhoneNumber>tel:+39</PhoneNumber></Member>'
    const services = `<Services><Service><Memberships/><Info><Handle><Type>Profile</Type></Handle></Info></Service><Service><Memberships><Membership><MemberRole>Allow</MemberRole><Members>${members}</Members></Membership><Membership><MemberRole>ProfileExpression</MemberRole><Members>${members}</Members></Membership></Memberships><Info><Handle><Type>Messenger</Type></Handle></Info></Service></Services>`
    expect(readMemberships(call(`<R><FindMembershipResult>${services}</FindMembershipResult></R>`))?.members).toEqual([
      { list: 'AL', id: 'Allow/1', handle: 'romeo@example.com', network: 1, changedAt: 0 },
      { list: 'AL', id: '4', handle: 'tel:+39', network: 4, changedAt: 0 },
    ])
  })

  test('aMSN names the type before the name, papyon and others leave out what is changed', () => {
    const aMsn =
      '<ABContactUpdate><contacts><Contact><contactInfo><contactType>Me</contactType><displayName>J</displayName></contactInfo><propertiesChanged>DisplayName</propertiesChanged></Contact></contacts></ABContactUpdate>'
    expect(readContactChanges(call(aMsn))).toEqual([{ isMe: true, name: 'J', details: {} }])
    expect(readContactChanges(call(aMsn.replace(/<propertiesChanged>.*<\/propertiesChanged>/, '')))).toEqual([
      { isMe: true, name: 'J', details: {} },
    ])
  })

  test('what is given but not listed is not changed; what is listed in an item but absent is erased', () => {
    const info =
      '<contactInfo><phones><ContactPhone><contactPhoneType>ContactPhoneMobile</contactPhoneType><propertiesChanged>Number</propertiesChanged></ContactPhone></phones><annotations><Annotation><Name>AB.NickName</Name><Value>R</Value></Annotation></annotations><displayName>x</displayName></contactInfo>'
    const changed = (words: string) =>
      readContactChanges(
        call(
          `<C><contacts><Contact><contactId>A-1</contactId>${info}<propertiesChanged>${words}</propertiesChanged></Contact></contacts></C>`,
        ),
      )
    expect(changed('ContactPhone Comment')).toEqual([
      { id: 'a-1', isMe: false, details: { 'phones/ContactPhoneMobile/number': '', comment: '' } },
    ])
    expect(changed('Annotation')).toEqual([{ id: 'a-1', isMe: false, details: { [annotation('AB.NickName')]: 'R' } }])
  })

  test('types and names that are no words, and endless texts, go no further', () => {
    const info = `<contactInfo><annotations><Annotation><Name>a/b</Name><Value>x</Value></Annotation><Annotation><Name>${'x'.repeat(65)}</Name><Value>x</Value></Annotation></annotations><comment>${'y'.repeat(5000)}</comment></contactInfo>`
    const [change] = readContactChanges(call(`<C><contacts><Contact>${info}</Contact></contacts></C>`))
    expect(change?.details).toEqual({ comment: 'y'.repeat(1024) })
  })

  test('a ticket that is over has several names', () => {
    const fault = (code: string) =>
      `<E xmlns:q="x"><Body><Fault><faultcode>q:${code}</faultcode><faultstring>no</faultstring></Fault></Body></E>`
    for (const code of ['BadContextToken', 'AuthenticationFailed', 'FailedAuthentication'])
      expect(readContactAnswer(fault(code).replaceAll('E>', 'Envelope>').replace('<E ', '<Envelope '))).toEqual({ kind: 'stale' })
  })
})

describe('whatever comes', () => {
  const readAll = (xml: string) => {
    const element = parseXml(xml)
    const call = readContactCall(xml)?.call ?? element
    readContactAnswer(xml)
    if (!call) return
    for (const read of [readBook, readBookQuery, readMemberships, readMemberEdit, wantsDeltas, readMade]) read(call)
    for (const read of [readContactAdd, readContactChanges, readContactRefs, readGroupAdd, readGroupMembers]) read(call)
    for (const read of [readGroupRefs, readGroupRenames]) read(call)
  }
  const names = [
    'find-membership',
    'find-contacts-paged',
    'update-me',
    'update-contact',
    'delete-contact',
    'add-group',
    'add-to-group',
  ]
  const holes = { ticket: 't=1&p=', cacheKey: 'k', contact: 'c', group: 'g', who: 'romeo@example.com', name: 'Romeo' }

  test('random documents are read or not, and nothing else happens', () => {
    fc.assert(fc.property(randomXml, readAll), { numRuns: 300 })
  })

  test.each(names)('so is a damaged request: %s', (name) => {
    fc.assert(fc.property(damaged(recorded(name, holes)), readAll))
  })

  test('so is a damaged answer', () => {
    const answers = fc
      .record({ document, noise: fc.nat() })
      .chain(({ document }) => damaged(writeContactAnswer('ABFindAll', header, [writeBook('ABFindAll', document), tag('x')])))
    fc.assert(fc.property(answers, readAll))
  })
})
