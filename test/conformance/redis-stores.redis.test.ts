import { afterAll, beforeAll, describe } from 'vitest'
import { Seal } from '../../src/mapping/seal.ts'
import { openStores } from '../../src/mapping/stores.ts'
import { outboxOn } from '../support/deliveries.ts'
import { TestRedis } from '../support/redis.ts'
import { storesConformance } from './stores.ts'

describe('the stores in Redis', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await TestRedis.start()
  })
  afterAll(() => redis.stop())

  storesConformance(async () => {
    const { outbox, keys, connection } = outboxOn(redis, { deaf: true })
    await connection.flushall()
    const stores = await openStores(connection, keys, new Seal(Buffer.alloc(32, 1)))

    /** Every key that is to be forgotten is brought nearer to its end. */
    const pass = async (seconds: number) => {
      for (const key of await connection.keys('*')) {
        const left = await connection.pttl(key)
        if (left > 0) await connection.pexpire(key, left - seconds * 1000)
      }
    }
    return { stores: { ...stores, outbox }, pass }
  })
})
