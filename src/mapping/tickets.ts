// Short-lived proofs. Only the hash of a token is kept, so that reading Redis gives nobody a way in.

import { createHash, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Tickets } from '../core/stores.ts'
import type { Keys } from './keys.ts'
import { parseRecord } from './record.ts'

const tokenBytes = 24

export class RedisTickets implements Tickets {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async issue(purpose: string, claim: unknown, seconds: number): Promise<string> {
    const token = randomBytes(tokenBytes).toString('base64url')
    await this.#redis.set(this.#key(purpose, token), JSON.stringify(claim), 'EX', seconds)
    return token
  }

  async check(purpose: string, token: string): Promise<unknown> {
    const key = this.#key(purpose, token)
    return parseClaim(key, await this.#redis.get(key))
  }

  async redeem(purpose: string, token: string): Promise<unknown> {
    const key = this.#key(purpose, token)
    return parseClaim(key, await this.#redis.getdel(key))
  }

  #key(purpose: string, token: string): string {
    return this.#keys.ticket(purpose, createHash('sha256').update(token).digest('base64url'))
  }
}

function parseClaim(key: string, text: string | null): unknown {
  return text === null ? undefined : parseRecord(key, text, z.unknown())
}
