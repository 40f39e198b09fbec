// The pages with which clients of MSN 5.0 and later turn a password into a ticket (msnp-core.md 3.5, msnp-services.md A4 and A5): the nexus, which
// names the sign-in page; the sign-in page; and the same as SOAP. Header names are compared by case, and so written as the clients have them.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../core/clock.ts'
import type { Secret } from '../../../core/secret.ts'
import { readPassportLogin, writePassportRefusal, writePassportTicket, writePassportUrls } from '../../auth/passport.ts'
import type { Accounts } from '../accounts.ts'
import type { Tokens } from '../tokens.ts'
import { readTokenRequest, writeTokenFault, writeTokens } from './rst.ts'

export interface PassportHttpOptions {
  readonly accounts: Accounts
  readonly tokens: Tokens
  /** Public address of the sign-in page; absent: where the nexus was asked. Its path is `/login2.srf`. */
  readonly loginUrl?: string | undefined
  readonly clock?: Clock
}

/** Seconds; slow machines take some from HTTP to the notification server. */
const ticketLifetime = 300
/** In bytes. */
const longestSoap = 64 * 1024

const soapHeaders = { 'Content-Type': 'text/xml; charset=utf-8' }

/** The pages as a plugin of fastify. */
export function passportHttp({ accounts, tokens, loginUrl, clock = Date.now }: PassportHttpOptions): FastifyPluginAsync {
  const signIn = async (account: string, password: Secret): Promise<Secret | undefined> => {
    const handle = await accounts.verify(account, password)
    return handle && (await tokens.issue(handle, 'messenger', ticketLifetime)).ticket
  }

  const nexus = async (request: FastifyRequest, reply: FastifyReply) => {
    const login = new URL(loginUrl ?? `${request.protocol}://${request.host}/login2.srf`)
    return answer(reply, 200, { PassportURLs: writePassportUrls(login) })
  }

  const login = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = readPassportLogin(request.headers.authorization ?? '')
    const ticket = asked && (await signIn(asked.account, asked.password))
    if (ticket) return answer(reply, 200, { 'Authentication-Info': writePassportTicket(ticket) })
    return answer(reply, 401, { 'WWW-Authenticate': writePassportRefusal() })
  }

  const soap = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = typeof request.body === 'string' ? readTokenRequest(request.body) : undefined
    // A fault comes with 200: some clients look at nothing else (msnp-services.md A5).
    if (!asked) return answer(reply, 200, soapHeaders, writeTokenFault('invalid'))
    const ticket = await signIn(asked.account, asked.password)
    if (!ticket) return answer(reply, 200, soapHeaders, writeTokenFault('refused'))
    return answer(reply, 200, soapHeaders, writeTokens(asked, ticket, clock(), ticketLifetime))
  }

  return async (app) => {
    app.addContentTypeParser(
      ['text/xml', 'application/soap+xml'],
      { parseAs: 'string', bodyLimit: longestSoap },
      (_request, body, done) => done(null, body),
    )
    app.get('/rdr/pprdr.asp', nexus)
    app.get('/login2.srf', login)
    app.post('/RST.srf', soap)
    // libpurple doubles the slash.
    app.post('//RST.srf', soap)
  }
}

/** Writes past fastify, which would spell the names of headers small: msn-pecan finds no length then, and reads nothing. */
function answer(reply: FastifyReply, status: number, headers: Readonly<Record<string, string>>, body = ''): FastifyReply {
  reply.hijack()
  reply.raw.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body)
  return reply
}
