// Our client signed in to our server, in every dialect that both speak, in memory and over TCP.

import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, it } from 'vitest'
import { plainText, wordsOf } from '../../src/core/content.ts'
import { silent } from '../../src/core/log.ts'
import { Secret } from '../../src/core/secret.ts'
import { ClientError } from '../../src/msn/client/errors.ts'
import type { SessionOptions } from '../../src/msn/client/session.ts'
import { webCaller } from '../../src/msn/client/web/call.ts'
import { networkWeb } from '../../src/msn/client/web/services.ts'
import { readContent, writeContent } from '../../src/msn/content.ts'
import type { Handle } from '../../src/msn/server/handle.ts'
import { MsnServer } from '../../src/msn/server/server.ts'
import { contactServices } from '../../src/msn/server/web/contacts.ts'
import { offlineServices } from '../../src/msn/server/web/offline.ts'
import { passportHttp } from '../../src/msn/server/web/passport.ts'
import { MemoryRecords, MemoryTickets } from '../support/memory-stores.ts'
import type { TestClient } from '../support/msn-client.ts'
import { clientAt } from '../support/msn-client.ts'
import type { WebSite } from '../support/web-site.ts'
import { startSite } from '../support/web-site.ts'

type Way = 'in memory' | 'over TCP'

const hosted = (email: string) => email.endsWith('@matrix.msn.example.org')

class Verona {
  readonly server: MsnServer
  #site: WebSite | undefined
  readonly #clients: TestClient[] = []

  constructor() {
    this.server = new MsnServer({
      domain: 'msn.example.org',
      listen: { host: '127.0.0.1', notificationPort: 0, switchboardPort: 0 },
      records: new MemoryRecords(),
      tickets: new MemoryTickets(Date.now),
      isHostedAddress: hosted,
      summon: async () => false,
      log: silent,
    })
  }

  async start(): Promise<void> {
    await this.server.start()
    const { services } = this.server
    this.#site = await startSite(passportHttp(services), contactServices(services), offlineServices(services))
    for (const email of ['romeo@example.com', 'juliet@example.com'])
      await this.server.accounts.add(email, new Secret('rosaline'), { md5: true })
  }

  async stop(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.session.close()))
    await this.#site?.stop()
    await this.server.stop()
  }

  /** Somebody's client, not yet connected. */
  client(account: string, dialect: number, way: Way, options: Partial<SessionOptions> = {}): TestClient {
    const inMemory = way === 'in memory'
    const dial = async ({ role, host, port }: { role: 'NS' | 'SB'; host: string; port: number }) =>
      inMemory ? this.server.connect(role) : dialTcp(host, port)
    const ticket = async () =>
      new Secret(
        hosted(account)
          ? await this.server.hostedTicket(account, 'Romeo Montague')
          : (await this.server.tokens.issue(account as Handle, 'messenger', 60)).ticket.reveal(),
      )
    const client = clientAt(
      { dial },
      {
        account,
        credential: hosted(account)
          ? { kind: 'ticket', ticket }
          : { kind: 'password', password: new Secret('rosaline'), signIn: ticket },
        server: { host: '127.0.0.1', port: this.server.ports.notification },
        dialects: [dialect],
        ...(dialect >= 13 && { web: this.#webFor(account) }),
        ...options,
      },
    )
    this.#clients.push(client)
    return client
  }

  /** The web services of our server, as a client finds them. */
  #webFor(account: string) {
    const at = (path: string) => `http://127.0.0.1:${this.#site?.port}${path}`
    const box = { offlineRead: at('/rsi/rsi.asmx'), offlineSend: at('/OimWS/oim.asmx') }
    const places = { rst: at('/RST.srf'), contacts: at('/abservice/abservice.asmx'), ...box }
    return networkWeb(places, webCaller(fetch), Date.now).servicesFor(account, new Secret('rosaline'))
  }

  /** Somebody's client, signed in. */
  async signedIn(account: string, dialect: number, way: Way, options: Partial<SessionOptions> = {}): Promise<TestClient> {
    const client = this.client(account, dialect, way, options)
    expect(await client.session.connect()).toBe('online')
    return client
  }
}

async function dialTcp(host: string, port: number): Promise<Duplex> {
  const socket = connect({ host, port, noDelay: true })
  await new Promise<void>((resolve, reject) => socket.once('connect', () => resolve()).once('error', reject))
  return socket
}

async function says(client: TestClient, to: string, text: string): Promise<string> {
  const [payload = Buffer.alloc(0)] = writeContent(plainText(text), 'en')
  return client.session.send(to, payload)
}

/** Says things until it is clear that nobody is there: what is under way when somebody leaves may still be acknowledged, or come back. */
async function whenGone(client: TestClient, to: string): Promise<unknown> {
  for (;;) {
    const end = await says(client, to, 'gone?').catch((reason: unknown) => reason)
    const cameBack = end instanceof ClientError && end.code === 'not-delivered'
    if (end !== 'said' && !cameBack) return end
  }
}

const wordsHeard = (client: TestClient) =>
  client.messages.map(({ message }) => {
    const content = readContent(message)
    return content?.kind === 'text' ? wordsOf(content) : content?.kind
  })

let verona: Verona

async function inVerona(): Promise<Verona> {
  verona = new Verona()
  await verona.start()
  return verona
}

afterEach(() => verona.stop())

for (const way of ['in memory', 'over TCP'] as const) {
  for (let dialect = 2; dialect <= 18; dialect++) {
    describe(`MSNP${dialect} ${way}`, () => {
      it('signs in, makes a list, sees who is there, and talks both ways', async () => {
        const verona = await inVerona()
        const romeo = await verona.signedIn('romeo@example.com', dialect, way)
        const juliet = await verona.signedIn('juliet@example.com', dialect, way)
        expect(juliet.contacts).toEqual([])

        await juliet.session.addContact('romeo@example.com')
        await romeo.session.addContact('juliet@example.com')
        await romeo.until(() =>
          romeo.presences.some(({ account, status }) => account === 'juliet@example.com' && status === 'online'),
        )
        await juliet.until(() => juliet.presences.at(-1)?.status === 'online')
        await romeo.session.setStatus('lunch')
        await juliet.until(() => juliet.presences.at(-1)?.status === 'lunch')

        await says(juliet, 'romeo@example.com', 'O Romeo, Romeo! Wherefore art thou … 💔?')
        await says(romeo, 'juliet@example.com', 'Shall I hear more?')
        await says(juliet, 'romeo@example.com', 'Deny thy father')
        await romeo.until(() => romeo.messages.length === 2)
        await juliet.until(() => juliet.messages.length === 1)
        expect(wordsHeard(romeo)).toEqual(['O Romeo, Romeo! Wherefore art thou … 💔?', 'Deny thy father'])
        expect(wordsHeard(juliet)).toEqual(['Shall I hear more?'])
        expect(juliet.messages[0]).toMatchObject({ peer: 'romeo@example.com', participants: ['romeo@example.com'] })

        romeo.session.typing('juliet@example.com')
        await juliet.until(() => juliet.typing.length === 1)
        expect(juliet.typing).toEqual(['romeo@example.com'])

        const before = juliet.contacts
        await romeo.session.close()
        await juliet.until(() => juliet.presences.at(-1)?.status === 'offline')
        const end = await whenGone(juliet, 'romeo@example.com')
        if (dialect < 13) expect(end).toMatchObject({ code: 'contact-offline' })
        else expect(end).toBe('stored')
        await juliet.session.close()
        expect(await juliet.session.connect()).toBe('online')
        expect(juliet.contacts.map(({ name: _, ...contact }) => contact)).toEqual(
          before.map(({ name: _, ...contact }) => contact),
        )
        expect(juliet.contacts).toMatchObject([{ account: 'romeo@example.com', lists: ['forward', 'allow', 'reverse'] }])
      })

      it('ends the session of whoever signs in a second time at the same place', async () => {
        const verona = await inVerona()
        const first = await verona.signedIn('juliet@example.com', dialect, way, { installation: 'home' })
        const second = await verona.signedIn('juliet@example.com', dialect, way, { installation: 'home' })
        await first.until(() => first.session.state === 'displaced')
        expect(first.states).toEqual(['connecting', 'online', 'displaced'])
        expect(second.session.state).toBe('online')
      })
    })
  }

  for (let dialect = 13; dialect <= 18; dialect++) {
    it(`asks before somebody who added us is accepted, in MSNP${dialect} ${way}`, async () => {
      const verona = await inVerona()
      const romeo = await verona.signedIn('romeo@example.com', dialect, way)
      const juliet = await verona.signedIn('juliet@example.com', dialect, way)
      const waits = () => juliet.contacts.some(({ lists }) => lists.includes('pending'))
      await romeo.session.addContact('juliet@example.com')
      await juliet.until(waits)
      await juliet.session.accept('romeo@example.com')
      await juliet.until(() => !waits())
      expect(juliet.session.contacts).toMatchObject([{ account: 'romeo@example.com', lists: ['allow', 'reverse'] }])
      await juliet.session.block('romeo@example.com')
      await romeo.until(() => romeo.presences.at(-1)?.status === 'offline')
      await juliet.session.unblock('romeo@example.com')
      await romeo.until(() => romeo.presences.at(-1)?.status === 'online')
      await juliet.session.close()
      await juliet.session.connect()
      expect(juliet.session.contacts).toMatchObject([{ account: 'romeo@example.com', lists: ['allow', 'reverse'] }])
    })
  }

  for (let dialect = 16; dialect <= 18; dialect++) {
    it(`comes to a second place without being seen otherwise, in MSNP${dialect} ${way}`, async () => {
      const verona = await inVerona()
      const romeo = await verona.signedIn('romeo@example.com', dialect, way)
      const first = await verona.signedIn('juliet@example.com', dialect, way, { installation: 'home' })
      await romeo.session.addContact('juliet@example.com')
      await first.session.addContact('romeo@example.com')
      await first.session.setPersonal('at the balcony')
      await first.session.setStatus('busy')
      await romeo.until(() => romeo.presences.at(-1)?.status === 'busy')
      const before = romeo.presences.length
      const second = await verona.signedIn('juliet@example.com', dialect, way, { installation: 'cell' })
      await second.session.setPersonal('still there')
      await romeo.until(() => romeo.presences.at(-1)?.message === 'still there')
      await second.session.close()
      await first.session.setStatus('lunch')
      await romeo.until(() => romeo.presences.at(-1)?.status === 'lunch')
      const seen = romeo.presences.slice(before).map(({ status }) => status)
      expect(new Set(seen)).toEqual(new Set(['busy', 'lunch']))
    })

    it(`is in two places at once, which both hear what is said and what the other says, in MSNP${dialect} ${way}`, async () => {
      const verona = await inVerona()
      const first = await verona.signedIn('juliet@example.com', dialect, way, { installation: 'home' })
      const second = await verona.signedIn('juliet@example.com', dialect, way, { installation: 'cell' })
      const romeo = await verona.signedIn('romeo@example.com', dialect, way)
      await says(romeo, 'juliet@example.com', 'O, wilt thou leave me so?')
      await first.until(() => first.messages.length === 1)
      await second.until(() => second.messages.length === 1)
      await says(first, 'romeo@example.com', 'What satisfaction?')
      await romeo.until(() => romeo.messages.length === 1)
      await second.until(() => second.messages.length === 2)
      const { own, peer, from } = second.messages[1] ?? {}
      expect({ own, peer, from }).toEqual({ own: true, peer: 'romeo@example.com', from: 'juliet@example.com' })
      expect(wordsHeard(first)).toEqual(['O, wilt thou leave me so?'])
      expect(wordsHeard(romeo)).toEqual(['What satisfaction?'])
      expect(romeo.messages[0]).toMatchObject({ peer: 'juliet@example.com' })
      expect([first, second].map(({ session }) => session.state)).toEqual(['online', 'online'])
    })
  }
}

describe('words for somebody who is away', () => {
  for (let dialect = 13; dialect <= 18; dialect++) {
    it(`are kept until they come, in MSNP${dialect}`, async () => {
      const verona = await inVerona()
      const juliet = await verona.signedIn('juliet@example.com', dialect, 'over TCP')
      const before = await verona.signedIn('romeo@example.com', dialect, 'over TCP')
      await juliet.session.addContact('romeo@example.com')
      await before.session.close()
      expect(await whenGone(juliet, 'romeo@example.com')).toBe('stored')
      expect(await says(juliet, 'romeo@example.com', 'art thou gone so? 💔')).toBe('stored')
      const romeo = await verona.signedIn('romeo@example.com', dialect, 'over TCP')
      await romeo.until(() => romeo.messages.length === 2)
      expect(wordsHeard(romeo)).toEqual(['gone?', 'art thou gone so? 💔'])
      const [first] = romeo.messages
      expect(first).toMatchObject({ peer: 'juliet@example.com', from: 'juliet@example.com', offline: true })
      expect(Math.abs((first?.sentAt ?? 0) - Date.now())).toBeLessThan(60_000)
      await romeo.session.close()
      const again = await verona.signedIn('romeo@example.com', dialect, 'over TCP')
      expect(await says(again, 'juliet@example.com', 'I am here')).toBe('said')
      expect(again.messages).toEqual([])
    })
  }
})

describe('the wrong proof', () => {
  it('is refused with a wrong password and with a wrong ticket', async () => {
    const verona = await inVerona()
    const password = new Secret('mercutio')
    const credential = { kind: 'password', password, signIn: async () => new Secret('t=guessed&p=') } as const
    for (const dialect of [7, 12]) {
      const client = verona.client('juliet@example.com', dialect, 'over TCP', { credential })
      expect(await client.session.connect()).toBe('refused')
    }
  })
})

describe('a hosted person', () => {
  const romeo = 'romeo@matrix.msn.example.org'

  it('keeps what they hear before the sender is told that it arrived', async () => {
    const verona = await inVerona()
    const juliet = await verona.signedIn('juliet@example.com', 12, 'over TCP')
    const order: string[] = []
    let store: () => void = () => {}
    const hears = Promise.withResolvers<void>()
    await verona.signedIn(romeo, 12, 'in memory', {
      hosted: true,
      onMessage: async () => {
        const stored = new Promise<void>((resolve) => {
          store = resolve
        })
        hears.resolve()
        await stored
        order.push('stored')
      },
    })
    const saying = says(juliet, romeo, 'hi').then(() => order.push('acknowledged'))
    await hears.promise
    store()
    await saying
    expect(order).toEqual(['stored', 'acknowledged'])
  })

  it('lets the sender know when a message could not be kept', async () => {
    const verona = await inVerona()
    const juliet = await verona.signedIn('juliet@example.com', 12, 'over TCP')
    await verona.signedIn(romeo, 12, 'in memory', { hosted: true, onMessage: () => Promise.reject(new Error('no Redis')) })
    await expect(says(juliet, romeo, 'hi')).rejects.toMatchObject({ code: 'not-delivered' })
  })

  it('is seen under the name they have elsewhere', async () => {
    const verona = await inVerona()
    const juliet = await verona.signedIn('juliet@example.com', 12, 'over TCP')
    const host = await verona.signedIn(romeo, 12, 'in memory', { hosted: true })
    await says(host, 'juliet@example.com', 'hi')
    await juliet.until(() => juliet.messages.length === 1)
    expect(juliet.messages[0]).toMatchObject({ from: romeo, fromName: 'Romeo Montague' })
  })
})

describe('many at once', () => {
  it('hears two hundred messages each way in the order in which they were said', async () => {
    const verona = await inVerona()
    const romeo = await verona.signedIn('romeo@example.com', 12, 'over TCP')
    const juliet = await verona.signedIn('juliet@example.com', 9, 'over TCP')
    const lines = Array.from({ length: 200 }, (_, index) => `line ${index}`)
    await Promise.all([
      ...lines.map((line) => says(romeo, 'juliet@example.com', line)),
      ...lines.map((line) => says(juliet, 'romeo@example.com', line)),
    ])
    await romeo.until(() => romeo.messages.length === 200)
    await juliet.until(() => juliet.messages.length === 200)
    expect(wordsHeard(romeo)).toEqual(lines)
    expect(wordsHeard(juliet)).toEqual(lines)
  })
})
