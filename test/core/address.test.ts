import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressKey, networkId, sameAddress } from '../../src/core/address.ts'

const networks = fc.stringMatching(/^[a-z][a-z0-9]{0,15}$/).map(networkId)
const addresses = fc.record({ network: networks, id: fc.string({ unit: 'grapheme' }) })

describe('the id of a network', () => {
  it.each(['m', 'msn', 'verona2', 'abcdefghijklmnop'])('may be %s', (text) => {
    expect(networkId(text)).toBe(text)
  })

  it.each(['', 'MSN', '2nd', 'a-b', 'a_b', 'a/b', 'a:b', 'é', 'a\n', 'abcdefghijklmnopq'])('may not be %j', (text) => {
    expect(() => networkId(text)).toThrow(RangeError)
  })
})

describe('an address as a key', () => {
  it('is another for another address', () => {
    fc.assert(
      fc.property(addresses, addresses, (a, b) => {
        expect(addressKey(a) === addressKey(b)).toBe(sameAddress(a, b))
      }),
    )
  })

  it('keeps the case of its network: @Romeo:hs and @romeo:hs are two people', () => {
    const network = networkId('matrix')
    expect(sameAddress({ network, id: '@Romeo:hs' }, { network, id: '@romeo:hs' })).toBe(false)
    expect(sameAddress({ network, id: 'a' }, { network: networkId('msn'), id: 'a' })).toBe(false)
    expect(sameAddress({ network, id: 'a' }, { network, id: 'a' })).toBe(true)
  })
})
