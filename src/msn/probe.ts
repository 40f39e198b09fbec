// What an MSN server out there speaks, found out as politely as that goes: one connection at a time, one dialect on each, up to the moment at
// which a client would send its proof (msnp-core.md 3.2 to 3.6). No password is ever asked for or sent.

import { silent } from '../core/log.ts'
import { pause, type Timers } from '../core/timers.ts'
import { Connection } from './client/connection.ts'
import type { Dial, Place } from './client/dialler.ts'
import { ClientError } from './client/errors.ts'
import { introduce } from './client/sign-in.ts'
import { type AuthFamily, authFamily, writeVersions } from './dialect/sign-in.ts'
import { type Dialect, newestDialect, oldestDialect, parseDialect } from './wire/dialect.ts'

/**
 * What a server made of a dialect.
 * - `spoken`: it lets the account begin to sign in. `policy` is what tokens of MSNP15 and later are to be made under.
 * - `elsewhere`: it speaks it, and sends the account to another server.
 * - `refused`: it speaks it, and does not let this account begin; a number is its error.
 * - `unspoken`: it says no, or hangs up on the offer.
 * - `silent`: nothing came in time.
 */
export type Finding = { readonly dialect: Dialect } & (
  | { readonly kind: 'spoken'; readonly family: AuthFamily; readonly policy?: string | undefined }
  | { readonly kind: 'elsewhere'; readonly address: string }
  | { readonly kind: 'refused'; readonly number?: number | undefined }
  | { readonly kind: 'unspoken' }
  | { readonly kind: 'silent' }
)

export interface ProbeOptions {
  readonly dial: Dial
  readonly timers: Timers
  readonly server: Place
  /** Who is said to want in. */
  readonly account: string
}

/** For each answer, in milliseconds. */
const patience = 10_000
/** Between two connections, in milliseconds. */
const rest = 300
/** After so many silences in a row nothing else is expected. */
const mostSilences = 3

/** Tries one dialect after the other, from the newest. Throws what dialling threw when nobody is there to be asked. */
export async function* probeDialects(options: ProbeOptions): AsyncGenerator<Finding> {
  let silences = 0
  for (let dialect = newestDialect; dialect >= oldestDialect && silences < mostSilences; dialect--) {
    if (dialect < newestDialect) await pause(options.timers, rest)
    const finding = await probeDialect(options, dialect)
    silences = finding.kind === 'silent' ? silences + 1 : 0
    yield finding
  }
}

async function probeDialect({ dial, timers, server, account }: ProbeOptions, dialect: Dialect): Promise<Finding> {
  const connection = new Connection(await dial({ role: 'NS', ...server }), { role: 'NS', dialect, log: silent, timers })
  connection.listen({ command() {}, closed() {} })
  try {
    if (!(await takes(connection, dialect))) return { dialect, kind: 'unspoken' }
    return await begin(connection, dialect, account)
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    return { dialect, kind: connection.isOpen ? 'silent' : 'unspoken' }
  } finally {
    connection.leave()
  }
}

async function takes(connection: Connection, dialect: Dialect): Promise<boolean> {
  const reply = await connection.request((trId) => writeVersions(trId, [dialect]), { within: patience })
  return parseDialect(reply.args[0] ?? '') === dialect
}

/** From here on the dialect is spoken, whatever comes. */
async function begin(connection: Connection, dialect: Dialect, account: string): Promise<Finding> {
  const family = authFamily(dialect)
  try {
    const welcome = await introduce(connection, dialect, account, patience)
    if (welcome.kind === 'elsewhere') return { dialect, ...welcome }
    return { dialect, kind: 'spoken', family, ...(family === 'sso' && { policy: welcome.challenge[0] }) }
  } catch (error) {
    if (!(error instanceof ClientError)) throw error
    return { dialect, kind: 'refused', number: error.number }
  }
}
