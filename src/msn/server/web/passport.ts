// The pages with which clients of MSN 5.0 and later turn a password into a ticket (msnp-core.md 3.5, msnp-services.md A4): the nexus, which names the
// sign-in page; the sign-in page; and the same as SOAP, in rst.ts. Header names are compared by case, and so written as the clients have them.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../core/clock.ts'
import type { Secret } from '../../../core/secret.ts'
import { readPassportLogin, writePassportRefusal, writePassportTicket, writePassportUrls } from '../../auth/passport.ts'
import type { Accounts } from '../accounts.ts'
import type { SignInTries } from '../sign-in-tries.ts'
import type { Tokens } from '../tokens.ts'
import { answer } from './answer.ts'
import { originOf } from './asked-host.ts'
import { tokenService } from './rst.ts'

export interface PassportHttpOptions {
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly signInTries: SignInTries
  /** Public address of the sign-in page; absent: where the nexus was asked. Its path is `/login2.srf`. */
  readonly loginUrl?: string | undefined
  readonly clock?: Clock
}

/** Seconds; slow machines take some from HTTP to the notification server. */
const ticketLifetime = 300

/** The pages as a plugin of fastify. */
export function passportHttp({
  accounts,
  tokens,
  signInTries,
  loginUrl,
  clock = Date.now,
}: PassportHttpOptions): FastifyPluginAsync {
  const signIn = async (account: string, password: Secret, address: string): Promise<Secret | undefined> => {
    const handle = await signInTries.guard(account, address, () => accounts.verify(account, password))
    return handle && (await tokens.issue(handle, 'messenger', ticketLifetime)).ticket
  }

  const nexus = async (request: FastifyRequest, reply: FastifyReply) => {
    const login = new URL(loginUrl ?? `${originOf(request)}/login2.srf`)
    return answer(reply, 200, { PassportURLs: writePassportUrls(login) })
  }

  const login = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = readPassportLogin(request.headers.authorization ?? '')
    const ticket = asked && (await signIn(asked.account, asked.password, request.ip))
    if (ticket) return answer(reply, 200, { 'Authentication-Info': writePassportTicket(ticket) })
    return answer(reply, 401, { 'WWW-Authenticate': writePassportRefusal() })
  }

  return async (app) => {
    app.get('/rdr/pprdr.asp', nexus)
    app.get('/login2.srf', login)
    await app.register(tokenService({ accounts, tokens, signInTries, clock }))
  }
}
