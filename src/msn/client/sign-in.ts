// From a bare connection to USR OK (msnp-core.md 3.1 to 3.7): MD5 in MSNP2 to 7, a ticket in 8 to 14, a ticket and a signature from 15 on.

import type { Secret } from '../../core/secret.ts'
import { md5Proof } from '../auth/md5.ts'
import { ssoBlob } from '../auth/sso.ts'
import { readTransfer } from '../dialect/board.ts'
import type { ClientVersion, SignedIn, SignInProof } from '../dialect/sign-in.ts'
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
import type { TicketOffice } from './web-ports.ts'

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

/** Who signs in, and with what. */
export interface Applicant {
  readonly account: string
  readonly credential: Credential
  /** Whoever makes the tickets of MSNP15 and later. */
  readonly tickets?: TicketOffice | undefined
  /** The GUID of our place, in braces. */
  readonly endpoint: string
}

/** The server asks for a proof; or the account's notification server is at another address. */
export type Welcome =
  | { readonly kind: 'asked'; readonly challenge: readonly string[] }
  | { readonly kind: 'elsewhere'; readonly address: string }

/** The account is in; or its notification server is at another address. */
export type SignInResult =
  | { readonly kind: 'in'; readonly who: SignedIn }
  | { readonly kind: 'elsewhere'; readonly address: string }

/** The clients that we say we are, from these dialects on: each of its time. */
const clients: readonly (readonly [from: Dialect, version: string, library: string, codeBase: string])[] = [
  [16, '14.0.8117.0416', 'MSNMSGR', 'msmsgs'],
  [15, '8.5.1302', 'MSNMSGR', 'msmsgs'],
  [13, '8.0.0812', 'MSNMSGR', 'msmsgs'],
  [12, '7.5.0324', 'MSNMSGR', 'MSMSGS'],
  [11, '7.0.0816', 'MSNMSGR', 'MSMSGS'],
  [10, '6.2.0208', 'MSNMSGR', 'MSMSGS'],
  [9, '6.0.0602', 'MSNMSGR', 'MSMSGS'],
  [8, '5.0.0544', 'MSNMSGR', 'MSMSGS'],
  [2, '4.7.3001', 'MSMSGS', 'MSMSGS'],
]

function clientVersion(dialect: Dialect, email: string): ClientVersion {
  const [, version = '', library = '', codeBase = ''] = clients.find(([from]) => dialect >= from) ?? []
  return { locale: '0x0409', os: 'winnt', osVersion: '5.1', architecture: 'i386', library, version, codeBase, email }
}

/** Agrees on a dialect, on a fresh connection. Rejects with a ClientError: `no-common-dialect`, `connection-lost` or `server-error`. */
export async function negotiate(connection: Connection, offer: readonly Dialect[]): Promise<Dialect> {
  const reply = await connection.request((trId) => writeVersions(trId, offer))
  const chosen = parseDialect(reply.args[0] ?? '')
  if (chosen === undefined || !offer.includes(chosen))
    throw new ClientError('no-common-dialect', `the server speaks none of ${offer.map(dialectName).join(' ')}`)
  connection.dialect = chosen
  return chosen
}

/** Signs in, in the dialect that was agreed on. Rejects with a ClientError: `refused`, `connection-lost` or `server-error`. */
export async function signIn(connection: Connection, dialect: Dialect, applicant: Applicant): Promise<SignInResult> {
  const welcome = await introduce(connection, dialect, applicant.account)
  if (welcome.kind === 'elsewhere') return welcome
  const proof = await prove(dialect, applicant, welcome.challenge)
  const last = await connection.request((trId) => writeSignInProof(dialect, trId, proof))
  const who = readSignedIn(dialect, last)
  if (!who) throw new ClientError('server-error', 'the server answered the proof with something that is neither yes nor no')
  return { kind: 'in', who }
}

/**
 * Says which client this is and who wants in, up to the server's question. `within` is how long each answer may take, in milliseconds. Rejects
 * with a ClientError.
 */
export async function introduce(connection: Connection, dialect: Dialect, account: string, within?: number): Promise<Welcome> {
  const options = { answers: ['XFR'], ...(within !== undefined && { within }) }
  if (authFamily(dialect) === 'md5') await connection.request((trId) => ({ verb: 'INF', trId, args: [] }), options)
  else await connection.request((trId) => writeClientVersion(dialect, trId, clientVersion(dialect, account)), options)
  const reply = await connection.request((trId) => writeSignInRequest(dialect, trId, account), options)
  const address = readTransfer(reply)
  if (address !== undefined) return { kind: 'elsewhere', address }
  const challenge = readSignInChallenge(dialect, reply)
  if (!challenge) throw new ClientError('server-error', 'the server answered USR with something that is no challenge')
  return { kind: 'asked', challenge }
}

async function prove(
  dialect: Dialect,
  { account, credential, tickets, endpoint }: Applicant,
  [challenge = '', nonce = '']: readonly string[],
): Promise<Omit<SignInProof, 'family'>> {
  switch (authFamily(dialect)) {
    case 'md5':
      if (credential.kind !== 'password')
        throw new ClientError('refused', 'a ticket does not open a server that speaks MSNP7 or older')
      return { proof: md5Proof(challenge, credential.password).reveal() }
    case 'twn': {
      if (credential.kind === 'ticket') return { proof: (await credential.ticket()).reveal() }
      const ticket = await credential.signIn({ account, password: credential.password, challenge })
      return { proof: ticket.reveal() }
    }
    case 'sso': {
      if (!tickets) throw new ClientError('server-error', 'nobody makes the tickets that MSNP15 and later need')
      const { ticket, secret } = await tickets.signInTicket(challenge)
      return { proof: ticket.reveal(), blob: ssoBlob(nonce, secret), machineGuid: endpoint }
    }
  }
}
