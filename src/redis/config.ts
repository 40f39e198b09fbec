// What can be set about Redis.

import { z } from 'zod'
import { Secret } from '../core/secret.ts'

export const redisConfig = z.strictObject({
  url: z
    .string()
    .regex(/^(rediss?|unix):\/\/./, 'must be an address that begins with redis://, rediss:// or unix://')
    .transform((text) => new Secret(text))
    .optional()
    .describe(
      'Your own Redis (6.2 or newer) or Valkey, as redis://user:password@host:6379/0. Without it Nudge runs a Redis of its own in dataDir.',
    ),
  dataDir: z
    .string()
    .min(1)
    .default('data/redis')
    .describe('The folder of the Redis that Nudge runs itself. Unused when url is set.'),
  appendfsync: z
    .enum(['everysec', 'always'])
    .default('everysec')
    .describe(
      'When the Redis that Nudge runs itself forces what was written to disk: once a second, or each time before it is acknowledged. If that Redis or the machine dies, the first can lose two seconds of messages, the second none; it is slower. Unused when url is set.',
    ),
  prefix: z
    .string()
    .regex(/^[a-z0-9-]{1,32}$/, 'must be 1 to 32 small letters, digits or hyphens')
    .default('nudge')
    .describe('What every key begins with, so that a Redis can be shared with other programs.'),
})

export type RedisConfig = z.infer<typeof redisConfig>
