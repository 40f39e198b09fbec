// Everything that is kept in Redis, opened together: the stores, and the outbox with its wake-ups.

import type { Config } from './config.ts'
import type { Clock } from './core/clock.ts'
import type { Logger } from './core/log.ts'
import { RedisOutbox } from './delivery/outbox.ts'
import { Wakeups } from './delivery/queue.ts'
import type { Keys } from './mapping/keys.ts'
import { keySpace } from './mapping/keys.ts'
import { openSeal } from './mapping/seal.ts'
import { openStores } from './mapping/stores.ts'
import type { OpenRedis } from './redis/open.ts'
import { openRedis } from './redis/open.ts'

interface Options {
  readonly log: Logger
  readonly clock: Clock
  /** Use the Redis of a gateway that is running: for tools beside it. */
  readonly attach?: boolean
}

export interface Storage {
  readonly redis: OpenRedis
  readonly keys: Keys
  readonly stores: Awaited<ReturnType<typeof openStores>> & { readonly outbox: RedisOutbox }
  readonly wakeups: Wakeups
  close(): Promise<void>
}

/** Opens what the config names. Throws a StartError when it cannot be used. */
export async function openStorage(config: Config, { log, clock, attach = false }: Options): Promise<Storage> {
  const seal = await openSeal(config.seal)
  const redis = await openRedis(config.redis, { log, attach })
  try {
    const keys = keySpace(config.redis.prefix)
    const connection = redis.connect()
    const wakeups = new Wakeups({ redis: connection, prefix: keys.queuePrefix, log })
    const outbox = new RedisOutbox({ redis: connection, keys: keys.outbox, wake: (lines) => wakeups.wake(lines), clock, log })
    const stores = { ...(await openStores(connection, keys, seal)), outbox }
    const close = async () => {
      await wakeups.close()
      await redis.close()
    }
    return { redis, keys, stores, wakeups, close }
  } catch (error) {
    await redis.close()
    throw error
  }
}
