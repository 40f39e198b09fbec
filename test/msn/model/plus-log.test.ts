import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { openPlusLog, sealPlusLog } from '../../../src/msn/model/plus-log.ts'
import { ProtocolError } from '../../../src/msn/wire/errors.ts'
import vectors from '../../vectors/p2p.json' with { type: 'json' }

const password = new Secret('wherefore')

it.each([vectors.plusEncryptedLog].filter((vector) => vector.confirmed))('$name', (vector) => {
  const secret = new Secret(vector.password)
  const header = Buffer.from(vector.headerHex, 'hex')
  expect(openPlusLog(header, secret)).toEqual([])
  expect(openPlusLog(header, password)).toBeUndefined()
  expect(sealPlusLog([], secret, vector.passwordAsUtf16)).toEqual(header)
  const text = Buffer.from('Juliet: wherefore art thou')
  const log = sealPlusLog([text], secret, vector.passwordAsUtf16)
  expect(log.toString('hex').startsWith(`${vector.headerHex}e9ffa300`)).toBe(true)
  expect(openPlusLog(log, secret)).toEqual([text])
})

it('any blocks come back under any password, in units or bytes', () => {
  const blocks = fc.array(
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    { maxLength: 4 },
  )
  fc.assert(
    fc.property(blocks, fc.string({ unit: 'binary' }), fc.boolean(), (any, text, inUnits) => {
      const secret = new Secret(text)
      expect(openPlusLog(sealPlusLog(any, secret, inUnits), secret)).toEqual(any)
    }),
  )
})

it('units that add up to nothing count as 0x73, which is also what 9 and : add up to', () => {
  const log = sealPlusLog([Buffer.from('first')], new Secret('\u8000\u8000'))
  expect(openPlusLog(log, new Secret('9:'))).toEqual([Buffer.from('first')])
})

it('a log that was cut off gives what is there', () => {
  const log = sealPlusLog([Buffer.from('first'), Buffer.from('second')], password)
  expect(openPlusLog(log.subarray(0, -3), password)).toEqual([Buffer.from('first'), Buffer.from('sec')])
  expect(openPlusLog(log.subarray(0, -10), password)).toEqual([Buffer.from('first')])
})

it('any bytes give no more than there are, or a ProtocolError', () => {
  const log = sealPlusLog([Buffer.from('first'), Buffer.from('second')], password)
  expect(() => openPlusLog(log.subarray(1), password)).toThrow(ProtocolError)
  expect(() => openPlusLog(log.subarray(0, 30), password)).toThrow(ProtocolError)
  const mutated = fc.tuple(fc.nat(log.length - 1), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
    const bytes = Buffer.from(log)
    bytes[at] = byte
    return bytes
  })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), mutated), (bytes) => {
      try {
        const length = openPlusLog(bytes, password)?.reduce((sum, block) => sum + block.length, 0)
        expect(length ?? 0).toBeLessThanOrEqual(bytes.length)
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
      }
    }),
    { numRuns: 500 },
  )
})
