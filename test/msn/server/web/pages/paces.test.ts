import { expect, test } from 'vitest'
import { Paces } from '../../../../../src/msn/server/web/pages/paces.ts'

test('an address may so many times in so long; what was refused does not count', () => {
  const paces = new Paces(2, 1000)
  expect([0, 0, 0, 499, 500, 501].map((now) => paces.take('198.51.100.7', now))).toEqual([true, true, false, false, true, false])
})

test.each([
  ['198.51.100.7', '::ffff:198.51.100.7', true],
  ['198.51.100.7', '198.51.100.8', false],
  ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', true],
  ['2001:db8:1:2::1', '2001:db8:1:3::1', false],
  ['fe80::1%eth0', 'fe80::1%eth1', true],
  ['::1', '127.0.0.1', false],
])('%s and %s share a pace: %s', (first, second, isShared) => {
  const paces = new Paces(1, 1000)
  expect([paces.take(first, 0), paces.take(second, 0)]).toEqual([true, !isShared])
})

test('who came long ago is forgotten when too many come', () => {
  const paces = new Paces(1, 1000)
  for (let n = 0; n <= 10_000; n++) paces.take(`10.0.${n >> 8}.${n & 255}`, 0)
  expect([paces.take('10.0.0.0', 0), paces.take('10.0.39.16', 0)]).toEqual([true, false])
})
