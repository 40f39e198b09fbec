// What a network keeps for itself: accounts, say. The stores do not know what is in it.

import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Records } from '../core/stores.ts'
import type { Keys } from './keys.ts'
import { parseRecord, scanned } from './record.ts'

/** KEYS record · ARGV id, the text that was seen, the text that shall be; an empty text is no record. */
const replaceScript = `
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then return 0 end
if ARGV[3] == '' then redis.call('HDEL', KEYS[1], ARGV[1]) else redis.call('HSET', KEYS[1], ARGV[1], ARGV[3]) end
return 1
`

export class RedisRecords implements Records {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async get(noun: string, id: string): Promise<unknown> {
    return this.#parse(noun, id, await this.#text(noun, id))
  }

  async update(noun: string, id: string, change: (current: unknown) => unknown): Promise<unknown> {
    for (;;) {
      const seen = await this.#text(noun, id)
      // JSON.stringify gives undefined for undefined, which its type does not say.
      const next: string | undefined = JSON.stringify(change(this.#parse(noun, id, seen)))
      const args = [id, seen ?? '', next ?? '']
      if ((await this.#redis.eval(replaceScript, 1, this.#keys.record(noun), ...args)) === 1) return this.#parse(noun, id, next)
    }
  }

  async *list(noun: string): AsyncIterable<readonly [id: string, record: unknown]> {
    const key = this.#keys.record(noun)
    for await (const [id, text] of scanned((cursor) => this.#redis.hscan(key, cursor, 'COUNT', 100), 2))
      yield [id, this.#parse(noun, id, text)]
  }

  async #text(noun: string, id: string): Promise<string | undefined> {
    return (await this.#redis.hget(this.#keys.record(noun), id)) ?? undefined
  }

  #parse(noun: string, id: string, text: string | undefined): unknown {
    return text === undefined ? undefined : parseRecord(`${this.#keys.record(noun)} ${id}`, text, z.unknown())
  }
}
