import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { conversationKey } from '../../src/core/conversation.ts'

const networks = fc.constantFrom('msn', 'matrix', 'm').map(networkId)
/** Ids made of what could be taken for a part of a key. */
const ids = fc.string({ unit: fc.constantFrom('a', '/', '%', '2', 'F', ':', '@', 'é', ' ') })
const conversations = fc.oneof(
  fc.record({ network: networks, id: ids }),
  fc.record({ network: networks, id: ids, as: fc.record({ network: networks, id: ids }) }),
)

describe('a conversation as a key', () => {
  it('is the same for the same conversation, and another for another', () => {
    const same = (a: Conversation, b: Conversation) =>
      a.network === b.network && a.id === b.id && a.as?.network === b.as?.network && a.as?.id === b.as?.id
    fc.assert(
      fc.property(conversations, conversations, (a, b) => {
        expect(conversationKey(structuredClone(a))).toBe(conversationKey(a))
        expect(conversationKey(a) === conversationKey(b)).toBe(same(a, b))
      }),
    )
  })

  it('tells two chairs with the same contact apart', () => {
    const network = networkId('msn')
    const juliet = { network, id: 'juliet@example.com' }
    const keys = [
      juliet,
      { ...juliet, as: { network, id: 'romeo@example.com' } },
      { ...juliet, as: { network, id: 'paris@example.com' } },
    ].map(conversationKey)
    expect(new Set(keys).size).toBe(3)
  })

  it('stays as it is from one version to the next: records are kept under it', () => {
    const network = networkId('msn')
    expect(conversationKey({ network, id: 'juliet@example.com', as: { network, id: 'romeo@matrix.msn.example.org' } })).toBe(
      'msn/msn%2Fromeo%40matrix.msn.example.org/juliet@example.com',
    )
    expect(conversationKey({ network: networkId('matrix'), id: '!room:hs' })).toBe('matrix//!room:hs')
  })
})
