import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import type { Timers } from '../../../../src/core/timers.ts'
import { webCaller } from '../../../../src/msn/client/web/call.ts'
import { networkWeb, type WebPlaces } from '../../../../src/msn/client/web/services.ts'
import { linkedConfig } from '../../../../src/msn/config.ts'
import { contactServices } from '../../../../src/msn/server/web/contacts.ts'
import { offlineServices } from '../../../../src/msn/server/web/offline.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
import { ManualTimers } from '../../../support/manual-timers.ts'
import { clientAt, type TestClient } from '../../../support/msn-client.ts'
import { password, startServer, type TestServer } from '../../../support/msn-server.ts'
import { type Reply, WebServer } from '../../../support/web-server.ts'
import { startSite, type WebSite } from '../../../support/web-site.ts'

const call = webCaller(fetch)
const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
const challenge = 'ct=1,rver=1'

let fixture: TestServer
let site: WebSite
let home: string
let clients: TestClient[]
/** The best dialect of each offer. */
let offered: string[]
const stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  clients = []
  offered = []
  fixture = await startServer()
  const { services } = fixture.server
  site = await startSite(passportHttp(services), contactServices(services), offlineServices(services))
  home = `http://127.0.0.1:${site.port}`
})
afterEach(async () => {
  for (const { session } of clients) await session.close()
  for (const stop of stops.splice(0)) await stop()
  await site.stop()
  await fixture.stop()
})

/** Rests between two tries are over at once; nothing else is ever waited for. */
function hurried(timers: Timers): Timers {
  const rests = [1000, 2000, 4000]
  return {
    after: (milliseconds, run) => {
      if (!rests.includes(milliseconds)) return timers.after(milliseconds, run)
      const rest = setImmediate(run)
      return () => clearImmediate(rest)
    },
  }
}

const webAt = (places: WebPlaces) => networkWeb(places, call, fixture.timers.clock)

/** A client as the settings make it, that signs in with a password. */
function clientOf(account: string, dialects: readonly number[], places: WebPlaces = {}): TestClient {
  const config = linkedConfig.parse({ profile: 'nudge', host: '127.0.0.1', web: home, dialects, ...places })
  const { signIn, servicesFor } = webAt(config)
  const client = clientAt(
    { dial: async ({ role }) => fixture.server.connect(role) },
    {
      account,
      timers: hurried(new ManualTimers()),
      trace: (_, line) => offered.push(...(/^C: VER \d+ (\S+)/.exec(line)?.slice(1) ?? [])),
      credential: { kind: 'password', password: new Secret(password), signIn },
      dialects: config.dialects,
      web: servicesFor(account, new Secret(password)),
      installation: 'here',
    },
  )
  clients.push(client)
  return client
}

describe('the web services of a network', () => {
  it.each([18, 17, 16, 15, 14, 13, 12])('sign an account of another Nudge in at MSNP%i, with its list', async (dialect) => {
    const client = clientOf(juliet, [dialect])
    expect(await client.session.connect()).toBe('online')
    await client.session.addContact(romeo)
    await client.until(() => client.contacts.some(({ account, lists }) => account === romeo && lists.includes('forward')))
    await client.session.close()
    const again = clientOf(juliet, [dialect])
    expect(await again.session.connect()).toBe('online')
    expect(again.contacts).toMatchObject([{ account: romeo, lists: expect.arrayContaining(['forward', 'allow']) }])
  })

  it.each(['rst', 'contacts'] as const)('may be missing: without %s the dialects that need it are given up', async (missing) => {
    const client = clientOf(juliet, [18, 12], { [missing]: `${home}/nowhere/RST.srf` })
    const online = client.until(() => client.states.includes('online'))
    await client.session.connect()
    await online
    expect(client.states).toEqual(['connecting', 'reconnecting', 'online'])
    expect(offered).toEqual(['MSNP18', 'MSNP18', 'MSNP18', 'MSNP12'])
  })

  it('refuse a wrong password', async () => {
    const { signIn, servicesFor } = webAt({ rst: `${home}/RST2.srf`, contacts: `${home}/abservice/abservice.asmx` })
    const wrong = new Secret('mercutio')
    await expect(signIn({ account: juliet, password: wrong, challenge })).rejects.toMatchObject({ code: 'refused' })
    await expect(servicesFor(juliet, wrong).tickets?.signInTicket('MBI')).rejects.toMatchObject({ code: 'refused' })
  })

  it('are those that there are', () => {
    const none = new Secret('')
    expect(webAt({ nexus: home, contacts: home }).servicesFor(juliet, none)).toEqual({})
    expect(Object.keys(webAt({ rst: home }).servicesFor(juliet, none))).toEqual(['tickets'])
    expect(Object.keys(webAt({ rst: home, contacts: home, offlineSend: home }).servicesFor(juliet, none))).toEqual([
      'tickets',
      'book',
      'offline',
    ])
  })
})

describe('a ticket for Passport', () => {
  const request = { account: juliet, password: new Secret(password), challenge }
  const elsewhere = async (reply: Reply) => {
    const server = new WebServer(reply)
    stops.push(() => server.stop())
    return server.start()
  }

  it('comes from the nexus, and from the token service where there is none', async () => {
    for (const places of [{ nexus: `${home}/rdr/pprdr.asp` }, { rst: `${home}/RST.srf` }])
      expect((await webAt(places).signIn(request)).reveal()).toMatch(/^t=.+&p=$/)
  })

  it('comes from the token service where the nexus is out of order', async () => {
    const nexus = await elsewhere((_, response) => response.writeHead(404).end())
    expect((await webAt({ nexus, rst: `${home}/RST.srf` }).signIn(request)).reveal()).toMatch(/^t=/)
    await expect(webAt({ nexus }).signIn(request)).rejects.toMatchObject({ code: 'server-error' })
  })

  it('is not asked for a second time with a password that was refused', async () => {
    const wrong = { ...request, password: new Secret('mercutio') }
    const rst = await elsewhere((_, response) => response.end())
    await expect(webAt({ nexus: `${home}/rdr/pprdr.asp`, rst }).signIn(wrong)).rejects.toMatchObject({ code: 'refused' })
  })

  it('cannot be had where there is no place for it', async () => {
    await expect(webAt({}).signIn(request)).rejects.toMatchObject({ code: 'server-error' })
  })
})
