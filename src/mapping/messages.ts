// What we sent, so that its echo is known and an answer to it can say to what. Of a text no more is kept than its first line, sealed.

import type { Redis } from 'ioredis'
import type { Conversation } from '../core/conversation.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { Messages, Remembered } from '../core/stores.ts'
import type { Keys } from './keys.ts'
import { parseRecord, readRecord, UnreadableRecord } from './record.ts'
import { gistShape, messageShape, noticeShape } from './schema.ts'
import type { Seal } from './seal.ts'
import { SealBroken } from './seal.ts'

const thirtyDays = 30 * 24 * 3600

export class RedisMessages implements Messages {
  readonly #redis: Redis
  readonly #keys: Keys
  readonly #seal: Seal

  constructor(redis: Redis, keys: Keys, seal: Seal) {
    this.#redis = redis
    this.#keys = keys
    this.#seal = seal
  }

  async remember({ gist, ...message }: Remembered): Promise<void> {
    const { delivery, sent, origin } = message
    const record = JSON.stringify({ ...message, ...(gist && { gist: this.#seal.seal(JSON.stringify(gist), delivery) }) })
    const writes = this.#redis.pipeline().set(this.#keys.message(sent.conversation, sent.id), record, 'EX', thirtyDays)
    if (origin) writes.set(this.#keys.carried(origin.conversation, origin.id), record, 'EX', thirtyDays)
    for (const [error] of (await writes.exec()) ?? []) if (error) throw error
  }

  async isOurs(conversation: Conversation, id: RemoteId): Promise<boolean> {
    return (await this.#redis.exists(this.#keys.message(conversation, id))) === 1
  }

  async find(conversation: Conversation, id: RemoteId): Promise<Remembered | undefined> {
    const sent = this.#keys.message(conversation, id)
    const [text, carried] = await this.#redis.mget(sent, this.#keys.carried(conversation, id))
    const known = text ?? carried
    if (known === null || known === undefined) return undefined
    try {
      const { gist, ...message } = parseRecord(sent, known, messageShape)
      if (gist === undefined) return message
      return { ...message, gist: parseRecord(sent, this.#seal.open(gist, message.delivery), gistShape) }
    } catch (error) {
      // What an earlier version remembered says too little: an answer to it is worth more than its quotation.
      if (error instanceof UnreadableRecord || error instanceof SealBroken) return undefined
      throw error
    }
  }

  async rememberNotice(delivery: DeliveryId, sent: Remembered['sent']): Promise<void> {
    await this.#redis.set(this.#keys.notice(delivery), JSON.stringify(sent), 'EX', thirtyDays)
  }

  async noticeOf(delivery: DeliveryId): Promise<Remembered['sent'] | undefined> {
    return readRecord(this.#redis, this.#keys.notice(delivery), noticeShape)
  }
}
