import { beforeEach, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { Invites } from '../../../src/msn/server/invites.ts'
import { MemoryRecords } from '../../support/memory-stores.ts'

const day = 24 * 60 * 60 * 1000
let records: MemoryRecords
let now: number
let invites: Invites

beforeEach(() => {
  records = new MemoryRecords()
  now = 1_000_000
  invites = new Invites(records, () => now)
})

test('a code lets in as many as it was made for', async () => {
  const code = await invites.create({ uses: 2 })
  expect(code.reveal()).toMatch(/^(?:[2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}$/)
  expect([await invites.redeem(code), await invites.redeem(code), await invites.redeem(code)]).toEqual([true, true, false])
})

test('a code is read however it is typed', async () => {
  const code = await invites.create({ uses: 3 })
  for (const typed of [code.reveal().toLowerCase(), code.reveal().replaceAll('-', ''), ` ${code.reveal().replaceAll('-', ' ')} `])
    expect(await invites.redeem(new Secret(typed))).toBe(true)
})

test('of many who come at once, only one gets the last use', async () => {
  const code = await invites.create({ uses: 1 })
  const all = await Promise.all(Array.from({ length: 20 }, () => invites.redeem(code)))
  expect(all.filter((used) => used)).toHaveLength(1)
})

test('a code is over when its days are', async () => {
  const code = await invites.create({ uses: 5, days: 2 })
  now += 2 * day - 1
  expect(await invites.redeem(code)).toBe(true)
  now += 1
  expect(await invites.redeem(code)).toBe(false)
})

test('what came to nothing is given back, but never more than there was', async () => {
  const code = await invites.create({ uses: 1 })
  await invites.redeem(code)
  await invites.giveBack(code)
  await invites.giveBack(code)
  expect([await invites.redeem(code), await invites.redeem(code)]).toEqual([true, false])
  await invites.giveBack(new Secret('no such code'))
  expect(await invites.redeem(new Secret('no such code'))).toBe(false)
})

test('codes are listed by what they are called, not by what opens; those that open nothing are forgotten', async () => {
  const spent = await invites.create({ uses: 1 })
  await invites.redeem(spent)
  now += 1
  await invites.create({ uses: 1, days: 1 })
  now += day
  const good = await invites.create({ uses: 3, days: 7 })
  await invites.redeem(good)
  expect(await invites.list()).toEqual([
    { id: expect.stringMatching(/^[0-9a-f]{8}$/), uses: 3, left: 2, createdAt: now, until: now + 7 * day },
  ])
  let kept = ''
  for await (const entry of records.list('invites')) kept += JSON.stringify(entry)
  expect(kept.split('uses')).toHaveLength(2)
  expect(kept).not.toContain(good.reveal())
})

test('a code that is taken back opens nothing', async () => {
  const code = await invites.create({ uses: 3 })
  const [invite] = await invites.list()
  expect(await invites.revoke('')).toBe(false)
  expect(await invites.revoke('00000000')).toBe(false)
  expect(await invites.revoke(invite?.id ?? '')).toBe(true)
  expect(await invites.redeem(code)).toBe(false)
})
