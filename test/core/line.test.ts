import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { lineTo, noticeLine } from '../../src/core/line.ts'
import type { Portal, PortalId } from '../../src/core/portal.ts'
import type { User, UserId } from '../../src/core/user.ts'

const network = networkId('msn')

function portal(chair: string): Portal {
  const anchor = { network, id: 'juliet@example.com', as: { network, id: chair } }
  return { id: 'p1' as PortalId, user: 'u1' as UserId, anchor }
}

function user(id: string): User {
  return { id: 'u1' as UserId, homes: [{ network: networkId('matrix'), id }], locale: 'en' }
}

describe('a line', () => {
  it('of a portal is one for each direction, both on the shard of its chair', () => {
    const [there, back] = [lineTo(portal('romeo@example.com'), 'anchor'), lineTo(portal('romeo@example.com'), 'room')]
    expect(there).not.toBe(back)
    expect(there.slice(0, 2)).toBe(back.slice(0, 2))
  })

  it('is made of two digits and words without a colon, which queues do not take', () => {
    expect(lineTo(portal('romeo@example.com'), 'room')).toMatch(/^\d\d-p1-room$/)
    expect(noticeLine(user('@romeo:hs'))).toMatch(/^\d\d-u1-notices$/)
  })

  it('stays as it is from one version to the next: what is undelivered is kept under it', () => {
    expect(lineTo(portal('romeo@example.com'), 'anchor')).toBe('13-p1-anchor')
    expect(noticeLine(user('@romeo:hs'))).toBe('61-u1-notices')
  })
})

describe('the shards', () => {
  it.each([
    ['portals', (name: string) => lineTo(portal(`${name}@example.com`), 'room')],
    ['notices', (name: string) => noticeLine(user(`@${name}:hs`))],
  ])('share the work of %s evenly, all 64', (_, lineOf) => {
    const counts = new Map<string, number>()
    for (let index = 0; index < 6400; index++) {
      const shard = lineOf(`somebody${index}`).slice(0, 2)
      counts.set(shard, (counts.get(shard) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual(Array.from({ length: 64 }, (_, shard) => String(shard).padStart(2, '0')))
    expect(Math.min(...counts.values())).toBeGreaterThan(50)
    expect(Math.max(...counts.values())).toBeLessThan(150)
  })
})
