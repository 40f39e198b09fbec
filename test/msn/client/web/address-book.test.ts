import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { ClientError } from '../../../../src/msn/client/errors.ts'
import { WebAddressBook } from '../../../../src/msn/client/web/address-book.ts'
import { type WebCall, webCaller } from '../../../../src/msn/client/web/call.ts'
import { WebTokens } from '../../../../src/msn/client/web/tokens.ts'
import type { Roster } from '../../../../src/msn/model/contact-list.ts'
import { isOn, listNames } from '../../../../src/msn/model/lists.ts'
import { contactServices } from '../../../../src/msn/server/web/contacts.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
import { type AddressBookDocument, readBookQuery, writeBook } from '../../../../src/msn/soap/address-book.ts'
import type { Contact } from '../../../../src/msn/soap/contact.ts'
import {
  type ReceivedCall,
  readContactCall,
  writeContactAnswer,
  writeContactFault,
  writeMade,
  writeStaleTicket,
} from '../../../../src/msn/soap/contact-call.ts'
import { annotation } from '../../../../src/msn/soap/contact-details.ts'
import { readContactAdd, readContactChanges } from '../../../../src/msn/soap/contact-edits.ts'
import { type Member, readMemberEdit, writeMemberships } from '../../../../src/msn/soap/membership.ts'
import { password, startServer, type TestServer } from '../../../support/msn-server.ts'
import { tokenAnswer } from '../../../support/token-answer.ts'
import { WebServer } from '../../../support/web-server.ts'
import { startSite, type WebSite } from '../../../support/web-site.ts'

const call = webCaller(fetch)
const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'

function bookAt(home: string, account: string, clock: () => number, by: WebCall = call): WebAddressBook {
  const tokens = new WebTokens({ account, password: new Secret(password), rst: `${home}/RST.srf`, call: by, clock })
  return new WebAddressBook({ account, contacts: `${home}/abservice/abservice.asmx`, tokens, call: by })
}

/** Who is on which lists. */
function listsOf({ entries }: Roster): Record<string, string> {
  return Object.fromEntries(entries.map(({ handle, lists }) => [handle, listNames.filter((list) => isOn(lists, list)).join(' ')]))
}

describe('with our own server', () => {
  let fixture: TestServer
  let site: WebSite
  const open = (account: string) => bookAt(`http://127.0.0.1:${site.port}`, account, fixture.timers.clock)

  beforeEach(async () => {
    fixture = await startServer()
    const { services } = fixture.server
    site = await startSite(passportHttp(services), contactServices(services))
  })
  afterEach(async () => {
    await site.stop()
    await fixture.stop()
  })

  it('a new list has nobody on it, and lets everybody write', async () => {
    expect(await open(juliet).fetch()).toMatchObject({ entries: [], groups: [], privacy: 'AL', prompt: 'A' })
  })

  it('has another name of its owner from then on', async () => {
    const book = open(juliet)
    await book.fetch()
    await book.renameSelf('Juliet & <Capulet>')
    expect((await open(juliet).fetch()).properties).toEqual({ MFN: 'Juliet & <Capulet>' })
  })

  it('people are put on each list and taken off again, once and twice', async () => {
    const book = open(juliet)
    const id = await book.add(romeo)
    expect(await book.add(romeo)).toBe(id)
    await book.addMember('BL', 'tybalt@example.com')
    await book.addMember('BL', 'tybalt@example.com')
    expect(listsOf(await book.fetch())).toMatchObject({ [romeo]: expect.stringContaining('FL'), 'tybalt@example.com': 'BL' })
    expect((await open(romeo).fetch()).entries).toMatchObject([{ handle: juliet }])
    await book.removeMember('BL', 'tybalt@example.com')
    await book.removeMember('BL', 'tybalt@example.com')
    await book.removeMember('AL', romeo)
    await book.remove(id)
    await book.remove(id)
    expect(listsOf(await book.fetch())).toEqual({})
  })

  it('whoever was added is told, and decides', async () => {
    await open(juliet).add(romeo)
    const book = open(romeo)
    expect(listsOf(await book.fetch())[juliet]).toContain('PL')
    await book.addMember('RL', juliet)
    await book.removeMember('PL', juliet)
    await book.addMember('AL', juliet)
    expect(listsOf(await book.fetch())).toEqual({ [juliet]: 'AL RL' })
  })

  it('a contact that the list keeps under another name has that', async () => {
    const book = open(juliet)
    const id = await book.add(romeo)
    await book.rename(id, 'Rômeo & <co>')
    expect((await book.fetch()).entries).toMatchObject([{ handle: romeo, guid: id, name: 'Rômeo & <co>' }])
  })

  it('groups are made, filled, named and removed', async () => {
    const book = open(juliet)
    const id = await book.add(romeo)
    const group = await book.addGroup('Montagues')
    expect(await book.addGroup('Montagues')).toBe(group)
    await book.addToGroup(id, group)
    await book.renameGroup(group, 'The others')
    const roster = await book.fetch()
    expect(roster.groups).toEqual([{ id: group, name: 'The others' }])
    expect(roster.entries).toMatchObject([{ handle: romeo, groups: [group] }])
    await book.removeFromGroup(id, group)
    await book.removeGroup(group)
    expect(await book.fetch()).toMatchObject({ groups: [], entries: [{ handle: romeo, groups: [] }] })
  })

  it('nobody is added who is not there', async () => {
    await expect(open(juliet).add('mab@example.com')).rejects.toMatchObject({ code: 'no-such-contact' })
  })

  it('a ticket that the server forgot is made anew', async () => {
    const book = bookAt(`http://127.0.0.1:${site.port}`, juliet, () => 0)
    await book.fetch()
    await fixture.timers.pass(9 * 3_600_000)
    await book.addGroup('Capulets')
    expect((await book.fetch()).groups).toMatchObject([{ name: 'Capulets' }])
  })
})

describe('with a server of another kind', () => {
  let server: WebServer
  let home: string
  /** What is answered to each operation; a fault where there is nothing. */
  let answers: Record<string, (call: ReceivedCall) => string>
  let asked: ReceivedCall[]

  const header = { cacheKey: 'k', host: 'elsewhere.example' }
  const contact = (more: Partial<Contact>): Contact => {
    return { id: 'c1', type: 'Regular', isMessengerUser: true, groups: [], details: {}, changedAt: 0, ...more }
  }
  const document = (contacts: readonly Contact[]): AddressBookDocument => {
    return { owner: { handle: juliet, cid: '1' }, groups: [], contacts, changedAt: 0, createdAt: 0 }
  }
  const paged = (contacts: readonly Contact[]) => () =>
    writeContactAnswer('ABFindContactsPaged', header, writeBook('ABFindContactsPaged', document(contacts)))
  const memberships = (members: readonly Partial<Member>[]) => () => {
    const all = members.map((member): Member => ({ list: 'AL', network: 1, changedAt: 0, ...member }))
    const inside = writeMemberships({ owner: { handle: juliet, cid: '1' }, members: all, changedAt: 0 })
    return writeContactAnswer('FindMembership', header, inside)
  }
  const fault = (code: string, conflict?: string) => (received: ReceivedCall) =>
    writeContactFault(received.operation, { code, reason: 'no', conflict })

  beforeEach(async () => {
    asked = []
    answers = { FindMembership: memberships([]), ABFindContactsPaged: paged([]) }
    server = new WebServer(({ path, body }, response) => {
      if (path === '/RST.srf') return response.end(tokenAnswer(body, juliet, 't=x&p='))
      const received = readContactCall(body)
      if (!received) return response.writeHead(400).end()
      asked.push(received)
      return response.writeHead(500).end((answers[received.operation] ?? fault('Forbidden'))(received))
    })
    home = await server.start()
  })
  afterEach(() => server.stop())

  const open = () => bookAt(home, juliet, () => 0)
  const operations = () => asked.map(({ operation }) => operation)

  it('both documents are one list', async () => {
    answers['ABFindContactsPaged'] = paged([
      contact({
        id: 'me',
        type: 'Me',
        handle: juliet,
        name: 'Juliet',
        details: { [annotation('MSN.IM.BLP')]: '2', [annotation('MSN.IM.GTC')]: '2' },
      }),
      contact({ id: 'c1', handle: 'Romeo@example.com', name: 'Romeo' }),
      contact({ id: 'c2', handle: 'nurse@example.com', name: 'Angelica', details: { [annotation('AB.NickName')]: 'Nurse' } }),
      contact({ id: 'c3', handle: 'paris@example.com', details: { quickName: 'Paris' } }),
      contact({ id: 'c4', handle: 'peter@example.com', isMessengerUser: false }),
      contact({ id: 'c5', handle: '00000000-0000-0000-0009-000000000001@hotmail.com', type: 'Circle' }),
      contact({ id: 'c6', handle: 'no address' }),
      contact({ id: 'c7', name: 'somebody who is only written down' }),
    ])
    answers['FindMembership'] = memberships([
      { handle: 'romeo@example.com', list: 'AL' },
      { handle: 'romeo@example.com', list: 'RL' },
      { handle: 'tybalt@example.com', list: 'BL' },
      { handle: 'tybalt@example.com', list: 'AL' },
      { handle: 'mercutio@example.com', list: 'PL' },
      { handle: 'no address', list: 'AL' },
    ])
    const roster = await open().fetch()
    expect(roster).toMatchObject({ privacy: 'BL', prompt: 'N', properties: { MFN: 'Juliet' } })
    expect(listsOf(roster)).toEqual({
      'Romeo@example.com': 'FL AL RL',
      'nurse@example.com': 'FL',
      'paris@example.com': 'FL',
      'tybalt@example.com': 'BL',
      'mercutio@example.com': 'PL',
    })
    const names = Object.fromEntries(roster.entries.map(({ handle, name }) => [handle, name]))
    expect(names).toMatchObject({ 'Romeo@example.com': 'Romeo', 'nurse@example.com': 'Nurse', 'paris@example.com': 'Paris' })
    expect(names['tybalt@example.com']).toBe('tybalt@example.com')
  })

  it('one that knows only the older question is asked that', async () => {
    delete answers['ABFindContactsPaged']
    answers['ABFindAll'] = () =>
      writeContactAnswer('ABFindAll', header, writeBook('ABFindAll', document([contact({ handle: romeo })])))
    expect(listsOf(await open().fetch())).toEqual({ [romeo]: 'FL' })
    expect(operations()).toEqual(['FindMembership', 'ABFindContactsPaged', 'ABFindAll'])
    expect(readBookQuery(asked[2]?.call as never)).toMatchObject({ deltasOnly: false })
  })

  it('an account without a book gets one', async () => {
    answers['FindMembership'] = (received) =>
      operations().includes('ABAdd') ? memberships([])() : fault('ABDoesNotExist')(received)
    answers['ABAdd'] = () => writeMade('ABAdd', header, 'book-1')
    expect((await open().fetch()).entries).toEqual([])
    expect(operations()).toEqual(['FindMembership', 'ABAdd', 'FindMembership', 'ABFindContactsPaged'])
  })

  it('somebody who was taken off the list is found in the book again', async () => {
    answers['ABContactAdd'] = fault('ContactAlreadyExists', 'c9')
    answers['ABContactUpdate'] = () => writeContactAnswer('ABContactUpdate', header)
    expect(await open().add(romeo)).toBe('c9')
    expect(readContactChanges(asked[1]?.call as never)).toMatchObject([{ id: 'c9', isMessengerUser: true }])
    answers['ABContactAdd'] = fault('ContactAlreadyExists')
    answers['ABFindContactsPaged'] = paged([contact({ id: 'c8', handle: 'ROMEO@example.com', isMessengerUser: false })])
    expect(await open().add(romeo)).toBe('c8')
  })

  it('whoever is added is told our name', async () => {
    answers['ABFindContactsPaged'] = paged([contact({ id: 'me', type: 'Me', handle: juliet, name: 'Juliet' })])
    answers['ABContactAdd'] = () => writeMade('ABContactAdd', header, 'c1')
    const book = open()
    await book.fetch()
    expect(await book.add(romeo)).toBe('c1')
    expect(readContactAdd(asked.at(-1)?.call as never)).toMatchObject({ handle: romeo })
    expect(server.asked.at(-1)?.body).toContain('<DisplayName>Juliet</DisplayName>')
    expect(server.asked.at(-1)?.body).toContain('<CacheKey>k</CacheKey>')
  })

  it('people of other networks are named as theirs', async () => {
    answers['DeleteMember'] = (received) => writeContactAnswer(received.operation, header)
    answers['FindMembership'] = () =>
      memberships([])().replace(
        '<Members></Members>',
        '<Members><Member xsi:type="EmailMember"><MembershipId>1</MembershipId><Type>Email</Type><State>Accepted</State><Annotations><Annotation><Name>MSN.IM.BuddyType</Name><Value>32:</Value></Annotation></Annotations><Email>paris@yahoo.example</Email></Member></Members>',
      )
    const book = open()
    await book.fetch()
    await book.removeMember('AL', 'paris@yahoo.example')
    expect(readMemberEdit(asked.at(-1)?.call as never)).toMatchObject([{ handle: 'paris@yahoo.example', network: 32 }])
  })

  it('people of other networks are on the list with their network, and added by their address there', async () => {
    const anne = (kind: string, email: string) => ({
      ...{ isMessengerUser: false, id: kind },
      details: { [`emails/${kind}/email`]: email, [`emails/${kind}/isMessengerEnabled`]: 'true' },
    })
    const elsewhere = [anne('Messenger2', 'anne@yahoo.example'), anne('Messenger3', 'nell@work.example')]
    answers['ABFindContactsPaged'] = paged([...elsewhere.map(contact), contact({ handle: romeo })])
    answers['ABContactAdd'] = (received) => writeMade(received.operation as 'ABContactAdd', header, 'c4')
    answers['AddMember'] = (received) => writeContactAnswer(received.operation, header)
    const book = open()
    const { entries } = await book.fetch()
    expect(entries.map(({ handle, network, lists }) => [handle, network, lists])).toEqual([
      ['anne@yahoo.example', 32, 1],
      ['nell@work.example', 2, 1],
      [romeo, undefined, 1],
    ])
    expect(await book.add('paris@yahoo.example', 32)).toBe('c4')
    expect(readContactAdd(asked.at(-1)?.call as never)?.details).toEqual({
      'emails/Messenger2/email': 'paris@yahoo.example',
      'emails/Messenger2/isMessengerEnabled': 'true',
      'emails/Messenger2/Capability': '32',
      'emails/Messenger2/MessengerEnabledExternally': 'false',
    })
    await book.addMember('AL', 'paris@yahoo.example')
    expect(readMemberEdit(asked.at(-1)?.call as never)).toMatchObject([{ handle: 'paris@yahoo.example', network: 32 }])
    answers['ABContactAdd'] = fault('ContactAlreadyExists')
    answers['ABContactUpdate'] = (received) => writeContactAnswer(received.operation, header)
    expect(await book.add('anne@yahoo.example', 32)).toBe('messenger2')
  })

  it.each([
    ['MemberAlreadyExists', () => open().addMember('AL', romeo)],
    ['MemberDoesNotExist', () => open().removeMember('AL', romeo)],
    ['ContactDoesNotExist', () => open().remove('c1')],
    ['GroupDoesNotExist', () => open().removeGroup('g1')],
  ] as const)('%s says that it is done already', async (code, edit) => {
    for (const operation of ['AddMember', 'DeleteMember', 'ABContactDelete', 'ABGroupDelete']) answers[operation] = fault(code)
    await edit()
    expect(asked).toHaveLength(1)
  })

  it.each([
    ['InvalidPassportUser', 'no-such-contact'],
    ['BadEmailArgument', 'no-such-contact'],
    ['Forbidden', 'server-error'],
  ])('%s is %s', async (code, expected) => {
    answers['ABContactAdd'] = fault(code)
    answers['AddMember'] = fault(code)
    await expect(open().add(romeo)).rejects.toMatchObject({ code: expected })
    await expect(open().addMember('AL', romeo)).rejects.toMatchObject({ code: expected })
  })

  it('a ticket that is over is renewed once, and no more', async () => {
    answers['FindMembership'] = () => (asked.length === 1 ? writeStaleTicket() : memberships([])())
    await open().fetch()
    answers['FindMembership'] = writeStaleTicket
    await expect(open().fetch()).rejects.toMatchObject({ code: 'server-error' })
  })

  it('a thousand contacts on two lists each are read', async () => {
    const people = Array.from({ length: 1000 }, (_, index) => `somebody.with.a.long.name.${index}@example.com`)
    const details = { 'phones/ContactPhoneMobile/number': '+39 045 123', firstName: 'Some', lastName: 'Body' }
    answers['ABFindContactsPaged'] = paged(people.map((handle, index) => contact({ id: `c${index}`, handle, details })))
    answers['FindMembership'] = memberships(people.flatMap((handle) => [{ handle }, { handle, list: 'RL' as const }]))
    expect((await open().fetch()).entries).toHaveLength(1000)
  })

  it('nonsense is an error', async () => {
    const endless = `<Envelope><Body><FindMembershipResponse>${'<a/>'.repeat(250_000)}</FindMembershipResponse></Body></Envelope>`
    const other = writeContactAnswer('FindMembership', header)
    for (const nonsense of [
      '',
      '<html/>',
      '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
      'x'.repeat(9 * 1024 * 1024),
      endless,
      other,
    ]) {
      answers['FindMembership'] = () => nonsense
      await expect(open().fetch()).rejects.toMatchObject({ code: 'server-error' })
    }
    answers['FindMembership'] = memberships([])
    answers['ABFindContactsPaged'] = () => other
    await expect(open().fetch()).rejects.toMatchObject({ code: 'server-error' })
    answers['ABContactAdd'] = () => writeContactAnswer('ABContactAdd', header)
    await expect(open().add(romeo)).rejects.toMatchObject({ code: 'server-error' })
  })

  it('whatever is left of an answer, a list comes of it or an error', async () => {
    const people = ['romeo', 'nurse', 'tybalt'].map((name) => `${name}@example.com`)
    const whole = {
      FindMembership: memberships(people.flatMap((handle) => [{ handle }, { handle, list: 'BL' as const }]))(),
      ABFindContactsPaged: paged(people.map((handle, index) => contact({ id: `c${index}`, handle })))(),
    }
    const cut = fc.record({ at: fc.nat(6000), length: fc.nat(300), instead: fc.string({ maxLength: 20 }) })
    let damage: { at: number; length: number; instead: string }[] = []
    const damaged = (text: string) =>
      damage.reduce((rest, { at, length, instead }) => rest.slice(0, at) + instead + rest.slice(at + length), text)
    const answering: WebCall = async ({ headers, body = '' }) => {
      const operation = /\/(\w+)"$/.exec(headers?.['SOAPAction'] ?? '')?.[1] as keyof typeof whole
      const text = tokenAnswer(body, juliet, 't=x&p=') ?? damaged(whole[operation] ?? '')
      return { status: 200, headers: new Headers(), text }
    }
    const book = bookAt('http://verona.example', juliet, () => 0, answering)
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 3 }), async (cuts) => {
        damage = cuts
        const roster = await book.fetch().catch((error: unknown) => {
          expect(error).toBeInstanceOf(ClientError)
        })
        for (const { handle, lists } of roster?.entries ?? []) {
          expect(handle).toMatch(/^[^\s@]+@[^\s@]+$/)
          expect(isOn(lists, 'AL') && isOn(lists, 'BL')).toBe(false)
        }
      }),
      { numRuns: 200 },
    )
  })
})
