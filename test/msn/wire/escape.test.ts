import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeArg, escapeFully, unescapeArg } from '../../../src/msn/wire/escape.ts'

describe('escapeArg', () => {
  it('encodes what would end an argument or a line, and no more', () => {
    expect(escapeArg('Jülia <3 "x" 100% ☀ é😀+\'\r\n\t\0\x7f\x85\u2028')).toBe(
      'Jülia%20<3%20"x"%20100%25%20☀%20é😀+\'%0D%0A%09%00%7F%C2%85%E2%80%A8',
    )
  })

  it('gives an argument that fits on a line, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeArg(text)).toMatch(/^[^ \p{Cc}\p{Zl}\p{Zp}]*$/u)
      }),
    )
  })
})

describe('escapeFully', () => {
  it('leaves only what is safe everywhere', () => {
    expect(escapeFully("Az09-_.~ %+!'()*<é😀\r\n")).toBe('Az09-_.~%20%25%2B%21%27%28%29%2A%3C%C3%A9%F0%9F%98%80%0D%0A')
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeFully(text)).toMatch(/^[A-Za-z0-9_.~%-]*$/)
      }),
    )
  })
})

describe.each([escapeArg, escapeFully])('%o', (asArg) => {
  it('comes back as the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(unescapeArg(asArg(text))).toBe(text.toWellFormed())
      }),
    )
  })

  it('replaces half a surrogate pair', () => {
    expect(unescapeArg(asArg('a\ud83db'))).toBe('a\ufffdb')
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
