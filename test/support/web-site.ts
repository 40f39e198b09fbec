// Web services of the embedded server on a free port of loopback, all of them or some, asked over TCP.

import type { FastifyPluginAsync } from 'fastify'
import { silent } from '../../src/core/log.ts'
import { openSite } from '../../src/msn/server/web/site.ts'

export interface WebAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly bytes: Buffer
}

export interface WebSite {
  readonly port: number
  get(path: string): Promise<WebAnswer>
  post(path: string, body: string | Uint8Array, headers?: Readonly<Record<string, string>>): Promise<WebAnswer>
  stop(): Promise<void>
}

export async function startSite(...plugins: readonly FastifyPluginAsync[]): Promise<WebSite> {
  const site = openSite({ plugins, log: silent })
  await site.listen({ host: '127.0.0.1', port: 0 })
  const origin = site.listeningOrigin
  const ask = async (path: string, options: RequestInit) => {
    const answer = await fetch(origin + path, { redirect: 'manual', ...options })
    const bytes = Buffer.from(await answer.arrayBuffer())
    return { status: answer.status, headers: answer.headers, text: bytes.toString(), bytes }
  }
  return {
    port: Number(new URL(origin).port),
    get: (path) => ask(path, {}),
    post: (path, body, headers = { 'Content-Type': 'text/xml; charset=utf-8' }) =>
      ask(path, { method: 'POST', body: Buffer.from(body), headers }),
    stop: async () => {
      site.server.closeAllConnections()
      await site.close()
    },
  }
}
