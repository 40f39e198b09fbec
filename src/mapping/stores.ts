// mapping/ owns what must be remembered: one store per noun, in Redis. It knows no network and delivers nothing.

import type { Redis } from 'ioredis'
import { RedisContacts } from './contacts.ts'
import { RedisDialogues } from './dialogues.ts'
import { RedisGhosts } from './ghosts.ts'
import type { Keys } from './keys.ts'
import { RedisLogins } from './logins.ts'
import { RedisMessages } from './messages.ts'
import { checkSchema } from './migrations.ts'
import { RedisPortals } from './portals.ts'
import { RedisRecords } from './records.ts'
import { checkSeal, type Seal } from './seal.ts'
import { RedisTickets } from './tickets.ts'
import { RedisTraces } from './traces.ts'
import { RedisUsers } from './users.ts'

/** One of each, on a Redis that is ours to write. Throws a StartError when a newer Nudge or another key wrote it. */
export async function openStores(redis: Redis, keys: Keys, seal: Seal) {
  await checkSchema(redis, keys)
  await checkSeal(redis, keys, seal)
  return {
    users: new RedisUsers(redis, keys),
    logins: new RedisLogins(redis, keys, seal),
    contacts: new RedisContacts(redis, keys),
    ghosts: new RedisGhosts(redis, keys),
    portals: new RedisPortals(redis, keys),
    messages: new RedisMessages(redis, keys, seal),
    traces: new RedisTraces(redis, keys),
    dialogues: new RedisDialogues(redis, keys),
    records: new RedisRecords(redis, keys),
    tickets: new RedisTickets(redis, keys),
  }
}
