// The name by which a client knows us. Clients come by official names, through their hosts file, as well as by our own.

import type { FastifyRequest } from 'fastify'

const name = /^[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?$/i

/** Without a port. What is no host name gets our address instead, since the answer may lead there. */
export function hostOf({ hostname, socket }: FastifyRequest): string {
  return name.test(hostname) ? hostname : (socket.localAddress?.replace(/^::ffff:/, '') ?? 'localhost')
}

/** Scheme, host and port, for addresses that lead back to us. */
export function originOf(request: FastifyRequest): string {
  const host = hostOf(request)
  const port = /:(\d{1,5})$/.exec(request.host)?.[0] ?? ''
  return `${request.protocol}://${host.includes(':') ? `[${host}]` : host}${port}`
}
