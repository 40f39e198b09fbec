import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { type Book, contactIn } from '../../../../src/msn/server/book.ts'
import { Books } from '../../../../src/msn/server/books.ts'
import type { Handle } from '../../../../src/msn/server/handle.ts'
import type { Notice } from '../../../../src/msn/server/notice.ts'
import { contactServices } from '../../../../src/msn/server/web/contacts.ts'
import type { AddressBookDocument, BookOperation } from '../../../../src/msn/soap/address-book.ts'
import { readBook, writeBookQuery } from '../../../../src/msn/soap/address-book.ts'
import type { ContactAnswer } from '../../../../src/msn/soap/contact-call.ts'
import { contactAction, readContactAnswer, readMade, writeContactCall } from '../../../../src/msn/soap/contact-call.ts'
import { annotation } from '../../../../src/msn/soap/contact-details.ts'
import {
  writeContactAdd,
  writeContactChange,
  writeContactRefs,
  writeGroupAdd,
  writeGroupMembers,
  writeGroupRefs,
  writeGroupRename,
} from '../../../../src/msn/soap/contact-edits.ts'
import type { Member, MemberEdit } from '../../../../src/msn/soap/membership.ts'
import { readMemberships, writeMemberEdit, writeMembershipQuery } from '../../../../src/msn/soap/membership.ts'
import type { Inside } from '../../../../src/msn/soap/xml.ts'
import { childOf, parseXml, tag, textTag } from '../../../../src/msn/soap/xml.ts'
import { signedIn } from '../../../support/msn-cast.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { startServer } from '../../../support/msn-server.ts'
import { recorded } from '../../../support/recorded-requests.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'
import { damaged } from '../../soap/documents.ts'

const juliet = 'juliet@example.com' as Handle
const romeo = 'romeo@example.com' as Handle
const nurse = 'nurse@example.com' as Handle
const own = '00000000-0000-0000-0000-000000000000'

let fixture: TestServer
let site: WebSite
let ticket: string

beforeEach(async () => {
  fixture = await startServer()
  const { tokens, books, edits, presence } = fixture.server.services
  site = await startSite(contactServices({ tokens, books, edits, presence }))
  ticket = await ticketOf(juliet)
})
afterEach(async () => {
  await site.stop()
  await fixture.stop()
})

async function ticketOf(handle: Handle): Promise<string> {
  return (await fixture.server.tokens.issue(handle, 'services', 3600)).ticket.reveal()
}

const sharing = new Set(['FindMembership', 'AddMember', 'DeleteMember'])

function pathOf(operation: string): string {
  return sharing.has(operation) ? '/abservice/SharingService.asmx' : '/abservice/abservice.asmx'
}

interface Answered {
  readonly status: number
  readonly text: string
  readonly answer: ContactAnswer | undefined
}

async function post(operation: string, xml: string, path = pathOf(operation)): Promise<Answered> {
  const headers = { 'Content-Type': 'text/xml; charset=utf-8', SOAPAction: contactAction(operation) }
  const { status, text } = await site.post(path, xml, headers)
  return { status, text, answer: readContactAnswer(text) }
}

/** A call with the words of our own client. */
async function ask(operation: string, inside?: Inside, as = ticket): Promise<Answered> {
  return post(operation, writeContactCall({ operation, scenario: 'Timer', ticket: new Secret(as) }, inside).reveal())
}

/** A call that was recorded, with its holes filled. */
async function replay(name: string, operation: string, holes: Record<string, string> = {}): Promise<Answered> {
  const path = `/${pathOf(operation)}`
  return post(operation, recorded(name, { ticket, cacheKey: '12r1:1', ...holes }), path)
}

function elementOf({ status, text, answer }: Answered) {
  if (answer?.kind !== 'answer') throw new Error(`no answer but ${status} ${text}`)
  return answer.answer
}

const codeOf = ({ status, answer }: Answered) => (answer?.kind === 'fault' ? `${status} ${answer.fault.code}` : answer?.kind)

async function book(operation: BookOperation = 'ABFindAll', as = ticket): Promise<AddressBookDocument> {
  const found = readBook(elementOf(await ask(operation, writeBookQuery(operation), as)))
  if (!found) throw new Error('no address book')
  return found
}

async function members(as = ticket): Promise<readonly Member[]> {
  return readMemberships(elementOf(await ask('FindMembership', writeMembershipQuery(), as)))?.members ?? []
}

const roles = async (as = ticket) => (await members(as)).map(({ list, handle }) => `${list} ${handle}`)
const kept = (handle: Handle): Promise<Book> => fixture.server.services.books.of(handle)
const add = async (handle: string, as = ticket) =>
  readMade(elementOf(await ask('ABContactAdd', writeContactAdd({ handle, details: {} }), as))) ?? ''
const makeGroup = async (name: string) => readMade(elementOf(await ask('ABGroupAdd', writeGroupAdd(name)))) ?? ''
const member = (operation: MemberEdit, list: Member['list'], handle: string, as = ticket) =>
  ask(operation, writeMemberEdit({ list, handle, network: 1 }), as)
const contact = async (handle: string, as = ticket) => (await book('ABFindAll', as)).contacts.find((one) => one.handle === handle)

test.each(['/abservice/abservice.asmx', '/abservice/SharingService.asmx'])(
  'no connection to %s is kept, because libpurple asks on one that has ended, and waits for ever',
  async (path) => {
    const { headers } = await site.post(path, '')
    expect(headers.get('connection')).toBe('close')
  },
)

describe('who may call', () => {
  test('nobody without a ticket, with one that is made up, over, or for the notification server alone', async () => {
    const signIn = (await fixture.server.tokens.issue(juliet, 'sign-in', 3600)).ticket.reveal()
    for (const wrong of ['t=made-up&p=', signIn]) {
      const answered = await ask('FindMembership', writeMembershipQuery(), wrong)
      expect([answered.status, answered.answer]).toEqual([500, { kind: 'stale' }])
    }
    await fixture.timers.pass(3601_000)
    const answered = await ask('ABFindAll', writeBookQuery('ABFindAll'))
    expect(answered.answer).toEqual({ kind: 'stale' })
    expect(answered.text).toMatch(/<faultcode xmlns:q0="[^"]+">q0:BadContextToken</)
  })

  test('a client of MSNP13 shows the ticket of its profile as a cookie', async () => {
    const call = recorded('find-membership', { ticket }).replace(/<TicketToken>.*<\/TicketToken>/, '')
    const ask = (Cookie: string) => site.post('/abservice/SharingService.asmx', call, { 'Content-Type': 'text/xml', Cookie })
    expect((await ask(`MSPProf=x; MSPAuth=${ticket}`)).status).toBe(200)
    expect((await ask('MSPAuth=t=made-up&p=')).text).toContain('BadContextToken')
    expect((await ask('')).text).toContain('BadContextToken')
  })

  test('everybody has their own book: what Juliet writes is in no answer to the nurse', async () => {
    await add(romeo)
    const group = await makeGroup('Montagues')
    await ask('ABContactUpdate', writeContactChange({ isMe: true, details: { comment: 'my only love' } }))
    const id = (await contact(romeo))?.id ?? ''
    const other = await ticketOf(nurse)
    for (const operation of ['ABFindAll', 'ABFindContactsPaged'] as const) {
      const { text } = await ask(operation, writeBookQuery(operation), other)
      expect(text).toContain(nurse)
      for (const secret of [juliet, romeo, group, id, 'Montagues', 'my only love']) expect(text).not.toContain(secret)
    }
    expect(await members(other)).toEqual([])
    expect(codeOf(await ask('ABContactDelete', writeContactRefs([id]), other))).toBe('answer')
    expect(codeOf(await ask('ABContactUpdate', writeContactChange({ id, isMe: false, name: 'x', details: {} }), other))).toBe(
      '500 ContactDoesNotExist',
    )
    expect(codeOf(await ask('ABGroupDelete', writeGroupRefs([group]), other))).toBe('500 GroupDoesNotExist')
    expect(
      codeOf(await ask('ABGroupContactAdd', writeGroupMembers({ groups: [group], contacts: [{ handle: romeo }] }), other)),
    ).toBe('500 GroupDoesNotExist')
    expect(contactIn(await kept(juliet), romeo)?.guid).toBe(id)
  })
})

describe('what libpurple was recorded to ask at sign-in', () => {
  test('FindMembership gives every role, also an empty one', async () => {
    for (const name of ['find-membership', 'find-membership-later']) {
      const answered = await replay(name, 'FindMembership')
      expect(readMemberships(elementOf(answered))).toEqual({
        owner: { handle: juliet, cid: expect.stringMatching(/^\d+$/) },
        members: [],
        changedAt: 0,
      })
      expect(answered.text.match(/<MemberRole>(\w+)</g)).toHaveLength(4)
    }
  })

  test('ABFindContactsPaged gives the owner, a circle ticket, and where to go next', async () => {
    const answered = await replay('find-contacts-paged', 'ABFindContactsPaged')
    expect(readBook(elementOf(answered))?.contacts.map(({ type, handle }) => [type, handle])).toEqual([['Me', juliet]])
    const ticketText = childOf(elementOf(answered), 'ABFindContactsPagedResult', 'CircleResult', 'CircleTicket')?.text ?? ''
    expect(parseXml(ticketText)?.name).toBe('SignedTicket')
    expect(answered.answer).toMatchObject({ host: `127.0.0.1:${site.port}`, cacheKey: '12r1:1' })
  })

  test('ABContactUpdate of the owner changes the name, which the next sign-in has', async () => {
    await replay('update-me', 'ABContactUpdate', { name: 'Juliet <3 & "more"' })
    expect((await contact(juliet))?.name).toBe('Juliet <3 & "more"')
    expect((await kept(juliet)).name).toBe('Juliet <3 & "more"')
  })

  test('ABGroupAdd and ABGroupContactAdd put somebody on the list, allowed, and into the group', async () => {
    const group = readMade(elementOf(await replay('add-group', 'ABGroupAdd')))
    const id = readMade(elementOf(await replay('add-to-group', 'ABGroupContactAdd', { group: group ?? '', who: romeo })))
    const found = await book('ABFindContactsPaged')
    expect(found.groups).toMatchObject([{ id: group, name: 'Friends' }])
    expect(found.contacts[1]).toMatchObject({ id, handle: romeo, isMessengerUser: true, groups: [group] })
    expect(await roles()).toEqual(['AL romeo@example.com'])
    expect(await roles(await ticketOf(romeo))).toEqual(['PL juliet@example.com'])
    // Once more is the same as once.
    expect(readMade(elementOf(await replay('add-to-group', 'ABGroupContactAdd', { group: group ?? '', who: romeo })))).toBe(id)
    expect((await book()).contacts).toHaveLength(2)
  })

  test('ABContactUpdate by id, with the id behind everything else, renames; ABContactDelete takes off the list', async () => {
    const id = await add(romeo)
    await replay('update-contact', 'ABContactUpdate', { contact: id, name: 'Montague' })
    expect((await contact(romeo))?.name).toBe('Montague')
    await replay('delete-contact', 'ABContactDelete', { contact: id })
    expect(await contact(romeo)).toBeUndefined()
    expect(await roles(await ticketOf(romeo))).toEqual([])
  })
})

describe('much at once', () => {
  test('many contacts in many groups are one change of the book, however often each is named', async () => {
    const ids = [await add(romeo), await add(nurse)]
    const groups = [await makeGroup('Montagues'), await makeGroup('Capulets')]
    const often = <Item>(items: readonly Item[]) => Array.from({ length: 400 }, (_, index) => items[index % 2] as Item)
    const everything = writeGroupMembers({ groups: often(groups), contacts: often(ids).map((id) => ({ id })) })
    const { serial } = await kept(juliet)
    elementOf(await ask('ABGroupContactAdd', everything))
    expect((await contact(nurse))?.groups).toEqual(groups)
    expect((await kept(juliet)).serial).toBe(serial + 1)
    elementOf(await ask('ABGroupContactDelete', everything))
    expect((await contact(romeo))?.groups).toEqual([])
    expect((await kept(juliet)).serial).toBe(serial + 2)
  })

  test('a group that is made many times at once is made once, and all are told its id', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask('ABGroupAdd', writeGroupAdd('Montagues'))))
    const [made, ...more] = answers.flatMap(({ answer }) => (answer?.kind === 'answer' ? [readMade(answer.answer)] : []))
    expect(more).toEqual([])
    expect(answers.filter(({ answer }) => answer?.kind === 'fault').map(({ answer }) => answer)).toEqual(
      Array.from({ length: 9 }, () => ({
        kind: 'fault',
        fault: { code: 'GroupAlreadyExists', reason: expect.any(String), conflict: made },
      })),
    )
  })
})

describe('reading', () => {
  test('both ways to read show the same, and what is kept survives a restart', async () => {
    await add(romeo)
    const group = await makeGroup('Montagues')
    const { id = '' } = (await contact(romeo)) ?? {}
    await ask('ABGroupContactAdd', writeGroupMembers({ groups: [group], contacts: [{ id }] }))
    const all = await book('ABFindAll')
    expect(await book('ABFindContactsPaged')).toEqual(all)
    const again = new Books(fixture.records, fixture.timers.clock)
    expect(await again.of(juliet)).toEqual(await kept(juliet))
    expect(all).toMatchObject({
      owner: { handle: juliet },
      groups: [{ id: group }],
      contacts: [{ type: 'Me' }, { id, groups: [group] }],
    })
  })

  const since = (date: string) => [textTag('deltasOnly', false), textTag('lastChange', date)]
  const filter = [textTag('DeltasOnly', false), textTag('LastChanged', '0001-01-01T00:00:00.0000000-08:00')]

  test.each<[client: string, operation: string, inside: Inside]>([
    ['aMSN', 'FindMembership', [textTag('View', 'Full'), ...since('2006-03-01T00:00:00.0000000-08:00')]],
    ['aMSN', 'ABFindAll', [textTag('abId', own), textTag('abView', 'Full'), ...since('2006-03-01T00:00:00.0000000-08:00')]],
    ['WLM 8.5', 'ABFindAll', [textTag('abId', own), ...since('0001-01-01T00:00:00'), textTag('dynamicItemView', 'Gleam')]],
    [
      'WLM 2009',
      'ABFindContactsPaged',
      [
        textTag('abView', 'MessengerClient8'),
        tag('filterOptions', filter),
        tag('abHandle', [textTag('ABId', own), textTag('Puid', 0), textTag('Cid', 0)]),
      ],
    ],
  ])('%s may read by %s, twice at the same time', async (_client, operation, inside) => {
    await add(romeo)
    for (const answered of await Promise.all([ask(operation, inside), ask(operation, inside)])) {
      expect(elementOf(answered).name).toBe(`${operation}Response`)
      expect(answered.text).toContain(romeo)
    }
  })

  test('who asks for what is new is told to read it all', async () => {
    const deltas = textTag('deltasOnly', true)
    expect(codeOf(await ask('ABFindAll', [textTag('abId', own), deltas]))).toBe('500 FullSyncRequired')
    expect(codeOf(await ask('FindMembership', deltas))).toBe('500 FullSyncRequired')
    for (const name of ['DeltasOnly', 'deltasOnly'])
      expect(codeOf(await ask('ABFindContactsPaged', tag('filterOptions', textTag(name, true))))).toBe('500 FullSyncRequired')
  })

  test('no circle has a book here', async () => {
    const circle = tag('abHandle', textTag('ABId', '00000000-0000-0000-0009-0123456789ab'))
    expect(codeOf(await ask('ABFindContactsPaged', circle))).toBe('500 Forbidden')
  })

  test('ABAdd gives the book that everybody has', async () => {
    expect(readMade(elementOf(await ask('ABAdd', tag('abInfo', textTag('fDefault', true)))))).toBe(own)
  })

  test.each(['CreateCircle', 'AddDynamicItem', 'UpdateDynamicItem', 'ManageWLConnection', 'constructor', 'x'])(
    '%s is refused as clients expect it',
    async (operation) => {
      expect(codeOf(await ask(operation))).toBe('500 Forbidden')
    },
  )
})

describe('contacts', () => {
  test('somebody who is added is told, with the invitation, and stands in Pending until they answer', async () => {
    const online = await signedIn(fixture, romeo)
    await ask('ABContactAdd', writeContactAdd({ handle: romeo, invitation: 'Wherefore art thou?', details: {} }))
    expect(await online.hearOnly('ADC')).toContain(juliet)
    const as = await ticketOf(romeo)
    expect(await members(as)).toMatchObject([{ list: 'PL', handle: juliet, invitation: 'Wherefore art thou?' }])
    await member('DeleteMember', 'PL', juliet, as)
    expect(await members(as)).toMatchObject([{ list: 'RL', handle: juliet }])
  })

  test('whoever is taken off Pending first and allowed then sees the owner come online (MSNPSharp, libpurple)', async () => {
    const [theirs, watcher] = [await ticketOf(romeo), await signedIn(fixture, romeo)]
    const owner = await signedIn(fixture, juliet)
    owner.say('BLP 9 BL')
    await add(juliet, theirs)
    await member('DeleteMember', 'PL', romeo)
    await member('AddMember', 'AL', romeo)
    expect(await watcher.hearOnly('NLN')).toContain(juliet)
  })

  test('adding twice gives the same id; nobody, somebody unknown and oneself are refused', async () => {
    expect(await add('Romeo@Example.com')).toBe(await add(romeo))
    const codeFor = async (handle: string) => codeOf(await ask('ABContactAdd', writeContactAdd({ handle, details: {} })))
    expect(await codeFor('stranger@example.com')).toBe('500 InvalidPassportUser')
    expect(await codeFor('no address')).toBe('500 BadEmailArgument')
    expect(await codeFor(juliet)).toBe('500 BadEmailArgument')
    expect(codeOf(await ask('ABContactAdd'))).toBe('500 BadEmailArgument')
  })

  test('a hosted person can be added', async () => {
    await add('mercutio@verona.example')
    expect(await roles()).toEqual(['AL mercutio@verona.example'])
  })

  test('a blocked one who is added stays blocked', async () => {
    await member('AddMember', 'BL', romeo)
    await add(romeo)
    expect(await roles()).toEqual(['BL romeo@example.com'])
    expect((await contact(romeo))?.isMessengerUser).toBe(true)
  })

  test('deleting leaves who is allowed or blocked', async () => {
    const id = await add(romeo)
    await ask('ABContactDelete', writeContactRefs([id]))
    expect(await roles()).toEqual(['AL romeo@example.com'])
  })

  test('who is gone already, because the notification server was faster, is no error', async () => {
    const id = await add(romeo)
    await member('DeleteMember', 'AL', romeo)
    await fixture.server.services.edits.take(juliet, romeo, { list: 'FL' })
    expect(codeOf(await replay('delete-contact', 'ABContactDelete', { contact: id }))).toBe('answer')
  })

  test('one may be taken off the list but kept in the book, details and all, and come back', async () => {
    const id = await add(romeo)
    await ask('ABContactUpdate', writeContactChange({ id, isMe: false, details: { firstName: 'Romeo' } }))
    await member('DeleteMember', 'AL', romeo)
    await ask('ABContactUpdate', writeContactChange({ id, isMe: false, isMessengerUser: false, details: {} }))
    expect(await contact(romeo)).toMatchObject({ id, isMessengerUser: false, details: { firstName: 'Romeo' } })
    expect(await roles(await ticketOf(romeo))).toEqual([])
    // On the old lists there is no trace of them.
    const old = await signedIn(fixture, juliet)
    old.say('SYN 9 0 0')
    expect(await old.hearOnly('SYN 9')).toMatch(/ 0 0$/)
    await ask('ABContactUpdate', writeContactChange({ id, isMe: false, isMessengerUser: true, details: {} }))
    expect(await contact(romeo)).toMatchObject({ id, isMessengerUser: true, details: { firstName: 'Romeo' } })
    await ask('ABContactDelete', writeContactRefs([id]))
    expect(await contact(romeo)).toBeUndefined()
  })

  test('details are kept as they come, changed one by one, and taken away', async () => {
    const id = await add(romeo)
    const change = (details: Record<string, string>) => ask('ABContactUpdate', writeContactChange({ id, isMe: false, details }))
    const details = {
      'phones/ContactPhoneMobile/number': '+39 045',
      'locations/ContactLocationPersonal/city': 'Verona',
      'webSites/ContactWebSitePersonal/webURL': 'http://verona.example/',
      'emails/ContactEmailPersonal/email': 'romeo@verona.example',
      [annotation('AB.NickName')]: 'Ro <&> meo',
      birthdate: '1580-03-01T00:00:00Z',
      comment: 'x'.repeat(1000),
    }
    await change(details)
    expect((await contact(romeo))?.details).toEqual(details)
    await change({ 'phones/ContactPhoneMobile/number': '', comment: '', firstName: 'Romeo' })
    const { 'phones/ContactPhoneMobile/number': _phone, comment: _comment, ...rest } = details
    expect((await contact(romeo))?.details).toEqual({ ...rest, firstName: 'Romeo' })
  })

  test('an element that is listed as changed but absent is erased', async () => {
    const id = await add(romeo)
    await ask('ABContactUpdate', writeContactChange({ id, isMe: false, details: { firstName: 'Romeo', lastName: 'Montague' } }))
    const bare = tag(
      'contacts',
      tag('Contact', [textTag('contactId', id), tag('contactInfo'), textTag('propertiesChanged', 'ContactFirstName')]),
    )
    await ask('ABContactUpdate', [textTag('abId', own), bare])
    expect((await contact(romeo))?.details).toEqual({ lastName: 'Montague' })
  })

  test('a book has an end: then it takes no more details', async () => {
    const texts = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [annotation(`A${index}`), 'x'.repeat(1024)]))
    for (let card = 0; card < 2; card++) expect(codeOf(await ask('ABContactAdd', contactWithout(texts)))).toBe('answer')
    expect(codeOf(await ask('ABContactAdd', contactWithout(texts)))).toBe('500 QuotaLimitReached')
  })

  /** Somebody without an account. */
  const contactWithout = (details: Record<string, string>): Inside => {
    const annotations = Object.entries(details).map(([path, value]) =>
      tag('Annotation', [textTag('Name', path.split('/')[1] ?? ''), textTag('Value', value)]),
    )
    return tag('contacts', tag('Contact', tag('contactInfo', tag('annotations', annotations))))
  }

  test('somebody without an account is written down, changed, grouped and deleted', async () => {
    const phone = tag(
      'phones',
      tag('ContactPhone', [textTag('contactPhoneType', 'ContactPhoneMobile'), textTag('number', '555')]),
    )
    const card = tag('contacts', tag('Contact', tag('contactInfo', [phone, textTag('displayName', 'Friar')])))
    const id = readMade(elementOf(await ask('ABContactAdd', card))) ?? ''
    const find = async () => (await book()).contacts.find((one) => one.id === id)
    expect(await find()).toMatchObject({
      name: 'Friar',
      isMessengerUser: false,
      details: { 'phones/ContactPhoneMobile/number': '555' },
    })
    const group = await makeGroup('Church')
    const both = { groups: [group], contacts: [{ id }] }
    expect(readMade(elementOf(await ask('ABGroupContactAdd', writeGroupMembers(both))))).toBe(id)
    await ask('ABContactUpdate', writeContactChange({ id, isMe: false, name: 'Laurence', details: { comment: 'helps' } }))
    expect(await find()).toMatchObject({ name: 'Laurence', groups: [group], details: { comment: 'helps' } })
    await ask('ABGroupContactDelete', writeGroupMembers(both))
    expect((await find())?.groups).toEqual([])
    await ask('ABGroupContactAdd', writeGroupMembers(both))
    await ask('ABGroupDelete', writeGroupRefs([group]))
    expect((await find())?.groups).toEqual([])
    await ask('ABContactDelete', writeContactRefs([id]))
    expect(await find()).toBeUndefined()
  })
})

describe('the owner', () => {
  const change = (details: Record<string, string>) => ask('ABContactUpdate', writeContactChange({ isMe: true, details }))
  const mine = async () => (await contact(juliet))?.details

  test('privacy and prompt are one with BLP and GTC, and take effect', async () => {
    await add(juliet, await ticketOf(romeo))
    const old = await signedIn(fixture, juliet)
    old.say('BLP 9 AL')
    await old.hearOnly('BLP 9')
    const watcher = await signedIn(fixture, romeo)
    await watcher.hearOnly('ILN')
    expect(await mine()).toMatchObject({ [annotation('MSN.IM.BLP')]: '1', [annotation('MSN.IM.GTC')]: '1' })
    await change({ [annotation('MSN.IM.BLP')]: '2', [annotation('MSN.IM.GTC')]: '2' })
    expect(await watcher.hearOnly('FLN')).toContain(juliet)
    expect(await kept(juliet)).toMatchObject({ privacy: 'BL', prompt: 'N' })
    old.say('BLP 10 AL')
    await old.hearOnly('BLP 10')
    expect(await mine()).toMatchObject({ [annotation('MSN.IM.BLP')]: '1', [annotation('MSN.IM.GTC')]: '2' })
  })

  test('telephone numbers are one with PRP, and reach whoever may see them', async () => {
    await add(juliet, await ticketOf(romeo))
    const old = await signedIn(fixture, juliet)
    old.say('PRP 9 PHW 045%20111')
    await old.hearOnly('PRP 9')
    expect(await mine()).toMatchObject({ 'phones/ContactPhoneBusiness/number': '045 111' })
    const watcher = await signedIn(fixture, romeo)
    await change({ 'phones/ContactPhoneMobile/number': '+39 045', 'phones/ContactPhoneBusiness/number': '' })
    expect(await watcher.hearOnly('BPR')).toContain('PHW')
    expect(await watcher.hearOnly('BPR')).toContain('PHM +39%20045')
    expect((await kept(juliet)).properties).toEqual({ PHM: '+39 045' })
    const long = { 'phones/ContactPhoneMobile/number': 'x'.repeat(96) }
    expect(codeOf(await change(long))).toBe('500 BadArgumentLength')
  })

  test('other settings are kept for the client', async () => {
    await change({ [annotation('MSN.IM.MPOP')]: '1', [annotation('MSN.IM.RoamLiveProperties')]: '1' })
    expect(await mine()).toMatchObject({ [annotation('MSN.IM.MPOP')]: '1', [annotation('MSN.IM.RoamLiveProperties')]: '1' })
    expect(await kept(juliet)).toMatchObject({ privacy: 'AL', prompt: 'A' })
  })

  test('may be named by id, too', async () => {
    const id = (await contact(juliet))?.id ?? ''
    await ask('ABContactUpdate', writeContactChange({ id, isMe: false, name: 'Capulet', details: {} }))
    expect((await kept(juliet)).name).toBe('Capulet')
  })

  test('a name that fits no line is refused', async () => {
    expect(codeOf(await ask('ABContactUpdate', writeContactChange({ isMe: true, name: 'x'.repeat(388), details: {} })))).toBe(
      '500 BadArgumentLength',
    )
  })
})

describe('groups', () => {
  test('are made, renamed and deleted; their contacts stay', async () => {
    const group = await makeGroup('Montagues')
    const id = await add(romeo)
    await ask('ABGroupContactAdd', writeGroupMembers({ groups: [group], contacts: [{ id }] }))
    await ask('ABGroupUpdate', writeGroupRename(group, 'Enemies'))
    expect((await book()).groups).toMatchObject([{ id: group, name: 'Enemies' }])
    await ask('ABGroupContactDelete', writeGroupMembers({ groups: [group], contacts: [{ id }] }))
    expect((await contact(romeo))?.groups).toEqual([])
    await ask('ABGroupContactAdd', writeGroupMembers({ groups: [group], contacts: [{ id }] }))
    await ask('ABGroupDelete', writeGroupRefs([group]))
    expect((await book()).groups).toEqual([])
    expect(await contact(romeo)).toMatchObject({ groups: [], isMessengerUser: true })
  })

  test('one of the same name is there already, and its id is said', async () => {
    const group = await makeGroup('Montagues')
    const answered = await ask('ABGroupAdd', writeGroupAdd('Montagues'))
    expect(answered.status).toBe(500)
    expect(answered.answer).toMatchObject({ kind: 'fault', fault: { code: 'GroupAlreadyExists', conflict: group } })
  })

  test('names have bounds, and so has their number', async () => {
    for (const name of ['', 'x'.repeat(62)])
      expect(codeOf(await ask('ABGroupAdd', writeGroupAdd(name)))).toBe('500 BadArgumentLength')
    for (let count = 0; count < 30; count++) await makeGroup(`Group ${count}`)
    expect(codeOf(await ask('ABGroupAdd', writeGroupAdd('one more')))).toBe('500 QuotaLimitReached')
  })

  test('numbers of the old protocol are no ids here', async () => {
    await makeGroup('Montagues')
    const id = await add(romeo)
    expect(codeOf(await ask('ABGroupContactAdd', writeGroupMembers({ groups: ['1'], contacts: [{ id }] })))).toBe(
      '500 GroupDoesNotExist',
    )
  })
})

describe('memberships', () => {
  test('blocking and unblocking as clients do it, twice each, and in the other order', async () => {
    await add(romeo)
    for (const [operation, list] of [
      ['DeleteMember', 'AL'],
      ['AddMember', 'BL'],
      ['AddMember', 'BL'],
      ['DeleteMember', 'AL'],
    ] as const)
      elementOf(await member(operation, list, romeo))
    expect(await roles()).toEqual(['BL romeo@example.com'])
    for (const [operation, list] of [
      ['AddMember', 'AL'],
      ['DeleteMember', 'BL'],
      ['DeleteMember', 'BL'],
    ] as const)
      elementOf(await member(operation, list, romeo))
    expect(await roles()).toEqual(['AL romeo@example.com'])
  })

  test('who is blocked sees the owner go, and come back', async () => {
    await add(juliet, await ticketOf(romeo))
    await signedIn(fixture, juliet)
    const watcher = await signedIn(fixture, romeo)
    await watcher.hearOnly('ILN')
    await member('AddMember', 'BL', romeo)
    expect(await watcher.hearOnly('FLN')).toContain(juliet)
    await member('DeleteMember', 'BL', romeo)
    expect(await watcher.hearOnly('NLN')).toContain(juliet)
  })

  test('an answer to who waits: not pending any more, reverse and allowed', async () => {
    await add(juliet, await ticketOf(romeo))
    expect(await roles()).toEqual(['PL romeo@example.com'])
    await member('DeleteMember', 'PL', romeo)
    await member('AddMember', 'RL', romeo)
    await member('AddMember', 'AL', romeo)
    expect(await roles()).toEqual(['AL romeo@example.com', 'RL romeo@example.com'])
  })

  test('ids are numbers that fit 31 bits, and delete by themselves', async () => {
    await add(romeo)
    await member('AddMember', 'BL', nurse)
    const [allowed, blocked] = await members()
    for (const one of [allowed, blocked]) expect(Number(one?.id)).toBeLessThan(2 ** 31)
    const byId = (id: string, role: string) =>
      tag(
        'memberships',
        tag('Membership', [textTag('MemberRole', role), tag('Members', tag('Member', textTag('MembershipId', id)))]),
      )
    await ask('DeleteMember', byId(blocked?.id ?? '', 'Block'))
    // The id of one role is none of another.
    await ask('DeleteMember', byId(allowed?.id ?? '', 'Block'))
    expect(await roles()).toEqual(['AL romeo@example.com'])
    await ask('DeleteMember', byId('0', 'Allow'))
    expect(await roles()).toEqual(['AL romeo@example.com'])
  })

  test('nobody makes others wait, and the reverse list is not for deleting', async () => {
    await add(juliet, await ticketOf(romeo))
    await member('AddMember', 'RL', romeo)
    elementOf(await member('DeleteMember', 'RL', romeo))
    elementOf(await member('AddMember', 'PL', nurse))
    expect(await roles()).toEqual(['RL romeo@example.com'])
  })

  test('somebody unknown, oneself and people of other networks are refused', async () => {
    expect(codeOf(await member('AddMember', 'AL', 'stranger@example.com'))).toBe('500 UserDoesNotExist')
    expect(codeOf(await member('AddMember', 'AL', juliet))).toBe('500 BadEmailArgument')
    expect(codeOf(await ask('AddMember', writeMemberEdit({ list: 'AL', handle: 'x@yahoo.com', network: 32 })))).toBe(
      '500 UserDoesNotExist',
    )
  })
})

describe('the owner’s other places', () => {
  const heard: Notice[] = []
  const enter = async (endpoint: string) => {
    const { directory } = fixture.server.services
    const session = { handle: juliet, dialect: 18, endpoint, notice: (notice: Notice) => void heard.push(notice) }
    await directory.enter(session, 'Juliet')
    await directory.show(session, { status: { code: 'NLN' } })
  }

  test('are told when the book has changed, and not when it was only read', async () => {
    heard.length = 0
    await enter('{00000000-0000-0000-0000-000000000001}')
    await add(romeo)
    expect(heard).toEqual([])
    await enter('{00000000-0000-0000-0000-000000000002}')
    await book()
    await makeGroup('Montagues')
    expect(heard.filter(({ kind }) => kind === 'book')).toHaveLength(2)
  })
})

describe('what was damaged on its way', () => {
  const inside: Readonly<Record<string, () => Promise<Inside>>> = {
    ABContactAdd: async () => writeContactAdd({ handle: romeo, invitation: 'O', details: {} }),
    ABContactUpdate: async () =>
      writeContactChange({ id: await add(romeo), isMe: false, name: 'R', details: { comment: 'x', [annotation('a')]: 'b' } }),
    ABContactDelete: async () => writeContactRefs([await add(romeo)]),
    ABGroupAdd: async () => writeGroupAdd('Montagues'),
    ABGroupContactAdd: async () => writeGroupMembers({ groups: [await makeGroup('G')], contacts: [{ handle: romeo }] }),
    AddMember: async () => writeMemberEdit({ list: 'BL', handle: romeo, network: 1 }),
    FindMembership: async () => writeMembershipQuery(),
    ABFindContactsPaged: async () => writeBookQuery('ABFindContactsPaged'),
  }

  test.each(Object.keys(inside))('%s is done or refused, and touches nobody else', async (operation) => {
    const body = await inside[operation]?.()
    const call = writeContactCall({ operation, scenario: 'Timer', ticket: new Secret(ticket) }, body).reveal()
    const others = JSON.stringify(await kept(nurse))
    await fc.assert(
      fc.asyncProperty(damaged(call), async (xml) => {
        const { status, answer } = await post(operation, xml)
        expect([200, 500]).toContain(status)
        expect(answer?.kind).toMatch(status === 200 ? /^answer$/ : /^(fault|stale)$/)
      }),
      { numRuns: 60 },
    )
    await book()
    expect(JSON.stringify(await kept(nurse))).toBe(others)
    expect(fixture.logged.filter((line) => line.includes('"error"'))).toEqual([])
  })
})

describe('what is no request', () => {
  test.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['no envelope', '<FindMembership/>'],
    ['an empty body', '<E><Body/></E>'],
    ['a DOCTYPE', '<!DOCTYPE E [<!ENTITY a "b">]><Envelope><Body><FindMembership>&a;</FindMembership></Body></Envelope>'],
  ])('%s is a fault', async (_what, xml) => {
    for (const operation of ['FindMembership', 'ABFindAll']) expect(codeOf(await post(operation, xml))).toBe('500 BadArgument')
  })

  test('what is longer than any client writes is not read', async () => {
    expect((await post('ABFindAll', `<E>${'x'.repeat(200_000)}</E>`)).status).toBe(413)
  })
})
