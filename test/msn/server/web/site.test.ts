import fc from 'fast-check'
import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { afterEach, expect, test } from 'vitest'
import { silent } from '../../../../src/core/log.ts'
import { openSite, plainPath } from '../../../../src/msn/server/web/site.ts'
import { ask } from '../../../support/ask.ts'

let site: FastifyInstance

afterEach(() => site?.close())

/** A service at /RST.srf that tells what it was asked, and one that fails. */
const service: FastifyPluginAsync = async (app) => {
  app.get('/RST.srf', async (request) => `${request.protocol} ${request.ip} ${JSON.stringify(request.query)}`)
  app.post('/RST.srf', async () => 'posted')
  app.get('/fails', async () => {
    throw new Error('the apothecary has no poison')
  })
}

async function open(trustedProxies: readonly string[] = []): Promise<void> {
  site = openSite({ plugins: [service], trustedProxies, log: silent })
  await site.listen({ host: '127.0.0.1', port: 0 })
}

const request = (line: string, headers = '') =>
  ask(Number(new URL(site.listeningOrigin).port), `${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`)

test.each([
  ['as it is written', 'GET /RST.srf'],
  ['with two slashes, as libpurple does', 'GET //RST.srf'],
  ['in other letters', 'GET /rst.SRF'],
  ['as a client behind a proxy does, with the whole URL', 'GET http://login.live.com//RST.srf'],
])('a service is found by its path %s', async (_how, line) => {
  await open()
  const answer = await request(`${line}?ru=http://a//b`)
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
  expect(answer).toContain('http 127.0.0.1 {"ru":"http://a//b"}')
})

test.each([
  ['nobody is there', 'GET /nothing', 404],
  ['nobody is there for that method', 'DELETE /RST.srf', 404],
  ['the path is broken', 'GET /%zz', 400],
  ['the service fails', 'GET /fails', 500],
])('where %s, the answer is empty and its length is spelt as msn-pecan looks for it', async (_what, line, status) => {
  await open()
  const answer = await request(line)
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  expect(answer).toContain('\r\nContent-Length: 0\r\n')
  expect(answer).toMatch(/\r\n\r\n$/)
})

test('a type that nobody reads, and too much of anything, are refused without a body', async () => {
  await open()
  const type = await request('POST /RST.srf', 'Content-Type: text/strange\r\nContent-Length: 1\r\n\r\nx')
  const length = await request('POST /RST.srf', 'Content-Type: text/plain\r\nContent-Length: 70000\r\n')
  expect([type, length].map((answer) => answer.slice(9, 12))).toEqual(['415', '413'])
  for (const answer of [type, length]) expect(answer).toContain('\r\nContent-Length: 0\r\n')
})

test('what a proxy says is believed only of the proxies that are named', async () => {
  const said = 'X-Forwarded-For: 203.0.113.7\r\nX-Forwarded-Proto: https\r\n'
  await open()
  expect(await request('GET /RST.srf', said)).toContain('http 127.0.0.1 ')
  await site.close()
  await open(['127.0.0.1'])
  expect(await request('GET /RST.srf', said)).toContain('https 203.0.113.7 ')
})

test('every path becomes one with single slashes, and what stands behind the question mark stays', () => {
  const part = fc.stringMatching(/^[a-z/]{0,12}$/)
  fc.assert(
    fc.property(fc.constantFrom('', 'http://a.example:80', 'HTTPS://B.example'), part, part, (host, path, query) => {
      const [plain, rest] = plainPath(`${host}/${path}?${query}`).split('?')
      expect(plain).toMatch(/^\/(?!\/)/)
      expect(plain).not.toContain('//')
      expect(plain?.replaceAll('/', '')).toBe(path.replaceAll('/', ''))
      expect(rest).toBe(query)
    }),
  )
})
