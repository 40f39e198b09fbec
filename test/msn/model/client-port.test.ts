import fc from 'fast-check'
import { expect, it } from 'vitest'
import { swapPort } from '../../../src/msn/model/client-port.ts'
import vectors from '../../vectors/misc.json' with { type: 'json' }

it.each(vectors.profileClientPort.filter((vector) => vector.confirmed))('$onWire means the port $real', ({ onWire, real }) => {
  expect(swapPort(onWire)).toBe(real)
  expect(swapPort(real)).toBe(onWire)
})

it('any port comes back, and stays a port', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 65_535 }), (port) => {
      expect(swapPort(swapPort(port))).toBe(port)
      expect(swapPort(port)).toBeLessThan(65_536)
    }),
  )
})
