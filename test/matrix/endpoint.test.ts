import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../src/core/log.ts'
import { Secret } from '../../src/core/secret.ts'
import { makeEndpoint } from '../../src/matrix/endpoint.ts'

const authorization = 'Bearer right-token'

let bodies: unknown[]
let failure: Error | undefined
let app: FastifyInstance

beforeEach(() => {
  bodies = []
  failure = undefined
  app = makeEndpoint({
    hsToken: new Secret('right-token'),
    takeTransaction: async (_id, body) => {
      if (failure) throw failure
      bodies.push(body)
    },
    knowsUser: async (userId) => userId === '@msn_juliet=40example.com:hs.test',
    log: silent,
  })
})

afterEach(async () => {
  await app.close()
})

const put = (payload: string | object, headers: Record<string, string> = { authorization }) =>
  app.inject({
    method: 'PUT',
    url: '/_matrix/app/v1/transactions/1',
    payload,
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('the door to the homeserver', () => {
  it('opens for the right token alone', async () => {
    expect((await put({ events: [] }, {})).statusCode).toBe(401)
    for (const wrong of ['Bearer wrong-token', 'Bearer right-tokenx'])
      expect((await put({ events: [] }, { authorization: wrong })).statusCode).toBe(403)
    for (const none of ['Bearer ', 'Basic right-token', 'right-token'])
      expect((await put({ events: [] }, { authorization: none })).statusCode).toBe(401)
    expect((await put({ events: [] }, { authorization: 'Bearer wrong-token' })).json()).toMatchObject({ errcode: 'M_FORBIDDEN' })
    expect(bodies).toEqual([])
    expect((await put({ events: [] })).statusCode).toBe(200)
  })

  it('takes the token of an older homeserver from the query', async () => {
    const url = (token: string) => `/transactions/1?access_token=${token}`
    expect((await app.inject({ method: 'PUT', url: url('right-token'), payload: { events: [] } })).statusCode).toBe(200)
    expect((await app.inject({ method: 'PUT', url: url('wrong-token'), payload: { events: [] } })).statusCode).toBe(403)
    expect((await app.inject({ method: 'PUT', url: `${url('right-token')}&access_token=x`, payload: {} })).statusCode).toBe(401)
  })

  it('asks for the token everywhere', async () => {
    for (const url of ['/', '/metrics', '/_matrix/app/v1/ping', '/_matrix/app/v1/users/x'])
      expect((await app.inject({ method: 'GET', url })).statusCode).toBe(401)
  })

  it('has the homeserver repeat a transaction that is not safe', async () => {
    failure = new Error('the store is away')
    const answer = await put({ events: [] })
    expect(answer.statusCode).toBe(503)
    expect(answer.body).not.toContain('store')
  })

  it('is not closed by a key that JavaScript has a meaning for', async () => {
    const answer = await put('{"events":[{"content":{"__proto__":{"a":1},"constructor":{"prototype":{}}}}]}')
    expect(answer.statusCode).toBe(200)
    expect(bodies).toEqual([{ events: [{ content: {} }] }])
  })

  it('takes a hundred events of full size at once', async () => {
    const events = Array.from({ length: 100 }, (_, index) => ({ event_id: `$${index}`, body: 'x'.repeat(65_536) }))
    expect((await put({ events })).statusCode).toBe(200)
  })

  it('refuses what is no JSON', async () => {
    expect((await put('{"events":')).statusCode).toBe(400)
    expect((await put('<events/>', { authorization, 'content-type': 'text/xml' })).statusCode).toBe(415)
    expect(bodies).toEqual([])
  })

  it('knows our ghosts and no alias', async () => {
    const get = (url: string) => app.inject({ method: 'GET', url, headers: { authorization } })
    const ghost = encodeURIComponent('@msn_juliet=40example.com:hs.test')
    expect((await get(`/_matrix/app/v1/users/${ghost}`)).statusCode).toBe(200)
    expect((await get(`/users/${ghost}`)).statusCode).toBe(200)
    expect((await get(`/_matrix/app/v1/users/${encodeURIComponent('@romeo:hs.test')}`)).json()).toMatchObject({
      errcode: 'M_NOT_FOUND',
    })
    expect((await get(`/_matrix/app/v1/rooms/${encodeURIComponent('#nudge_x:hs.test')}`)).statusCode).toBe(404)
    expect((await get('/_matrix/app/v1/unheard-of')).json()).toMatchObject({ errcode: 'M_UNRECOGNIZED' })
  })

  it('answers a ping', async () => {
    const ping = {
      method: 'POST',
      url: '/_matrix/app/v1/ping',
      payload: { transaction_id: 'x' },
      headers: { authorization },
    } as const
    expect((await app.inject(ping)).statusCode).toBe(200)
  })
})
