import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { twnChallenge, writePassportLogin } from '../../../../src/msn/auth/passport.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
import { ask } from '../../../support/ask.ts'
import { signIn } from '../../../support/msn-cast.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { password, startServer } from '../../../support/msn-server.ts'

let fixture: TestServer
let web: FastifyInstance
let port: number

beforeEach(async () => {
  fixture = await startServer()
  await openWeb()
})
afterEach(async () => {
  await web.close()
  await fixture.stop()
})

async function openWeb(loginUrl?: string): Promise<void> {
  web = fastify()
  const { accounts, tokens, signInTries } = fixture.server
  await web.register(passportHttp({ accounts, tokens, signInTries, loginUrl, clock: fixture.timers.clock }))
  await web.listen({ host: '127.0.0.1', port: 0 })
  port = Number(new URL(web.listeningOrigin).port)
}

const get = (path: string, header = '') =>
  ask(port, `GET ${path} HTTP/1.1\r\nHost: login.example.com:${port}\r\nConnection: close\r\n${header}\r\n`)

const authorization = (account: string, secret: string) =>
  `Authorization: ${writePassportLogin({ account, password: new Secret(secret) }, twnChallenge).reveal()}\r\n`

describe('Passport 1.4', () => {
  test('the nexus names the sign-in page: where it was asked itself', async () => {
    const answer = await get('/rdr/pprdr.asp')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toContain(`\r\nPassportURLs: DARealm=Passport.Net,DALogin=http://login.example.com:${port}/login2.srf,`)
  })

  test.each([
    ['none at all', 'GET /rdr/pprdr.asp HTTP/1.0\r\n\r\n'],
    ['what is no name', 'GET /rdr/pprdr.asp HTTP/1.1\r\nHost: a b, c<>\r\nConnection: close\r\n\r\n'],
  ])('whoever names us by %s is told the address that they came to', async (_what, request) => {
    expect(await ask(port, request)).toMatch(/,DALogin=http:\/\/127\.0\.0\.1(:\d+)?\/login2\.srf,/)
  })

  test('or where the operator says', async () => {
    await web.close()
    await openWeb('https://msn.example.org/login2.srf')
    expect(await get('/rdr/pprdr.asp')).toContain(',DALogin=msn.example.org/login2.srf,')
  })

  test('a password becomes a ticket that signs in for five minutes', async () => {
    const answer = await get('/login2.srf', authorization('Juliet@example.com', password))
    const ticket = /\r\nAuthentication-Info: Passport1\.4 da-status=success,.*from-PP='(t=[^']+&p=)',/.exec(answer)?.[1] ?? ''
    await signIn(await fixture.dial('NS'), 'juliet@example.com', ticket)
    await fixture.timers.pass(300_000)
    await expect(signIn(await fixture.dial('NS'), 'juliet@example.com', ticket)).rejects.toThrow('hung up')
  })

  test('a wrong password, somebody unknown and no password at all get 401', async () => {
    for (const header of [
      authorization('juliet@example.com', 'x'),
      authorization('nobody@example.com', password),
      '',
      'Authorization: Basic eA==\r\n',
    ]) {
      const answer = await get('/login2.srf', header)
      expect(answer).toMatch(/^HTTP\/1\.1 401 /)
      expect(answer).toContain('\r\nWWW-Authenticate: Passport1.4 da-status=failed')
      expect(answer).not.toContain('from-PP')
    }
  })
})
