import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FormTokens } from '../../../../../src/msn/server/web/pages/form-tokens.ts'

test('a token is good for the browser that it was issued to, for two hours, and only from the server that issued it', () => {
  let now = 1000
  const tokens = new FormTokens(() => now)
  const { token, cookie } = tokens.issue(undefined)
  expect(tokens.check(`other=1; ${cookie}; more=2`, token)).toBe(true)
  expect(tokens.issue(cookie).cookie).toBe(cookie)
  expect(tokens.check(tokens.issue(undefined).cookie, token)).toBe(false)
  expect(tokens.check(undefined, token)).toBe(false)
  expect(new FormTokens(() => now).check(cookie, token)).toBe(false)
  now += 2 * 60 * 60 * 1000
  expect(tokens.check(cookie, token)).toBe(true)
  now += 1
  expect(tokens.check(cookie, token)).toBe(false)
})

test('no other text is one, however near', () => {
  const tokens = new FormTokens(() => 1000)
  const { token, cookie } = tokens.issue(undefined)
  const near = fc
    .tuple(fc.nat({ max: token.length - 1 }), fc.string({ minLength: 1, maxLength: 1 }))
    .map(([at, other]) => token.slice(0, at) + other + token.slice(at + 1))
  // Another last letter may stand for the same bytes: it has two bits to spare.
  const isSame = (text: string) => text.slice(0, -1) === token.slice(0, -1)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), near), (text) => {
      if (!isSame(text)) expect(tokens.check(cookie, text)).toBe(false)
    }),
  )
})
