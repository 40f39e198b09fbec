// Who uses the gateway.

import type { Redis } from 'ioredis'
import type { Address } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Users } from '../core/stores.ts'
import type { User, UserId } from '../core/user.ts'
import type { Keys } from './keys.ts'
import { changeRecord, readRecord, scanned, UnreadableRecord } from './record.ts'
import { randomId, userShape } from './schema.ts'

/** KEYS user-at user users · ARGV id record → the id of whoever lives there. */
const claimScript = `
local known = redis.call('GET', KEYS[1])
if known then return known end
redis.call('SET', KEYS[2], ARGV[2])
redis.call('SET', KEYS[1], ARGV[1])
redis.call('SADD', KEYS[3], ARGV[1])
return ARGV[1]
`

export class RedisUsers implements Users {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async at(home: Address): Promise<User> {
    const known = await this.find(home)
    if (known) return known
    const user: User = { id: randomId() as UserId, homes: [home], locale: 'en' }
    const claimed = await this.#redis.eval(
      claimScript,
      3,
      this.#keys.userAt(home),
      this.#keys.user(user.id),
      this.#keys.users,
      user.id,
      JSON.stringify(user),
    )
    if (claimed === user.id) return user
    const winner = await this.find(home)
    if (!winner) throw new UnreadableRecord(this.#keys.userAt(home))
    return winner
  }

  async find(home: Address): Promise<User | undefined> {
    const id = await this.#redis.get(this.#keys.userAt(home))
    return id === null ? undefined : this.get(id as UserId)
  }

  async get(id: UserId): Promise<User | undefined> {
    return readRecord(this.#redis, this.#keys.user(id), userShape)
  }

  async setManagement(id: UserId, conversation: Conversation): Promise<void> {
    await changeRecord(this.#redis, this.#keys.user(id), userShape, (user) => ({ ...user, management: conversation }))
  }

  async setBlocked(id: UserId, isBlocked: boolean): Promise<void> {
    await changeRecord(this.#redis, this.#keys.user(id), userShape, ({ isBlocked: _, ...user }) =>
      isBlocked ? { ...user, isBlocked } : user,
    )
  }

  async *all(): AsyncIterable<User> {
    const { users } = this.#keys
    for await (const [id] of scanned((cursor) => this.#redis.sscan(users, cursor, 'COUNT', 100), 1)) {
      const user = await this.get(id as UserId)
      if (user) yield user
    }
  }
}
