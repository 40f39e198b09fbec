import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { suggestion } from '../../src/commands/suggestion.ts'

const names = ['help', 'login', 'logins', 'logout', 'psm', 'group', 'ungroup', 'contacts']

describe('what somebody may have meant', () => {
  it.each([
    ['hepl', 'help'],
    ['loggin', 'login'],
    ['logut', 'logout'],
    ['contcats', 'contacts'],
    ['ungruop', 'ungroup'],
    ['pms', 'psm'],
  ])('by %s is %s', (word, name) => {
    expect(suggestion(word, names)).toBe(name)
  })

  it.each(['', 'hi', 'dagger', 'x', 'hello there', 'p'])('by %j is nothing', (word) => {
    expect(suggestion(word, names)).toBeUndefined()
  })

  it('is always a name, the name itself where it is one, and found soon however long the word is', () => {
    for (const name of names) expect(suggestion(name, names)).toBe(name)
    const any = fc.string({ maxLength: 5000 })
    fc.assert(fc.property(any, (word) => [undefined, ...names].includes(suggestion(word, names))))
  })
})
