// HTTPS as clients of 1999 to 2012 speak it (msnp-services.md A2): TLS 1.0, RSA key exchange, CBC, SHA-1, no SNI. It is a listener of its own, so
// that nothing else has to be that lenient. 3DES and RC4 are not in the OpenSSL of Node: for Windows XP without AES stands stunnel, see docs/connect.md.

import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:https'
import type { FastifyInstance } from 'fastify'
import type { Clock } from '../../../core/clock.ts'
import { StartError } from '../../../core/errors.ts'
import type { Logger } from '../../../core/log.ts'
import { say } from '../../../core/words.ts'

export interface VintageTlsOptions {
  readonly host: string
  readonly port: number
  /** Files in PEM. */
  readonly certFile: string
  readonly keyFile: string
  /** What is served. */
  readonly site: FastifyInstance
  readonly clock: Clock
  readonly log: Logger
}

/** Everything that proves who the server is, at the security level at which OpenSSL still does TLS 1.0. */
const ciphers = 'ALL:!aNULL:!eNULL:@SECLEVEL=0'
/** Milliseconds. */
const patience = 30_000
const month = 30 * 24 * 60 * 60 * 1000

/** Begins to listen. Throws a StartError when the files cannot be used or the port is taken. */
export async function openVintageTls({ host, port, certFile, keyFile, site, clock, log }: VintageTlsOptions): Promise<Server> {
  // One after the other: where both are missing, it is the certificate of which is spoken.
  const cert = await read(certFile)
  const key = await read(keyFile)
  await site.ready()
  try {
    const server = createServer(
      {
        cert,
        key,
        ciphers,
        dhparam: 'auto',
        minVersion: 'TLSv1',
        ALPNProtocols: ['http/1.1'],
        handshakeTimeout: patience,
        requestTimeout: patience,
      },
      (request, response) => site.routing(request, response),
    )
    warnIfOver(new X509Certificate(cert), clock(), log)
    await once(server.listen({ host, port }), 'listening')
    return server
  } catch (error) {
    throw new StartError(say({ key: 'vintage-tls.cannot-listen', params: { detail: (error as Error).message } }))
  }
}

/** Ends its connections. Resolves when they are over. */
export async function closeVintageTls(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}

function warnIfOver({ validToDate }: X509Certificate, now: number, log: Logger): void {
  if (validToDate.getTime() - now < month)
    log.warn(
      { until: validToDate.toISOString() },
      'msn web: the certificate for old clients runs out: "nudge ca issue" renews it',
    )
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new StartError(say({ key: 'vintage-tls.no-file', params: { file, reason: error.code ?? error.message } }))
  })
}
