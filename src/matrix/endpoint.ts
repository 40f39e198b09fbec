// Where the homeserver calls us: the application service API (Matrix specification, application service API v1.11).

import { createHash, timingSafeEqual } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fastify from 'fastify'
import type { Logger } from '../core/log.ts'
import type { Secret } from '../core/secret.ts'

/** A homeserver sends a hundred events of 64 KiB at a time, with what is said around them. */
const largestTransaction = 64 * 1024 * 1024

interface Options {
  readonly hsToken: Secret
  /** Resolves when everything of a transaction is safe; rejects when the homeserver shall send it again. */
  takeTransaction(id: string, body: unknown, connection: Socket): Promise<void>
  /** Whether a user id is one of our accounts; made when it is. */
  knowsUser(userId: string): Promise<boolean>
  readonly log: Logger
}

/** The HTTP server that the homeserver calls. It does not listen yet. */
export function makeEndpoint(options: Options): FastifyInstance {
  const { log } = options
  const isFromHomeserver = tokenCheck(options.hsToken)
  const app = fastify({
    // Longer than a homeserver keeps a connection that it does not use: one that ends early tells us something (missed.ts).
    keepAliveTimeout: 180_000,
    bodyLimit: largestTransaction,
    // Anybody can put a key called "__proto__" into an event; refusing the transaction for it would block the queue for ever.
    onProtoPoisoning: 'remove',
    onConstructorPoisoning: 'remove',
    routerOptions: { maxParamLength: 1024 },
  })

  app.addHook('onRequest', async (request, reply) => {
    const token = tokenOf(request)
    if (token === undefined) return refuse(reply, 401, 'M_UNAUTHORIZED')
    if (!isFromHomeserver(token)) return refuse(reply, 403, 'M_FORBIDDEN')
    return undefined
  })
  app.setNotFoundHandler((_request, reply) => refuse(reply, 404, 'M_UNRECOGNIZED'))
  app.setErrorHandler((error, _request, reply) => {
    const status = statusOf(error)
    if (status >= 500) log.error({ err: error }, 'a call of the homeserver failed')
    return refuse(reply, status, status >= 500 ? 'M_UNKNOWN' : 'M_BAD_JSON')
  })

  // The paths without a prefix are those of homeservers older than 2019.
  for (const prefix of ['/_matrix/app/v1', '']) {
    app.put<{ Params: { transaction: string } }>(`${prefix}/transactions/:transaction`, async (request, reply) => {
      try {
        await options.takeTransaction(request.params.transaction, request.body, request.raw.socket)
        return {}
      } catch (error) {
        log.warn({ err: error }, 'a transaction was not taken; the homeserver will send it again')
        return refuse(reply, 503, 'M_UNKNOWN')
      }
    })
    app.get<{ Params: { user: string } }>(`${prefix}/users/:user`, async (request, reply) =>
      (await options.knowsUser(request.params.user)) ? {} : refuse(reply, 404, 'M_NOT_FOUND'),
    )
    // A room gets its alias when we make it, so there is none that we could make on demand.
    app.get(`${prefix}/rooms/:alias`, async (_request, reply) => refuse(reply, 404, 'M_NOT_FOUND'))
  }
  app.post('/_matrix/app/v1/ping', async () => ({}))
  return app
}

function refuse(reply: FastifyReply, status: number, errcode: string): FastifyReply {
  return reply.code(status).send({ errcode, error: errcode })
}

function statusOf(error: unknown): number {
  const status = typeof error === 'object' && error !== null && 'statusCode' in error ? error.statusCode : undefined
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 500
}

/** The token of a request: in the header, or, from homeservers of before 2022, in the query. */
function tokenOf(request: FastifyRequest): string | undefined {
  const header = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (header !== undefined) return header
  const query: unknown = request.query
  if (typeof query !== 'object' || query === null || !('access_token' in query)) return undefined
  return typeof query.access_token === 'string' ? query.access_token : undefined
}

/** A comparison that takes the same time for every token. */
function tokenCheck(secret: Secret): (token: string) => boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(secret.reveal())
  return (token) => timingSafeEqual(digest(token), expected)
}
