// The HTTP gateway: MSNP in the bodies of requests, for clients that can reach nothing but a web server (msnp-core.md 6, msnp-services.md A3). Behind
// it are the same servers as behind the ports, whatever address the client asks for.

import type { Duplex } from 'node:stream'
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Timers } from '../../../core/timers.ts'
import type { Carrier, Role } from '../peer.ts'
import { answer } from './answer.ts'
import { hostOf } from './asked-host.ts'
import { Tunnel } from './tunnel.ts'

export interface GatewayParts {
  readonly timers: Timers
  /** Opens a connection; undefined where there is no room for one more. */
  carry(role: Role, carrier: Carrier): Duplex | undefined
}

/** In bytes: a few commands with their payloads. */
const longestRequest = 128 * 1024
/** Milliseconds that an answer to commands waits for what they cause; later it is taken by a poll. */
const replyPatience = 250
/** Milliseconds that a poll waits at most, if the client says that it has the time. */
const longestPoll = 30_000
const contentType = { 'Content-Type': 'application/x-msn-messenger' }

/** The gateway as a plugin of fastify. */
export function httpGateway({ timers, carry }: GatewayParts): FastifyPluginAsync {
  const tunnels = new Map<string, Tunnel>()

  const open = (request: FastifyRequest, server: string | undefined): Tunnel | undefined => {
    const { localAddress: local } = request.socket
    let tunnel: Tunnel | undefined
    const stream = carry(server?.toUpperCase() === 'NS' ? 'NS' : 'SB', {
      ...(local !== undefined && { local }),
      remote: request.ip,
      activity: () => tunnel?.exchanges ?? 0,
    })
    if (!stream) return undefined
    const opened = new Tunnel(stream, timers, () => tunnels.delete(opened.key))
    tunnel = opened
    tunnels.set(opened.key, opened)
    return opened
  }

  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = questionIn(request.query)
    const known = asked.session === undefined ? open(request, asked.server) : tunnels.get(asked.session.split('.', 1)[0] ?? '')
    if (!known) return answer(reply, asked.session === undefined ? 503 : 400)
    if (asked.session !== undefined && !known.isOpenTo(asked.session)) return answer(reply, 400)
    const body = Buffer.isBuffer(request.body) ? request.body : new Uint8Array()
    const { bytes, isOver } = await known.exchange(body, patienceFor(asked, body), goneWith(reply))
    // Without a port: clients go to 80 whatever stands here.
    const standing = `SessionID=${known.nextId()}; GW-IP=${hostOf(request)}${isOver ? '; Session=close' : ''}`
    return answer(reply, 200, { 'X-MSN-Messenger': standing, ...contentType }, bytes)
  }

  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: longestRequest }, (_request, body, done) => done(null, body))
    app.post('/gateway/gateway.dll', serve)
    app.addHook('preClose', (done) => {
      for (const tunnel of tunnels.values()) tunnel.close()
      done()
    })
  }
}

interface Question {
  readonly action: string | undefined
  /** Which server is wanted: NS, or anything else for a switchboard. */
  readonly server: string | undefined
  readonly session: string | undefined
  /** Seconds that a poll may take. */
  readonly lifespan: string | undefined
}

/** Clients write the names with capitals; small letters do as well. */
function questionIn(query: unknown): Question {
  const named = new Map(Object.entries(query ?? {}).map(([name, value]) => [name.toLowerCase(), value]))
  const text = (name: string) => {
    const value: unknown = named.get(name)
    return typeof value === 'string' ? value : undefined
  }
  return { action: text('action'), server: text('server'), session: text('sessionid'), lifespan: text('lifespan') }
}

function patienceFor({ action, lifespan }: Question, said: Uint8Array): number {
  if (said.length > 0) return replyPatience
  const seconds = action?.toLowerCase() === 'poll' ? Number(lifespan ?? 0) : 0
  return seconds > 0 ? Math.min(seconds * 1000, longestPoll) : 0
}

/** Aborted when the connection is gone before the answer. */
function goneWith(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}
