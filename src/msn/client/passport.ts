// A password becomes a ticket: Passport 1.4 over HTTPS (msnp-core.md 3.5). HTTP is passed in.

import type { Secret } from '../../core/secret.ts'
import { readPassportTicket, readPassportUrls, writePassportLogin } from '../auth/passport.ts'
import { ClientError } from './errors.ts'
import type { ObtainTicket } from './sign-in.ts'
import { nextPlace, type WebCall } from './web/call.ts'

/** Where a network hands out tickets. */
export interface PassportProfile {
  /** Tells where to sign in: `https://nexus.passport.com/rdr/pprdr.asp` of old. */
  readonly nexus: string
}

/** Makes tickets of passwords, at the nexus of a network. It is asked once where that is, and again when that did not work. */
export function passportSignIn(profile: PassportProfile, call: WebCall): ObtainTicket {
  let asked: Promise<URL> | undefined
  return async ({ account, password, challenge }) => {
    try {
      asked ??= findLogin(profile, call)
      return await askForTicket(await asked, writePassportLogin({ account, password }, challenge), call)
    } catch (error) {
      if (!(error instanceof ClientError && error.code === 'refused')) asked = undefined
      throw error
    }
  }
}

/** Any status will do: what matters stands in a header. */
async function findLogin({ nexus }: PassportProfile, call: WebCall): Promise<URL> {
  const answer = await call({ method: 'GET', url: nexus, follows: false, reads: false })
  const login = readPassportUrls(answer.headers.get('PassportURLs') ?? '')
  if (!login) throw new ClientError('server-error', `the nexus does not say where to sign in (status ${answer.status})`)
  return nextPlace(new URL(nexus), login.href)
}

async function askForTicket({ href, host }: URL, authorization: Secret, call: WebCall): Promise<Secret> {
  const headers = { Authorization: authorization.reveal() }
  const answer = await call({ method: 'GET', url: href, headers, follows: true, reads: false })
  const ticket = readPassportTicket(answer.headers.get('Authentication-Info') ?? '')
  if (answer.status === 200 && ticket) return ticket
  if (answer.status === 401)
    throw new ClientError('refused', 'the sign-in server does not accept the address and the password', { number: 911 })
  throw new ClientError('server-error', `the sign-in server at ${host} gave no ticket (status ${answer.status})`)
}
