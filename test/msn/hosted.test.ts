// Our own MSN server as the gateway sees it, with everything real but the wires and the stores.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import type { Content } from '../../src/core/content.ts'
import { plainText } from '../../src/core/content.ts'
import type { DeliveryId, Parcel } from '../../src/core/delivery.ts'
import { Absent, ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import { silent } from '../../src/core/log.ts'
import { Secret } from '../../src/core/secret.ts'
import { naming } from '../../src/matrix/address.ts'
import { HostedAddresses } from '../../src/msn/address.ts'
import { HostedMsn } from '../../src/msn/hosted.ts'
import { addedBy, emptyBook } from '../../src/msn/server/book.ts'
import type { Handle } from '../../src/msn/server/handle.ts'
import { EventLog } from '../support/event-log.ts'
import { settled } from '../support/manual-timers.ts'
import type { TestClient } from '../support/msn-client.ts'
import { clientAt, heard, says } from '../support/msn-client.ts'
import type { TestServer } from '../support/msn-server.ts'
import { startServer } from '../support/msn-server.ts'

const msn = networkId('msn')
const matrix = networkId('matrix')
const romeo: Address = { network: matrix, id: '@romeo:hs.test' }
const paris: Address = { network: matrix, id: '@paris:hs.test' }
const stranger: Address = { network: matrix, id: '@stranger:elsewhere.test' }
const romeoHere = { network: msn, id: 'romeo@matrix.msn.example.com' }
const parisHere = { network: msn, id: 'paris@matrix.msn.example.com' }
const juliet = { network: msn, id: 'juliet@example.com' }

let server: TestServer
let hosted: HostedMsn
/** Another one, as after a restart. */
let newHosted: () => HostedMsn
let told: EventLog
/** Whom an admin shut out. */
let shutOut: Address | undefined
let clients: TestClient[]

beforeEach(async () => {
  const addresses = new HostedAddresses(msn, 'msn.example.com', new Map([[matrix, naming('hs.test')]]))
  server = await startServer({
    isHostedAddress: (email) => addresses.owns(email),
    welcomes: (email) => hosted.welcomes(email),
    summon: (email) => hosted.summon(email),
    pictured: (email) => hosted.pictured(email),
  })
  newHosted = () =>
    new HostedMsn({
      id: msn,
      addresses,
      ticketFor: (address, name) => server.server.hostedTicket(address, name),
      invitationTo: (address, from) => server.server.invitationTo(address, from),
      pictureOf: (account) => server.server.pictureOf(account),
      pictureAt: (name) => server.server.picture(name),
      dial: async ({ role }) => server.server.connect(role),
      permits: ({ id }) => !id.endsWith(':elsewhere.test'),
      isShutOut: async (person) => person.id === shutOut?.id,
      records: server.records,
      clock: () => 1_000,
      log: silent,
    })
  hosted = newHosted()
  told = new EventLog()
  shutOut = undefined
  clients = []
  await hosted.start(told.sink)
})

afterEach(async () => {
  for (const { session } of clients) await session.close()
  await hosted.stop()
  await server.stop()
})

/** Somebody's own client, signed in. */
async function at(account: string, name?: string): Promise<TestClient> {
  const client = clientAt(
    { dial: async ({ role }) => server.server.connect(role) },
    {
      account,
      credential: { kind: 'ticket', ticket: async () => new Secret(await server.ticketFor(account)) },
      ...(name !== undefined && { name }),
    },
  )
  clients.push(client)
  expect(await client.session.connect()).toBe('online')
  return client
}

let parcels = 0

function parcel(as: Address, to: Address, content: Content): Parcel {
  return {
    id: `d${parcels++}` as DeliveryId,
    conversation: { network: msn, id: to.id, as },
    as,
    content,
    sentAt: 0,
    again: false,
  }
}

describe('somebody hosted who is called', () => {
  it('is signed in, and the gateway hears what is said', async () => {
    const client = await at(juliet.id, 'Juliet Capulet')
    await says(client, romeoHere.id, 'Art thou not Romeo?')
    expect(told.of('message')).toMatchObject([
      {
        conversation: { network: msn, id: juliet.id, as: romeoHere },
        from: juliet,
        fromName: 'Juliet Capulet',
        content: plainText('Art thou not Romeo?'),
        sentAt: 1_000,
      },
    ])
  })

  it('hears only then that it arrived when it is safe', async () => {
    const client = await at(juliet.id)
    const safe = Promise.withResolvers<void>()
    told.take = () => safe.promise
    let arrived = false
    const saying = says(client, romeoHere.id, 'hi').then(() => {
      arrived = true
    })
    await told.first('message')
    await settled()
    expect(arrived).toBe(false)
    safe.resolve()
    await saying
  })

  it('leaves no doubt with the caller when the gateway could not take it', async () => {
    const client = await at(juliet.id)
    told.take = () => Promise.reject(new Error('no Redis'))
    await expect(says(client, romeoHere.id, 'hi')).rejects.toMatchObject({ code: 'not-delivered' })
    told.take = async () => {}
    await says(client, romeoHere.id, 'hi again')
    expect(told.of('message')).toHaveLength(2)
  })

  it('has another id for each message, so that none is taken for a repetition', async () => {
    const client = await at(juliet.id)
    await says(client, romeoHere.id, 'the same')
    await says(client, romeoHere.id, 'the same')
    expect(new Set(told.of('message').map(({ id }) => id)).size).toBe(2)
  })

  it('is not there when their server may not use the gateway, or when the address stands for nobody', async () => {
    const client = await at(juliet.id)
    for (const id of ['stranger@elsewhere.test.matrix.msn.example.com', '=zz@matrix.msn.example.com']) {
      await expect(says(client, id, 'hi')).rejects.toMatchObject({ code: 'contact-offline' })
      expect(await hosted.summon(id)).toBe(false)
    }
    expect(hosted.ghostOf(stranger)).toBeUndefined()
    expect(told.events).toEqual([])
  })
})

describe('somebody hosted who writes', () => {
  it('appears by the name that they have at home, and is answered', async () => {
    const client = await at(juliet.id)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo Montague' })
    await hosted.deliver(parcel(romeoHere, juliet, plainText('But soft!')))
    await client.until(() => client.messages.length === 1)
    expect(client.messages[0]).toMatchObject({ from: romeoHere.id, fromName: 'Romeo Montague', peer: romeoHere.id })
    expect(heard(client)).toEqual(['But soft!'])
    await says(client, romeoHere.id, 'Ay me.')
    expect(told.of('message')).toMatchObject([{ content: plainText('Ay me.') }])
  })

  it('is seen under a new name when they have taken one', async () => {
    const client = await at(juliet.id)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await client.session.addContact(romeoHere.id)
    await hosted.edit(romeoHere, 'accept', juliet)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo, new baptized' })
    await client.until(() => client.presences.at(-1)?.name === 'Romeo, new baptized')
    expect(client.presences.at(-1)).toMatchObject({ account: romeoHere.id, status: 'away' })
  })

  it('says a long text in pieces and in order', async () => {
    const client = await at(juliet.id)
    const long = Array.from({ length: 600 }, (_, index) => `word${index}`).join(' ')
    await hosted.deliver(parcel(romeoHere, juliet, plainText(long)))
    await client.until(() => heard(client).join('').length >= long.length)
    expect(client.messages.length).toBeGreaterThan(1)
    expect(heard(client).join('')).toBe(long)
  })

  it('is told that nothing of it can be shown', async () => {
    await at(juliet.id)
    await expect(hosted.deliver(parcel(romeoHere, juliet, plainText('  ')))).rejects.toThrow(ContentRefused)
  })

  it('waits for a contact who is offline, and hears of their return', async () => {
    const error: unknown = await hosted.deliver(parcel(romeoHere, juliet, plainText('hi'))).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Absent)
    expect(error).toMatchObject({ until: juliet, phrase: { key: 'delivery.contact-offline', params: { name: juliet.id } } })
    const client = await at(juliet.id, 'Juliet')
    const back = await told.first('presence', ({ presence }) => presence.status !== 'offline')
    expect(back).toMatchObject({ of: juliet, seenBy: romeoHere, presence: { status: 'online' } })
    await hosted.deliver(parcel(romeoHere, juliet, plainText('hi')))
    await client.until(() => client.messages.length === 1)
  })

  it('is told at once that there is no such account', async () => {
    const nobody = { network: msn, id: 'nobody@example.com' }
    const error: unknown = await hosted.deliver(parcel(romeoHere, nobody, plainText('hi'))).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ContentRefused)
    expect(error).toMatchObject({ phrase: { key: 'msn.no-such-account', params: { name: nobody.id } } })
  })

  it('is told that the server could not deliver it', async () => {
    told.take = async (event) => {
      if (event.kind === 'message') throw new Error('no Redis')
    }
    await hosted.introduce({ of: paris, on: msn, name: 'Paris' })
    const error: unknown = await hosted.deliver(parcel(romeoHere, parisHere, plainText('hi'))).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ContentRefused)
    expect(error).toMatchObject({ phrase: { key: 'msn.not-delivered', params: { name: parisHere.id } } })
  })

  it('comes back when somebody else took their place', async () => {
    const client = await at(juliet.id)
    await hosted.deliver(parcel(romeoHere, juliet, plainText('first')))
    const other = clientAt(
      { dial: async ({ role }) => server.server.connect(role) },
      {
        account: romeoHere.id,
        credential: {
          kind: 'ticket',
          ticket: async () => new Secret(await server.server.hostedTicket(romeoHere.id, 'Not Romeo')),
        },
      },
    )
    clients.push(other)
    expect(await other.session.connect()).toBe('online')
    await settled()
    await hosted.deliver(parcel(romeoHere, juliet, plainText('second')))
    await client.until(() => client.messages.length === 2)
    expect(other.session.state).toBe('displaced')
  })
})

describe('two people who are hosted', () => {
  it('talk with one contact, each in a chat of their own', async () => {
    const client = await at(juliet.id)
    await hosted.deliver(parcel(romeoHere, juliet, plainText('I am Romeo')))
    await hosted.deliver(parcel(parisHere, juliet, plainText('I am Paris')))
    await client.until(() => client.messages.length === 2)
    expect(client.messages.map(({ peer }) => peer)).toEqual([romeoHere.id, parisHere.id])
    await says(client, parisHere.id, 'to Paris')
    await says(client, romeoHere.id, 'to Romeo')
    expect(told.of('message').map(({ conversation, content }) => [conversation.as?.id, content])).toEqual([
      [parisHere.id, plainText('to Paris')],
      [romeoHere.id, plainText('to Romeo')],
    ])
  })
})

describe('signals', () => {
  it('of typing go both ways where a chat is open', async () => {
    const client = await at(juliet.id)
    await hosted.deliver(parcel(romeoHere, juliet, plainText('hi')))
    const conversation = { network: msn, id: juliet.id, as: romeoHere }
    hosted.signal({ kind: 'typing', as: romeoHere, conversation, typing: true })
    await client.until(() => client.typing.length === 1)
    expect(client.typing).toEqual([romeoHere.id])
    client.session.typing(romeoHere.id)
    expect(await told.first('typing')).toEqual({ kind: 'typing', conversation, from: juliet, typing: true })
  })

  it('of typing get lost where no chat is open, and those of strangers too', async () => {
    const conversation = { network: msn, id: juliet.id, as: romeoHere }
    hosted.signal({ kind: 'typing', as: romeoHere, conversation, typing: true })
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'away' } })
    const client = await at(juliet.id)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    hosted.signal({ kind: 'typing', as: romeoHere, conversation, typing: true })
    await settled()
    expect(client.typing).toEqual([])
  })

  it('of presence go both ways', async () => {
    const client = await at(juliet.id)
    await hosted.deliver(parcel(romeoHere, juliet, plainText('hi')))
    await client.session.addContact(romeoHere.id)
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'busy', message: 'in Mantua' } })
    await client.until(() => client.presences.at(-1)?.status === 'busy' && client.presences.at(-1)?.message === 'in Mantua')
    await client.session.setStatus('phone')
    const seen = await told.first('presence', ({ presence }) => presence.status === 'phone')
    expect(seen).toMatchObject({ of: juliet, seenBy: romeoHere })
    await client.session.close()
    await told.first('presence', ({ presence }) => presence.status === 'offline')
  })
})

describe('the picture of a contact', () => {
  const gif = (words: string) => Buffer.from(`GIF89a ${words}`)
  const profiles = () => server.server.services.profiles

  async function shows(bytes: Buffer): Promise<void> {
    await profiles().show(juliet.id as Handle, await profiles().addPicture(juliet.id as Handle, 'me', bytes))
  }

  it('is told when they show another, with bytes that can be had, and when they show none', async () => {
    await shows(gif('a rose'))
    const { of, picture } = await told.first('picture')
    expect(of).toEqual(juliet)
    expect(picture && (await hosted.picture(of, picture))).toEqual({ bytes: gif('a rose'), type: 'image/gif' })
    await shows(gif('a lily'))
    const other = await told.first('picture', (event) => event.picture?.hash !== picture?.hash)
    expect(other.picture && (await hosted.picture(of, other.picture))).toMatchObject({ bytes: gif('a lily') })
    await profiles().show(juliet.id as Handle, undefined)
    expect(await told.first('picture', (event) => event.picture === undefined)).toEqual({ kind: 'picture', of: juliet })
  })

  it('is told once after a start, when they are first seen', async () => {
    await shows(gif('a rose'))
    const { picture } = await told.first('picture')
    await hosted.stop()
    hosted = newHosted()
    await hosted.start(told.sink)
    told.events.length = 0
    const client = await at(juliet.id, 'Juliet')
    await says(client, romeoHere.id, 'hi')
    await hosted.edit(romeoHere, 'add', juliet)
    expect(await told.first('picture')).toEqual({ kind: 'picture', of: juliet, picture })
    await client.session.setStatus('busy')
    await told.first('presence', ({ presence }) => presence.status === 'busy')
    await settled()
    expect(told.of('picture')).toHaveLength(1)
  })

  it('that is not there any more cannot be had', async () => {
    expect(await hosted.picture(juliet, { hash: 'x', ref: '../pictures' })).toBeUndefined()
  })
})

describe('a contact who adds somebody hosted', () => {
  const added = async (name = 'Juliet Capulet') => {
    const client = await at(juliet.id, name)
    await client.session.addContact(romeoHere.id)
    return client
  }
  const listsOf = async (who: Address) => {
    const list = await hosted.contacts(romeoHere)
    return list.find(({ address }) => address.id === who.id)?.lists
  }

  it('waits, and sees nothing, until there is an answer', async () => {
    const client = await added()
    expect(await told.first('asked')).toEqual({ kind: 'asked', by: juliet, byName: 'Juliet Capulet', of: romeoHere })
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'online' } })
    await settled()
    expect(client.presences).toEqual([])
    expect(await listsOf(juliet)).toContain('pending')
    await hosted.edit(romeoHere, 'accept', juliet)
    await client.until(() => client.presences.at(-1)?.status === 'online')
    expect(await listsOf(juliet)).toEqual(['forward', 'allow', 'reverse'])
  })

  it('is heard out where they wrote something along with it', async () => {
    const [romeosHandle, julietsHandle] = [romeoHere.id as Handle, juliet.id as Handle]
    const asked = addedBy(emptyBook(romeosHandle), julietsHandle, 'Juliet', 'It is me, from the ball')
    await server.records.update('books', romeoHere.id, () => asked)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    expect(await told.first('asked')).toMatchObject({ by: juliet, text: 'It is me, from the ball' })
  })

  it('is heard of again after a restart, for as long as there is no answer', async () => {
    await added()
    await told.first('asked')
    await hosted.stop()
    hosted = newHosted()
    told.events.length = 0
    await hosted.start(told.sink)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await told.first('asked')
    await hosted.edit(romeoHere, 'decline', juliet)
    await hosted.stop()
    hosted = newHosted()
    told.events.length = 0
    await hosted.start(told.sink)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await settled()
    expect(told.of('asked')).toEqual([])
  })

  it('cannot write any more, and sees nobody, once they are blocked; and can again when they are not', async () => {
    const client = await added()
    await hosted.edit(romeoHere, 'accept', juliet)
    await client.until(() => client.presences.at(-1)?.status === 'away')
    await hosted.edit(romeoHere, 'block', juliet)
    await client.until(() => client.presences.at(-1)?.status === 'offline')
    await expect(says(client, romeoHere.id, 'hi')).rejects.toMatchObject({ code: 'contact-offline' })
    expect(told.of('message')).toEqual([])
    await hosted.edit(romeoHere, 'unblock', juliet)
    await client.until(() => client.presences.at(-1)?.status === 'away')
    await says(client, romeoHere.id, 'hi again')
  })

  it('cannot write any more in a chat that was open when they were blocked, and is told so', async () => {
    const client = await at(juliet.id)
    await says(client, romeoHere.id, 'hi')
    await hosted.edit(romeoHere, 'block', juliet)
    await expect(says(client, romeoHere.id, 'are you there?')).rejects.toMatchObject({ code: 'not-delivered' })
    expect(told.of('message')).toHaveLength(1)
  })

  it('is told that there is nobody of that address where the server of the address may not use the gateway', async () => {
    const client = await at(juliet.id)
    const stranger = 'stranger@elsewhere.test.matrix.msn.example.com'
    await expect(client.session.addContact(stranger)).rejects.toMatchObject({ number: 208 })
    await expect(client.session.addContact('=zz@matrix.msn.example.com')).rejects.toMatchObject({ number: 208 })
    expect(client.contacts).toEqual([])
  })
})

describe('the list of somebody hosted', () => {
  it('is told to have changed when they or their contact change it, and not because it was read', async () => {
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await settled()
    expect(told.of('list')).toEqual([])
    const client = await at(juliet.id)
    await client.session.addContact(romeoHere.id)
    expect(await told.first('list')).toEqual({ kind: 'list', of: romeoHere })
    await hosted.edit(romeoHere, 'accept', juliet)
    for (const arrangement of [
      { kind: 'put-in', who: juliet, group: 'Verona' },
      { kind: 'rename-group', group: 'Verona', name: 'Capulets' },
    ] as const) {
      told.events.length = 0
      await hosted.arrange(romeoHere, arrangement)
      expect(told.of('list')).not.toEqual([])
    }
  })
})

describe('how somebody hosted is seen', () => {
  /** Juliet, who is allowed to see Romeo. */
  const watching = async () => {
    const client = await at(juliet.id)
    await client.session.addContact(romeoHere.id)
    await hosted.edit(romeoHere, 'accept', juliet)
    await client.until(() => client.presences.length > 0)
    return client
  }
  const seen = (client: TestClient) => client.presences.at(-1)?.status

  it('is away while nothing is known, and away when they are away from home, but never offline', async () => {
    const client = await watching()
    expect(seen(client)).toBe('away')
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'online' } })
    await client.until(() => seen(client) === 'online')
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'offline' } })
    await client.until(() => seen(client) === 'away')
  })

  it('is as they chose, also after a restart, until they leave it to their home again', async () => {
    const client = await watching()
    await hosted.show(romeoHere, { status: 'lunch', message: 'At Friar Laurence’s' })
    await client.until(() => seen(client) === 'lunch' && client.presences.at(-1)?.message === 'At Friar Laurence’s')
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'online' } })
    await hosted.stop()
    hosted = newHosted()
    await hosted.start(told.sink)
    await client.until(() => seen(client) === 'offline')
    hosted.signal({ kind: 'presence', as: romeoHere, presence: { status: 'online', message: 'never seen' } })
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await client.until(() => seen(client) === 'lunch')
    expect(client.presences.at(-1)?.message).toBe('At Friar Laurence’s')
    await hosted.show(romeoHere, { status: 'auto' })
    await client.until(() => seen(client) === 'online')
  })

  it('is invisible when they asked for it, and they can write all the same', async () => {
    const client = await watching()
    await hosted.show(romeoHere, { status: 'offline' })
    await client.until(() => seen(client) === 'offline')
    await hosted.deliver(parcel(romeoHere, juliet, plainText('I am here')))
    await client.until(() => client.messages.length === 1)
    expect(seen(client)).toBe('offline')
  })
})

describe('somebody hosted who is shut out', () => {
  it('is offline, and nothing brings them back until they are let in again', async () => {
    const client = await at(juliet.id)
    await client.session.addContact(romeoHere.id)
    await hosted.edit(romeoHere, 'accept', juliet)
    await client.until(() => client.presences.at(-1)?.status === 'away')
    shutOut = romeo
    await hosted.signOut(romeo)
    await client.until(() => client.presences.at(-1)?.status === 'offline')
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    expect(await hosted.summon(romeoHere.id)).toBe(false)
    await expect(hosted.deliver(parcel(romeoHere, juliet, plainText('hi')))).rejects.toMatchObject({ until: romeoHere })
    await expect(says(client, romeoHere.id, 'hi')).rejects.toMatchObject({ code: 'contact-offline' })
    expect(client.presences.at(-1)?.status).toBe('offline')
    shutOut = undefined
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await client.until(() => client.presences.at(-1)?.status === 'away')
    await says(client, romeoHere.id, 'hi again')
  })
})

describe('what was left for somebody hosted', () => {
  it('reaches the gateway like a message', async () => {
    expect(await hosted.leave(romeoHere.id, juliet.id, 'Juliet', 'Call me but love')).toBe(true)
    expect(told.of('message')).toMatchObject([
      {
        conversation: { network: msn, id: juliet.id, as: romeoHere },
        from: juliet,
        fromName: 'Juliet',
        content: plainText('Call me but love'),
      },
    ])
  })

  it('is not safe when the gateway could not take it, and is for nobody who may not be here', async () => {
    told.take = () => Promise.reject(new Error('no Redis'))
    await expect(hosted.leave(romeoHere.id, juliet.id, 'Juliet', 'hi')).rejects.toThrow('no Redis')
    expect(await hosted.leave('stranger@elsewhere.test.matrix.msn.example.com', juliet.id, 'Juliet', 'hi')).toBe(false)
  })
})

describe('the end', () => {
  it('waits for a message that is just being made safe', async () => {
    const client = await at(juliet.id)
    const safe = Promise.withResolvers<void>()
    told.take = () => safe.promise
    const saying = says(client, romeoHere.id, 'hi')
    await told.first('message')
    const order: string[] = []
    const stopping = hosted.stop().then(() => order.push('stopped'))
    await settled()
    order.push('safe')
    safe.resolve()
    await saying
    await stopping
    expect(order).toEqual(['safe', 'stopped'])
  })

  it('does not leave a delivery hanging', async () => {
    await at(juliet.id)
    await hosted.deliver(parcel(romeoHere, juliet, plainText('first')))
    const delivery = hosted.deliver(parcel(romeoHere, juliet, plainText('second'))).then(
      () => 'delivered',
      (error: unknown) => error,
    )
    await hosted.stop()
    const outcome = await delivery
    if (outcome !== 'delivered') expect(outcome).toBeInstanceOf(NetworkUnreachable)
  })

  it('signs everybody out, and nobody in again', async () => {
    const client = await at(juliet.id)
    await hosted.introduce({ of: romeo, on: msn, name: 'Romeo' })
    await client.session.addContact(romeoHere.id)
    await hosted.edit(romeoHere, 'accept', juliet)
    await client.until(() => client.presences.at(-1)?.status === 'away')
    await hosted.stop()
    await client.until(() => client.presences.at(-1)?.status === 'offline')
    await expect(hosted.deliver(parcel(romeoHere, juliet, plainText('late')))).rejects.toThrow(NetworkUnreachable)
    expect(await hosted.summon(romeoHere.id)).toBe(false)
  })
})
