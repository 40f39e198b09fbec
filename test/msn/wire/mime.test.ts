import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../../../src/msn/wire/errors.ts'
import { formatHeaders, formatMime, headerOf, type MimeHeaders, mediaTypeOf, parseMime } from '../../../src/msn/wire/mime.ts'
import { utf8 } from '../../support/codec-case.ts'

const text: MimeHeaders = [
  ['MIME-Version', '1.0'],
  ['Content-Type', 'text/plain; charset=UTF-8'],
  ['X-MMS-IM-Format', 'FN=Segoe%20UI; EF=; CO=0; CS=0; PF=0'],
]
const textBytes =
  'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nX-MMS-IM-Format: FN=Segoe%20UI; EF=; CO=0; CS=0; PF=0\r\n\r\n'

describe('parseMime', () => {
  it('tells headers and body apart', () => {
    const { headers, body } = parseMime(utf8(`${textBytes}Hello\r\n\r\nBob: hi`))
    expect(headers).toEqual(text)
    expect(Buffer.from(body).toString()).toBe('Hello\r\n\r\nBob: hi')
  })

  it('keeps a binary body to the byte', () => {
    const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    const { body } = parseMime(Buffer.concat([utf8('Content-Type: application/x-msnmsgrp2p\r\n\r\n'), every]))
    expect(Buffer.from(body).equals(every)).toBe(true)
  })

  it('finds a header in any case, and its type without parameters', () => {
    const { headers } = parseMime(utf8('content-TYPE:  Text/Plain ; charset=utf-8\r\n\r\n'))
    expect(headerOf(headers, 'Content-Type')).toBe('Text/Plain ; charset=utf-8')
    expect(mediaTypeOf(headers)).toBe('text/plain')
    expect(headerOf(headers, 'Charset')).toBeUndefined()
    expect(mediaTypeOf([])).toBe('')
  })

  it('takes the profile, whose headers are everything', () => {
    const { headers, body } = parseMime(utf8('MIME-Version: 1.0\r\ncountry:\r\nsid: 507\r\n\r\n'))
    expect(headers).toEqual([
      ['MIME-Version', '1.0'],
      ['country', ''],
      ['sid', '507'],
    ])
    expect(body).toHaveLength(0)
  })

  it('takes a second block of headers from the body of a notification', () => {
    const { body } = parseMime(utf8('Content-Type: text/x-msmsgsemailnotification\r\n\r\nFrom: Bob\r\nid: 2\r\n'))
    expect(parseMime(body).headers).toEqual([
      ['From', 'Bob'],
      ['id', '2'],
    ])
  })

  it('takes LF alone, raw UTF-8, and a payload that ends early', () => {
    const { headers, body } = parseMime(utf8('P4-Context: Žofie 😀\nX: y'))
    expect(headers).toEqual([
      ['P4-Context', 'Žofie 😀'],
      ['X', 'y'],
    ])
    expect(body).toHaveLength(0)
  })

  it('passes over what is no header', () => {
    expect(parseMime(utf8('no colon\r\n: no name\r\nA: b\r\n\r\n')).headers).toEqual([['A', 'b']])
    expect(parseMime(new Uint8Array())).toEqual({ headers: [], body: Buffer.alloc(0) })
  })

  it('takes any bytes, and gives no more than it got', () => {
    const line = fc.constantFrom('\r\n', '\n', '\r', ':', 'A: b', 'Content-Type', ' ')
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.array(line).map((lines) => utf8(lines.join(''))),
    )
    fc.assert(
      fc.property(bytes, (payload) => {
        const { headers, body } = parseMime(payload)
        expect(headers.length + body.length).toBeLessThanOrEqual(payload.length)
        expect(
          Buffer.from(payload)
            .subarray(payload.length - body.length)
            .equals(body),
        ).toBe(true)
      }),
    )
  })
})

describe('formatMime', () => {
  it('writes order and case as given, and the body as UTF-8', () => {
    expect(formatMime(text, 'hé').toString()).toBe(`${textBytes}hé`)
  })

  it('writes a body of bytes and none', () => {
    expect([...formatMime([['A', '']], Uint8Array.of(255, 0))]).toEqual([...utf8('A: \r\n\r\n'), 255, 0])
    expect(formatMime([['A', 'b']]).toString()).toBe('A: b\r\n\r\n')
  })

  it('writes the header lines of a body', () => {
    expect(formatHeaders([['ID', '1']])).toBe('ID: 1\r\n')
  })

  it('reads what it wrote', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,20}$/)
    const value = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((candidate) => candidate.trim() === candidate)
    const headers = fc.array(
      fc.tuple(
        name,
        value.filter((candidate) => !/[\r\n]/.test(candidate)),
      ),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 100 }), (fields, content) => {
        const read = parseMime(formatMime(fields, content))
        expect(read.headers).toEqual(fields)
        expect(Buffer.from(read.body).equals(content)).toBe(true)
      }),
    )
  })

  it.each([
    ['P4-Context', 'Juliet\r\nX-Evil: 1'],
    ['P4-Context', 'Juliet\nx'],
    ['P4-Context', 'Juliet\rx'],
    ['P4: Context', 'Juliet'],
    ['', 'Juliet'],
  ])('refuses a header that would become two: %j', (name, value) => {
    expect(() => formatMime([[name, value]])).toThrow(EncodeError)
    expect(() => formatMime([[name, value]])).not.toThrow(/Juliet/)
  })
})
