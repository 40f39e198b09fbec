import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError, ProtocolError } from '../../../../src/msn/wire/errors.ts'
import { formatMime, mediaTypeOf, parseMime } from '../../../../src/msn/wire/mime.ts'
import { readCarried, writeCarried } from '../../../../src/msn/wire/p2p/carriage.ts'
import { guidBytes, guidText } from '../../../../src/msn/wire/p2p/guid.ts'
import {
  ackOf,
  flagsV1,
  type HandshakeV1,
  type HeaderV1,
  inkSession,
  kindOf,
  readHeaderV1,
  writeHeaderV1,
} from '../../../../src/msn/wire/p2p/header-v1.ts'
import { chunksOf, readDirectMessageV1, readMessageV1, writeMessageV1 } from '../../../../src/msn/wire/p2p/message-v1.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { confirmed, guid, hex, u32, u64 } from './values.ts'

const plain: HeaderV1 = {
  ...{ sessionId: 0, identifier: 5, offset: 0, totalSize: 9, length: 9, flags: 0 },
  ...{ ackId: 7, ackSubId: 0, ackSize: 0 },
}

describe('headers', () => {
  it.each(confirmed(vectors.p2pV1Headers))('$name', ({ headerHex, decoded, footerHex, switchboardPayload }) => {
    const header = readHeaderV1(hex(headerHex))
    expect(header).toEqual(decoded)
    expect(writeHeaderV1(header).toString('hex')).toBe(headerHex)
    const payload = Buffer.alloc(header.length, 'x')
    const bytes = Buffer.concat([hex(headerHex), payload, hex(footerHex ?? '')])
    const message = { header, payload, appId: 0 }
    expect(readMessageV1(bytes)).toEqual(message)
    expect(writeMessageV1(message).equals(bytes)).toBe(true)
    if (!switchboardPayload) return
    const carried = writeCarried({ to: { handle: 'buddy1@hotmail.com' }, bytes })
    expect(carried.toString('latin1', 0, switchboardPayload.mimeHeaderLength)).toBe(switchboardPayload.mimeHeader)
    expect(carried).toHaveLength(switchboardPayload.total)
    expect(readCarried(parseMime(carried))).toEqual({ to: { handle: 'buddy1@hotmail.com' }, bytes })
  })

  it.each(confirmed(vectors.p2pV1AckRule.cases))('the acknowledgement $expected', ({ in: received, ackIdentifier, expected }) => {
    const header = readHeaderV1(hex(received))
    if ('nonce' in header) throw new Error('a handshake is not acknowledged')
    expect(writeHeaderV1(ackOf(header, ackIdentifier)).toString('hex')).toBe(expected)
  })

  it('come back as they were written', () => {
    const start = { sessionId: u32, identifier: u32, offset: u64, totalSize: u64, length: u32 }
    const rest = { ackId: u32, ackSubId: u32, ackSize: u64 }
    const isNoHandshake = (flags: number) => (flags & flagsV1.handshake) === 0
    const headers: fc.Arbitrary<HeaderV1 | HandshakeV1> = fc.oneof(
      fc.record({ ...start, flags: u32.filter(isNoHandshake), ...rest }),
      fc.record({ ...start, flags: u32.map((flags) => (flags | flagsV1.handshake) >>> 0), nonce: guid }),
    )
    fc.assert(
      fc.property(headers, fc.uint8Array({ maxLength: 40 }), fc.option(u32, { nil: undefined }), (header, bytes, appId) => {
        const payload = Buffer.from(bytes)
        expect(readHeaderV1(writeHeaderV1(header))).toEqual(header)
        const message = appId === undefined ? { header, payload } : { header, payload, appId }
        const written = writeMessageV1(message)
        expect(appId === undefined ? readDirectMessageV1(written) : readMessageV1(written)).toEqual(message)
      }),
    )
  })

  it('are 48 bytes that are written again as they were, or a ProtocolError', () => {
    const sizes = [8, 16, 40]
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 48, maxLength: 60 }), fc.boolean(), (bytes, small) => {
        if (small) for (const at of sizes) bytes.fill(0, at + 6, at + 8)
        try {
          expect(writeHeaderV1(readHeaderV1(bytes)).equals(bytes.subarray(0, 48))).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
          expect(small).toBe(false)
        }
      }),
    )
  })

  it('are not read when cut off, or when a size is beyond 2^53', () => {
    expect(() => readHeaderV1(new Uint8Array(47))).toThrow(ProtocolError)
    expect(() => readMessageV1(new Uint8Array(51))).toThrow(ProtocolError)
    for (const at of [8, 16, 40]) {
      const bytes = writeHeaderV1(plain)
      bytes.writeBigUInt64LE(2n ** 53n, at)
      expect(() => readHeaderV1(bytes)).toThrow(ProtocolError)
    }
  })

  it('are not written when a number does not fit', () => {
    for (const field of ['sessionId', 'identifier', 'offset', 'totalSize', 'length', 'flags', 'ackId', 'ackSubId', 'ackSize'])
      for (const value of [-1, 0.5, Number.NaN, 2 ** 53])
        expect(() => writeHeaderV1({ ...plain, [field]: value }), field).toThrow(EncodeError)
    expect(() => writeHeaderV1({ ...plain, nonce: '{}' })).toThrow(EncodeError)
    expect(() => writeMessageV1({ header: plain, payload: Buffer.alloc(0), appId: 2 ** 32 })).toThrow(EncodeError)
  })

  it('hold the nonce of a handshake where acknowledgements are', () => {
    const nonce = '{8F0C3A21-6B7D-4E5F-9A0B-1C2D3E4F5061}'
    const { ackId: _, ackSubId: __, ackSize: ___, ...start } = plain
    const bytes = writeHeaderV1({ ...start, nonce })
    expect(bytes.subarray(32)).toEqual(guidBytes(nonce))
    expect(bytes.readUInt32LE(28)).toBe(flagsV1.handshake)
    expect(readHeaderV1(bytes)).toEqual({ ...start, flags: flagsV1.handshake, nonce })
  })
})

describe('the kind of a message', () => {
  const text = Buffer.from('INVITE')
  const nothing = Buffer.alloc(0)
  it.each([
    ['slp', 0, 0, text],
    ['slp', 0, flagsV1.recent, text],
    ['slp', 0, flagsV1.waiting, text],
    ['other', 0, 0, nothing],
    ['preparation', 5, 0, Buffer.alloc(4)],
    ['preparation', 5, flagsV1.recent, Buffer.alloc(4)],
    ['other', 5, 0, text],
    ['data', 5, flagsV1.object, Buffer.alloc(4)],
    ['data', 5, flagsV1.recent | flagsV1.object | flagsV1.file, text],
    ['ink', inkSession, 0, text],
    ['ack', 5, flagsV1.ack, nothing],
    ['ack', 0, flagsV1.ack | flagsV1.closing, nothing],
    ['nak', 5, flagsV1.nak, nothing],
    ['error', 5, flagsV1.error, nothing],
    ['closing', 5, flagsV1.closing, nothing],
    ['refused', 5, flagsV1.refused, nothing],
  ])('is %s in session %i with flags %i', (kind, sessionId, flags, data) => {
    expect(kindOf({ ...plain, sessionId, flags }, data)).toBe(kind)
  })

  it('is a handshake with its flag, whatever else is set', () => {
    const bytes = writeHeaderV1({ ...plain, flags: flagsV1.ack, nonce: guidText(Buffer.alloc(16, 1)) })
    expect(kindOf(readHeaderV1(bytes), nothing)).toBe('handshake')
  })
})

describe('cutting', () => {
  it.each(confirmed(vectors.p2pV1Split))('$totalSize bytes', ({ totalSize, chunks }) => {
    expect([...chunksOf(totalSize)].map(({ offset, length }) => [offset, length])).toEqual(chunks)
  })

  it('leaves nothing out and nothing empty but of an empty message', () => {
    fc.assert(
      fc.property(fc.nat(5000), fc.integer({ min: 50, max: 3000 }), (totalSize, largest) => {
        let end = 0
        for (const { offset, length } of chunksOf(totalSize, largest)) {
          expect(offset).toBe(end)
          expect(length).toBeLessThanOrEqual(largest)
          if (totalSize > 0) expect(length).toBeGreaterThan(0)
          end += length
        }
        expect(end).toBe(totalSize)
      }),
    )
  })

  it('takes a file of any size, one chunk at a time', () => {
    const [first] = chunksOf(5_000_000_000)
    expect(first).toEqual({ offset: 0, length: 1202 })
  })
})

describe('carriage', () => {
  it('names endpoints of both sides, in any order', () => {
    const carried = {
      to: { handle: 'bob@example.net', endpoint: '{11111111-2222-4333-8444-555555555555}' },
      from: { handle: 'juliet@example.com', endpoint: '{99999999-8888-4777-8666-555555555555}' },
      bytes: Buffer.from('\r\n\r\n\0'),
    }
    const written = parseMime(writeCarried(carried))
    expect(mediaTypeOf(written.headers)).toBe('application/x-msnmsgrp2p')
    expect(readCarried(written)).toEqual(carried)
    expect(readCarried({ ...written, headers: [...written.headers].reverse() })).toEqual(carried)
  })

  it('is none without saying for whom', () => {
    expect(readCarried(parseMime(formatMime([['Content-Type', 'application/x-msnmsgrp2p']], 'x')))).toBeUndefined()
  })

  it.each(['', 'bob example', 'bob;x', '<bob>', 'bob\r\nX: 1', '\ud800'])('is not written for %j', (handle) => {
    expect(() => writeCarried({ to: { handle }, bytes: Buffer.alloc(0) })).toThrow(EncodeError)
  })
})
