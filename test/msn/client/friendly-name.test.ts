import fc from 'fast-check'
import { expect, it } from 'vitest'
import { friendlyName } from '../../../src/msn/client/friendly-name.ts'
import { escapeFully } from '../../../src/msn/wire/escape.ts'

it('cuts any name between characters to what MSN takes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const fitting = friendlyName(name, 'juliet@example.com')
      expect(escapeFully(fitting).length).toBeLessThanOrEqual(387)
      expect(fitting).not.toBe('')
      expect(fitting.isWellFormed()).toBe(true)
    }),
    { numRuns: 30 },
  )
  expect(friendlyName(' Romeo\n Montague ', 'x')).toBe('Romeo  Montague')
  expect(friendlyName('Ro\u202emeo\u2069', 'x')).toBe('Romeo')
  expect(friendlyName('\u0000 ', 'juliet@example.com')).toBe('juliet@example.com')
  expect(friendlyName('💔'.repeat(100), 'x')).toBe('💔'.repeat(32))
})
