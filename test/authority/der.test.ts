import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bits, integer, itemsIn, oid, sequence, text, time, value } from '../../src/authority/der.ts'

const hex = (bytes: Buffer) => bytes.toString('hex')

test.each([
  ['nothing', Buffer.alloc(0), '3000'],
  ['the longest short length', Buffer.alloc(127), `307f${'00'.repeat(127)}`],
  ['the shortest long length', Buffer.alloc(128), `308180${'00'.repeat(128)}`],
  ['a length of two bytes', Buffer.alloc(256), `30820100${'00'.repeat(256)}`],
])('a value says how long it is: %s', (_what, content, expected) => {
  expect(hex(value(0x30, content))).toBe(expected)
})

test.each([
  ['00', '020100'],
  ['0000', '020100'],
  ['7f', '02017f'],
  ['80', '02020080'],
  ['0001', '020101'],
  ['ff00', '020300ff00'],
])('the number %s is written shortest and positive', (bytes, expected) => {
  expect(hex(integer(Buffer.from(bytes, 'hex')))).toBe(expected)
})

test('an object identifier is written in groups of seven bits', () => {
  expect(hex(oid('1.2.840.113549.1.1.11'))).toBe('06092a864886f70d01010b')
  expect(hex(oid('2.5.29.17'))).toBe('0603551d11')
})

test('a name is plain where it can be', () => {
  expect(hex(text('Nudge'))).toBe('13054e75646765')
  expect(hex(text('Café'))).toBe('0c05436166c3a9')
})

test('a moment has two digits for its year until 2050', () => {
  expect(time(Date.UTC(2049, 11, 31, 23, 59, 59)).toString('latin1')).toBe('\x17\x0d491231235959Z')
  expect(time(Date.UTC(2050, 0, 1)).toString('latin1')).toBe('\x18\x0f20500101000000Z')
})

test('bits say how many of them do not count', () => {
  expect(hex(bits(Buffer.from([0x06]), 1))).toBe('03020106')
})

test('what was put into a sequence is found in it', () => {
  const item = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.uint8Array({ maxLength: 300 }))
  fc.assert(
    fc.property(fc.array(item), (items) => {
      const values = items.map(([tag, content]) => value(tag, Buffer.from(content)))
      expect(itemsIn(sequence(...values)).map(hex)).toEqual(values.map(hex))
    }),
  )
})

test('bytes that are no DER are a RangeError or a list, and never a hang', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      try {
        expect(itemsIn(Buffer.from(bytes)).length).toBeLessThan(40)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
})
