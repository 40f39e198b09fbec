// From a bare connection to USR OK (msnp-core.md 3.1 to 3.7), for every dialect with one round of proof: MD5 in MSNP2 to 7, a ticket in 8 to 12.

import type { Secret } from '../../core/secret.ts'
import { md5Proof } from '../auth/md5.ts'
import { readTransfer } from '../dialect/board.ts'
import type { SignedIn } from '../dialect/sign-in.ts'
import {
  authFamily,
  readSignedIn,
  readSignInChallenge,
  writeClientVersion,
  writeSignInProof,
  writeSignInRequest,
  writeVersions,
} from '../dialect/sign-in.ts'
import type { Dialect } from '../wire/dialect.ts'
import { dialectName, parseDialect } from '../wire/dialect.ts'
import type { Connection } from './connection.ts'
import { ClientError } from './errors.ts'

/** What a ticket is asked for with. */
export interface TicketRequest {
  readonly account: string
  readonly password: Secret
  /** The parameters that the server gave in `USR … S`. */
  readonly challenge: string
}

/** Gets a ticket for a password. Rejects with a ClientError: `refused` when the password is wrong. */
export type ObtainTicket = (request: TicketRequest) => Promise<Secret>

/** A password, and the way to make a ticket of it; or tickets as they are, each good once. */
export type Credential =
  | { readonly kind: 'password'; readonly password: Secret; readonly signIn: ObtainTicket }
  | { readonly kind: 'ticket'; readonly ticket: () => Promise<Secret> }

/** The account is in; or its notification server is at another address. */
export type SignInResult =
  | { readonly kind: 'in'; readonly dialect: Dialect; readonly who: SignedIn }
  | { readonly kind: 'elsewhere'; readonly address: string }

/** What we say we are, for each dialect a client of its time. */
function clientVersion(dialect: Dialect, email: string) {
  const old = dialect < 8
  const version = ({ 8: '5.0.0544', 9: '6.0.0602', 10: '6.2.0208', 11: '7.0.0816' } as const)[dialect as 8] ?? '7.5.0324'
  return {
    locale: '0x0409',
    os: 'winnt',
    osVersion: '5.1',
    architecture: 'i386',
    library: old ? 'MSMSGS' : 'MSNMSGR',
    version: old ? '4.7.3001' : version,
    codeBase: 'MSMSGS',
    email,
  }
}

/**
 * The offers to make, one connection each, best first. A client of MSN 5.0 or later never offers what came before MSNP8, so some servers expect
 * either the newer or the older dialects.
 */
export function offers(dialects: readonly Dialect[]): Dialect[][] {
  const best = [...new Set(dialects)].sort((a, b) => b - a)
  return [best.filter((dialect) => dialect >= 8), best.filter((dialect) => dialect < 8)].filter((offer) => offer.length > 0)
}

/**
 * Signs in on a fresh connection, and leaves it at the dialect that was agreed on.
 * Rejects with a ClientError: `no-common-dialect`, `refused`, `connection-lost` or `server-error`.
 */
export async function signIn(
  connection: Connection,
  offer: readonly Dialect[],
  account: string,
  credential: Credential,
): Promise<SignInResult> {
  const dialect = await negotiate(connection, offer)
  connection.dialect = dialect
  if (authFamily(dialect) === 'md5') await connection.request((trId) => ({ verb: 'INF', trId, args: [] }))
  else
    await connection.request((trId) => writeClientVersion(dialect, trId, clientVersion(dialect, account)), { answers: ['XFR'] })
  const first = await connection.request((trId) => writeSignInRequest(dialect, trId, account), { answers: ['XFR'] })
  const address = readTransfer(first)
  if (address !== undefined) return { kind: 'elsewhere', address }
  const [challenge] = readSignInChallenge(dialect, first) ?? []
  if (challenge === undefined)
    throw new ClientError('server-error', 'the server answered USR with something that is no challenge')
  const proof = await prove(dialect, account, credential, challenge)
  const last = await connection.request((trId) => writeSignInProof(dialect, trId, { proof: proof.reveal() }))
  const who = readSignedIn(dialect, last)
  if (!who) throw new ClientError('server-error', 'the server answered the proof with something that is neither yes nor no')
  return { kind: 'in', dialect, who }
}

async function negotiate(connection: Connection, offer: readonly Dialect[]): Promise<Dialect> {
  const reply = await connection.request((trId) => writeVersions(trId, offer))
  const chosen = parseDialect(reply.args[0] ?? '')
  if (chosen === undefined || !offer.includes(chosen))
    throw new ClientError('no-common-dialect', `the server speaks none of ${offer.map(dialectName).join(' ')}`)
  return chosen
}

async function prove(dialect: Dialect, account: string, credential: Credential, challenge: string): Promise<Secret> {
  if (authFamily(dialect) === 'md5') {
    if (credential.kind === 'password') return md5Proof(challenge, credential.password)
    throw new ClientError('refused', 'a ticket does not open a server that speaks MSNP7 or older')
  }
  if (credential.kind === 'ticket') return credential.ticket()
  return credential.signIn({ account, password: credential.password, challenge })
}
