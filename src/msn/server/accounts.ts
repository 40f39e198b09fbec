// The accounts of the embedded server: who has a password here. Their lists are in books.ts.

import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'
import type { Records } from '../../core/stores.ts'
import type { Phrase } from '../../core/words.ts'
import { md5Proof, sameProof } from '../auth/md5.ts'
import { Books } from './books.ts'
import type { Handle } from './handle.ts'
import { handleOf } from './handle.ts'
import { forgetOfflineMessages } from './offline.ts'
import { hashPassword, isPassword } from './password.ts'
import { Profiles } from './profiles.ts'

const noun = 'accounts'
/** In bytes. Some clients cut passwords here (msnp-services.md A5), so nobody could sign in with a longer one. */
export const longestPassword = 16

/** `md5` is there only for accounts that opted in: MSN 1.0 to 4.7 can prove nothing else, and its digest is as good as the password. */
const accountRecord = z.strictObject({
  email: z.string(),
  password: z.string(),
  md5: z.strictObject({ salt: z.string(), digest: z.string() }).optional(),
  createdAt: z.number(),
})

type AccountRecord = z.infer<typeof accountRecord>

export interface Account {
  readonly email: string
  /** Whether clients that know only MD5 (MSN 1.0 to 4.7) may sign in. */
  readonly md5: boolean
  /** Milliseconds since 1970. */
  readonly createdAt: number
}

export interface AccountOptions {
  /** Keeps what MSN 1.0 to 4.7 need, which is worth as much as the password to whoever reads the database. */
  readonly md5?: boolean
}

/** The account cannot be made or changed; `phrase` says why. */
export class AccountError extends Error {
  override readonly name = 'AccountError'
  readonly phrase: Phrase

  constructor(phrase: Phrase) {
    super(phrase.key)
    this.phrase = phrase
  }
}

export class Accounts {
  readonly #records: Records
  readonly #isHostedAddress: (email: string) => boolean
  readonly #clock: Clock
  /** Makes the salts of accounts that do not exist: the same each time, as real ones are. */
  readonly #decoy = randomBytes(32)
  /** Verified against where there is no account, so that it takes as long. */
  #nobody: Promise<string> | undefined

  constructor(records: Records, isHostedAddress: (email: string) => boolean, clock: Clock = Date.now) {
    this.#records = records
    this.#clock = clock
    this.#isHostedAddress = isHostedAddress
  }

  /** Throws the AccountError that `add` would throw for this address: to be asked before a password is. */
  async checkFree(email: string): Promise<void> {
    const handle = this.#handleFor(email)
    if (await this.exists(handle)) throw new AccountError({ key: 'account.taken', params: { email: handle } })
  }

  /** Throws the AccountError that `passwd` would throw for this address. */
  async checkKnown(email: string): Promise<void> {
    const handle = this.#handleFor(email)
    if (!(await this.exists(handle))) throw new AccountError({ key: 'account.unknown', params: { email: handle } })
  }

  /** Makes an account. Throws AccountError when the address is none, is taken, or is for people who are hosted here. */
  async add(email: string, password: Secret, options: AccountOptions = {}): Promise<Account> {
    const handle = this.#handleFor(email)
    const record = { email: handle, ...(await keep(password, options.md5 ?? false)), createdAt: this.#clock() }
    let taken = false
    await this.#records.update(noun, handle, (current) => {
      taken = current !== undefined
      return current ?? record
    })
    if (taken) throw new AccountError({ key: 'account.taken', params: { email: handle } })
    return summary(record)
  }

  /** Gives an account another password; without `md5` it keeps its choice. Throws AccountError when there is no such account. */
  async passwd(email: string, password: Secret, options: AccountOptions = {}): Promise<Account> {
    const handle = this.#handleFor(email)
    const known = await this.#find(handle)
    if (!known) throw new AccountError({ key: 'account.unknown', params: { email: handle } })
    const kept = await keep(password, options.md5 ?? known.md5 !== undefined)
    const record = { email: handle, ...kept, createdAt: known.createdAt }
    await this.#records.update(noun, handle, (current) => (current === undefined ? undefined : record))
    return summary(record)
  }

  /** Every account, by address. */
  async list(): Promise<Account[]> {
    const accounts: Account[] = []
    for await (const [, record] of this.#records.list(noun)) accounts.push(summary(accountRecord.parse(record)))
    return accounts.sort((a, b) => (a.email < b.email ? -1 : 1))
  }

  /** Forgets an account, its lists, its pictures and what waits for it; a session that is signed in lasts until it ends. False when there was none. */
  async remove(email: string): Promise<boolean> {
    const handle = handleOf(email)
    if (!handle) return false
    let found = false
    await this.#records.update(noun, handle, (current) => {
      found = current !== undefined
      return undefined
    })
    await new Books(this.#records, this.#clock).remove(handle)
    await forgetOfflineMessages(this.#records, handle)
    await new Profiles(this.#records, this.#clock).remove(handle)
    return found
  }

  /** Whether there is such an account. */
  async exists(handle: Handle): Promise<boolean> {
    return (await this.#records.get(noun, handle)) !== undefined
  }

  /** Another text with another password, and an empty one without an account. It says nothing about the password. */
  async stamp(handle: Handle): Promise<string> {
    const account = await this.#find(handle)
    return account ? createHash('sha256').update(account.password).digest('base64url') : ''
  }

  /** The handle of the account that this password opens; undefined when it opens none, which takes as long. */
  async verify(email: string, password: Secret): Promise<Handle | undefined> {
    const handle = handleOf(email)
    const account = handle && (await this.#find(handle))
    if (!account) {
      this.#nobody ??= hashPassword(new Secret(randomBytes(12).toString('hex')))
      await isPassword(password, await this.#nobody)
      return undefined
    }
    return (await isPassword(password, account.password)) ? handle : undefined
  }

  /** The salt for MD5: the account's own, or one that looks like it. */
  async salt(email: string): Promise<string> {
    const handle = handleOf(email)
    const account = handle && (await this.#find(handle))
    if (account?.md5) return account.md5.salt
    const sum = createHmac('sha256', this.#decoy)
      .update(handle ?? email)
      .digest()
    return saltFrom(sum.readUInt32BE(0), sum.readUInt32BE(4))
  }

  /** The handle of the account that this MD5 proof opens. Undefined also for those who did not opt in. */
  async verifyMd5(email: string, proof: Secret): Promise<Handle | undefined> {
    const handle = handleOf(email)
    const account = handle && (await this.#find(handle))
    return account?.md5 && sameProof(new Secret(account.md5.digest), proof) ? handle : undefined
  }

  async #find(handle: Handle): Promise<AccountRecord | undefined> {
    const record = await this.#records.get(noun, handle)
    return record === undefined ? undefined : accountRecord.parse(record)
  }

  #handleFor(email: string): Handle {
    const handle = handleOf(email)
    if (!handle) throw new AccountError({ key: 'account.bad-address', params: { email } })
    if (this.#isHostedAddress(handle)) throw new AccountError({ key: 'account.hosted', params: { email: handle } })
    return handle
  }
}

async function keep(password: Secret, md5: boolean): Promise<Pick<AccountRecord, 'password' | 'md5'>> {
  if (password.reveal() === '') throw new AccountError({ key: 'account.empty-password' })
  if (Buffer.byteLength(password.reveal()) > longestPassword) {
    throw new AccountError({ key: 'account.long-password', params: { longest: longestPassword } })
  }
  const hash = await hashPassword(password)
  if (!md5) return { password: hash }
  const salt = saltFrom(randomInt(2 ** 32), randomInt(2 ** 32))
  return { password: hash, md5: { salt, digest: md5Proof(salt, password).reveal() } }
}

/** In the looks of the official servers: a time and nine digits. */
function saltFrom(high: number, low: number): string {
  return `${1_000_000_000 + (high % 600_000_000)}.${String(low % 1_000_000_000).padStart(9, '0')}`
}

function summary({ email, md5, createdAt }: AccountRecord): Account {
  return { email, md5: md5 !== undefined, createdAt }
}
