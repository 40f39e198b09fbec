// Codes with which strangers may make an account here. Only their hashes are kept: a code has 78 random bits, so nobody finds it by its hash.

import { createHash, randomInt } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import { Secret } from '../../core/secret.ts'
import type { Records } from '../../core/stores.ts'

const noun = 'invites'
/** Without letters and digits that are mistaken for each other. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ'
const groups = 4
const groupLength = 4
/** Of the hash, in characters: what an operator calls a code by. */
const idLength = 8
/** In milliseconds. */
const day = 24 * 60 * 60 * 1000

const inviteRecord = z.strictObject({ uses: z.int(), left: z.int(), createdAt: z.number(), until: z.number().optional() })

type InviteRecord = z.infer<typeof inviteRecord>

export interface Invite extends InviteRecord {
  /** What it is called by; says nothing about the code. */
  readonly id: string
}

export class Invites {
  readonly #records: Records
  readonly #clock: Clock

  constructor(records: Records, clock: Clock = Date.now) {
    this.#records = records
    this.#clock = clock
  }

  /** Makes a code for so many accounts, good for so many days, or for ever. It cannot be shown again. */
  async create({ uses, days }: { readonly uses: number; readonly days?: number | undefined }): Promise<Secret> {
    const code = newCode()
    const now = this.#clock()
    const record = { uses, left: uses, createdAt: now, ...(days !== undefined && { until: now + days * day }) }
    await this.#records.update(noun, hashOf(code), () => record)
    return new Secret(code)
  }

  /** Every code that still opens something, oldest first. What is used up or over is forgotten. */
  async list(): Promise<Invite[]> {
    const invites: Invite[] = []
    for await (const [hash, found] of this.#records.list(noun)) {
      const record = inviteRecord.parse(found)
      if (this.#isGood(record)) invites.push({ id: hash.slice(0, idLength), ...record })
      else await this.#records.update(noun, hash, (current) => (this.#isGood(read(current)) ? current : undefined))
    }
    return invites.sort((a, b) => a.createdAt - b.createdAt)
  }

  /** Takes a code back, by its id. False when there is none. */
  async revoke(id: string): Promise<boolean> {
    if (id.length < idLength) return false
    let found = false
    for await (const [hash] of this.#records.list(noun)) {
      if (!hash.startsWith(id.toLowerCase())) continue
      found = true
      await this.#records.update(noun, hash, () => undefined)
    }
    return found
  }

  /** Uses a code once. False when it is none, is over or is used up. However many come at once, none gets in beyond its uses. */
  async redeem(code: Secret): Promise<boolean> {
    let used = false
    await this.#records.update(noun, hashOf(code.reveal()), (current) => {
      const record = read(current)
      used = this.#isGood(record)
      return used && record ? { ...record, left: record.left - 1 } : current
    })
    return used
  }

  /** Undoes `redeem` where no account came of it. */
  async giveBack(code: Secret): Promise<void> {
    await this.#records.update(noun, hashOf(code.reveal()), (current) => {
      const record = read(current)
      return record && { ...record, left: Math.min(record.left + 1, record.uses) }
    })
  }

  #isGood(record: InviteRecord | undefined): boolean {
    return record !== undefined && record.left > 0 && (record.until === undefined || record.until > this.#clock())
  }
}

function read(current: unknown): InviteRecord | undefined {
  return current === undefined ? undefined : inviteRecord.parse(current)
}

/** Four groups of four, to be read out and typed. */
function newCode(): string {
  const group = () => Array.from({ length: groupLength }, () => alphabet[randomInt(alphabet.length)]).join('')
  return Array.from({ length: groups }, group).join('-')
}

/** However a code is typed: small or capital, with hyphens, blanks or nothing between. */
function hashOf(code: string): string {
  return createHash('sha256').update(code.toUpperCase().replace(/[\s-]/g, '')).digest('hex')
}
