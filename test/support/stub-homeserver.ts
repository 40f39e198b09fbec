// A homeserver without rooms or memory: it answers what our accounts ask, and counts.

import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import fastify from 'fastify'

/** One call, as the homeserver gets it. */
export interface Asked {
  readonly method: string
  /** Without the query, unescaped. */
  readonly path: string
  readonly as: string | undefined
  readonly body: unknown
}

type Answer = { readonly status: number; readonly body: unknown }

export class StubHomeserver {
  readonly asked: Asked[] = []
  /** What is answered to calls that the function knows, at once or later; undefined: as always. */
  refuses: (asked: Asked) => Answer | Promise<Answer> | undefined = () => undefined
  readonly #app: FastifyInstance
  readonly #accounts = new Set<string>()
  #made = 0

  private constructor(app: FastifyInstance) {
    this.#app = app
  }

  static async start(): Promise<StubHomeserver> {
    const app = fastify({ routerOptions: { maxParamLength: 4096 } })
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer' }, (_, body, done) => done(null, body))
    const stub = new StubHomeserver(app)
    app.all('/*', async (request, reply) => {
      const url = new URL(request.url, 'http://stub')
      const asked: Asked = {
        method: request.method,
        path: decodeURIComponent(url.pathname.replace(/^\/_matrix\/(client\/v3\/)?/, '')),
        as: url.searchParams.get('user_id') ?? undefined,
        body: readBody(request.body),
      }
      stub.asked.push(asked)
      const { status, body } = (await stub.refuses(asked)) ?? stub.#answer(asked)
      return reply.code(status).send(body)
    })
    await app.listen({ host: '127.0.0.1', port: 0 })
    return stub
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#app.server.address() as AddressInfo).port}`
  }

  /** What was asked, as `PUT profile/@juliet:hs.test/displayname`. */
  get calls(): string[] {
    return this.asked.map(({ method, path }) => `${method} ${path}`)
  }

  /** What changes something, or may: all but questions. */
  get writes(): string[] {
    return this.calls.filter((call) => !call.startsWith('GET'))
  }

  /** Forgets every account, as a homeserver does that lost its data. */
  forgetAccounts(): void {
    this.#accounts.clear()
  }

  async stop(): Promise<void> {
    await this.#app.close()
  }

  #answer({ method, path, body, as }: Asked): Answer {
    if (path === 'register') {
      const { username } = body as { username: string }
      if (this.#accounts.has(username)) return { status: 400, body: { errcode: 'M_USER_IN_USE', error: 'taken' } }
      this.#accounts.add(username)
      return { status: 200, body: { user_id: `@${username}:hs.test` } }
    }
    if (as?.startsWith('@msn_') && !this.#accounts.has(as.slice(1, as.indexOf(':'))))
      return { status: 403, body: { errcode: 'M_FORBIDDEN', error: 'Application service has not registered this user' } }
    if (path === 'createRoom') return { status: 200, body: { room_id: `!room-${++this.#made}:hs.test` } }
    if (path === 'media/v3/upload') return { status: 200, body: { content_uri: `mxc://hs.test/picture-${++this.#made}` } }
    if (method === 'GET') return { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'nothing there' } }
    return { status: 200, body: { event_id: `$event-${++this.#made}` } }
  }
}

function readBody(body: unknown): unknown {
  if (!(body instanceof Buffer)) return undefined
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    return body
  }
}
