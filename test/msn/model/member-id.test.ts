import { expect, test } from 'vitest'
import { cidOf, memberId, ownGuid, puidOf } from '../../../src/msn/model/member-id.ts'

test('the number of an account is one, however it is spelled', () => {
  for (let index = 0; index < 100; index++) {
    const handle = `juliet.${index}@example.com`
    const [high, low] = memberId(handle)
    const whole = BigInt(cidOf(handle))
    expect([Number(whole >> 32n), Number(BigInt.asIntN(32, whole))]).toEqual([high, low])
    expect(puidOf(handle)).toMatch(/^[0-7][0-9A-F]{15}$/)
    expect(BigInt(`0x${puidOf(handle)}`)).toBe(whole)
  }
})

test('it is always the same for an address, and another for another', () => {
  expect(cidOf('juliet@example.com')).toBe(cidOf('juliet@example.com'))
  expect(cidOf('juliet@example.com')).not.toBe(cidOf('romeo@example.com'))
  expect(ownGuid('juliet@example.com')).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  expect(ownGuid('juliet@example.com')).not.toBe(ownGuid('romeo@example.com'))
})
