// Chats of several people on MSN as the gateway sees them, hosted and linked: our own server, without wires.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import type { Content } from '../../src/core/content.ts'
import { plainText } from '../../src/core/content.ts'
import type { DeliveryId, Parcel } from '../../src/core/delivery.ts'
import { ContentRefused } from '../../src/core/errors.ts'
import { silent } from '../../src/core/log.ts'
import type { LoginId } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { UserId } from '../../src/core/user.ts'
import { naming } from '../../src/matrix/address.ts'
import { HostedAddresses } from '../../src/msn/address.ts'
import { HostedMsn } from '../../src/msn/hosted.ts'
import { LinkedMsn } from '../../src/msn/linked.ts'
import { SeveralChats } from '../../src/msn/several.ts'
import { EventLog } from '../support/event-log.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import { bring, openBoard, signedIn } from '../support/msn-cast.ts'
import type { TestClient } from '../support/msn-client.ts'
import { clientAt, heard, says } from '../support/msn-client.ts'
import type { TestServer } from '../support/msn-server.ts'
import { password, startServer } from '../support/msn-server.ts'

const [juliet, nurse, tybalt] = ['juliet@example.com', 'nurse@example.com', 'tybalt@example.com'] as const
const msn = networkId('msn')
const addresses = new HostedAddresses(msn, 'msn.example.com', new Map([[networkId('matrix'), naming('hs.test')]]))
const person = (id: string): Address => ({ network: msn, id })

let server: TestServer
let network: HostedMsn | LinkedMsn
let told: EventLog
let clients: TestClient[]

function hosted(): HostedMsn {
  return new HostedMsn({
    id: msn,
    addresses,
    ticketFor: (address, name) => server.server.hostedTicket(address, name),
    invitationTo: (address, from) => server.server.invitationTo(address, from),
    pictureOf: (account) => server.server.pictureOf(account),
    pictureAt: (name) => server.server.picture(name),
    dial: async ({ role }) => server.server.connect(role),
    permits: () => true,
    isShutOut: async () => false,
    records: server.records,
    clock: () => 1_000,
    log: silent,
  })
}

function linked(): LinkedMsn {
  return new LinkedMsn({
    id: msn,
    config: { host: 'msn.example.com', port: 1863, dialects: [12] },
    dial: async ({ role }) => server.server.connect(role),
    signIn: async ({ account }) => new Secret(await server.ticketFor(account)),
    records: server.records,
    clock: () => 1_000,
    log: silent,
  })
}

/** Somebody's own client, signed in. */
async function at(account: string): Promise<TestClient> {
  const ticket = async () => new Secret(await server.ticketFor(account))
  const dial = async ({ role }: { role: 'NS' | 'SB' }) => server.server.connect(role)
  const client = clientAt({ dial }, { account, credential: { kind: 'ticket', ticket } })
  clients.push(client)
  expect(await client.session.connect()).toBe('online')
  return client
}

const payload = (text: string) => Buffer.from(`MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n${text}`)

/** What the gateway was told of a chat: who said what, who came and who left. */
function story(chat: string): string[] {
  return told.events.flatMap((event) => {
    if (!('conversation' in event) || event.conversation.id !== chat) return []
    if (event.kind === 'attendance') return [`${event.who.id} ${event.change}`]
    if (event.kind !== 'message') return []
    return [`${event.from.id}: ${event.content.kind === 'text' ? event.content.runs[0]?.text : event.content.kind}`]
  })
}

describe.each([
  { face: 'hosted', romeo: 'romeo@matrix.msn.example.com', make: hosted },
  { face: 'linked', romeo: 'romeo@example.com', make: linked },
])('somebody who is $face, in a chat of several', ({ romeo, make }) => {
  const chair = person(romeo)

  async function start(): Promise<void> {
    network = make()
    await network.start(told.sink)
    if (network.face === 'hosted') return
    const before = told.events.length
    const login = { id: 'l' as LoginId, user: 'u' as UserId, address: chair, state: 'offline' as const }
    await network.connect(login, { password: new Secret(password) })
    await told.first('login-state', (event) => event.state === 'online' && told.events.indexOf(event) >= before)
  }

  beforeEach(async () => {
    server = await startServer({
      isHostedAddress: (email) => addresses.owns(email),
      welcomes: (email) => network instanceof HostedMsn && network.welcomes(email),
      summon: async (email) => network instanceof HostedMsn && network.summon(email),
    })
    told = new EventLog()
    clients = []
    await start()
  })

  afterEach(async () => {
    for (const { session } of clients) await session.close()
    await network.stop()
    await server.stop()
  })

  let parcels = 0
  const parcel = (chat: string, content: Content | string): Parcel => ({
    id: `d${parcels++}` as DeliveryId,
    conversation: { network: msn, id: chat, as: chair },
    as: chair,
    content: typeof content === 'string' ? plainText(content) : content,
    sentAt: 0,
    again: false,
  })

  /** Juliet has Romeo and the nurse in one chat, and says something there; gives its name, too. */
  async function threeTalk() {
    const julietHere = await at(juliet)
    const nurseHere = await at(nurse)
    expect(await julietHere.session.gather('b1', [romeo, nurse])).toEqual([])
    await julietHere.session.sayOn('b1', payload('to both of you'))
    const { conversation } = await told.first('message')
    return { juliet: julietHere, nurse: nurseHere, chat: conversation.id }
  }

  it('is none with one person whose address begins like the name of such a chat', async () => {
    const montagues = 'several-montagues@example.com'
    const record = await server.records.get('accounts', juliet)
    await server.records.update('accounts', montagues, () => ({ ...(record as object), email: montagues }))
    const client = await at(montagues)
    expect(await network.peopleIn({ network: msn, id: montagues, as: chair })).toBeUndefined()
    await network.deliver(parcel(montagues, 'A plague'))
    await client.until(() => client.messages.length === 1)
    expect(heard(client)).toEqual(['A plague'])
  })

  it('hears who says what, and is heard by all', async () => {
    const { juliet: first, nurse: second, chat } = await threeTalk()
    const message = told.of('message')[0]
    expect(message).toMatchObject({ from: person(juliet), conversation: { as: chair }, content: plainText('to both of you') })
    expect(await network.peopleIn({ network: msn, id: chat, as: chair })).toEqual(
      expect.arrayContaining([person(juliet), person(nurse)]),
    )
    await network.deliver(parcel(chat, 'I hear you'))
    await first.until(() => first.messages.length === 1)
    await second.until(() => second.messages.length === 2)
    expect([heard(first), heard(second)]).toEqual([['I hear you'], ['to both of you', 'I hear you']])
  })

  it('begins one: everybody is called, and the same people again are the same chat', async () => {
    const [first, second] = [await at(juliet), await at(nurse)]
    const chat = await network.begin(chair, [person(juliet), person(nurse)])
    expect(await network.peopleIn(chat)).toEqual(expect.arrayContaining([person(juliet), person(nurse)]))
    await network.deliver(parcel(chat.id, 'Well met'))
    await first.until(() => first.messages.length === 1)
    await second.until(() => second.messages.length === 1)
    expect([heard(first), heard(second)]).toEqual([['Well met'], ['Well met']])
    expect(await network.begin(chair, [person(nurse), person(juliet)])).toEqual(chat)
  })

  it('begins none where nobody comes', async () => {
    const begun = network.begin(chair, [person(juliet), person(nurse)])
    await expect(begun).rejects.toMatchObject({ fate: 'fail', phrase: { key: 'msn.nobody-came' } })
  })

  it('hears what is said to them alone in another conversation', async () => {
    const { juliet: first, chat } = await threeTalk()
    await says(first, romeo, 'to you alone')
    const alone = await told.first('message', ({ conversation }) => conversation.id !== chat)
    expect(alone).toMatchObject({ conversation: { id: juliet }, content: plainText('to you alone') })
    expect(await network.peopleIn(alone.conversation)).toBeUndefined()
  })

  it('sees who types, and is seen typing', async () => {
    const { juliet: first, nurse: second, chat } = await threeTalk()
    const conversation = { network: msn, id: chat, as: chair }
    first.session.typingOn('b1')
    expect(await told.first('typing')).toMatchObject({ conversation, from: person(juliet) })
    network.signal({ kind: 'typing', as: chair, conversation, typing: true })
    await second.until(() => second.typing.includes(romeo))
  })

  it('sees who comes and who leaves, in order with what they say', async () => {
    const { juliet: first, nurse: second, chat } = await threeTalk()
    const third = await at(tybalt)
    await first.session.invite('b1', tybalt)
    await told.first('attendance', ({ who }) => who.id === tybalt)
    await first.session.sayOn('b1', payload('be civil'))
    await third.until(() => third.messages.length === 1)
    const board = third.messages[0]?.board ?? ''
    await third.session.sayOn(board, payload('farewell'))
    third.session.leaveBoard(board)
    await told.first('attendance', ({ change }) => change === 'left')
    await second.session.sayOn(second.messages[0]?.board ?? '', payload('good riddance'))
    await expect.poll(() => story(chat).at(-1)).toContain('good riddance')
    expect(story(chat).slice(-5)).toEqual([
      `${tybalt} came`,
      `${juliet}: be civil`,
      `${tybalt}: farewell`,
      `${tybalt} left`,
      `${nurse}: good riddance`,
    ])
    expect(await network.peopleIn({ network: msn, id: chat, as: chair })).toHaveLength(2)
  })

  it('gathers the same people again when it is over, and is told who does not come', async () => {
    const { juliet: first, nurse: second, chat } = await threeTalk()
    first.session.leaveBoard('b1')
    await told.first('attendance', ({ change }) => change === 'left')
    second.session.leaveBoard(second.messages[0]?.board ?? '')
    await expect.poll(async () => (await network.deliver(parcel(chat, 'once more'))).missed ?? 'all').toBe('all')
    await first.until(() => heard(first).includes('once more'))
    await second.until(() => heard(second).includes('once more'))
    for (const { session, messages } of [first, second]) session.leaveBoard(messages.at(-1)?.board ?? '')
    await second.session.close()
    await expect.poll(async () => (await network.deliver(parcel(chat, 'nurse?'))).missed).toEqual([person(nurse)])
    await first.until(() => heard(first).includes('nurse?'))
  })

  it('is told when nobody comes', async () => {
    const { juliet: first, nurse: second, chat } = await threeTalk()
    await first.session.close()
    await second.session.close()
    const refusal = async () => network.deliver(parcel(chat, 'anybody?')).catch((error: unknown) => error)
    await expect.poll(refusal).toBeInstanceOf(ContentRefused)
    expect(await refusal()).toMatchObject({ phrase: { key: 'msn.nobody-came' } })
  })

  it('goes on in the same chat after a restart, whoever of them calls', async () => {
    const { nurse: second, chat } = await threeTalk()
    await network.stop()
    await start()
    await network.deliver(parcel(chat, 'I am back'))
    await second.until(() => heard(second).includes('I am back'))
    await second.session.gather('b2', [juliet, romeo])
    await second.session.sayOn('b2', payload('so are we'))
    await told.first('message', ({ content }) => content.kind === 'text' && content.runs[0]?.text === 'so are we')
    expect(story(chat).at(-1)).toBe(`${nurse}: so are we`)
  })

  it('goes on in another with other people', async () => {
    const { juliet: first, chat } = await threeTalk()
    await at(tybalt)
    await first.session.gather('b2', [romeo, tybalt])
    await first.session.sayOn('b2', payload('without the nurse'))
    const other = await told.first('message', ({ conversation }) => conversation.id !== chat)
    expect(await network.peopleIn(other.conversation)).toEqual(expect.arrayContaining([person(juliet), person(tybalt)]))
  })

  it('asks somebody more to come, and is told when they do not', async () => {
    const { chat } = await threeTalk()
    const invitation = () => network.deliver(parcel(chat, { kind: 'attendance', change: 'invited', who: person(tybalt) }))
    await expect(invitation()).rejects.toMatchObject({ fate: 'fail', phrase: { key: 'msn.did-not-come' } })
    await at(tybalt)
    await invitation()
    expect(await told.first('attendance', ({ who }) => who.id === tybalt)).toMatchObject({ change: 'came' })
  })

  it('leaves it, and is left in peace', async () => {
    const { juliet: first, nurse: second, chat } = await threeTalk()
    await network.deliver(parcel(chat, { kind: 'attendance', change: 'left', who: chair }))
    await network.deliver(parcel(chat, { kind: 'attendance', change: 'left', who: chair }))
    // Said again until the nurse hears it among two.
    for (let time = 0; second.messages.at(-1)?.participants.includes(romeo) ?? true; time++) {
      await first.session.sayOn('b1', payload('is he gone?'))
      await second.until(() => heard(second).length > time + 1)
    }
    await first.session.sayOn('b1', payload('to the nurse'))
    await second.until(() => heard(second).includes('to the nurse'))
    expect(story(chat).join()).not.toContain('to the nurse')
  })

  it('hears nothing of somebody who is blocked', async () => {
    const { nurse: second, chat } = await threeTalk()
    await network.edit(chair, 'block', person(nurse))
    await second.session.sayOn(second.messages[0]?.board ?? '', payload('let me in')).catch(() => {})
    expect(story(chat).join()).not.toContain('let me in')
  })
})

describe('a vintage client in a chat with somebody hosted', () => {
  it('hears that a message arrived only when it is safe with the gateway', async () => {
    server = await startServer({
      isHostedAddress: (email) => addresses.owns(email),
      welcomes: () => true,
      summon: (email) => (network as HostedMsn).summon(email),
    })
    told = new EventLog()
    network = hosted()
    await network.start(told.sink)
    const line = await signedIn(server, juliet)
    const third = await signedIn(server, nurse)
    const board = await openBoard(server, line, juliet)
    board.say('CAL 2 romeo@matrix.msn.example.com')
    await board.hearOnly('JOI')
    await bring(board, nurse, third, await server.dial('SB'))
    const safe = Promise.withResolvers<void>()
    told.take = (event) => (event.kind === 'message' ? safe.promise : Promise.resolve())
    const text = payload('for both of you').toString()
    board.say('MSG 3 A', text)
    await told.first('message')
    expect(board.unheard.filter((heardLine) => /^(ACK|NAK)/.test(heardLine))).toEqual([])
    safe.resolve()
    expect(await board.hearOnly('ACK')).toBe('ACK 3')
    told.take = () => Promise.reject(new Error('no Redis'))
    board.say('MSG 4 A', text)
    expect(await board.hearOnly('NAK')).toBe('NAK 4')
    await network.stop()
    await server.stop()
  })
})

describe('the name of a chat of several', () => {
  const romeo = person('romeo@example.com')
  const chats = (records = new MemoryRecords()) => ({
    records,
    several: new SeveralChats({ network: msn, records, tell: async () => {} }),
  })

  it('is that of the same people, in whatever order, as long as they are the same', async () => {
    const { records, several } = chats()
    const name = await several.heardOn('b1', romeo, [juliet, nurse])
    expect(await several.heardOn('b2', romeo, [nurse, juliet])).toBe(name)
    expect(await several.heardOn('b3', person(tybalt), [nurse, juliet])).not.toBe(name)
    expect(await chats(records).several.heardOn('b4', romeo, [nurse, juliet])).toBe(name)
  })

  it('goes along with those who come, and those who came anew have another', async () => {
    const { several } = chats()
    const name = await several.heardOn('b1', romeo, [juliet, nurse])
    await several.changed('b1', [juliet, nurse, tybalt])
    expect(await several.heardOn('b2', romeo, [tybalt, nurse, juliet])).toBe(name)
    const two = await several.heardOn('b3', romeo, [juliet, nurse])
    expect(two).not.toBe(name)
    await several.changed('b1', [juliet, nurse])
    expect(await several.heardOn('b4', romeo, [juliet, nurse])).toBe(two)
  })

  it('is kept for all of them when it ends, one after the other', async () => {
    const { several } = chats()
    const name = (await several.heardOn('b1', romeo, [juliet, nurse])) ?? ''
    await several.changed('b1', [juliet])
    await several.changed('b1', [])
    expect(several.idOn('b1')).toBeUndefined()
    expect(await several.peopleIn(name)).toEqual([juliet, nurse])
  })

  it('keeps whoever leaves one of two boards on which it goes on', async () => {
    const told = new EventLog()
    const several = new SeveralChats({ network: msn, records: new MemoryRecords(), tell: told.sink })
    const name = (await several.heardOn('b1', romeo, [juliet, nurse, tybalt])) ?? ''
    expect(await several.heardOn('b2', romeo, [juliet, nurse, tybalt])).toBe(name)
    await several.changed('b1', [nurse, tybalt])
    expect(await several.peopleIn(name)).toEqual([juliet, nurse, tybalt])
    await several.changed('b2', [nurse, tybalt])
    expect(await several.peopleIn(name)).toEqual([nurse, tybalt])
    expect(told.of('attendance').map(({ change, who }) => `${who.id} ${change}`)).toEqual([
      `${juliet} came`,
      `${nurse} came`,
      `${tybalt} came`,
      `${juliet} left`,
    ])
  })

  it('is not that of a chat that others have come into, though a kill kept the old name for it', async () => {
    const { records, several } = chats()
    const name = (await several.heardOn('b1', romeo, [juliet, nurse])) ?? ''
    await records.update('msn-several', name, () => ({ people: [juliet, nurse, tybalt] }))
    const other = (await chats(records).several.heardOn('b2', romeo, [juliet, nurse])) ?? ''
    expect(other).not.toBe(name)
    expect(await several.peopleIn(other)).toEqual([juliet, nurse])
    expect(await chats(records).several.heardOn('b3', romeo, [nurse, juliet])).toBe(other)
  })

  it('is none where there is nobody, and nobody belongs to one that cannot be read', async () => {
    const { records, several } = chats()
    expect(await several.heardOn('b1', romeo, [])).toBeUndefined()
    await records.update('msn-several', 'several-x', () => 'nonsense')
    expect(await several.peopleIn('several-x')).toEqual([])
  })
})
