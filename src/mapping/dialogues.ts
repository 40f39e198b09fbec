// Talks with our bot that wait for an answer.

import type { Redis } from 'ioredis'
import type { Dialogue, Dialogues } from '../core/stores.ts'
import type { UserId } from '../core/user.ts'
import type { Keys } from './keys.ts'
import { readRecord } from './record.ts'
import { dialogueShape } from './schema.ts'

const tenMinutes = 10 * 60

export class RedisDialogues implements Dialogues {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async get(user: UserId): Promise<Dialogue | undefined> {
    return readRecord(this.#redis, this.#keys.dialogue(user), dialogueShape)
  }

  async set(user: UserId, dialogue: Dialogue): Promise<void> {
    await this.#redis.set(this.#keys.dialogue(user), JSON.stringify(dialogue), 'EX', tenMinutes)
  }

  async end(user: UserId): Promise<void> {
    await this.#redis.del(this.#keys.dialogue(user))
  }
}
