// Whether a Redis will do: what it would lose is said before there is anything to lose.

import type { Redis } from 'ioredis'
import { StartError } from '../core/errors.ts'
import type { Logger } from '../core/log.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'

/** GETDEL and the flags of ZADD came with this version. */
const oldest = [6, 2] as const

/** Refuses with a StartError what would lose messages, and warns of what could. */
export async function checkRedis(redis: Redis, place: string, log: Logger): Promise<void> {
  const info = fieldsOf(await redis.info())
  const phrase = objectionTo(info, place)
  if (phrase) throw new StartError(say(phrase))
  const warning = doubtAbout(info, await saveRules(redis))
  if (warning) log.warn({ redis: place }, warning)
}

/** The fields of an answer to INFO. */
export function fieldsOf(info: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const line of info.split('\r\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1))
  }
  return fields
}

/** Why a Redis cannot be used; undefined when it can. */
export function objectionTo(info: ReadonlyMap<string, string>, place: string): Phrase | undefined {
  const found = info.get('redis_version') ?? ''
  const [major = 0, minor = 0] = found.split('.').map(Number)
  const isNewEnough = major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
  if (!isNewEnough) return { key: 'redis.too-old', params: { place, found: found || '?' } }
  if (info.get('cluster_enabled') === '1') return { key: 'redis.cluster', params: { place } }
  if (info.get('role') === 'slave') return { key: 'redis.replica', params: { place } }
  const policy = info.get('maxmemory_policy') ?? 'noeviction'
  if (policy !== 'noeviction') return { key: 'redis.evicts', params: { place, found: policy } }
  return undefined
}

/** What the operator should know though Redis can be used. `save`: its snapshot rules; undefined when it does not tell. */
export function doubtAbout(info: ReadonlyMap<string, string>, save: string | undefined): string | undefined {
  if (info.get('aof_enabled') === '1') return undefined
  if (save === '')
    return 'Redis keeps nothing over a restart (no AOF, no snapshots): accounts and undelivered messages would be lost. Set appendonly yes'
  return 'Redis writes snapshots only (no AOF): the last minutes would be lost in a crash. Set appendonly yes'
}

/** Hosted Redis often refuses CONFIG. */
async function saveRules(redis: Redis): Promise<string | undefined> {
  try {
    const answer: unknown = await redis.config('GET', 'save')
    return Array.isArray(answer) && typeof answer[1] === 'string' ? answer[1] : undefined
  } catch {
    return undefined
  }
}
