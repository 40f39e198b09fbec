import { expect, test } from 'vitest'
import { silent } from '../../../src/core/log.ts'
import { Crowd } from '../../../src/msn/server/crowd.ts'

test('a whole network of IPv6 addresses is one address, an IPv4 address is itself', () => {
  const crowd = new Crowd({ most: 10, mostPerAddress: 1, log: silent })
  expect(crowd.enter('2001:db8::1')).toBe(true)
  expect(crowd.enter('2001:db8::2')).toBe(false)
  expect(crowd.enter('2001:db8:0:1::1')).toBe(true)
  expect(crowd.enter('::ffff:192.0.2.1')).toBe(true)
  expect(crowd.enter('192.0.2.1')).toBe(false)
  expect(crowd.enter('192.0.2.2')).toBe(true)
  crowd.leave('2001:db8::1')
  expect(crowd.enter('2001:db8::2')).toBe(true)
})

test('zeros in an IPv6 network are counted as they stand, wherever an address is shortened', () => {
  const crowd = new Crowd({ most: 10, mostPerAddress: 1, log: silent })
  expect(crowd.enter('2001:db8:1::1')).toBe(true)
  expect(crowd.enter('2001:db8:1:0:5:6:7:8')).toBe(false)
  expect(crowd.enter('2001:0:0:4:5:6:7:8')).toBe(true)
  expect(crowd.enter('2001:0:0:4::1')).toBe(false)
  expect(crowd.enter('2001::1')).toBe(true)
  expect(crowd.enter('::1')).toBe(true)
  expect(crowd.enter('::2%eth0')).toBe(false)
})
