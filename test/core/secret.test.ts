import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/core/secret.ts'

const text = 'dagger-17'
const secret = new Secret(text)

describe('a secret', () => {
  it('is given to whoever asks for it', () => {
    expect(secret.reveal()).toBe(text)
  })

  it.each<[string, () => unknown]>([
    ['in a sentence', () => `signed in with ${secret}`],
    ['joined to text', () => `${'signed in with '}${String(secret)}`],
    ['in JSON', () => JSON.stringify({ a: [secret] })],
    ['printed', () => inspect({ a: { b: [secret] } }, { depth: null, showHidden: true })],
    ['formatted', () => format('%s %o %j', secret, secret, secret)],
    ['spread', () => inspect({ ...secret })],
    ['by its keys', () => inspect([Object.getOwnPropertyNames(secret), Object.entries(secret)])],
    ['cloned', () => inspect(structuredClone(secret))],
    ['as an error', () => inspect(new Error('no', { cause: secret }))],
  ])('does not show %s', (_, show) => {
    expect(String(show())).not.toContain(text)
  })

  it('shows that something is there', () => {
    expect([`${secret}`, JSON.stringify(secret), inspect(secret)]).toEqual(['•••', '"•••"', '•••'])
  })
})
