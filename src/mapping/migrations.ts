// The format of what is in Redis. There is one so far, so there is nothing to migrate; what a newer Nudge wrote is not touched.

import type { Redis } from 'ioredis'
import { StartError } from '../core/errors.ts'
import { say } from '../core/words.ts'
import type { Keys } from './keys.ts'

const known = 1

/** Marks a new Redis with our format; refuses with a StartError data that a newer Nudge wrote. */
export async function checkSchema(redis: Redis, keys: Keys): Promise<void> {
  await redis.set(keys.schema, known, 'NX')
  const found = await redis.get(keys.schema)
  if (Number(found) !== known) throw new StartError(say({ key: 'redis.newer-data', params: { found: found ?? '?', known } }))
}
