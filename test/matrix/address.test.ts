import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { escapeId, ghostUserId, naming, personBehind, serverOf, unescapeId } from '../../src/matrix/address.ts'

const msn = networkId('msn')
const escargot = networkId('escargot')
const networks = [msn, escargot]
const domain = 'our.hs'

const uglyNames = [
  'juliet@example.com',
  'Juliet Capulet',
  'a=b',
  '_',
  'JULIET',
  'ジュリエット',
  '👩‍❤️‍👨',
  'a/../b',
  'a:b',
  '=4a',
  '%40',
  ' ',
  '\n',
]
const anyId = fc.oneof(fc.constantFrom(...uglyNames), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }))

describe('the user id of a ghost', () => {
  it('is readable for an ordinary address', () => {
    expect(ghostUserId({ network: msn, id: 'juliet@example.com' }, domain)).toBe('@msn_juliet=40example.com:our.hs')
  })

  it('turns back into the person, whatever their name', () => {
    fc.assert(
      fc.property(anyId, fc.constantFrom(...networks), (id, network) => {
        const userId = ghostUserId({ network, id }, domain)
        if (userId === undefined) return Buffer.byteLength(escapeId(id)) > 200
        expect(userId).toMatch(/^@[a-z]+_[a-z0-9._=-]+:our\.hs$/)
        expect(personBehind(userId, domain, networks)).toEqual({ network, id })
        return true
      }),
    )
  })

  it('is the same for two people only if they are one', () => {
    fc.assert(fc.property(anyId, anyId, (a, b) => (escapeId(a) === escapeId(b)) === (a === b)))
  })

  it('does not exist when it would be longer than 255 bytes, or for half a character', () => {
    const room = 255 - '@msn_:our.hs'.length
    expect(ghostUserId({ network: msn, id: 'j'.repeat(room) }, domain)).toHaveLength(255)
    expect(ghostUserId({ network: msn, id: 'j'.repeat(room + 1) }, domain)).toBeUndefined()
    expect(ghostUserId({ network: msn, id: 'J'.repeat(room / 2) }, domain)).toBeUndefined()
    expect(ghostUserId({ network: msn, id: '\ud83d' }, domain)).toBeUndefined()
    expect(ghostUserId({ network: msn, id: '' }, domain)).toBeUndefined()
  })
})

describe('whom a user id stands for', () => {
  it.each([
    '@romeo:our.hs',
    '@msn_juliet=40example.com:other.hs',
    '@msn_juliet=40example.com:our.hs:8448',
    '@icq_12345:our.hs',
    '@msn_:our.hs',
    '@msn_Juliet:our.hs',
    '@msn_juliet=4Aexample.com:our.hs',
    '@msn_juliet=6a:our.hs',
    '@msn_=ff:our.hs',
    '@msn_juliet@example.com:our.hs',
    '@msnbot:our.hs',
    'msn_juliet:our.hs',
    '@msn_juliet',
    '',
  ])('is nobody for %s', (userId) => {
    expect(personBehind(userId, domain, networks)).toBeUndefined()
  })

  it('is found only where we would write the same id, whatever comes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^@msn_[a-z0-9=._-]{1,20}:our\.hs$/)), (userId) => {
        const person = personBehind(userId, domain, networks)
        return person === undefined || ghostUserId(person, domain) === userId
      }),
    )
  })

  it('is not found in bytes that are no text', () => {
    expect(unescapeId('=c3=28')).toBeUndefined()
    expect(unescapeId('=4a')).toBe('J')
  })
})

describe('the naming of Matrix', () => {
  const { split, join } = naming('hs.test')

  it('leaves the own domain out, and keeps another', () => {
    expect(split('@romeo:hs.test')).toEqual({ local: 'romeo' })
    expect(split('@romeo:verona.example:8448')).toEqual({ local: 'romeo', host: 'verona.example:8448' })
    expect(join({ local: 'romeo' })).toBe('@romeo:hs.test')
    expect(join({ local: 'romeo', host: 'verona.example:8448' })).toBe('@romeo:verona.example:8448')
  })

  it('does not split what is no user id', () => {
    for (const id of ['romeo', '@romeo', '@:hs.test', '@romeo:', '!room:hs.test', '']) expect(split(id)).toBeUndefined()
    expect(serverOf('nobody')).toBeUndefined()
    expect(serverOf('@romeo:hs.test')).toBe('hs.test')
  })

  it('turns back', () => {
    const local = fc.stringMatching(/^[a-z0-9._=/-]{1,20}$/)
    fc.assert(
      fc.property(local, fc.constantFrom('hs.test', 'verona.example', 'verona.example:8448'), (name, host) => {
        const id = `@${name}:${host}`
        const parts = split(id)
        expect(parts && join(parts)).toBe(id)
      }),
    )
  })
})
