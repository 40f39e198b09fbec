import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readHopCount, writeHopCount } from '../../../src/msn/model/hop-count.ts'
import { EncodeError } from '../../../src/msn/wire/errors.ts'
import vectors from '../../vectors/misc.json' with { type: 'json' }

it.each(vectors.cvrHopCount.filter((vector) => vector.confirmed))('$base64 says that it is the first transfer', (vector) => {
  expect(Buffer.from(vector.base64, 'base64').toString()).toBe(vector.text)
  expect(readHopCount(vector.base64)).toBe(1)
  expect(writeHopCount(1)).toBe(vector.base64)
})

it('any count comes back', () => {
  fc.assert(
    fc.property(fc.nat(999_999_999), (count) => {
      expect(readHopCount(writeHopCount(count))).toBe(count)
    }),
  )
})

it('what says nothing has no count, and never fails', () => {
  for (const text of ['', 'XfrCount: -1\r\n', 'XfrCount: x\r\n', 'Version: 1\r\n'])
    expect(readHopCount(Buffer.from(text).toString('base64'))).toBeUndefined()
  fc.assert(
    fc.property(fc.string(), (argument) => {
      expect(readHopCount(argument) ?? 0).toBeGreaterThanOrEqual(0)
    }),
  )
})

it.each([-1, 0.5, Number.NaN])('%d is no count to write', (count) => {
  expect(() => writeHopCount(count)).toThrow(EncodeError)
})
