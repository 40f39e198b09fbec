import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { NetworkEvent } from '../../src/core/event.ts'
import { silent } from '../../src/core/log.ts'
import type { Login, LoginId } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { UserId } from '../../src/core/user.ts'
import { HomeserverError } from '../../src/matrix/homeserver-error.ts'
import { Household } from '../../src/matrix/household.ts'
import { LentAccount, NotLent } from '../../src/matrix/lent-account.ts'
import { Loans } from '../../src/matrix/loans.ts'

const romeo = '@romeo:hs.test'
const whoami = '/_matrix/client/v3/account/whoami'
const ends: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

type Answer = { status: number; body: unknown; headers?: Record<string, string> }

/** A homeserver that answers as told, and what it was asked. */
async function fakeHomeserver(answer: (url: URL) => Answer) {
  const asked: { method: string; path: string; query: Record<string, string>; authorization: string | undefined }[] = []
  const app = fastify()
  app.all('/*', async (request, reply) => {
    const url = new URL(request.url, 'http://hs')
    const { pathname: path } = url
    const query = Object.fromEntries(url.searchParams)
    asked.push({ method: request.method, path, query, authorization: request.headers.authorization })
    const { status, body, headers = {} } = answer(url)
    return reply.code(status).headers(headers).send(body)
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  ends.push(() => app.close())
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, asked }
}

const token = new Secret('the-token-of-romeo')
const unknownToken = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN', error: 'Invalid access token passed.' } }
const forbidden = { status: 403, body: { errcode: 'M_FORBIDDEN', error: 'Application service cannot masquerade as this user' } }

async function thrown(call: Promise<unknown>): Promise<HomeserverError> {
  const error = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(HomeserverError)
  return error as HomeserverError
}

describe('a lent account', () => {
  it.each(['the-token\nof-romeo', 'the-token-of-żółw', 'the token of romeo'])(
    'whose token cannot be one (%j) is refused without asking, and what was typed is in no error',
    async (typed) => {
      const { url, asked } = await fakeHomeserver(() => ({ status: 200, body: { user_id: romeo } }))
      const error = await thrown(new LentAccount({ url, token: new Secret(typed) }).call('GET', whoami))
      expect(error).toBeInstanceOf(NotLent)
      expect(String(error)).not.toContain('the')
      expect(asked).toEqual([])
    },
  )

  it('is called with its token, and as somebody where the token opens more than one', async () => {
    const { url, asked } = await fakeHomeserver(() => ({ status: 200, body: { event_id: '$1' } }))
    const account = new LentAccount({ url, token })
    expect(await account.call('PUT', '/send', { body: { a: 1 }, query: { ts: '5' } })).toEqual({ event_id: '$1' })
    await new LentAccount({ url, token, userId: romeo }).call('GET', whoami)
    expect(asked).toEqual([
      { method: 'PUT', path: '/send', query: { ts: '5' }, authorization: 'Bearer the-token-of-romeo' },
      { method: 'GET', path: whoami, query: { user_id: romeo }, authorization: 'Bearer the-token-of-romeo' },
    ])
  })

  it('that is not lent any more is told from a call that fails', async () => {
    let answer: Answer = unknownToken
    const { url } = await fakeHomeserver(() => answer)
    const account = new LentAccount({ url, token })
    const gone = await thrown(account.call('GET', whoami))
    expect(gone).toBeInstanceOf(NotLent)
    expect(gone).toMatchObject({ isPassing: false, errcode: 'M_UNKNOWN_TOKEN' })
    expect(gone.message).not.toContain('the-token-of-romeo')
    answer = forbidden
    expect(await thrown(account.call('GET', whoami))).not.toBeInstanceOf(NotLent)
    answer = { status: 502, body: '<html>the proxy is tired</html>' }
    expect(await thrown(account.call('GET', whoami))).toMatchObject({ isPassing: true, status: 502 })
    answer = { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1e9 } }
    expect(await thrown(account.call('GET', whoami))).toMatchObject({ isPassing: true, retryAfter: 60_000 })
  })

  it('is not looked for where the homeserver sends us, and an answer without an end is not waited for', async () => {
    const elsewhere = await fakeHomeserver(() => ({ status: 200, body: { user_id: romeo } }))
    const { url } = await fakeHomeserver(() => ({ status: 302, body: '', headers: { location: elsewhere.url } }))
    expect(await thrown(new LentAccount({ url, token }).call('GET', whoami))).toMatchObject({ isPassing: true })
    expect(elsewhere.asked).toEqual([])
    const endless = await fakeHomeserver(() => ({ status: 200, body: { user_id: 'x'.repeat(2_000_000) } }))
    expect(await thrown(new LentAccount({ url: endless.url, token }).call('GET', whoami))).toMatchObject({ isPassing: true })
    const gone = await fakeHomeserver(() => forbidden)
    await ends.pop()?.()
    expect(await thrown(new LentAccount({ url: gone.url, token }).call('GET', whoami))).toMatchObject({
      isPassing: true,
      message: expect.stringContaining('ECONNREFUSED'),
    })
  })
})

describe('the accounts of our homeserver', () => {
  let now = 0

  async function household(answer: (url: URL) => Answer) {
    now = 0
    const server = await fakeHomeserver(answer)
    const errors: string[] = []
    const log = { ...silent, error: (_: object, line: string) => errors.push(line) }
    const isOurs = (userId: string) => userId.startsWith('@msn_')
    const it = new Household({ url: server.url, domain: 'hs.test', token, isOurs, clock: () => now, log })
    ends.push(() => it.stop())
    return { it, errors, ...server }
  }

  it('are lent where the second registration lets us speak as their owners, which is asked once', async () => {
    const { it: house, asked } = await household((url) => ({ status: 200, body: { user_id: url.searchParams.get('user_id') } }))
    expect(house.caller(romeo)).toBeUndefined()
    expect(await Promise.all([house.has(romeo), house.has(romeo)])).toEqual([true, true])
    expect(await house.has(romeo)).toBe(true)
    expect(asked).toHaveLength(1)
    await house.caller(romeo)?.('GET', '/x')
    expect(asked[1]).toMatchObject({ path: '/x', query: { user_id: romeo } })
  })

  it('are no ghosts of ours, and nobody of another homeserver', async () => {
    const { it: house, asked } = await household((url) => ({ status: 200, body: { user_id: url.searchParams.get('user_id') } }))
    expect(await house.has('@msn_juliet=40example.com:hs.test')).toBe(false)
    expect(await house.has('@romeo:mantua.test')).toBe(false)
    expect(await house.has('romeo')).toBe(false)
    expect(asked).toEqual([])
  })

  it('are asked for again a while after the homeserver refused, and soon after it did not answer', async () => {
    let answer: Answer = forbidden
    const { it: house, asked } = await household(() => answer)
    expect(await house.has(romeo)).toBe(false)
    expect(house.caller(romeo)).toBeUndefined()
    answer = { status: 502, body: '' }
    expect(await house.has(romeo)).toBe(false)
    expect(asked).toHaveLength(1)
    now += 11 * 60_000
    expect(await house.has(romeo)).toBe(true)
    expect(await house.has(romeo)).toBe(true)
    expect(asked).toHaveLength(3)
    answer = { status: 200, body: { user_id: '@mercutio:hs.test' } }
    expect(await house.has(romeo)).toBe(false)
  })

  it('of a homeserver that does not know the second registration are lent by nobody, and the operator reads how to mend it', async () => {
    let isKnown = false
    const { it: house, errors } = await household((url) =>
      isKnown ? { status: 200, body: { user_id: url.searchParams.get('user_id') ?? '@msnbot-puppets:hs.test' } } : unknownToken,
    )
    house.start()
    await expect.poll(() => errors).toEqual([expect.stringContaining('nudge registration --puppets')])
    expect(await house.has(romeo)).toBe(false)
    isKnown = true
    await expect.poll(() => house.has(romeo), { timeout: 10_000 }).toBe(true)
    expect(errors).toHaveLength(1)
  })

  it('that are called in vain are asked for anew', async () => {
    let isKnown = true
    const { it: house, errors } = await household((url) =>
      isKnown ? { status: 200, body: { user_id: url.searchParams.get('user_id') } } : unknownToken,
    )
    expect(await house.has(romeo)).toBe(true)
    isKnown = false
    expect(await thrown(house.caller(romeo)?.('GET', '/x') ?? Promise.resolve())).toBeInstanceOf(NotLent)
    await expect.poll(() => errors).toHaveLength(1)
    expect(await house.has(romeo)).toBe(false)
  })
})

describe('accounts lent one by one', () => {
  const loginOf = (id: string): Login => ({
    id: `login of ${id}` as LoginId,
    user: 'romeo' as UserId,
    address: { network: networkId('matrix'), id },
    state: 'offline',
  })

  async function loans(answer: (url: URL) => Answer, more: Record<string, string> = {}) {
    const server = await fakeHomeserver(answer)
    const told: { state: string; reason?: string }[] = []
    const sink = async (event: NetworkEvent) => {
      if (event.kind === 'login-state') told.push({ state: event.state, ...(event.reason && { reason: event.reason.key }) })
    }
    const it = new Loans({ servers: { 'hs.test': server.url, ...more }, sink, log: silent })
    ends.push(() => it.stop())
    return { it, told, ...server }
  }

  it('are verified, and called as until their token counts no more, which is told once', async () => {
    let isIn = true
    const { it: lent, told, asked } = await loans(() => (isIn ? { status: 200, body: { user_id: romeo } } : unknownToken))
    await lent.connect(loginOf(romeo), { password: token })
    await expect.poll(() => told).toEqual([{ state: 'connecting' }, { state: 'online' }])
    expect(lent.has(romeo)).toBe(true)
    await lent.caller(romeo)?.('GET', '/x')
    expect(asked.at(-1)).toMatchObject({ path: '/x', query: {}, authorization: 'Bearer the-token-of-romeo' })
    isIn = false
    const caller = lent.caller(romeo)
    await thrown(caller?.('GET', '/x') ?? Promise.resolve())
    await thrown(caller?.('GET', '/x') ?? Promise.resolve())
    expect(lent.has(romeo)).toBe(false)
    await expect.poll(() => told.slice(2)).toEqual([{ state: 'refused', reason: 'puppet.signed-out' }])
  })

  it.each([
    ['a token that does not count', unknownToken, 'puppet.signed-out'],
    ['a token of somebody else', { status: 200, body: { user_id: '@mercutio:hs.test' } }, 'puppet.somebody-else'],
  ])('are refused with %s', async (_, answer, reason) => {
    const { it: lent, told } = await loans(() => answer)
    await lent.connect(loginOf(romeo), { password: token })
    await expect.poll(() => told).toEqual([{ state: 'connecting' }, { state: 'refused', reason }])
    expect(lent.has(romeo)).toBe(false)
  })

  it('are asked for where their homeserver answers, if the operator says where that is; no server is asked that a stranger names', async () => {
    const mantua = await fakeHomeserver(() => ({ status: 200, body: { user_id: '@romeo:mantua.test' } }))
    const { it: lent, told, asked } = await loans(() => forbidden, { 'mantua.test': mantua.url })
    await lent.connect(loginOf('@romeo:mantua.test'), { password: token })
    await expect.poll(() => told.at(-1)).toEqual({ state: 'online' })
    await lent.connect(loginOf('@tybalt:127.0.0.1:6379'), { password: token })
    expect(told.at(-1)).toEqual({ state: 'refused', reason: 'puppet.unknown-server' })
    expect(asked).toEqual([])
    expect(mantua.asked).toHaveLength(1)
  })

  it('are waited for while their homeserver does not answer', async () => {
    let answer: Answer = { status: 502, body: '' }
    const { it: lent, told } = await loans(() => answer)
    await lent.connect(loginOf(romeo), { password: token })
    await expect.poll(() => told.at(-1)).toEqual({ state: 'reconnecting' })
    expect(lent.has(romeo)).toBe(true)
    answer = { status: 200, body: { user_id: romeo } }
    await expect.poll(() => told.at(-1), { timeout: 10_000 }).toEqual({ state: 'online' })
    lent.disconnect(loginOf(romeo).id)
    expect(lent.has(romeo)).toBe(false)
    expect(lent.caller(romeo)).toBeUndefined()
  })
})
