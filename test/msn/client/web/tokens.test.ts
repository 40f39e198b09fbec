import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { webCaller } from '../../../../src/msn/client/web/call.ts'
import { type Service, tokenSignIn, WebTokens } from '../../../../src/msn/client/web/tokens.ts'
import { type GrantedToken, writeTokenFault, writeTokens } from '../../../../src/msn/soap/token-answer.ts'
import { legacyAddress, readTokenRequest, type TokenForm, type TokenRequest } from '../../../../src/msn/soap/tokens.ts'
import { WebServer } from '../../../support/web-server.ts'

const account = 'juliet@example.com'
const password = 'rose & <thorn>'
const minute = 60_000
const day = 24 * 60 * minute

let server: WebServer
let home: string
let now: number
/** What the token service answers to a request; its n-th. */
let answer: (request: TokenRequest, form: TokenForm, n: number) => string | { status: number; headers?: Record<string, string> }
let requests: TokenRequest[]

beforeEach(async () => {
  now = 1_000_000
  requests = []
  answer = (request, form, n) => grant(request, form, n)
  server = new WebServer(({ path, body }, response) => {
    const request = readTokenRequest(body)
    if (!request) return response.writeHead(400).end()
    requests.push(request)
    const said = answer(request, path.toUpperCase().includes('RST2') ? 'RST2' : 'RST', requests.length)
    return typeof said === 'string' ? response.end(said) : response.writeHead(said.status, said.headers).end()
  })
  home = await server.start()
})

afterEach(() => server.stop())

/** A ticket for each address, with the number of the request in it. */
function grant({ wanted }: TokenRequest, form: TokenForm, n: number, lasts = day): string {
  const tokens = wanted.map((token): GrantedToken => {
    const secret = token.address === 'messengerclear.live.com' && { secret: new Secret(Buffer.alloc(24, n).toString('base64')) }
    return { ...token, ticket: new Secret(`t=${n}.${token.address}&p=`), ...secret }
  })
  return writeTokens(form, { tokens, puid: '0'.repeat(16), account, created: now, expires: now + lasts })
}

function tokensAt(path = '/RST.srf'): WebTokens {
  return new WebTokens({
    account,
    password: new Secret(password),
    rst: `${home}${path}`,
    call: webCaller(fetch),
    clock: () => now,
  })
}

const reveal = async (ticket: Secret) => ticket.reveal()
const contacts: Service = 'contacts.msn.com'

describe('the ticket for the sign-in', () => {
  for (const form of ['RST', 'RST2'] as const)
    it(`comes from ${form} with its secret, under the policy of the notification server`, async () => {
      const { ticket, secret } = await tokensAt(`/${form}.srf`).signInTicket('MBI_KEY_OLD')
      expect(ticket.reveal()).toBe('t=1.messengerclear.live.com&p=')
      expect(secret.reveal()).toBe(Buffer.alloc(24, 1).toString('base64'))
      expect(requests[0]).toMatchObject({ account, password: new Secret(password) })
      expect(requests[0]?.password.reveal()).toBe(password)
      expect(requests[0]?.wanted.slice(0, 2)).toEqual([
        { address: legacyAddress, policy: undefined, number: 0 },
        { address: 'messengerclear.live.com', policy: 'MBI_KEY_OLD', number: 1 },
      ])
      expect(server.asked[0]?.headers['content-type']).toMatch(form === 'RST' ? /^text\/xml/ : /^application\/soap\+xml/)
    })

  it('is another one each time', async () => {
    const tokens = tokensAt()
    await tokens.signInTicket('MBI_KEY_OLD')
    expect((await tokens.signInTicket('MBI_KEY')).ticket.reveal()).toBe('t=2.messengerclear.live.com&p=')
  })

  it('is found by its address, whatever its Id and its place', async () => {
    answer = (request, form, n) => {
      const wanted = request.wanted.map((token) => ({ ...token, number: token.number === 0 ? 0 : 9 - token.number })).reverse()
      return grant({ ...request, wanted }, form, n)
    }
    expect((await tokensAt().signInTicket('MBI')).ticket.reveal()).toBe('t=1.messengerclear.live.com&p=')
  })

  it('is found in an answer of another kind: indented, without prefixes, numbered with the legacy token', async () => {
    const one = (address: string, id: string, ticket: string, more = '') => `
      <RequestSecurityTokenResponse>
        <TokenType>urn:passport:compact</TokenType>
        <AppliesTo xmlns="p"><EndpointReference xmlns="a"><Address>${address}</Address></EndpointReference></AppliesTo>
        <LifeTime><Created>2007-09-05T21:42:12Z</Created><Expires>2007-09-06T21:42:12Z</Expires></LifeTime>
        <RequestedSecurityToken>
          <BinarySecurityToken Id="${id}">
            ${ticket}
          </BinarySecurityToken>
        </RequestedSecurityToken>${more}
      </RequestSecurityTokenResponse>`
    const proof = '<RequestedProofToken><BinarySecret>c2VjcmV0</BinarySecret></RequestedProofToken>'
    const tokens = [one(contacts, 'Compact3', 't=b&amp;p='), one('messengerclear.live.com', 'Compact2', 't=a&amp;p=', proof)]
    answer = () => `<?xml version="1.0"?>
      <Envelope><Header/><Body>
        <RequestSecurityTokenResponseCollection>${tokens.join('')}</RequestSecurityTokenResponseCollection>
      </Body></Envelope>`
    const { ticket, secret } = await tokensAt().signInTicket('MBI_KEY_OLD')
    expect([ticket.reveal(), secret.reveal()]).toEqual(['t=a&p=', 'c2VjcmV0'])
  })

  it('comes with those of the services', async () => {
    const tokens = tokensAt()
    await tokens.signInTicket('MBI_KEY_OLD')
    for (const service of ['messenger.msn.com', 'contacts.msn.com', 'messengersecure.live.com'] as const)
      expect(await tokens.use(service, reveal)).toBe(`t=1.${service}&p=`)
    expect(requests).toHaveLength(1)
  })

  it('is not taken when it could not stand in a line', async () => {
    answer = (request, form) => {
      const tokens = request.wanted.map((token) => ({
        ...token,
        ticket: new Secret('t=a\r\nOUT&p='),
        secret: new Secret('AAAA'),
      }))
      return writeTokens(form, { tokens, puid: '', account, created: now, expires: now + day })
    }
    await expect(tokensAt().signInTicket('MBI')).rejects.toMatchObject({ code: 'server-error' })
  })
})

describe('the ticket of a service', () => {
  it('is asked for once for many who want it', async () => {
    const tokens = tokensAt()
    const three = await Promise.all([1, 2, 3].map(() => tokens.use(contacts, reveal)))
    expect(three).toEqual(['t=1.contacts.msn.com&p=', 't=1.contacts.msn.com&p=', 't=1.contacts.msn.com&p='])
    expect(requests).toHaveLength(1)
  })

  it('is renewed when less than ten minutes are left', async () => {
    const tokens = tokensAt()
    await tokens.use(contacts, reveal)
    now += day - 10 * minute
    expect(await tokens.use(contacts, reveal)).toBe('t=1.contacts.msn.com&p=')
    now += 1000
    expect(await tokens.use(contacts, reveal)).toBe('t=2.contacts.msn.com&p=')
  })

  it('that lasts shorter than that is good for one use', async () => {
    answer = (request, form, n) => grant(request, form, n, 5 * minute)
    const tokens = tokensAt()
    expect(await tokens.use(contacts, reveal)).toBe('t=1.contacts.msn.com&p=')
    expect(await tokens.use(contacts, reveal)).toBe('t=2.contacts.msn.com&p=')
  })

  it('is renewed once when the service says that it is over', async () => {
    const seen: string[] = []
    const attempt = async (ticket: Secret) => {
      seen.push(ticket.reveal())
      return seen.length === 1 ? 'stale' : 'done'
    }
    expect(await tokensAt().use(contacts, attempt)).toBe('done')
    expect(seen).toEqual(['t=1.contacts.msn.com&p=', 't=2.contacts.msn.com&p='])
    await expect(tokensAt().use(contacts, async () => 'stale')).rejects.toMatchObject({ code: 'server-error' })
    expect(requests).toHaveLength(4)
  })

  it('that is not given is an error', async () => {
    answer = (request, form, n) =>
      grant({ ...request, wanted: request.wanted.filter(({ address }) => address !== contacts) }, form, n)
    await expect(tokensAt().use(contacts, reveal)).rejects.toMatchObject({ code: 'server-error' })
  })
})

const twn = { account, password: new Secret(password), challenge: 'ct=1,rver=1,wp=FS_40SEC_0_COMPACT,lc=1,id=1' }

describe('a ticket for USR TWN from a token service', () => {
  it('is asked for with the parameters of the notification server as the policy', async () => {
    const ticket = await tokenSignIn({ rst: `${home}/RST.srf`, call: webCaller(fetch), clock: () => now })(twn)
    expect(ticket.reveal()).toBe('t=1.messenger.msn.com&p=')
    expect(requests[0]?.wanted[1]).toMatchObject({
      address: 'messenger.msn.com',
      policy: '?ct=1&rver=1&wp=FS_40SEC_0_COMPACT&lc=1&id=1',
    })
  })
})

describe('a token service', () => {
  for (const form of ['RST', 'RST2'] as const)
    it(`that does not take the password refuses, by ${form}`, async () => {
      answer = (_, form) => writeTokenFault(form, 'refused')
      await expect(tokensAt(`/${form}.srf`).signInTicket('MBI')).rejects.toMatchObject({ code: 'refused' })
      answer = (_, form) => writeTokenFault(form, 'invalid')
      await expect(tokensAt(`/${form}.srf`).signInTicket('MBI')).rejects.toMatchObject({ code: 'server-error' })
    })

  it('may refuse by HTTP alone', async () => {
    answer = () => ({ status: 401 })
    await expect(tokensAt().signInTicket('MBI')).rejects.toMatchObject({ code: 'refused' })
  })

  it('may send us to another, in its own words or by HTTP', async () => {
    answer = (request, form, n) => {
      if (n === 1) return redirectTo(`${home}/pp550/RST.srf`)
      return n === 2 ? { status: 302, headers: { Location: '/pp550/other.srf' } } : grant(request, form, n)
    }
    expect((await tokensAt().signInTicket('MBI')).ticket.reveal()).toBe('t=3.messengerclear.live.com&p=')
    expect(server.asked.map(({ path }) => path)).toEqual(['/RST.srf', '/pp550/RST.srf', '/pp550/other.srf'])
  })

  it('that sends us on without end is given up', async () => {
    answer = () => redirectTo(`${home}/RST.srf`)
    await expect(tokensAt().signInTicket('MBI')).rejects.toMatchObject({ code: 'server-error' })
    expect(requests).toHaveLength(6)
    answer = () => redirectTo('file:///etc/passwd')
    await expect(tokensAt().signInTicket('MBI')).rejects.toMatchObject({ code: 'server-error' })
  })

  it('that talks nonsense is an error, which tells nothing of what it was told', async () => {
    const echo = `<S:Envelope xmlns:S="x"><S:Fault><faultstring>${password.replaceAll(/[&<>]/g, '')}</faultstring></S:Fault></S:Envelope>`
    const entity = '<!DOCTYPE a [<!ENTITY x "y">]><Envelope><Body>&x;</Body></Envelope>'
    for (const text of ['', '<html>', entity, echo, 'x'.repeat(100_000), '<a/>'.repeat(3)]) {
      answer = () => text
      const error: unknown = await tokensAt()
        .signInTicket('MBI')
        .catch((reason: unknown) => reason)
      expect(error).toMatchObject({ code: 'server-error' })
      expect(String(error)).not.toContain('rose')
    }
  })
})

function redirectTo(url: string): string {
  const redirect = `<psf:pp xmlns:psf="p"><psf:redirectUrl>${url}</psf:redirectUrl></psf:pp>`
  return `<S:Envelope xmlns:S="s">${redirect}<S:Fault><faultcode>psf:Redirect</faultcode></S:Fault></S:Envelope>`
}
