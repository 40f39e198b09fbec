import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { ClientError } from '../../../../src/msn/client/errors.ts'
import { type Fetch, type WebRequest, webCaller } from '../../../../src/msn/client/web/call.ts'
import { ManualTimers } from '../../../support/manual-timers.ts'
import { type Reply, WebServer } from '../../../support/web-server.ts'

let server: WebServer | undefined

afterEach(async () => {
  await server?.stop()
  server = undefined
})

async function serving(reply: Reply): Promise<string> {
  server = new WebServer(reply)
  return server.start()
}

const get = (url: string): WebRequest => ({ method: 'GET', url, follows: true, reads: true })
const call = webCaller(fetch)

describe('a call of a web service', () => {
  it('brings the text of the answer, whatever its status', async () => {
    const home = await serving((_, response) => response.writeHead(500, { 'X-Who': 'nurse' }).end('café'))
    const answer = await call({ ...get(home), method: 'POST', headers: { SOAPAction: '"x"' }, body: 'rosé' })
    expect(answer).toMatchObject({ status: 500, text: 'café' })
    expect(answer.headers.get('x-who')).toBe('nurse')
    expect(server?.asked).toMatchObject([{ method: 'POST', body: 'rosé', headers: { soapaction: '"x"' } }])
  })

  it('goes where it is sent, with all that it had', async () => {
    const home = await serving(({ path }, response) =>
      path === '/there' ? response.end('here') : response.writeHead(307, { Location: '/there' }).end(),
    )
    expect(await call({ ...get(`${home}/a`), method: 'POST', headers: { Cookie: 'k' }, body: 'b' })).toMatchObject({
      text: 'here',
    })
    expect(server?.asked.map(({ path, method, body, headers }) => [path, method, body, headers.cookie])).toEqual([
      ['/a', 'POST', 'b', 'k'],
      ['/there', 'POST', 'b', 'k'],
    ])
  })

  it('that is sent on without end is given up', async () => {
    const home = await serving((_, response) => response.writeHead(302, { Location: '/again' }).end())
    await expect(call(get(home))).rejects.toMatchObject({ code: 'server-error' })
    expect(server?.asked).toHaveLength(6)
  })

  it('does not leave https, nor the web', async () => {
    for (const location of [
      'http://login.example.org/',
      'ftp://login.example.org/',
      'http://[',
      'https://a:b@login.example.org/',
    ]) {
      const asked: string[] = []
      const fake: Fetch = async (url) => {
        asked.push(url)
        return { status: 302, headers: new Headers({ Location: location }) }
      }
      await expect(webCaller(fake)(get('https://login.example.org/'))).rejects.toMatchObject({ code: 'server-error' })
      expect(asked).toEqual(['https://login.example.org/'])
    }
  })

  it.each([
    ...['127.0.0.1:6379', '0x7f.1', '10.0.0.1', '172.20.1.1', '192.168.1.1', '169.254.169.254', '100.64.0.1', '0.0.0.0'],
    ...['localhost', 'redis.localhost', 'localhost.', '[::1]', '[::]', '[::ffff:10.0.0.1]', '[fd00::1]', '[fe80::1]'],
  ])('is not sent to http://%s by a server out there', async (place) => {
    const asked: string[] = []
    const fake: Fetch = async (url) => {
      asked.push(url)
      return { status: 302, headers: new Headers({ Location: asked.length === 1 ? `http://${place}/` : 'http://a.example/' }) }
    }
    await expect(webCaller(fake)(get('http://login.example.org/'))).rejects.toMatchObject({ code: 'server-error' })
    expect(asked).toEqual(['http://login.example.org/'])
  })

  it('takes 1 MiB and no more', async () => {
    const most = 1024 * 1024
    const home = await serving(({ path }, response) => response.end('x'.repeat(most + Number(path.slice(1)))))
    expect((await call(get(`${home}/0`))).text).toHaveLength(most)
    await expect(call(get(`${home}/1`))).rejects.toMatchObject({ code: 'server-error' })
  })

  it('is not fooled by what is small only while packed', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    const home = await serving((_, response) => response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(bomb))
    await expect(call(get(home))).rejects.toMatchObject({ code: 'server-error' })
  })

  it('hangs up on a server that never ends its answer', async () => {
    const home = await serving((_, response) => {
      const more = () => response.write('x'.repeat(64 * 1024), () => !response.destroyed && more())
      more()
    })
    await expect(call(get(home))).rejects.toMatchObject({ code: 'server-error' })
  })

  it('ends after 30 s, whether nothing comes or not everything', async () => {
    for (const reply of [() => {}, (_, response) => response.writeHead(200).write('half')] satisfies Reply[]) {
      const home = await serving(reply)
      const timers = new ManualTimers()
      const ended = webCaller(fetch, timers)(get(home)).catch((error: unknown) => error)
      await server?.wasAsked(1)
      await timers.pass(30_000)
      expect(await ended).toMatchObject({ code: 'connection-lost' })
      expect(timers.waiting).toBe(0)
      await server?.stop()
    }
  })

  it('tells a connection that breaks', async () => {
    const home = await serving((_, response) => {
      response.writeHead(200, { 'Content-Length': '100' }).write('half')
      response.destroy()
    })
    await expect(call(get(home))).rejects.toMatchObject({ code: 'connection-lost' })
  })

  it('names a server that is not there, and what the system says about it', async () => {
    const home = await serving(() => {})
    await server?.stop()
    await expect(call(get(home))).rejects.toThrow(`${home.slice(7)} cannot be reached over HTTP (ECONNREFUSED)`)
  })

  it('tells nobody what it carried', async () => {
    const password = 'dagger\n17'
    const headers = { Authorization: `pwd=${password}` }
    const error: unknown = await call({ ...get('http://127.0.0.1:9/'), headers }).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(ClientError)
    expect((error as ClientError).cause).toBeUndefined()
    expect(String(error)).not.toContain('dagger')
  })

  it('leaves unread what nobody wants to read', async () => {
    const home = await serving((_, response) => {
      response.writeHead(200, { PassportURLs: 'x' }).write('x')
      void once(response, 'close')
    })
    const answer = await call({ ...get(home), reads: false })
    expect([answer.text, answer.headers.get('PassportURLs')]).toEqual(['', 'x'])
  })
})
