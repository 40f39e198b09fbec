import { describe, expect, it } from 'vitest'
import { doubtAbout, fieldsOf, objectionTo } from '../../src/redis/check.ts'

const good = {
  redis_version: '7.0.15',
  cluster_enabled: '0',
  role: 'master',
  maxmemory_policy: 'noeviction',
  aof_enabled: '1',
}

function objection(change: Partial<Record<keyof typeof good, string>>): string | undefined {
  return objectionTo(new Map(Object.entries({ ...good, ...change })), 'here')?.key
}

describe('the check of a Redis', () => {
  it('reads the answer to INFO', () => {
    const fields = fieldsOf(
      '# Server\r\nredis_version:7.0.15\r\nexecutable:/usr/bin/x:y\r\n\r\n# Memory\r\nmaxmemory_policy:noeviction\r\n',
    )
    expect([...fields]).toEqual([
      ['redis_version', '7.0.15'],
      ['executable', '/usr/bin/x:y'],
      ['maxmemory_policy', 'noeviction'],
    ])
  })

  it('takes 6.2 and everything newer', () => {
    for (const version of ['6.2.0', '6.10.1', '7.0.15', '8.0.0', '10.0.0'])
      expect(objection({ redis_version: version })).toBeUndefined()
  })

  it('refuses what is too old, what evicts, a cluster and a replica', () => {
    for (const version of ['6.0.16', '5.0.0', '', 'nonsense']) expect(objection({ redis_version: version })).toBe('redis.too-old')
    expect(objection({ maxmemory_policy: 'allkeys-lru' })).toBe('redis.evicts')
    expect(objection({ cluster_enabled: '1' })).toBe('redis.cluster')
    expect(objection({ role: 'slave' })).toBe('redis.replica')
  })

  it('warns of a Redis that keeps snapshots only, or nothing', () => {
    const without = new Map(Object.entries({ ...good, aof_enabled: '0' }))
    expect(doubtAbout(new Map(Object.entries(good)), '')).toBeUndefined()
    expect(doubtAbout(without, '3600 1')).toContain('snapshots only')
    expect(doubtAbout(without, undefined)).toContain('snapshots only')
    expect(doubtAbout(without, '')).toContain('keeps nothing')
  })
})
