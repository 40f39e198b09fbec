// A linked account on another Nudge, with all that its profile knows: the newest dialect, the web services, and a place of its own beside the
// user's own clients. Our own server plays it, over HTTP but without other wires.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import { plainText } from '../../src/core/content.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import { silent } from '../../src/core/log.ts'
import type { Login, LoginId } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { UserId } from '../../src/core/user.ts'
import { webCaller } from '../../src/msn/client/web/call.ts'
import { networkWeb } from '../../src/msn/client/web/services.ts'
import { linkedConfig } from '../../src/msn/config.ts'
import { LinkedMsn } from '../../src/msn/linked.ts'
import { contactServices } from '../../src/msn/server/web/contacts.ts'
import { offlineServices } from '../../src/msn/server/web/offline.ts'
import { passportHttp } from '../../src/msn/server/web/passport.ts'
import { EventLog } from '../support/event-log.ts'
import { clientAt, type TestClient } from '../support/msn-client.ts'
import { password, startServer, type TestServer } from '../support/msn-server.ts'
import { startSite, type WebSite } from '../support/web-site.ts'

const verona = networkId('verona')
const romeo: Address = { network: verona, id: 'romeo@example.com' }
const juliet: Address = { network: verona, id: 'juliet@example.com' }
const romeos: Login = { id: 'login-romeo' as LoginId, user: 'u1' as UserId, address: romeo, state: 'offline' }

let server: TestServer
let site: WebSite
let linked: LinkedMsn
let told: EventLog
let clients: TestClient[]

beforeEach(async () => {
  clients = []
  server = await startServer()
  const { services } = server.server
  site = await startSite(passportHttp(services), contactServices(services), offlineServices(services))
  told = new EventLog()
  linked = new LinkedMsn({
    id: verona,
    config: settings(),
    dial: async ({ role }) => server.server.connect(role),
    ...web(),
    records: server.records,
    clock: server.timers.clock,
    log: silent,
  })
  await linked.start(told.sink)
})

afterEach(async () => {
  for (const { session } of clients) await session.close()
  await linked.stop()
  await site.stop()
  await server.stop()
})

function settings() {
  return linkedConfig.parse({ profile: 'nudge', host: 'verona.example', web: `http://127.0.0.1:${site.port}` })
}

function web() {
  return networkWeb(settings(), webCaller(fetch), server.timers.clock)
}

/** Somebody's own client of 2009, signed in with the password. */
async function at({ id: account }: Address, installation: string): Promise<TestClient> {
  const { signIn, servicesFor } = web()
  const secret = new Secret(password)
  const client = clientAt(
    { dial: async ({ role }) => server.server.connect(role) },
    {
      account,
      installation,
      credential: { kind: 'password', password: secret, signIn },
      web: servicesFor(account, secret),
      dialects: [18],
    },
  )
  clients.push(client)
  expect(await client.session.connect()).toBe('online')
  return client
}

async function online(): Promise<void> {
  await linked.connect(romeos, { password: new Secret(password) })
  await told.first('login-state', ({ state }) => state === 'online')
}

describe('a linked account on another Nudge', () => {
  it('is signed in beside its owner, whom nobody signs out', async () => {
    const own = await at(romeo, "Romeo's own machine")
    await online()
    const second = await at(romeo, 'his telephone')
    expect(own.session.state).toBe('online')
    expect(second.session.state).toBe('online')
    expect(told.of('login-state').map(({ state }) => state)).toEqual(['connecting', 'online'])
  })

  it('hears what is said to it, and says things', async () => {
    const theirs = await at(juliet, 'the balcony')
    await theirs.session.addContact(romeo.id)
    await online()
    await linked.deliver({
      id: 'd1' as DeliveryId,
      conversation: { network: verona, id: juliet.id, as: romeo },
      as: romeo,
      content: plainText('But, soft!'),
      sentAt: 0,
      again: false,
    })
    await theirs.until(() => theirs.messages.length === 1)
    await theirs.session.send(romeo.id, Buffer.from('MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\nAy me'))
    const { content } = await told.first('message')
    expect(content).toMatchObject(plainText('Ay me'))
  })

  it('tells who waits for an answer, and decides nothing', async () => {
    const theirs = await at(juliet, 'the balcony')
    await theirs.session.addContact(romeo.id)
    await online()
    const { contacts } = await told.first('contacts', ({ whole }) => whole)
    expect(contacts).toMatchObject([{ address: juliet, lists: ['pending'] }])
  })

  it('with a wrong password is refused', async () => {
    await linked.connect(romeos, { password: new Secret('mercutio') })
    const { reason } = await told.first('login-state', ({ state }) => state === 'refused')
    expect(reason).toMatchObject({ key: 'msn.wrong-password' })
  })
})
