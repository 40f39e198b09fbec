import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { ssoBlob } from '../../../../src/msn/auth/sso.ts'
import { passportHttp } from '../../../../src/msn/server/web/passport.ts'
import type { ReceivedToken } from '../../../../src/msn/soap/token-answer.ts'
import { readTokenAnswer } from '../../../../src/msn/soap/token-answer.ts'
import { writeTokenRequest } from '../../../../src/msn/soap/tokens.ts'
import { signIn } from '../../../support/msn-cast.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { password, startServer } from '../../../support/msn-server.ts'
import { recorded } from '../../../support/recorded-requests.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'

const juliet = 'juliet@example.com'
const holes = { account: juliet, password }

let fixture: TestServer
let site: WebSite

beforeEach(async () => {
  fixture = await startServer()
  const { accounts, tokens, signInTries } = fixture.server
  site = await startSite(passportHttp({ accounts, tokens, signInTries, clock: fixture.timers.clock }))
})
afterEach(async () => {
  await site.stop()
  await fixture.stop()
})

async function post(body: string, path = '/RST.srf', type = 'text/xml; charset=utf-8') {
  const { status, headers, text } = await site.post(path, body, { 'Content-Type': type })
  return { status, type: headers.get('content-type'), body: text }
}

function tokensIn(body: string): Map<string, ReceivedToken> {
  const answer = readTokenAnswer(body)
  if (answer?.kind !== 'tokens') throw new Error(`no tokens: ${answer?.kind}`)
  return new Map(answer.tokens.map((token) => [token.address, token]))
}

const rst2 = (account = juliet, secret = password) =>
  writeTokenRequest(
    'RST2',
    {
      account,
      password: new Secret(secret),
      wanted: [
        { address: 'http://Passport.NET/tb', number: 0 },
        { address: 'messengerclear.live.com', policy: 'MBI_KEY_OLD', number: 1 },
        { address: 'contacts.msn.com', policy: 'MBI', number: 2 },
      ],
    },
    fixture.timers.clock(),
  ).reveal()

describe('tokens for a password', () => {
  test('libpurple gets one for each of its addresses, numbered as it asked, with nothing between the elements', async () => {
    for (const path of ['/RST.srf', '//RST.srf', '/pp550/RST.srf']) {
      const { status, type, body } = await post(recorded('rst-libpurple', holes), path)
      expect([status, type]).toEqual([200, 'text/xml; charset=utf-8'])
      expect(body).not.toMatch(/>\s+</)
      const found = [...body.matchAll(/<wsa:Address>([^<]*)<.*?(?:Id="(Compact\d)"|Id="(BinaryDAToken0)")/g)]
      expect(found.map(([, address, id]) => [address, id])).toEqual([
        ['http://Passport.NET/tb', undefined],
        ['messengerclear.live.com', 'Compact1'],
        ['messenger.msn.com', 'Compact2'],
        ['contacts.msn.com', 'Compact3'],
        ['messengersecure.live.com', 'Compact4'],
        ['storage.live.com', 'Compact5'],
        ['sup.live.com', 'Compact6'],
      ])
    }
  })

  test('the token for messengerclear has the secret that is kept with it, the others have none', async () => {
    const tokens = tokensIn((await post(recorded('rst-libpurple', holes))).body)
    const clear = tokens.get('messengerclear.live.com')
    const known = await fixture.server.tokens.check(clear?.ticket ?? new Secret(''), 'sign-in')
    expect(known?.handle).toBe(juliet)
    expect(known?.secret.reveal()).toBe(clear?.secret?.reveal())
    const secrets = [...tokens.values()].filter(({ secret }) => secret).map(({ address }) => address)
    expect(secrets).toEqual(['http://Passport.NET/tb', 'messengerclear.live.com'])
  })

  test('each opens what it was asked for, and no more', async () => {
    const tokens = tokensIn((await post(recorded('rst-libpurple', holes))).body)
    const uses = async (address: string) => {
      const ticket = tokens.get(address)?.ticket ?? new Secret('')
      const all = ['sign-in', 'messenger', 'services'] as const
      const good = await Promise.all(all.map((use) => fixture.server.tokens.check(ticket, use)))
      return all.filter((_use, index) => good[index])
    }
    expect(await uses('messengerclear.live.com')).toEqual(['sign-in'])
    expect(await uses('messenger.msn.com')).toEqual(['messenger'])
    expect(await uses('contacts.msn.com')).toEqual(['services'])
    expect(await uses('sup.live.com')).toEqual(['services'])
  })

  test('they last as long as the answer says, to the second', async () => {
    const token = tokensIn((await post(recorded('rst-libpurple', holes))).body).get('contacts.msn.com')
    const life = (token?.expires ?? 0) - fixture.timers.clock()
    expect(life).toBeGreaterThan(3600_000)
    const ticket = token?.ticket ?? new Secret('')
    await fixture.timers.pass(life - 2000)
    expect(await fixture.server.tokens.check(ticket, 'services')).toBeDefined()
    await fixture.timers.pass(2001)
    expect(await fixture.server.tokens.check(ticket, 'services')).toBeUndefined()
  })

  test('they are worth nothing once the password is another one, or the account is gone', async () => {
    const ticketNow = async () =>
      tokensIn((await post(recorded('rst-libpurple', holes))).body).get('contacts.msn.com')?.ticket ?? new Secret('')
    const { accounts, tokens } = fixture.server
    const first = await ticketNow()
    await accounts.passwd(juliet, new Secret('tybalt'))
    expect(await tokens.check(first, 'services')).toBeUndefined()
    await accounts.passwd(juliet, new Secret(password))
    const second = await ticketNow()
    expect((await tokens.check(second, 'services'))?.handle).toBe(juliet)
    await accounts.remove(juliet)
    expect(await tokens.check(second, 'services')).toBeUndefined()
  })

  test('msn-pecan signs in with the token that it was given', async () => {
    const ticket =
      tokensIn((await post(recorded('rst-pecan', holes))).body)
        .get('messenger.msn.com')
        ?.ticket.reveal() ?? ''
    expect(ticket).toMatch(/^t=.*&p=$/)
    await signIn(await fixture.dial('NS'), juliet, ticket)
  })

  test('a client of MSNP15 signs in with ticket and secret, and not with another’s secret', async () => {
    const tokens = tokensIn((await post(recorded('rst-libpurple', holes))).body)
    const token = tokens.get('messengerclear.live.com')
    const answerTo = async (secret: Secret | undefined) => {
      const client = await fixture.dial('NS')
      client.dialect = 15
      client.say('VER 1 MSNP15')
      client.say(`USR 2 SSO I ${juliet}`)
      const [, , , , policy, nonce = ''] = (await client.hearOnly('USR 2')).split(' ')
      expect(policy).toBe('MBI_KEY_OLD')
      client.say(`USR 3 SSO S ${token?.ticket.reveal()} ${ssoBlob(nonce, secret ?? new Secret(''))}`)
      return client.hear()
    }
    expect(await answerTo(token?.secret)).toContain(`OK ${juliet}`)
    expect(await answerTo(tokens.get('http://Passport.NET/tb')?.secret)).toBe('911 3')
  })

  test('msn-pecan finds the length under the name by which it looks for it', async () => {
    const asked = recorded('rst-pecan', holes)
    const socket = connect({ host: '127.0.0.1', port: site.port })
    socket.write(
      `POST /RST.srf HTTP/1.1\r\nHost: login.live.com\r\nConnection: close\r\nContent-Type: text/xml; charset=utf-8\r\nContent-Length: ${asked.length}\r\n\r\n${asked}`,
    )
    let answer = ''
    for await (const chunk of socket) answer += String(chunk)
    const [headers, body = ''] = answer.split('\r\n\r\n')
    expect(headers).toContain(`\r\nContent-Length: ${body.length}`)
    expect(headers).toContain('\r\nContent-Type: text/xml; charset=utf-8')
  })

  test('RST2 answers in its own words', async () => {
    const { status, type, body } = await post(rst2(), '/RST2.srf', 'application/soap+xml; charset=utf-8')
    expect([status, type]).toEqual([200, 'application/soap+xml; charset=utf-8'])
    expect(body).toContain('<S:Envelope xmlns:S="http://www.w3.org/2003/05/soap-envelope"')
    expect([...tokensIn(body).keys()]).toEqual(['http://Passport.NET/tb', 'messengerclear.live.com', 'contacts.msn.com'])
  })
})

describe('no tokens', () => {
  test('a wrong password and somebody unknown are the same fault, with status 200', async () => {
    for (const wrong of [
      { ...holes, password: 'x' },
      { ...holes, account: 'nobody@example.com' },
    ]) {
      const { status, body } = await post(recorded('rst-libpurple', wrong))
      expect([status, readTokenAnswer(body)?.kind]).toEqual([200, 'refused'])
    }
    const { status, body } = await post(rst2(juliet, 'x'), '/RST2.srf')
    expect([status, readTokenAnswer(body)?.kind]).toEqual([200, 'refused'])
  })

  test('a hosted person has no password here', async () => {
    const { body } = await post(recorded('rst-libpurple', { account: 'mercutio@verona.example', password: '' }))
    expect(readTokenAnswer(body)?.kind).toBe('refused')
  })

  test.each([
    ['nothing', ''],
    ['no XML', 'hello'],
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><Envelope><Username>&a;</Username></Envelope>'],
  ])('%s is an invalid request', async (_what, xml) => {
    for (const path of ['/RST.srf', '/RST2.srf'])
      expect(readTokenAnswer((await post(xml, path)).body)).toEqual({ kind: 'fault', reason: 'Invalid Request' })
  })

  test('what is longer than any client writes is not read', async () => {
    expect((await post(`<E>${'x'.repeat(70_000)}</E>`)).status).toBe(413)
  })
})

test('the sign-in library finds its policies, and somebody there at all', async () => {
  for (const path of ['/ppcrlconfig.bin', '/ppcrlconfig600.bin']) {
    const answer = await site.get(path)
    expect([answer.status, answer.text]).toEqual([200, ''])
  }
  expect(await post('', '/')).toEqual({ status: 200, type: null, body: '' })
})
