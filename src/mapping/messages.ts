// What we sent, so that its echo is known. Texts are not kept.

import type { Redis } from 'ioredis'
import type { Conversation } from '../core/conversation.ts'
import type { RemoteId } from '../core/event.ts'
import type { Messages, Remembered } from '../core/stores.ts'
import type { Keys } from './keys.ts'

const thirtyDays = 30 * 24 * 3600

export class RedisMessages implements Messages {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async remember({ delivery, sent, origin }: Remembered): Promise<void> {
    const record = JSON.stringify(origin ? { delivery, origin } : { delivery })
    await this.#redis.set(this.#keys.message(sent.conversation, sent.id), record, 'EX', thirtyDays)
  }

  async isOurs(conversation: Conversation, id: RemoteId): Promise<boolean> {
    return (await this.#redis.exists(this.#keys.message(conversation, id))) === 1
  }
}
