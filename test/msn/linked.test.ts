// An MSN network out there as the gateway sees it. Our own server plays it, without wires.

import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import { plainText } from '../../src/core/content.ts'
import type { DeliveryId, Parcel } from '../../src/core/delivery.ts'
import { Absent, DeliveryError } from '../../src/core/errors.ts'
import type { Login, LoginId } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { UserId } from '../../src/core/user.ts'
import { ClientError } from '../../src/msn/client/errors.ts'
import type { LinkedConfig } from '../../src/msn/config.ts'
import { LinkedMsn } from '../../src/msn/linked.ts'
import { EventLog } from '../support/event-log.ts'
import { listening, type Said } from '../support/log.ts'
import { settled } from '../support/manual-timers.ts'
import type { TestClient } from '../support/msn-client.ts'
import { clientAt, heard, says } from '../support/msn-client.ts'
import type { TestServer } from '../support/msn-server.ts'
import { password, startServer } from '../support/msn-server.ts'

const verona = networkId('verona')
const romeo: Address = { network: verona, id: 'romeo@example.com' }
const tybalt: Address = { network: verona, id: 'tybalt@example.com' }
const juliet: Address = { network: verona, id: 'juliet@example.com' }

function loginOf(address: Address): Login {
  return { id: `login-${address.id}` as LoginId, user: 'u1' as UserId, address, state: 'offline' }
}

const romeos = loginOf(romeo)
const tybalts = loginOf(tybalt)
const right = { password: new Secret(password) }

let server: TestServer
let linked: LinkedMsn
let told: EventLog
let said: Said[]
let clients: TestClient[]
/** What a dialling session gets to a notification server; the server itself unless a test says otherwise. */
let dialled: (line: Duplex) => Promise<Duplex>

beforeEach(async () => {
  server = await startServer()
  dialled = async (line) => line
  clients = []
  linked = networkWith([12])
  await linked.start(told.sink)
})

afterEach(async () => {
  for (const { session } of clients) await session.close()
  await linked.stop()
  await server.stop()
})

function networkWith(dialects: LinkedConfig['dialects']): LinkedMsn {
  const { log, said: lines } = listening()
  said = lines
  told = new EventLog()
  return new LinkedMsn({
    id: verona,
    config: { host: 'msn.example.com', port: 1863, dialects },
    dial: async ({ role }) => {
      const line = server.server.connect(role)
      return role === 'NS' ? dialled(line) : line
    },
    signIn: async ({ account, password: given }) => {
      if (given.reveal() !== password) throw new ClientError('refused', 'the password is wrong')
      return new Secret(await server.ticketFor(account))
    },
    records: server.records,
    clock: () => 1_000,
    log,
  })
}

/** Somebody's own client, signed in. */
async function at(address: Address, name?: string): Promise<TestClient> {
  const client = clientAt(
    { dial: async ({ role }) => server.server.connect(role) },
    {
      account: address.id,
      credential: { kind: 'ticket', ticket: async () => new Secret(await server.ticketFor(address.id)) },
      ...(name !== undefined && { name }),
    },
  )
  clients.push(client)
  expect(await client.session.connect()).toBe('online')
  return client
}

const stateOf = (login: Login, state: string) =>
  told.first('login-state', (event) => event.login === login.id && event.state === state)
const statesOf = (login: Login) =>
  told
    .of('login-state')
    .filter((event) => event.login === login.id)
    .map(({ state }) => state)

async function online(login: Login): Promise<void> {
  await linked.connect(login, right)
  await stateOf(login, 'online')
}

let parcels = 0

function parcel(as: Address, to: Address, text: string): Parcel {
  const conversation = { network: verona, id: to.id, as }
  return { id: `d${parcels++}` as DeliveryId, conversation, as, content: plainText(text), sentAt: 0, again: false }
}

describe('a login', () => {
  it('signs in, and tells its list', async () => {
    const before = await at(romeo)
    await before.session.addContact(juliet.id)
    await before.session.close()
    await online(romeos)
    expect(statesOf(romeos)).toEqual(['connecting', 'online'])
    const { contacts, whole } = await told.first('contacts')
    expect(whole).toBe(true)
    expect(contacts).toEqual([
      { login: romeos.id, address: juliet, name: expect.any(String), lists: ['forward', 'allow'], groups: [] },
    ])
  })

  it('signs in to a server that knows only MD5', async () => {
    await linked.stop()
    linked = networkWith([7])
    await linked.start(told.sink)
    await online(romeos)
    const client = await at(juliet)
    await linked.deliver(parcel(romeo, juliet, 'hi'))
    await client.until(() => client.messages.length === 1)
  })

  it('hears who puts it on a list', async () => {
    await online(romeos)
    const client = await at(juliet, 'Juliet')
    await client.session.addContact(romeo.id)
    const { contacts } = await told.first('contacts', ({ whole }) => !whole)
    expect(contacts).toMatchObject([{ address: juliet, lists: expect.arrayContaining(['reverse']) }])
  })

  it('with a wrong password is refused, and says why', async () => {
    await linked.connect(romeos, { password: new Secret('mercutio') })
    expect(await stateOf(romeos, 'refused')).toMatchObject({ reason: { key: 'msn.wrong-password' } })
    expect(JSON.stringify(said)).not.toContain('mercutio')
    await online(romeos)
  })

  it('that is used elsewhere does not fight back', async () => {
    await online(romeos)
    const elsewhere = await at(romeo)
    expect(await stateOf(romeos, 'displaced')).toMatchObject({ reason: { key: 'msn.displaced' } })
    await settled()
    expect(elsewhere.session.state).toBe('online')
    await expect(linked.deliver(parcel(romeo, juliet, 'hi'))).rejects.toMatchObject({ until: romeo })
  })

  it('tells the way of what it says: called to an open switchboard once, and confirmed each time', async () => {
    await online(romeos)
    await at(juliet)
    const ways = []
    for (const text of ['But', 'soft']) ways.push((await linked.deliver(parcel(romeo, juliet, text))).steps)
    const called = { at: 1_000, phrase: { key: 'msn.step-called', params: { name: juliet.id } } }
    const confirmed = { at: 1_000, phrase: { key: 'msn.step-said' } }
    expect(ways).toEqual([[called, confirmed], [confirmed]])
  })

  it('refuses a file that has no link, and says what is missing', async () => {
    await online(romeos)
    const file = { kind: 'media', what: 'image', name: 'balcony.jpg', ref: 'mxc://a/b' } as const
    const refusal = linked.deliver({ ...parcel(romeo, juliet, ''), content: file })
    await expect(refusal).rejects.toMatchObject({ fate: 'fail', phrase: { key: 'msn.no-link' } })
  })

  it('reads its list again when it is asked to, and tells it whole', async () => {
    await online(romeos)
    await linked.edit(romeo, 'add', juliet)
    const before = told.of('contacts').length
    await linked.reread(romeo)
    expect(told.of('contacts').slice(before)).toMatchObject([{ whole: true, contacts: [{ address: juliet }] }])
    await linked.disconnect(romeos.id)
    await expect(linked.reread(romeo)).rejects.toThrow(Absent)
  })

  it('names its contacts and arranges them in groups, as the owner sees in their own client', async () => {
    await online(romeos)
    await linked.edit(romeo, 'add', juliet)
    await linked.arrange(romeo, { kind: 'name', who: juliet, name: 'My sun' })
    await linked.arrange(romeo, { kind: 'put-in', who: juliet, group: 'Capulets' })
    await linked.arrange(romeo, { kind: 'put-in', who: juliet, group: 'Foes' })
    await linked.arrange(romeo, { kind: 'rename-group', group: 'Capulets', name: 'Friends' })
    await linked.arrange(romeo, { kind: 'take-out', who: juliet, group: 'Foes' })
    await linked.arrange(romeo, { kind: 'remove-group', group: 'Foes' })
    expect(await linked.contacts(romeo)).toMatchObject([{ address: juliet, name: 'My sun', groups: ['Friends'] }])
    await linked.disconnect(romeos.id)
    const own = await at(romeo)
    expect(own.contacts).toMatchObject([{ account: juliet.id, name: 'My sun', groups: ['Friends'] }])
    await expect(linked.arrange(romeo, { kind: 'remove-group', group: 'Foes' })).rejects.toThrow(Absent)
  })

  it('says that there is no such group, or nobody such to put into one', async () => {
    await online(romeos)
    for (const arrangement of [
      { kind: 'remove-group', group: 'Capulets' },
      { kind: 'put-in', who: tybalt, group: 'Capulets' },
    ] as const)
      await expect(linked.arrange(romeo, arrangement)).rejects.toThrow(DeliveryError)
  })

  it('comes back by itself when the connection breaks', async () => {
    const lines: Duplex[] = []
    dialled = async (line) => {
      lines.push(line)
      return line
    }
    await online(romeos)
    lines[0]?.destroy()
    await stateOf(romeos, 'reconnecting')
    const again = () => told.of('login-state').filter(({ state }) => state === 'online').length === 2
    await told.first('login-state', again)
    expect(statesOf(romeos)).toEqual(['connecting', 'online', 'reconnecting', 'online'])
  })

  it('can be signed out while it is signing in', async () => {
    const gate = Promise.withResolvers<void>()
    dialled = async (line) => {
      await gate.promise
      return line
    }
    await linked.connect(romeos, right)
    const gone = linked.disconnect(romeos.id)
    gate.resolve()
    await gone
    await settled()
    expect(statesOf(romeos)).not.toContain('online')
    dialled = async (line) => line
    await online(romeos)
  })

  it('that is signed out while it changes its password stays signed out', async () => {
    await online(romeos)
    const safe = Promise.withResolvers<void>()
    told.take = (event) => (event.kind === 'message' ? safe.promise : Promise.resolve())
    const client = await at(juliet)
    const saying = says(client, romeo.id, 'hold on')
    await told.first('message')
    // The session before is still closing: what it heard is not safe yet.
    const connecting = linked.connect(romeos, right)
    const leaving = linked.disconnect(romeos.id)
    safe.resolve()
    await Promise.all([saying, connecting, leaving])
    await settled()
    expect(statesOf(romeos)).toEqual(['connecting', 'online'])
    await expect(linked.deliver(parcel(romeo, juliet, 'hi'))).rejects.toThrow(Absent)
  })

  it('that is asked for twice at once is signed in once', async () => {
    await Promise.all([linked.connect(romeos, right), linked.connect(romeos, right)])
    await stateOf(romeos, 'online')
    await settled()
    expect(statesOf(romeos)).toEqual(['connecting', 'online'])
  })

  it('that was never signed in can be signed out', async () => {
    await linked.disconnect(romeos.id)
    expect(told.events).toEqual([])
  })
})

describe('what is said', () => {
  it('goes both ways, with the name of the contact', async () => {
    await online(romeos)
    const client = await at(juliet, 'Juliet Capulet')
    await linked.deliver(parcel(romeo, juliet, 'But soft!'))
    await client.until(() => client.messages.length === 1)
    expect(heard(client)).toEqual(['But soft!'])
    await says(client, romeo.id, 'Ay me.')
    expect(await told.first('message')).toMatchObject({
      conversation: { network: verona, id: juliet.id, as: romeo },
      from: juliet,
      fromName: 'Juliet Capulet',
      content: plainText('Ay me.'),
    })
  })

  it('waits for the login while that is signed out', async () => {
    const error: unknown = await linked.deliver(parcel(romeo, juliet, 'hi')).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Absent)
    expect(error).toMatchObject({ until: romeo, phrase: { key: 'delivery.login-offline', params: { account: romeo.id } } })
  })

  it('waits for a contact who is offline, and their return is told', async () => {
    const before = await at(romeo)
    await before.session.addContact(juliet.id)
    await before.session.close()
    await online(romeos)
    const error: unknown = await linked.deliver(parcel(romeo, juliet, 'hi')).catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: 'Absent', until: juliet })
    await at(juliet)
    expect(await told.first('presence')).toMatchObject({ of: juliet, seenBy: romeo, presence: { status: 'online' } })
    await linked.deliver(parcel(romeo, juliet, 'hi'))
  })

  it('by two logins to one contact stays apart', async () => {
    await online(romeos)
    await online(tybalts)
    const client = await at(juliet)
    await linked.deliver(parcel(romeo, juliet, 'I am Romeo'))
    await linked.deliver(parcel(tybalt, juliet, 'I am Tybalt'))
    await client.until(() => client.messages.length === 2)
    await says(client, tybalt.id, 'to Tybalt')
    await says(client, romeo.id, 'to Romeo')
    await told.first('message', ({ conversation }) => conversation.as?.id === romeo.id)
    expect(told.of('message').map(({ conversation, content }) => [conversation.as, content])).toEqual([
      [tybalt, plainText('to Tybalt')],
      [romeo, plainText('to Romeo')],
    ])
  })
})

describe('signals', () => {
  it('of typing and presence go both ways', async () => {
    await online(romeos)
    const client = await at(juliet)
    await client.session.addContact(romeo.id)
    await linked.deliver(parcel(romeo, juliet, 'hi'))
    const conversation = { network: verona, id: juliet.id, as: romeo }
    linked.signal({ kind: 'typing', as: romeo, conversation, typing: true })
    linked.signal({ kind: 'presence', as: romeo, presence: { status: 'lunch' } })
    await client.until(() => client.typing.length === 1 && client.presences.at(-1)?.status === 'lunch')
    client.session.typing(romeo.id)
    expect(await told.first('typing')).toEqual({ kind: 'typing', conversation, from: juliet, typing: true })
  })

  it('and names are told without the codes of Messenger Plus!', async () => {
    const before = await at(romeo)
    await before.session.addContact(juliet.id)
    await before.session.close()
    await online(romeos)
    const client = await at(juliet, '[c=4]Juliet[/c] ·#Capulet')
    await client.session.setPersonal('[b]Ay me[/b] [c=1]at[/c=4] home[0]')
    expect(await told.first('presence', ({ presence }) => presence.message !== undefined)).toMatchObject({
      name: 'Juliet Capulet',
      presence: { message: 'Ay me at home[0]' },
    })
    await says(client, romeo.id, 'Romeo')
    expect(await told.first('message')).toMatchObject({ fromName: 'Juliet Capulet' })
  })

  it('of a login that is not there get lost', () => {
    const conversation = { network: verona, id: juliet.id, as: romeo }
    linked.signal({ kind: 'typing', as: romeo, conversation, typing: true })
    linked.signal({ kind: 'presence', as: romeo, presence: { status: 'away' } })
    expect(told.events).toEqual([])
  })
})

describe('the end', () => {
  it('is not told as a state of the logins: those that were online are signed in again at the next start', async () => {
    await online(romeos)
    await linked.stop()
    await settled()
    expect(statesOf(romeos)).toEqual(['connecting', 'online'])
  })

  it('waits for a message that is just being made safe', async () => {
    await online(romeos)
    const client = await at(juliet)
    const safe = Promise.withResolvers<void>()
    told.take = (event) => (event.kind === 'message' ? safe.promise : Promise.resolve())
    await says(client, romeo.id, 'hi')
    await told.first('message')
    const order: string[] = []
    const stopping = linked.stop().then(() => order.push('stopped'))
    await settled()
    order.push('safe')
    safe.resolve()
    await stopping
    expect(order).toEqual(['safe', 'stopped'])
  })

  it('does not leave a delivery hanging', async () => {
    await online(romeos)
    await at(juliet)
    await linked.deliver(parcel(romeo, juliet, 'first'))
    const delivery = linked.deliver(parcel(romeo, juliet, 'second')).then(
      () => 'delivered',
      (error: unknown) => error,
    )
    await linked.stop()
    expect(['delivered', 'Absent', 'NetworkUnreachable']).toContain(
      await delivery.then((outcome) => (outcome instanceof Error ? outcome.name : outcome)),
    )
  })
})
