import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeArg, unescapeArg } from '../../../src/msn/wire/escape.ts'

describe('escapeArg', () => {
  it('leaves only what is safe everywhere', () => {
    expect(escapeArg("Az09-_.~ %+!'()*<é😀\r\n")).toBe('Az09-_.~%20%25%2B%21%27%28%29%2A%3C%C3%A9%F0%9F%98%80%0D%0A')
  })

  it('gives an argument that fits on a line, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeArg(text)).toMatch(/^[A-Za-z0-9_.~%-]*$/)
      }),
    )
  })

  it('comes back as the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unescapeArg(escapeArg(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it('replaces half a surrogate pair', () => {
    expect(escapeArg('a\ud83db')).toBe('a%EF%BF%BDb')
  })
})

describe('unescapeArg', () => {
  it.each([
    ['Alice%20A', 'Alice A'],
    ['%c3%A9', 'é'],
    ['100%', '100%'],
    ['%', '%'],
    ['%4', '%4'],
    ['%zz%20', '%zz '],
    ['%%41', '%A'],
    ['%2541', '%41'],
    ['a+b', 'a+b'],
    ['%2B', '+'],
    ['raw é and %C3%A9', 'raw é and é'],
    ['%E9', '\ufffd'],
    ['%F0%9F', '\ufffd'],
    ['%00%0D%0A', '\0\r\n'],
    ['', ''],
  ])('%j is %j', (arg, text) => {
    expect(unescapeArg(arg)).toBe(text)
  })

  it('takes any argument', () => {
    const piece = fc.oneof(fc.constantFrom('%', '%4', '%41', '%c3', '%A9', '%%', '%g0'), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(unescapeArg(pieces.join('')).isWellFormed() || !pieces.join('').isWellFormed()).toBe(true)
      }),
    )
  })
})
