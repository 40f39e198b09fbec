import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { NetworkId } from '../../src/core/address.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import { StartError } from '../../src/core/errors.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { Secret } from '../../src/core/secret.ts'
import { keySpace } from '../../src/mapping/keys.ts'
import { Seal } from '../../src/mapping/seal.ts'
import { openStores } from '../../src/mapping/stores.ts'
import { TestRedis } from '../support/redis.ts'

const seal = new Seal(Buffer.alloc(32, 1))
const keys = keySpace('test')
const romeo = { network: 'matrix' as NetworkId, id: '@romeo:example.org' }
const account = { network: 'escargot' as NetworkId, id: 'romeo@example.com' }

describe('the stores', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await TestRedis.start()
  })
  afterAll(() => redis.stop())
  beforeEach(() => redis.connect().flushall())

  it('refuse a Redis that was sealed with another key, and leave it as it is', async () => {
    const connection = redis.connect()
    await openStores(connection, keys, seal)
    const other = new Seal(Buffer.alloc(32, 2))
    await expect(openStores(connection, keys, other)).rejects.toThrow(StartError)
    await expect(openStores(connection, keys, seal)).resolves.toBeDefined()
  })

  it('refuse a Redis that a newer Nudge wrote', async () => {
    const connection = redis.connect()
    await connection.set(keys.schema, '2')
    await expect(openStores(connection, keys, seal)).rejects.toThrow('format 2; this one knows 1')
  })

  it('write no password that can be read in Redis', async () => {
    const connection = redis.connect()
    const { users, logins } = await openStores(connection, keys, seal)
    const { id } = await users.at(romeo)
    await logins.save(id, account, { password: new Secret('wherefore-art-thou') })
    const records = await Promise.all((await connection.keys('*')).map((key) => connection.dump(key)))
    expect(records.filter((record) => record?.includes('wherefore'))).toEqual([])
    expect(records.length).toBeGreaterThan(3)
  })

  it('know nothing of a message of which too little was remembered, but that it is ours', async () => {
    const connection = redis.connect()
    const { messages } = await openStores(connection, keys, seal)
    const conversation = { network: 'matrix' as NetworkId, id: '!room:example.org' }
    await connection.set(keys.message(conversation, '$1' as RemoteId), JSON.stringify({ delivery: 'd1' }))
    expect(await messages.find(conversation, '$1' as RemoteId)).toBeUndefined()
    expect(await messages.isOurs(conversation, '$1' as RemoteId)).toBe(true)
  })

  it('write nothing of what was said that can be read in Redis', async () => {
    const connection = redis.connect()
    const { messages } = await openStores(connection, keys, seal)
    const conversation = { network: 'matrix' as NetworkId, id: '!room:example.org' }
    await messages.remember({
      delivery: 'd1' as DeliveryId,
      sent: { conversation, id: '$1' as RemoteId },
      origin: { conversation: { ...conversation, id: '!other:example.org' }, id: '$2' as RemoteId },
      gist: { by: 'juliet@example.com', from: 'Juliet Capulet', line: 'wherefore art thou Romeo' },
      arrivedAt: 1,
    })
    const records = await Promise.all(
      (await connection.keys('test:*')).filter((key) => /:(message|carried):/.test(key)).map((key) => connection.get(key)),
    )
    expect(records).toHaveLength(2)
    expect(records.filter((record) => /wherefore|Capulet/.test(record ?? ''))).toEqual([])
  })

  it('pass over steps of a message whose words are gone', async () => {
    const connection = redis.connect()
    const { messages, traces } = await openStores(connection, keys, seal)
    const step = { at: 1, phrase: { key: 'trace.told' } } as const
    const gone = { at: 2, phrase: { key: 'trace.no-such-words' } }
    const sent = { conversation: { network: 'matrix' as NetworkId, id: '!room:example.org' }, id: '$1' as RemoteId }
    await messages.remember({ delivery: 'd1' as DeliveryId, sent, arrivedAt: 1, steps: [step, gone as never] })
    await traces.note('d1' as DeliveryId, gone as never)
    await traces.note('d1' as DeliveryId, step)
    expect((await messages.find(sent.conversation, sent.id))?.steps).toEqual([step])
    expect(await traces.of('d1' as DeliveryId)).toEqual([step])
  })

  it('do not open the credentials of one login as those of another', async () => {
    const connection = redis.connect()
    const { users, logins } = await openStores(connection, keys, seal)
    const { id } = await users.at(romeo)
    const one = await logins.save(id, account, { password: new Secret('wherefore') })
    const other = await logins.save(id, { ...account, id: 'other@example.com' }, { password: new Secret('art thou') })
    if (!one || !other) throw new Error('both are free')
    await connection.copy(keys.credentials(one.id), keys.credentials(other.id), 'REPLACE')
    await expect(logins.credentials(other.id)).rejects.toThrow('does not open')
  })

  it('name the key, and never the value, of a record that cannot be read', async () => {
    const connection = redis.connect()
    const { users } = await openStores(connection, keys, seal)
    const { id } = await users.at(romeo)
    for (const broken of ['{"secret":"value"}', 'secret value']) {
      await connection.set(keys.user(id), broken)
      const error = await users.get(id).catch((cause: unknown) => cause)
      expect(String(error)).toContain(keys.user(id))
      expect(String(error)).not.toContain('value')
    }
  })

  it('keep a login whose reason is in words that are gone', async () => {
    const connection = redis.connect()
    const { users, logins } = await openStores(connection, keys, seal)
    const login = await logins.save((await users.at(romeo)).id, account, { password: new Secret('wherefore') })
    if (!login) throw new Error('the address is free')
    await connection.set(keys.login(login.id), JSON.stringify({ ...login, state: 'refused', reason: { key: 'no.such-words' } }))
    expect(await logins.get(login.id)).toEqual({ ...login, state: 'refused' })
  })

  it('of two prefixes share a Redis and nothing else', async () => {
    const connection = redis.connect()
    const here = await openStores(connection, keys, seal)
    const there = await openStores(connection, keySpace('other'), new Seal(Buffer.alloc(32, 2)))
    await here.users.at(romeo)
    expect(await there.users.find(romeo)).toBeUndefined()
    const names = await connection.keys('*')
    expect(names.every((name) => name.startsWith('test:') || name.startsWith('other:'))).toBe(true)
  })
})
