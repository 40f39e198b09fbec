import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { twnChallenge, writePassportLogin } from '../../../../src/msn/auth/passport.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
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
  await web.register(
    passportHttp({ accounts: fixture.server.accounts, tokens: fixture.server.tokens, loginUrl, clock: fixture.timers.clock }),
  )
  await web.listen({ host: '127.0.0.1', port: 0 })
  port = Number(new URL(web.listeningOrigin).port)
}

/** An answer as it stands on the wire, because old clients look at the case of header names. */
async function ask(request: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.write(request)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}

const get = (path: string, header = '') =>
  ask(`GET ${path} HTTP/1.1\r\nHost: login.example.com:${port}\r\nConnection: close\r\n${header}\r\n`)

const authorization = (account: string, secret: string) =>
  `Authorization: ${writePassportLogin({ account, password: new Secret(secret) }, twnChallenge).reveal()}\r\n`

describe('Passport 1.4', () => {
  test('the nexus names the sign-in page: where it was asked itself', async () => {
    const answer = await get('/rdr/pprdr.asp')
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(answer).toContain(`\r\nPassportURLs: DARealm=Passport.Net,DALogin=http://login.example.com:${port}/login2.srf,`)
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

describe('RST', () => {
  const token = (id: string, address: string, element = 'Address') =>
    `<wst:RequestSecurityToken Id="${id}"><wsp:AppliesTo><wsa:EndpointReference><wsa:${element}>${address}</wsa:${element}></wsa:EndpointReference></wsp:AppliesTo></wst:RequestSecurityToken>`
  const request = (account: string, secret: string, tokens: string) =>
    `<?xml version="1.0"?><Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsse="x" xmlns:wst="x" xmlns:wsp="x" xmlns:wsa="x" xmlns:ps="x"><Header><wsse:Security><wsse:UsernameToken Id="user"><wsse:Username>${account}</wsse:Username><wsse:Password>${secret}</wsse:Password></wsse:UsernameToken></wsse:Security></Header><Body><ps:RequestMultipleSecurityTokens Id="RSTS">${tokens}</ps:RequestMultipleSecurityTokens></Body></Envelope>`
  const post = async (body: string, path = '/RST.srf', type = 'text/xml') => {
    const answer = await web.inject({
      method: 'POST',
      url: `http://login.example.com${path}`,
      headers: { 'content-type': type },
      payload: body,
    })
    return { status: answer.statusCode, body: answer.body }
  }
  const tb = token('RST0', 'http://Passport.NET/tb')

  test('every address gets its token, numbered as it was asked, with nothing between the elements', async () => {
    const asked = request(
      'juliet@example.com',
      password,
      `${tb}${token('RST2', 'messengersecure.live.com')}${token('RST1', 'messenger.msn.com')}`,
    )
    for (const path of ['/RST.srf', '//RST.srf']) {
      const { status, body } = await post(asked, path, 'application/soap+xml')
      expect(status).toBe(200)
      expect(body).not.toMatch(/>\s+</)
      const tokens = [...body.matchAll(/<wsa:Address>([^<]*)<.*?(?:Id="(Compact\d)">([^<]*)<|BinaryDAToken0)/g)]
      expect(tokens.map(([, address, id]) => [address, id])).toEqual([
        ['http://Passport.NET/tb', undefined],
        ['messengersecure.live.com', 'Compact2'],
        ['messenger.msn.com', 'Compact1'],
      ])
      const ticket = tokens[2]?.[3]?.replace('&amp;', '&') ?? ''
      expect(ticket).toMatch(/^t=.*&p=$/)
      await signIn(await fixture.dial('NS'), 'juliet@example.com', ticket)
    }
  })

  test('the length is under the name by which msn-pecan looks for it', async () => {
    const asked = request('juliet@example.com', password, tb)
    const answer = await ask(
      `POST /RST.srf HTTP/1.1\r\nHost: login.live.com\r\nConnection: close\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${asked.length}\r\n\r\n${asked}`,
    )
    const [headers, body = ''] = answer.split('\r\n\r\n')
    expect(headers).toContain(`\r\nContent-Length: ${body.length}`)
    expect(headers).toContain('\r\nContent-Type: text/xml; charset=utf-8')
  })

  test('one token needs no list around it, and no address', async () => {
    const { body } = await post(request('juliet@example.com', password, token('RST1', 'p2pslc.messenger.msn.com', 'ServiceName')))
    expect(body).toContain('<wsa:Address>p2pslc.messenger.msn.com</wsa:Address>')
  })

  test('a wrong password is a fault that clients understand, with status 200', async () => {
    const { status, body } = await post(request('juliet@example.com', 'x', tb))
    expect([status, body.includes('<faultcode>wsse:FailedAuthentication</faultcode>')]).toEqual([200, true])
  })

  test.each([
    ['no XML', 'hello'],
    ['half of it', '<Envelope>'],
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><Envelope><Username>&a;</Username></Envelope>'],
    ['nobody', '<Envelope/>'],
    ['too many tokens', `<E><Username>a@b</Username>${'<RequestSecurityToken/>'.repeat(33)}</E>`],
  ])('%s is an invalid request', async (_what, xml) => {
    expect((await post(xml)).body).toContain('<faultcode>S:Client</faultcode>')
  })

  test('what is longer than any client writes is not read', async () => {
    expect((await post(`<E>${'x'.repeat(70_000)}</E>`)).status).toBe(413)
  })
})
