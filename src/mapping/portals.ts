// Which conversations are joined. A portal is a hash: `claim` never changes; `room` and `at`, its key, come and go together; so does `relays`.

import type { Redis } from 'ioredis'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Anchor, End, Portal, PortalId } from '../core/portal.ts'
import type { Portals } from '../core/stores.ts'
import type { UserId } from '../core/user.ts'
import type { Keys } from './keys.ts'
import { parseRecord, scanned, UnreadableRecord } from './record.ts'
import { claimShape, conversationShape, randomId } from './schema.ts'

/** KEYS portal-of portal portals · ARGV id claim. Whoever comes first has it. */
const claimScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('SET', KEYS[1], ARGV[1] .. ' anchor')
redis.call('HSET', KEYS[2], 'claim', ARGV[2])
redis.call('SADD', KEYS[3], ARGV[1])
return 1
`

/** KEYS portal portal-of-room portal-of-instead · ARGV id room at instead. A conversation is never an end of two portals. */
const bindScript = `
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('EXISTS', KEYS[2]) == 1 then return 0 end
local bound = redis.call('HGET', KEYS[1], 'at')
if bound and bound ~= ARGV[4] then return 0 end
if bound then redis.call('DEL', KEYS[3]) end
redis.call('HSET', KEYS[1], 'room', ARGV[2], 'at', ARGV[3])
redis.call('SET', KEYS[2], ARGV[1] .. ' room')
return 1
`

/** KEYS portal portal-of-room · ARGV at. */
const unbindScript = `
if redis.call('HGET', KEYS[1], 'at') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'room', 'at')
redis.call('DEL', KEYS[2])
return 1
`

/** KEYS portal. Only a portal that exists can relay. */
const relayScript = `
if redis.call('EXISTS', KEYS[1]) == 1 then redis.call('HSET', KEYS[1], 'relays', '1') end
return 1
`

export class RedisPortals implements Portals {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async claim(anchor: Anchor, user: UserId): Promise<Portal> {
    const known = await this.find(anchor)
    if (known) return known.portal
    const portal: Portal = { id: randomId() as PortalId, user, anchor }
    const { portalOf, portals, portal: keyOf } = this.#keys
    const claim = JSON.stringify(portal)
    const first = await this.#redis.eval(claimScript, 3, portalOf(anchor), keyOf(portal.id), portals, portal.id, claim)
    if (first === 1) return portal
    const winner = await this.find(anchor)
    if (!winner) throw new UnreadableRecord(portalOf(anchor))
    return winner.portal
  }

  async get(id: PortalId): Promise<Portal | undefined> {
    const key = this.#keys.portal(id)
    const [claim, room, relays] = await this.#redis.hmget(key, 'claim', 'room', 'relays')
    if (claim === null || claim === undefined) return undefined
    const portal: Portal = { ...parseRecord(`${key} claim`, claim, claimShape), ...(relays && { relays: true }) }
    return room ? { ...portal, room: parseRecord(`${key} room`, room, conversationShape) } : portal
  }

  async find(conversation: Conversation): Promise<{ portal: Portal; end: End } | undefined> {
    const key = this.#keys.portalOf(conversation)
    const text = await this.#redis.get(key)
    if (text === null) return undefined
    const [id, end] = text.split(' ')
    if (end !== 'anchor' && end !== 'room') throw new UnreadableRecord(key)
    const portal = await this.get(id as PortalId)
    return portal && { portal, end }
  }

  async bind(id: PortalId, room: Conversation, instead?: Conversation): Promise<Portal | undefined> {
    const { portal, portalOf } = this.#keys
    const at = conversationKey(room)
    const names = [portal(id), portalOf(room), portalOf(instead ?? room)]
    const before = instead ? conversationKey(instead) : ''
    await this.#redis.eval(bindScript, names.length, ...names, id, JSON.stringify(room), at, before)
    return this.get(id)
  }

  async unbind(id: PortalId, room: Conversation): Promise<void> {
    const { portal, portalOf } = this.#keys
    await this.#redis.eval(unbindScript, 2, portal(id), portalOf(room), conversationKey(room))
  }

  async setRelays(id: PortalId, relays: boolean): Promise<void> {
    const key = this.#keys.portal(id)
    if (!relays) await this.#redis.hdel(key, 'relays')
    else await this.#redis.eval(relayScript, 1, key)
  }

  async remove(id: PortalId): Promise<void> {
    const portal = await this.get(id)
    if (!portal) return
    const { portal: keyOf, portalOf, portals } = this.#keys
    const ends = [portal.anchor, ...(portal.room ? [portal.room] : [])].map((end) => portalOf(end))
    await this.#redis
      .multi()
      .del(keyOf(id), ...ends)
      .srem(portals, id)
      .exec()
  }

  async *all(): AsyncIterable<Portal> {
    const { portals } = this.#keys
    for await (const [id] of scanned((cursor) => this.#redis.sscan(portals, cursor, 'COUNT', 100), 1)) {
      const portal = await this.get(id as PortalId)
      if (portal) yield portal
    }
  }
}
