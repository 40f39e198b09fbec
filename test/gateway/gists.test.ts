import fc from 'fast-check'
import { expect, it } from 'vitest'
import { plainText } from '../../src/core/content.ts'
import { lineOf } from '../../src/gateway/gists.ts'

it.each([
  ['\n\n  Good   night,\nsweet', 'Good night,'],
  ['\u202ereversed\u202c', 'reversed'],
  ['a\u0000b\u0007c', 'a b c'],
  ['one\u2028two', 'one'],
  ['😀'.repeat(130), `${'😀'.repeat(119)}…`],
  ['half \ud800', 'half \ufffd'],
])('the line of %j is %j', (text, line) => {
  expect(lineOf(plainText(text))).toBe(line)
})

it.each(['', ' \n\t ', '\u202e\u2069'])('there is no line in %j', (text) => {
  expect(lineOf(plainText(text))).toBeUndefined()
})

it('a line is short, whole, and in one piece, whatever was said', () => {
  const piece = fc.oneof(
    fc.constantFrom('\r', '\n', '\u2028', '\u202e', '\ud800', '\u0000', ' ', '😀'),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 300 }), (pieces) => {
      const line = lineOf(plainText(pieces.join('')))
      if (line === undefined) return
      expect([...line].length).toBeLessThanOrEqual(120)
      expect(line.isWellFormed()).toBe(true)
      expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u)
      expect(line).toBe(line.trim())
      expect(line).not.toBe('')
    }),
  )
})
