// How the pages for clients answer. Old clients compare the names of headers by case, and fastify would spell them small.

import type { FastifyInstance, FastifyReply } from 'fastify'

export type Headers = Readonly<Record<string, string>>

/**
 * Of the services that speak SOAP. Each call has a connection of its own: libpurple does not notice when one ends that it keeps, and what it
 * asks there minutes later is never answered.
 */
export const soapHeaders: Headers = { 'Content-Type': 'text/xml; charset=utf-8', Connection: 'close' }

/** Writes past fastify, which would spell the names of headers small: msn-pecan finds no length then, and reads nothing. */
export function answer(reply: FastifyReply, status: number, headers: Headers = {}, body: string | Uint8Array = ''): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
  return reply
}

/** Bodies are text of at most so many bytes, whatever a client calls them: some call SOAP `text/xml`, some `application/soap+xml`, some nothing. */
export function takeText(app: FastifyInstance, bodyLimit: number): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'string', bodyLimit }, (_request, body, done) => done(null, body))
}
