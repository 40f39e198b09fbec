import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EncodeError, ProtocolError } from '../../../../src/msn/wire/errors.ts'
import { guidBytes, guidText, hashedNonce, isGuid } from '../../../../src/msn/wire/p2p/guid.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { confirmed, guid, hex } from './values.ts'

it.each(confirmed(vectors.hashedNonces))('the nonce $nonceGuid is hashed as published', (vector) => {
  expect(guidText(hex(vector.nonceBytesHex))).toBe(vector.nonceGuid)
  expect(guidBytes(vector.nonceGuid).toString('hex')).toBe(vector.nonceBytesHex)
  expect(hashedNonce(vector.nonceGuid)).toBe(vector.hashedNonce)
  expect(hashedNonce(vector.nonceGuid.toLowerCase())).toBe(vector.hashedNonce)
})

it('any GUID comes back from its bytes, and any 16 bytes from their GUID, unchanged themselves', () => {
  fc.assert(
    fc.property(guid, (text) => {
      expect(guidText(guidBytes(text))).toBe(text)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (bytes) => {
      const before = Buffer.from(bytes)
      expect(guidBytes(guidText(bytes)).equals(before)).toBe(true)
      expect(before.equals(bytes)).toBe(true)
    }),
  )
})

it.each(['', '{}', '122D2937-5C86-4C7B-81F5-0E05017880C2', '{122D2937-5C86-4C7B-81F5-0E05017880CG}'])('%j is none', (text) => {
  expect(isGuid(text)).toBe(false)
  expect(() => guidBytes(text)).toThrow(EncodeError)
})

it('15 bytes are none', () => {
  expect(() => guidText(new Uint8Array(15))).toThrow(ProtocolError)
})
