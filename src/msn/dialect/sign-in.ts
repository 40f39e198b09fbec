// Getting in: VER, INF, CVR, USR, and the ping that keeps it (msnp-core.md 3.2 to 3.7, 3.15).

import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { dialectName, versionReporting } from '../wire/dialect.ts'
import { escapeArg, nameOr, unescapeArg } from '../wire/escape.ts'

/** How a dialect proves who somebody is: salted MD5 (2-7), a Passport ticket (8-14), a ticket and a signature (15+). */
export type AuthFamily = 'md5' | 'twn' | 'sso'

/** What a client says about itself in CVR. */
export interface ClientVersion {
  /** Such as `0x0409`. */
  readonly locale: string
  readonly os: string
  readonly osVersion: string
  readonly architecture: string
  /** `MSMSGS`, `MSNMSGR`, … */
  readonly library: string
  readonly version: string
  readonly codeBase?: string
  readonly email?: string
}

/** What a server recommends in its answer to CVR. A `minimum` above the client's own version makes it give up. */
export interface VersionAdvice {
  readonly recommended: string
  readonly minimum: string
  readonly downloadUrl: string
  readonly infoUrl: string
}

/** The first half of USR: who wants in. */
export interface SignInRequest {
  readonly family: AuthFamily
  readonly email: string
}

/** The second half of USR: the proof. For MD5 the digest; for TWN the ticket; for SSO ticket, signature and the endpoint. */
export interface SignInProof {
  readonly family: AuthFamily
  readonly proof: string
  readonly blob?: string
  readonly machineGuid?: string
}

/** `USR OK`: who is in. */
export interface SignedIn {
  readonly email: string
  /** Absent from MSNP10 on. */
  readonly name?: string
  /** Whether the address was confirmed; an unverified account may not change its name. */
  readonly verified: boolean
}

const families: Readonly<Record<AuthFamily, string>> = { md5: 'MD5', twn: 'TWN', sso: 'SSO' }

function familyNamed(text: string | undefined): AuthFamily | undefined {
  return (['md5', 'twn', 'sso'] as const).find((family) => families[family] === text)
}

/** The way in that belongs to a dialect. */
export function authFamily(dialect: Dialect): AuthFamily {
  if (dialect < 8) return 'md5'
  return dialect < 15 ? 'twn' : 'sso'
}

/** `VER` with what a client speaks, best first. */
export function writeVersions(trId: number, dialects: readonly Dialect[]): Command {
  return { verb: 'VER', trId, args: [...dialects.map(dialectName), versionReporting] }
}

/** `VER` with what the server chose; undefined says that there is nothing in common. */
export function writeChosenVersion(trId: number, dialect: Dialect | undefined): Command {
  return { verb: 'VER', trId, args: [dialect === undefined ? '0' : dialectName(dialect)] }
}

/** `INF`: which ways in there are. MSNP2 to 7. */
export function writeWaysIn(trId: number): Command {
  return { verb: 'INF', trId, args: [families.md5] }
}

/** `CVR`. The code base is said from MSNP4 on, the address from 8 on. */
export function writeClientVersion(dialect: Dialect, trId: number, client: ClientVersion): Command {
  const { locale, os, osVersion, architecture, library, version } = client
  const codeBase = dialect >= 4 ? [client.codeBase ?? library] : []
  const email = dialect >= 8 && client.email !== undefined ? [client.email] : []
  return { verb: 'CVR', trId, args: [locale, os, osVersion, architecture, library, version, ...codeBase, ...email] }
}

/** Reads CVR (and CVQ) of a client; only the version must be there. */
export function readClientVersion(command: Command): ClientVersion | undefined {
  const [locale, os, osVersion, architecture, library, version, codeBase, email] = command.args
  if (locale === undefined || os === undefined || osVersion === undefined || architecture === undefined) return undefined
  if (library === undefined || version === undefined) return undefined
  return {
    ...{ locale, os, osVersion, architecture, library, version },
    ...(codeBase === undefined ? {} : { codeBase }),
    ...(email === undefined ? {} : { email }),
  }
}

/** The answer to CVR. */
export function writeVersionAdvice(trId: number, advice: VersionAdvice, verb: 'CVR' | 'CVQ' = 'CVR'): Command {
  const { recommended, minimum, downloadUrl, infoUrl } = advice
  return { verb, trId, args: [recommended, recommended, minimum, downloadUrl, infoUrl] }
}

/** `USR … I`: who wants in. */
export function writeSignInRequest(dialect: Dialect, trId: number, email: string): Command {
  return { verb: 'USR', trId, args: [families[authFamily(dialect)], 'I', email] }
}

/** Reads `USR … I`. */
export function readSignInRequest(command: Command): SignInRequest | undefined {
  const [name, stage, email] = command.args
  const family = familyNamed(name)
  if (!family || stage?.toUpperCase() !== 'I' || email === undefined || email === '') return undefined
  return { family, email: unescapeArg(email) }
}

/** `USR … S` of the server: the salt (md5), the parameters for the ticket (twn), or policy and nonce (sso). */
export function writeSignInChallenge(dialect: Dialect, trId: number, challenge: readonly string[]): Command {
  return { verb: 'USR', trId, args: [families[authFamily(dialect)], 'S', ...challenge] }
}

/** Reads `USR … S` of the server: what stands after the S, one argument for md5 and twn, policy and nonce for sso. */
export function readSignInChallenge(dialect: Dialect, command: Command): readonly string[] | undefined {
  const [name, stage, ...challenge] = command.args
  if (command.verb !== 'USR' || familyNamed(name) !== authFamily(dialect) || stage !== 'S') return undefined
  return challenge.length < (authFamily(dialect) === 'sso' ? 2 : 1) ? undefined : challenge
}

/** `USR … S` of a client: the proof. A ticket is written as it came. */
export function writeSignInProof(dialect: Dialect, trId: number, proof: Omit<SignInProof, 'family'>): Command {
  const family = authFamily(dialect)
  const blob = family === 'sso' && proof.blob !== undefined ? [proof.blob] : []
  const guid = dialect >= 16 && proof.blob !== undefined && proof.machineGuid !== undefined ? [proof.machineGuid] : []
  return { verb: 'USR', trId, args: [families[family], 'S', proof.proof, ...blob, ...guid] }
}

/** Reads `USR … S` of a client. */
export function readSignInProof(command: Command): SignInProof | undefined {
  const [name, stage, proof, blob, machineGuid] = command.args
  const family = familyNamed(name)
  if (!family || stage?.toUpperCase() !== 'S' || proof === undefined || proof === '') return undefined
  if (family !== 'sso') return { family, proof }
  return { family, proof, ...(blob === undefined ? {} : { blob }), ...(machineGuid === undefined ? {} : { machineGuid }) }
}

/** `USR OK` (3.7). The last 0 says that the account is not restricted; 1 would sign a client out. */
export function writeSignedIn(dialect: Dialect, trId: number, { email, name, verified }: SignedIn): Command {
  const said = dialect < 10 ? [escapeArg(name || email)] : []
  const flags = [...(dialect >= 6 ? [verified ? '1' : '0'] : []), ...(dialect >= 8 ? ['0'] : [])]
  return { verb: 'USR', trId, args: ['OK', email, ...said, ...flags] }
}

/** `USR OK` once more, after a ticket for circles. MSNP18. */
export function writeSignedInCircles(trId: number, email: string): Command {
  return { verb: 'USR', trId, args: ['OK', email, '0', '0'] }
}

/** Reads `USR OK`. */
export function readSignedIn(dialect: Dialect, command: Command): SignedIn | undefined {
  const [ok, email, ...rest] = command.args
  if (command.verb !== 'USR' || ok !== 'OK' || email === undefined) return undefined
  if (dialect >= 10) return { email, verified: rest[0] !== '0' }
  return { email, name: nameOr(rest[0], email), verified: dialect < 6 || rest[1] !== '0' }
}

/** `QNG`: the answer to a ping; from MSNP9 on with the seconds to wait before the next. */
export function writePong(dialect: Dialect, seconds: number): Command {
  return { verb: 'QNG', args: dialect >= 9 ? [String(seconds)] : [] }
}

/** Reads QNG: the seconds to wait before the next ping, where it says. */
export function readPong(command: Command): number | undefined {
  const seconds = Number(command.args[0] ?? Number.NaN)
  return Number.isSafeInteger(seconds) && seconds > 0 ? seconds : undefined
}
