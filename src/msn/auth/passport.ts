// Passport 1.4: the HTTP headers with which a password becomes a ticket, both sides (msnp-core.md 3.5, msnp-services.md A4).

import { Secret } from '../../core/secret.ts'

/** Whom somebody says they are, and the proof. */
export interface PassportLogin {
  readonly account: string
  readonly password: Secret
}

const scheme = 'Passport1.4'

/** The parameters that our server gives in `USR TWN S`; opaque to clients, which copy them. */
export const twnChallenge = 'ct=1,rver=1,wp=FS_40SEC_0_COMPACT,lc=1,id=1'

/** `PassportURLs`: where to sign in. Stock clients put `https://` before it themselves, so an https address loses its scheme. */
export function writePassportUrls(login: URL): string {
  const place = login.href.replace(/^https:\/\//, '')
  return `DARealm=Passport.Net,DALogin=${place},DAReg=${place},Properties=${place},Privacy=${place},GeneralRedir=${place},Help=${place},ConfigVersion=1`
}

/** Reads `PassportURLs`: where to sign in. The scheme may be missing, which means https. */
export function readPassportUrls(header: string): URL | undefined {
  const place = /(?:^|,)\s*DALogin=([^,]+)/i.exec(header)?.[1]?.trim()
  if (place === undefined) return undefined
  return URL.parse(/^https?:\/\//i.test(place) ? place : `https://${place}`) ?? undefined
}

/** `Authorization`: who asks, their password, and the parameters of the notification server as they came. */
export function writePassportLogin({ account, password }: PassportLogin, challenge: string): Secret {
  const url = encoded('http://messenger.msn.com')
  const who = `sign-in=${encoded(account)},pwd=${encoded(password.reveal())}`
  return new Secret(`${scheme} OrgVerb=GET,OrgURL=${url},${who},${challenge}`)
}

/** Reads `Authorization`. Undefined when it is not Passport 1.4, or names nobody. */
export function readPassportLogin(header: string): PassportLogin | undefined {
  const fields = fieldsOf(header)
  const account = fields?.get('sign-in')
  const password = fields?.get('pwd')
  if (!account || password === undefined) return undefined
  return { account: decoded(account), password: new Secret(decoded(password)) }
}

/** `Authentication-Info`: here is the ticket. */
export function writePassportTicket(ticket: Secret): string {
  return `${scheme} da-status=success,tname=MSPAuth,tname=MSPProf,tname=MSPSec,from-PP='${ticket.reveal()}',ru=http://messenger.msn.com`
}

/** Reads `Authentication-Info`: the ticket is everything between the quotes, and goes into USR as it is. */
export function readPassportTicket(header: string): Secret | undefined {
  const ticket = /from-PP='([^']+)'/i.exec(header)?.[1]
  return ticket === undefined ? undefined : new Secret(ticket)
}

/** `WWW-Authenticate`: no. */
export function writePassportRefusal(): string {
  return `${scheme} da-status=failed,srealm=Passport.NET,ts=-3,prompt`
}

/** The two-part form that clients expect of a ticket (msnp-services.md A5). */
export function ticketFor(token: string): Secret {
  return new Secret(`t=${token}&p=`)
}

/** The token in a ticket that came back, whatever a client did to the ends of it. */
export function tokenIn(ticket: Secret): string {
  return /^(?:t=)?([^&\s]*)/.exec(ticket.reveal())?.[1] ?? ''
}

function fieldsOf(header: string): Map<string, string> | undefined {
  if (!header.startsWith(`${scheme} `)) return undefined
  const fields = new Map<string, string>()
  for (const field of header.slice(scheme.length + 1).split(',')) {
    const at = field.indexOf('=')
    if (at > 0) fields.set(field.slice(0, at).trim(), field.slice(at + 1))
  }
  return fields
}

/** Everything but letters, digits and `-_.~`: a comma or a quote in a password must not end the field. */
function encoded(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** Either case of hex digits; a `%` that begins nothing stays; a plus stays a plus. */
function decoded(text: string): string {
  const bytes: number[] = []
  for (let index = 0; index < text.length; index++) {
    const hex = /^%([0-9a-f]{2})/i.exec(text.slice(index, index + 3))?.[1]
    if (hex === undefined) bytes.push(...Buffer.from(text.charAt(index), 'utf8'))
    else {
      bytes.push(Number.parseInt(hex, 16))
      index += 2
    }
  }
  return Buffer.from(bytes).toString('utf8')
}
