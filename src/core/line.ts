// The unit of order: one direction of a portal, or what our bot says to one user.

import { createHash } from 'node:crypto'
import type { Address } from './address.ts'
import { addressKey } from './address.ts'
import type { Brand } from './brand.ts'
import type { End, Portal } from './portal.ts'
import type { User } from './user.ts'

/** `{shard}-{what}-{direction}`, free of colons. Nothing within a line overtakes. */
export type LineId = Brand<'LineId'>

/** Work is spread over so many shards; the number is fixed for the life of a Redis. */
const shardCount = 64

/** The shard that an address belongs to, 0 to 63. */
function shardOf(address: Address): number {
  return createHash('sha256').update(addressKey(address)).digest().readUInt16BE(0) % shardCount
}

function lineId(shard: number, what: string, direction: string): LineId {
  return `${String(shard).padStart(2, '0')}-${what}-${direction}` as LineId
}

/** The line of a portal that leads to one of its ends. Both directions belong to the shard of the chair on the anchor's side. */
export function lineTo(portal: Pick<Portal, 'id' | 'anchor'>, end: End): LineId {
  return lineId(shardOf(portal.anchor.as), portal.id, end)
}

/** The line of what our bot has to tell one user. */
export function noticeLine(user: User): LineId {
  return lineId(shardOf(user.homes[0]), user.id, 'notices')
}
