// A password becomes a ticket: Passport 1.4 over HTTPS (msnp-core.md 3.5). HTTP is passed in.

import type { Secret } from '../../core/secret.ts'
import { readPassportTicket, readPassportUrls, writePassportLogin } from '../auth/passport.ts'
import { ClientError } from './errors.ts'
import type { ObtainTicket } from './sign-in.ts'

/** As much of an HTTP answer as is looked at. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Never read: what matters stands in the headers. */
  readonly body?: { cancel(): Promise<void> } | null
}

/** A GET that does not follow redirects by itself; the global `fetch` will do. */
export type HttpGet = (
  url: string,
  options: { readonly headers: Record<string, string>; readonly redirect: 'manual'; readonly signal: AbortSignal },
) => Promise<HttpAnswer>

/** Where a network hands out tickets. */
export interface PassportProfile {
  /** Tells where to sign in: `https://nexus.passport.com/rdr/pprdr.asp` of old. */
  readonly nexus: string
}

const mostRedirects = 5
/** For the whole of it, in milliseconds. */
const patience = 30_000

/** Makes tickets of passwords, at the nexus of a network. */
export function passportSignIn(profile: PassportProfile, get: HttpGet): ObtainTicket {
  return async ({ account, password, challenge }) => {
    const signal = AbortSignal.timeout(patience)
    const login = await findLogin(profile, get, signal)
    return askForTicket(login, writePassportLogin({ account, password }, challenge), get, signal)
  }
}

async function findLogin(profile: PassportProfile, get: HttpGet, signal: AbortSignal): Promise<URL> {
  const answer = await visit(get, new URL(profile.nexus), {}, signal)
  const login = readPassportUrls(answer.headers.get('PassportURLs') ?? '')
  if (!login)
    throw new ClientError('server-error', `the nexus at ${profile.nexus} does not say where to sign in (status ${answer.status})`)
  return staysSafe(new URL(profile.nexus), login)
}

async function askForTicket(login: URL, authorization: Secret, get: HttpGet, signal: AbortSignal): Promise<Secret> {
  let place = login
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await visit(get, place, { Authorization: authorization.reveal() }, signal)
    const ticket = readPassportTicket(answer.headers.get('Authentication-Info') ?? '')
    if (answer.status === 200 && ticket) return ticket
    if (answer.status === 401)
      throw new ClientError('refused', 'the sign-in server does not accept the address and the password', { number: 911 })
    const location = answer.headers.get('Location')
    const next = location === null ? null : URL.parse(location, place)
    if (answer.status < 300 || answer.status > 399 || !next)
      throw new ClientError('server-error', `the sign-in server at ${place.host} gave no ticket (status ${answer.status})`)
    place = staysSafe(place, next)
  }
  throw new ClientError('server-error', `the sign-in server at ${login.host} sends us from one place to the next`)
}

/** A password that was asked for over HTTPS is not sent on in the clear. */
function staysSafe(from: URL, to: URL): URL {
  const safe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:')
  if (!safe) throw new ClientError('server-error', `the sign-in server at ${from.host} wants the password sent unprotected`)
  return to
}

async function visit(get: HttpGet, url: URL, headers: Record<string, string>, signal: AbortSignal): Promise<HttpAnswer> {
  try {
    const answer = await get(url.href, { headers, redirect: 'manual', signal })
    await answer.body?.cancel()
    return answer
  } catch (cause) {
    throw new ClientError('connection-lost', `the sign-in server at ${url.host} cannot be reached`, { cause })
  }
}
