// The ways of deliveries that did not arrive at the first try.

import type { Redis } from 'ioredis'
import type { DeliveryId } from '../core/delivery.ts'
import type { Step, Traces } from '../core/stores.ts'
import type { Keys } from './keys.ts'
import { parseRecord } from './record.ts'
import { stepsShape } from './schema.ts'

const thirtyDays = 30 * 24 * 3600
/** The oldest steps of more are forgotten. */
const most = 50

export class RedisTraces implements Traces {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async note(delivery: DeliveryId, step: Step): Promise<void> {
    const key = this.#keys.trace(delivery)
    await this.#redis.multi().rpush(key, JSON.stringify(step)).ltrim(key, -most, -1).expire(key, thirtyDays).exec()
  }

  async of(delivery: DeliveryId): Promise<readonly Step[]> {
    const key = this.#keys.trace(delivery)
    const steps = await this.#redis.lrange(key, 0, -1)
    return parseRecord(key, `[${steps.join()}]`, stepsShape)
  }
}
