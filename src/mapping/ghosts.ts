// Whom our ghosts stand for, and how they were last made to look.

import type { Redis } from 'ioredis'
import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Ghost } from '../core/ghost.ts'
import type { Ghosts } from '../core/stores.ts'
import type { Keys } from './keys.ts'
import { parseRecord, scanned } from './record.ts'
import { ghostShape } from './schema.ts'

export class RedisGhosts implements Ghosts {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async get(of: Address, on: NetworkId): Promise<Ghost | undefined> {
    const key = this.#keys.ghosts(on)
    const field = addressKey(of)
    const text = await this.#redis.hget(key, field)
    return text === null ? undefined : parseRecord(`${key} ${field}`, text, ghostShape)
  }

  async save(ghost: Ghost): Promise<void> {
    await this.#redis.hset(this.#keys.ghosts(ghost.on), addressKey(ghost.of), JSON.stringify(ghost))
  }

  async *on(network: NetworkId): AsyncIterable<Ghost> {
    const key = this.#keys.ghosts(network)
    for await (const [field, text] of scanned((cursor) => this.#redis.hscan(key, cursor, 'COUNT', 100), 2))
      yield parseRecord(`${key} ${field}`, text, ghostShape)
  }
}
