import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Naming } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import { HostedAddresses } from '../../src/msn/address.ts'

const msn = networkId('msn')
const matrix = networkId('matrix')
const xmpp = networkId('xmpp')

const matrixNaming: Naming = {
  split(id) {
    const [, local, host] = /^@([^:]*):(.*)$/s.exec(id) ?? []
    if (local === undefined || host === undefined) return undefined
    return host === 'our.server' ? { local } : { local, host }
  },
  join: ({ local, host }) => `@${local}:${host ?? 'our.server'}`,
}
const xmppNaming: Naming = {
  split(id) {
    const [local, host] = id.split('@')
    return local === undefined || host === undefined ? undefined : { local, host }
  },
  join: ({ local, host }) => `${local}@${host}`,
}
const addresses = new HostedAddresses(
  msn,
  'msn.example.org',
  new Map([
    [matrix, matrixNaming],
    [xmpp, xmppNaming],
  ]),
)

describe('the address of somebody from elsewhere', () => {
  it.each([
    [matrix, '@romeo:our.server', 'romeo@matrix.msn.example.org'],
    [matrix, '@romeo:their.server', 'romeo@their.server.matrix.msn.example.org'],
    [matrix, '@romeo:their.server:8448', 'romeo@their.server_8448.matrix.msn.example.org'],
    [matrix, '@Romeo=M:our.server', '=52omeo=3d=4d@matrix.msn.example.org'],
    [xmpp, 'mercutio@verona.example', 'mercutio@verona.example.xmpp.msn.example.org'],
    [matrix, '@röm/eo:our.server', 'r=c3=b6m=2feo@matrix.msn.example.org'],
  ])('of %s %s is %s, and turns back', (network, id, handle) => {
    expect(addresses.of({ network, id })).toEqual({ network: msn, id: handle })
    expect(addresses.behind({ network: msn, id: handle })).toEqual({ network, id })
  })

  it('turns back for any name that fits', () => {
    const host = fc.option(fc.oneof(fc.domain(), fc.constant('h_1'), fc.constant('[::1]:80')), { nil: undefined })
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: 'grapheme' }).filter((local) => !local.includes(':')),
        host,
        (local, at) => {
          const person = { network: matrix, id: `@${local}:${at ?? 'our.server'}` }
          const address = addresses.of(person)
          if (address) expect(addresses.behind(address)).toEqual(person)
        },
      ),
    )
  })

  it('longer than 129 bytes is refused', () => {
    expect(addresses.of({ network: matrix, id: `@${'r'.repeat(106)}:our.server` })?.id).toHaveLength(129)
    expect(addresses.of({ network: matrix, id: `@${'r'.repeat(107)}:our.server` })).toBeUndefined()
  })

  it('is not read from what is not of its form', () => {
    for (const id of [
      'juliet@example.com',
      '@matrix.msn.example.org',
      'a=ZZ@matrix.msn.example.org',
      'A@matrix.msn.example.org',
      'x@evilmatrix.msn.example.org',
      '',
    ])
      expect(addresses.behind({ network: msn, id })).toBeUndefined()
    expect(addresses.behind({ network: matrix, id: 'romeo@matrix.msn.example.org' })).toBeUndefined()
  })

  it('claims its whole domain, so that no account can pose as one', () => {
    expect(addresses.owns('anything@matrix.msn.example.org')).toBe(true)
    expect(addresses.owns('a@B.XMPP.msn.example.org')).toBe(true)
    expect(addresses.owns('juliet@msn.example.org')).toBe(false)
    expect(addresses.owns('x@evilmatrix.msn.example.org')).toBe(false)
  })
})
