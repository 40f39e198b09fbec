// All services and pages together: what a client finds at the addresses that it has built in (msnp-services.md A1, A20).

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { silent } from '../../../../src/core/log.ts'
import { Invites } from '../../../../src/msn/server/invites.ts'
import { webPlugins } from '../../../../src/msn/server/web/plugins.ts'
import { openSite } from '../../../../src/msn/server/web/site.ts'
import { ask } from '../../../support/ask.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { startServer } from '../../../support/msn-server.ts'

let fixture: TestServer
let site: FastifyInstance

beforeAll(async () => {
  fixture = await startServer()
  const place = { domain: 'msn.example.com', notificationPort: 1863, switchboardPort: 1864, httpPort: 80 }
  const invites = new Invites(fixture.records)
  const plugins = webPlugins({
    ...{ server: fixture.server, invites, registration: 'open', place: () => place },
    authority: async () => undefined,
  })
  site = openSite({ plugins, log: silent })
  await site.listen({ host: '127.0.0.1', port: 0 })
})

afterAll(async () => {
  await site.close()
  await fixture.stop()
})

const soap = 'Content-Type: text/xml; charset=utf-8\r\nSOAPAction: "x"\r\n'

test.each([
  ['GET', 'nexus.passport.com', '/rdr/pprdr.asp'],
  ['GET', 'login.passport.com', '/login2.srf'],
  ['POST', 'login.live.com', '/RST.srf'],
  ['POST', 'login.live.com', '//RST.srf'],
  ['POST', 'login.live.com', '/RST2.srf'],
  ['POST', 'msnia.login.live.com', '/pp550/RST.srf'],
  ['GET', 'login.live.com', '/ppcrlconfig.bin'],
  ['GET', 'login.live.com', '/ppcrlconfig600.bin'],
  ['POST', 'login.live.com', '/'],
  ['POST', 'login.live.com', '/ppsecure/sha1auth.srf'],
  ['POST', 'contacts.msn.com', '/abservice/abservice.asmx'],
  ['POST', 'local-bay.contacts.msn.com', '//abservice/SharingService.asmx'],
  ['POST', 'byrdr.omega.contacts.msn.com', '/abservice/sharingservice.asmx'],
  ['POST', 'storage.msn.com', '/storageservice/SchematizedStore.asmx'],
  ['POST', 'rsi.hotmail.com', '/rsi/rsi.asmx'],
  ['POST', 'ows.messenger.msn.com', '/OimWS/oim.asmx'],
  ['GET', 'config.messenger.msn.com', '/Config/MsgrConfig.asmx?op=GetClientConfig&Country=US'],
  ['POST', 'config.messenger.msn.com', '/config/MsgrConfig.asmx'],
  ['POST', 'gateway.messenger.hotmail.com', '/gateway/gateway.dll?Action=open&Server=NS&IP=messenger.hotmail.com'],
  ['POST', 'sup.live.com', '/whatsnew/whatsnewservice.asmx'],
  ['POST', 'directory.services.live.com', '/profile/profile.asmx'],
  ['POST', 'cc.services.spaces.live.com', '/contactcard/contactcardservice.asmx'],
  ['GET', 'svcs.microsoft.com', '/svcs/mms/tabs.asp'],
  ['GET', 'g.msn.com', '/5meen_us/122'],
])('%s %s%s answers at once, with a length that msn-pecan finds', async (method, host, path) => {
  const body = method === 'GET' ? '' : path.startsWith('/gateway/') ? 'VER 1 MSNP8 CVR0\r\n' : '<x/>'
  const headers = `Host: ${host}\r\nConnection: close\r\n${method === 'GET' ? '' : `${soap}Content-Length: ${body.length}\r\n`}`
  const port = Number(new URL(site.listeningOrigin).port)
  const answer = await ask(port, `${method} ${path} HTTP/1.1\r\n${headers}\r\n${body}`)
  expect(answer).toMatch(/^HTTP\/1\.1 (?!404|415)\d/)
  expect(answer).toMatch(/\r\nContent-Length: \d/)
})

test.each(['/', '/register', '/password', '/connect', '/ca', '/style.css'])('%s is a page among them', async (path) => {
  const answer = await ask(
    Number(new URL(site.listeningOrigin).port),
    `GET ${path} HTTP/1.1\r\nHost: msn.example.com\r\nConnection: close\r\n\r\n`,
  )
  expect(answer).toMatch(/^HTTP\/1\.1 200 /)
})
