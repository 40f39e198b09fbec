import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../../src/core/log.ts'
import { mediaConfig } from '../../../src/matrix/media/config.ts'
import { Files } from '../../../src/matrix/media/files.ts'
import { MediaLinks } from '../../../src/matrix/media/links.ts'
import { makeMediaSite } from '../../../src/matrix/media/site.ts'
import { MemoryTickets } from '../../support/memory-stores.ts'

const largest = 1000
const picture = Buffer.from('89504e470d0a1a0a', 'hex')
const balcony = { ref: 'mxc://hs.test/balcony', name: 'balcony.png', room: '!verona', event: '$1' }

let now: number
/** How the homeserver answers. */
let answer: (request: IncomingMessage, response: ServerResponse) => void
let asked: string[]
let homeserver: Server
let links: MediaLinks
let site: FastifyInstance
let stands: boolean

const portOf = (server: Server) => (server.address() as { port: number }).port

beforeEach(async () => {
  now = 0
  asked = []
  stands = true
  answer = (_request, response) =>
    response.writeHead(200, { 'content-type': 'image/png', 'content-length': picture.length }).end(picture)
  homeserver = createServer((request, response) => {
    asked.push(request.url ?? '')
    answer(request, response)
  })
  homeserver.listen(0, '127.0.0.1')
  await once(homeserver, 'listening')
  const config = mediaConfig.parse({ url: 'http://files.example' })
  links = new MediaLinks(config, new MemoryTickets(() => now))
  const download = (path: string, signal: AbortSignal) =>
    fetch(`http://127.0.0.1:${portOf(homeserver)}${path}`, { redirect: 'manual', signal })
  site = makeMediaSite({
    config,
    links,
    files: new Files({ download }, largest),
    stands: async () => stands,
    clock: () => now,
    log: silent,
  })
  await site.listen({ host: '127.0.0.1', port: 0 })
})

afterEach(async () => {
  homeserver.closeAllConnections()
  homeserver.close()
  await site.close()
})

async function pathTo(media: Partial<typeof balcony> = {}): Promise<string> {
  return new URL((await links.linkTo({ ...balcony, ...media })) ?? '').pathname
}

const visit = async (path: string, options: RequestInit = {}) => fetch(`http://127.0.0.1:${portOf(site.server)}${path}`, options)

describe('whoever opens a link', () => {
  it('gets the file, and nothing of it can be run', async () => {
    const file = await visit(await pathTo())
    expect(file.status).toBe(200)
    expect(Buffer.from(await file.arrayBuffer())).toEqual(picture)
    expect(Object.fromEntries(file.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(picture.length),
      'content-disposition': `inline; filename="balcony.png"; filename*=UTF-8''balcony.png`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'no-store',
    })
    expect(asked).toEqual(['/_matrix/client/v1/media/download/hs.test/balcony?timeout_ms=20000'])
  })

  it('gets it with a client of before HTTP/1.1, which names no host', async () => {
    const socket = connect(portOf(site.server), '127.0.0.1')
    socket.write(`GET ${await pathTo()} HTTP/1.0\r\n\r\n`)
    const heard = await text(socket.setEncoding('latin1'))
    expect(heard).toMatch(/^HTTP\/1\.[01] 200 OK\r\n/)
    expect(heard).toContain(`content-length: ${picture.length}\r\n`)
    expect(heard).not.toMatch(/transfer-encoding/i)
    expect(heard.endsWith(`\r\n\r\n${picture.toString('latin1')}`)).toBe(true)
  })

  it('may ask what it is without getting it', async () => {
    const file = await visit(await pathTo(), { method: 'HEAD' })
    expect(file.headers.get('content-length')).toBe(String(picture.length))
    expect(await file.text()).toBe('')
  })

  it('gets it from a homeserver that knows only the old place', async () => {
    const modern = answer
    answer = (request, response) => {
      if (request.url?.startsWith('/_matrix/media/v3/')) return modern(request, response)
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"errcode":"M_UNRECOGNIZED","error":"?"}')
    }
    expect((await visit(await pathTo())).status).toBe(200)
    expect(asked.at(-1)).toBe('/_matrix/media/v3/download/hs.test/balcony?timeout_ms=20000&allow_redirect=false')
  })

  it('reads in words that there is nothing any more', async () => {
    const path = await pathTo()
    const gone = async (where: string) => {
      const page = await visit(where)
      expect(page.status).toBe(404)
      expect(page.headers.get('content-type')).toMatch(/^text\/plain/)
      expect(await page.text()).toContain('This file is not here any more')
    }
    await gone('/m/a-guess/balcony.png')
    await gone('/')
    await gone('/m/..%2f..%2fetc/passwd')
    stands = false
    await gone(path)
    stands = true
    now = 73 * 3_600_000
    await gone(path)
    expect(asked).toEqual([])
  })

  it('is told to come back later when there are too many', async () => {
    const path = await pathTo()
    for (let visits = 0; visits < 60; visits++) expect((await visit(path, { method: 'HEAD' })).status).toBe(200)
    const refused = await visit(path)
    expect(refused.status).toBe(429)
    expect(await refused.text()).toContain('try again in a minute')
    now += 60_000
    expect((await visit(path)).status).toBe(200)
  })
})

describe('a file that would do harm', () => {
  it.each([
    ['a page', 'text/html', 'romeo.html', 'attachment; filename="romeo.html"'],
    ['a drawing with scripts', 'image/svg+xml', 'rose.svg', 'attachment; filename="rose.svg"'],
    ['a type that is none', 'image/png\u00a0evil', 'a.png', 'attachment; filename="a.png"'],
    ['a program', 'application/x-msdownload', 'poison.exe', 'attachment; filename="poison.exe"'],
  ])('is saved, not shown: %s', async (_, type, name, disposition) => {
    answer = (_request, response) => response.writeHead(200, { 'content-type': type }).end('x')
    const file = await visit(await pathTo({ name }))
    expect(file.headers.get('content-type')).toBe('application/octet-stream')
    expect(file.headers.get('content-disposition')).toMatch(new RegExp(`^${disposition.replace('.', '\\.')}`))
  })

  it.each([
    ['photo.exe', 'photo.exe.png'],
    ['photo\u202Egnp.exe', 'photognp.exe.png'],
    ['../../boot.ini', 'boot.ini.png'],
    ['a"; filename="b.exe', 'a_; filename=_b.exe.png'],
    ['Rosé\r\nX-Evil: 1.png', 'Ros_X-Evil_ 1.png'],
  ])('is called what it is: %j', async (name, plain) => {
    const { headers } = await visit(await pathTo({ name }))
    expect(headers.get('content-disposition')).toContain(`inline; filename="${plain}";`)
    expect(headers.get('x-evil')).toBeNull()
  })
})

describe('a homeserver that', () => {
  const refusal = async (status: number, words: string) => {
    const page = await visit(await pathTo())
    expect(page.status).toBe(status)
    expect(await page.text()).toContain(words)
  }

  it('announces ten gigabytes is not listened to', async () => {
    let isHungUp = false
    answer = (request, response) => {
      request.socket.once('close', () => {
        isHungUp = true
      })
      response.writeHead(200, { 'content-length': 10 * 1024 ** 3 }).write('x')
    }
    await refusal(413, 'too large')
    await expect.poll(() => isHungUp).toBe(true)
  })

  it('sends more than is allowed without announcing it is cut off, and the visitor gets no whole file', async () => {
    let sendOn = () => {}
    answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'image/png' }).write(Buffer.alloc(largest))
      sendOn = () => response.end('x')
    }
    const file = await visit(await pathTo())
    const bytes = file.arrayBuffer()
    sendOn()
    await expect(bytes).rejects.toThrow()
  })

  it.each([
    'http://127.0.0.1:1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[::1]/',
    'http://files.example/balcony.png',
  ])('sends us on to %s is not followed', async (location) => {
    answer = (_request, response) => response.writeHead(307, { location }).end()
    await refusal(502, 'cannot be fetched at the moment')
    expect(asked).toHaveLength(1)
  })

  it('hangs up is no file', async () => {
    answer = (request) => request.socket.destroy()
    await refusal(502, 'cannot be fetched at the moment')
  })

  it('has no such file says so', async () => {
    answer = (_request, response) => response.writeHead(404).end('{"errcode":"M_NOT_FOUND"}')
    await refusal(404, 'not here any more')
  })
})
