import type { AddressInfo } from 'node:net'
import fastify from 'fastify'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { networkId } from '../../src/core/address.ts'
import { ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import type { Logger } from '../../src/core/log.ts'
import { silent } from '../../src/core/log.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { clientPath, Homeserver } from '../../src/matrix/homeserver.ts'
import { HomeserverError, homeserverError, toDeliveryError } from '../../src/matrix/homeserver-error.ts'
import { newToken, registrationOf } from '../../src/matrix/registration.ts'

const bot = '@msnbot:hs.test'
const ghost = '@msn_juliet=40example.com:hs.test'
const ends: (() => Promise<unknown>)[] = []
let now = 0

afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})

interface FakeAnswer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

/** A homeserver that answers every call alike, and what it was asked. */
async function fakeHomeserver(answer: FakeAnswer) {
  const asked: { url: string; authorization: string | undefined; body: unknown }[] = []
  const app = fastify()
  app.all('/*', async (request, reply) => {
    asked.push({ url: request.url, authorization: request.headers.authorization, body: request.body })
    return reply
      .code(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body)
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  ends.push(() => app.close())
  return { url: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`, asked }
}

async function open(url: string, log: Logger = silent) {
  const config = matrixConfig.parse({ homeserver: url, domain: 'hs.test', asToken: newToken(), hsToken: newToken() })
  const homeserver = new Homeserver({
    url,
    domain: 'hs.test',
    registration: registrationOf(config, [networkId('msn')]),
    clock: () => now,
    log,
  })
  await homeserver.open()
  ends.push(() => homeserver.close())
  return { homeserver, token: config.asToken.reveal() }
}

describe('a call', () => {
  it('is made as one of our accounts', async () => {
    const { url, asked } = await fakeHomeserver({ status: 200, body: { ok: true } })
    const { homeserver, token } = await open(url)
    const path = clientPath`rooms/${'!a/../b'}/join`
    expect(await homeserver.call(ghost, 'POST', path, { body: { a: 1 }, query: { b: '2' } })).toEqual({ ok: true })
    expect(asked).toHaveLength(1)
    expect(asked[0]).toMatchObject({ authorization: `Bearer ${token}`, body: { a: 1 } })
    const { pathname, searchParams } = new URL(asked[0]?.url ?? '', url)
    expect(pathname).toBe('/_matrix/client/v3/rooms/!a%2F..%2Fb/join')
    expect(Object.fromEntries(searchParams)).toEqual({ b: '2', user_id: ghost })
  })

  it('whose answer is not understood may be made again', async () => {
    const { url } = await fakeHomeserver({ status: 200, body: '<html>the proxy is tired</html>' })
    const { homeserver } = await open(url)
    const answer = homeserver.ask(z.object({ room_id: z.string() }), bot, 'GET', clientPath`createRoom`)
    await expect(answer).rejects.toMatchObject({ name: 'HomeserverError', isPassing: true })
  })

  it('that nobody answers may be made again, and the log of the library comes to ours without the token', async () => {
    const lines: string[] = []
    const debug = (context: object, message: string) => lines.push(JSON.stringify(context) + message)
    const { homeserver, token } = await open('http://127.0.0.1:1', { ...silent, debug, isLevelEnabled: () => true })
    const failure = await homeserver.call(bot, 'GET', clientPath`account/whoami`).catch((error: unknown) => error)
    expect(failure).toMatchObject({ status: undefined, isPassing: true, message: expect.stringContaining('ECONNREFUSED') })
    expect(lines.join('\n')).toContain('ECONNREFUSED')
    expect(lines.join('\n')).not.toContain(token)
  })
})

describe('what the homeserver has against a message', () => {
  const fateOf = async (status: number, body: unknown, headers?: Record<string, string>) => {
    const { url } = await fakeHomeserver({ status, body, ...(headers && { headers }) })
    const { homeserver } = await open(url)
    const error = await homeserver.call(ghost, 'PUT', '/send').catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(HomeserverError)
    return toDeliveryError(error as HomeserverError)
  }

  it.each([
    [500, { errcode: 'M_UNKNOWN' }],
    [502, '<html>Bad Gateway</html>'],
    [401, { errcode: 'M_UNKNOWN_TOKEN', error: 'no' }],
  ])('passes: %s %o', async (status, body) => {
    expect(await fateOf(status, body)).toBeInstanceOf(NetworkUnreachable)
  })

  it('passes when we were too fast, after the time that it says, but not after hours', async () => {
    expect(await fateOf(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1500 })).toMatchObject({
      fate: 'retry',
      retryAfter: 1500,
    })
    expect(await fateOf(429, { errcode: 'M_LIMIT_EXCEEDED' }, { 'retry-after': '3' })).toMatchObject({ retryAfter: 3000 })
    expect(await fateOf(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1e9 })).toMatchObject({ retryAfter: 60_000 })
    expect(await fateOf(429, { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 'soon' })).toMatchObject({ retryAfter: undefined })
  })

  it.each([
    [403, { errcode: 'M_FORBIDDEN', error: 'not in room' }, 'matrix.room-gone'],
    [404, { errcode: 'M_NOT_FOUND', error: 'no such room' }, 'matrix.room-gone'],
    [413, { errcode: 'M_TOO_LARGE', error: 'event too large' }, 'matrix.too-large'],
    [400, { errcode: 'M_BAD_JSON', error: 'bad' }, 'matrix.refused'],
  ])('stays: %s %o', async (status, body, key) => {
    const error = await fateOf(status, body)
    expect(error).toBeInstanceOf(ContentRefused)
    expect(error.phrase.key).toBe(key)
  })

  it('is found out whatever the library throws', () => {
    for (const thrown of [undefined, null, 'text', 7, {}, { statusCode: 'x' }, new Error('socket hang up')])
      expect(homeserverError('GET /', thrown).isPassing).toBe(true)
  })
})

describe('a homeserver that finds it too much', () => {
  const kinds = [
    [
      'a message',
      'PUT',
      clientPath`rooms/${'!a:hs.test'}/send/m.room.message/${'0a1'}`,
      clientPath`rooms/${'!b:hs.test'}/send/m.room.message/${'0b2'}`,
    ],
    ['a new room', 'POST', clientPath`createRoom`, clientPath`createRoom`],
    ['coming into a room', 'POST', clientPath`rooms/${'!a:hs.test'}/join`, clientPath`rooms/${'!b:hs.test'}/join`],
    ['a name', 'PUT', clientPath`profile/${ghost}/displayname`, clientPath`profile/${ghost}/displayname`],
    ['typing', 'PUT', clientPath`rooms/${'!a:hs.test'}/typing/${ghost}`, clientPath`rooms/${'!b:hs.test'}/typing/${ghost}`],
    ['presence', 'PUT', clientPath`presence/${ghost}/status`, clientPath`presence/${ghost}/status`],
    ['a new account', 'POST', clientPath`register`, clientPath`register`],
  ] as const

  it.each(kinds)('is left in peace for as long as it says: %s', async (_, method, first, next) => {
    const answer: FakeAnswer = { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 5000 } }
    const { url, asked } = await fakeHomeserver(answer)
    const { homeserver } = await open(url)
    const call = (path: string) => homeserver.call(ghost, method, path, { body: {} })
    await expect(call(first)).rejects.toMatchObject({ status: 429, retryAfter: 5000 })
    now += 4000
    await expect(call(next)).rejects.toMatchObject({ status: 429, retryAfter: 1000, isPassing: true })
    expect(asked).toHaveLength(1)
    Object.assign(answer, { status: 200, body: {} })
    now += 1000
    await expect(call(next)).resolves.toEqual({})
  })

  it('still hears from others of us, and of other matters', async () => {
    const answer: FakeAnswer = { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED' }, headers: { 'retry-after': '7' } }
    const { url } = await fakeHomeserver(answer)
    const { homeserver } = await open(url)
    const join = clientPath`rooms/${'!a:hs.test'}/join`
    await expect(homeserver.call(ghost, 'POST', join)).rejects.toMatchObject({ retryAfter: 7000 })
    Object.assign(answer, { status: 200, body: {} })
    await expect(homeserver.call(bot, 'POST', join)).resolves.toEqual({})
    await expect(homeserver.call(ghost, 'POST', clientPath`createRoom`)).resolves.toEqual({})
    await expect(homeserver.call(ghost, 'POST', join)).rejects.toMatchObject({ status: 429 })
  })

  it('is asked again after a second where it does not say when, and after a minute where it says a century', async () => {
    const answer: FakeAnswer = { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED' } }
    const { url, asked } = await fakeHomeserver(answer)
    const { homeserver } = await open(url)
    const send = () => homeserver.call(ghost, 'POST', clientPath`createRoom`).catch(() => {})
    await send()
    now += 1000
    answer.body = { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 1e9 }
    await send()
    expect(asked).toHaveLength(2)
    now += 59_999
    await send()
    expect(asked).toHaveLength(2)
    now += 1
    await send()
    expect(asked).toHaveLength(3)
  })
})
