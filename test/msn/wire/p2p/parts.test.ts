// What real clients sent, put together again; and whatever else may come.

import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '../../../../src/msn/wire/errors.ts'
import { mediaTypeOf, parseMime } from '../../../../src/msn/wire/mime.ts'
import { p2pMediaType, readCarried } from '../../../../src/msn/wire/p2p/carriage.ts'
import { flagsV1, type HeaderV1, kindOf, readHeaderV1 } from '../../../../src/msn/wire/p2p/header-v1.ts'
import { chunksOf, type MessageV1, readMessageV1, writeMessageV1 } from '../../../../src/msn/wire/p2p/message-v1.ts'
import { type Arrival, Parts } from '../../../../src/msn/wire/p2p/parts.ts'
import { readSlp, writeSlp } from '../../../../src/msn/wire/p2p/slp.ts'
import { decodeAll } from '../../../support/codec-case.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { streamsOf } from '../streams.ts'
import { confirmed, hex } from './values.ts'

describe('recorded sequences', () => {
  it.each(confirmed(vectors.recordedSequences))('$name', ({ totalSize, parts }) => {
    const whole = noise(totalSize)
    const arrivals = parts.map(({ headerHex, footerHex, isBytes, payloadBytes }) => {
      const payload = whole.subarray(isBytes?.[0] ?? 0, isBytes?.[1] ?? 0)
      expect(payload).toHaveLength(payloadBytes)
      return readMessageV1(Buffer.concat([hex(headerHex), payload, hex(footerHex)]))
    })
    const [message, ...more] = rebuilt(new Parts(), arrivals)
    expect(more).toEqual([])
    expect(message?.data.equals(whole)).toBe(true)
    expect(message?.header).toEqual(readHeaderV1(hex(parts.find(({ payloadBytes }) => payloadBytes > 0)?.headerHex ?? '')))
  })
})

describe('recordings', () => {
  it('hold the picture whose sum stands in the object', () => {
    const messages = recorded('libpurple-msnp18-display-picture.pcap')
    const pictures = messages.filter(({ header, data }) => kindOf(header, data) === 'data')
    const sums = pictures.map(({ data }) => createHash('sha1').update(data).digest('base64'))
    expect(sums).toContain(vectors.recordedSequences.find(({ sha1d }) => sha1d)?.sha1d)
  })

  it('hold a file of 20000 bytes, whole', () => {
    const messages = recorded('file-offer-and-three-party.pcap')
    const files = messages.filter(({ header }) => header.flags & flagsV1.file)
    expect(files.map(({ data }) => data.length)).toContain(20_000)
  })

  it.each(['libpurple-msnp18-display-picture.pcap', 'file-offer-and-three-party.pcap'])(
    '%s: every chunk is written again as it was, and every MSNSLP message means the same when written',
    (file) => {
      for (const bytes of chunksIn(file)) expect(writeMessageV1(readMessageV1(bytes)).equals(bytes)).toBe(true)
      const texts = recorded(file).filter(({ header, data }) => kindOf(header, data) === 'slp')
      expect(texts.length).toBeGreaterThan(1)
      for (const { data } of texts) expect(readSlp(writeSlp(readSlp(data)))).toEqual(readSlp(data))
    },
  )
})

describe('putting together', () => {
  it('gives a message once, with its first header, though aMSN counts its AckID up', () => {
    const whole = noise(3000)
    const chunks = cut(whole).map(({ header, payload }, index) => ({ header: { ...header, ackId: 7 + index }, payload }))
    const parts = new Parts()
    const messages = rebuilt(parts, [...chunks, ...chunks])
    expect(messages).toHaveLength(1)
    expect(messages[0]?.header.ackId).toBe(7)
    expect(parts.held).toBe(0)
  })

  it('takes chunks of an object in any order, overlapping, with those of others between', () => {
    const size = fc.integer({ min: 1, max: 6000 })
    fc.assert(
      fc.property(size, size, fc.infiniteStream(fc.nat()), (first, second, dice) => {
        const wholes = [noise(first), noise(second)]
        const chunks = wholes.flatMap((whole, index) => cut(whole, { identifier: index, flags: flagsV1.object }, 700))
        const extra = cut(noise(first), { identifier: 0, flags: flagsV1.object }, 450)
        const shuffled = [...chunks, ...extra]
          .map((chunk) => ({ chunk, place: dice.next().value ?? 0 }))
          .sort((left, right) => left.place - right.place)
        const messages = rebuilt(
          new Parts(),
          shuffled.map(({ chunk }) => chunk),
        )
        expect(messages).toHaveLength(2)
        for (const { header, data } of messages) expect(data.equals(wholes[header.identifier] ?? Buffer.alloc(0))).toBe(true)
      }),
    )
  })

  it('passes a file on without holding it, and drops what it has', () => {
    const whole = noise(9000)
    const chunks = cut(whole, { flags: flagsV1.file })
    const repeated = chunks.flatMap((chunk, index) => (index === 0 ? [chunk] : [chunks[index - 1] ?? chunk, chunk]))
    const parts = new Parts({ maxMessage: 100 })
    const pieces = repeated.flatMap((chunk) => {
      const arrival = parts.push(chunk, 0)
      expect(parts.held).toBe(0)
      return arrival.kind === 'piece' ? [arrival] : []
    })
    expect(Buffer.concat(pieces.map(({ data }) => data)).equals(whole)).toBe(true)
    expect(pieces.map(({ isLast }) => isLast)).toEqual(pieces.map((_, index) => index === pieces.length - 1))
  })

  it('tells where a file has a gap, and goes on when it is filled', () => {
    const [first, second, third] = cut(noise(3000), { flags: flagsV1.file })
    if (!first || !second || !third) throw new Error('three chunks')
    const parts = new Parts()
    expect(parts.push(second, 0)).toEqual({ kind: 'gap', at: 0 })
    expect(parts.push(first, 0)).toMatchObject({ kind: 'piece', at: 0 })
    expect(parts.push(third, 0)).toEqual({ kind: 'gap', at: 1202 })
    expect(parts.push(second, 0)).toMatchObject({ kind: 'piece', at: 1202, isLast: false })
    expect(parts.push(third, 0)).toMatchObject({ kind: 'piece', at: 2404, isLast: true })
    expect(parts.push(third, 0)).toEqual({ kind: 'none' })
  })

  it('lets signals through at once, and drops data without bytes', () => {
    const parts = new Parts()
    for (const flags of [flagsV1.ack, flagsV1.nak, flagsV1.closing, flagsV1.refused, flagsV1.error]) {
      const ack = { header: headerOf({ flags, totalSize: 500 }), payload: Buffer.alloc(0) }
      expect(parts.push(ack, 0)).toMatchObject({ kind: 'message', header: ack.header })
    }
    expect(parts.push({ header: headerOf({ totalSize: 500, flags: flagsV1.file }), payload: Buffer.alloc(0) }, 0).kind).toBe(
      'none',
    )
  })

  it('forgets what is unfinished or finished for longer than its patience', () => {
    const [first, second] = cut(noise(2000))
    if (!first || !second) throw new Error('two chunks')
    const parts = new Parts({ patience: 1000 })
    parts.push(first, 0)
    expect(parts.push(second, 1001)).toEqual({ kind: 'none' })
    expect(parts.push(first, 1500)).toMatchObject({ kind: 'message' })
    expect(parts.push(first, 2500)).toEqual({ kind: 'none' })
    expect(parts.held).toBe(0)
    expect(parts.push(first, 2501)).toEqual({ kind: 'none' })
    expect(parts.held).toBeGreaterThan(0)
  })

  it('refuses what is too long, outside its message, too scattered, or one too many', () => {
    const parts = new Parts({ maxMessage: 5000, maxUnfinished: 2 })
    const chunk = (fields: Partial<HeaderV1>, length = 10): MessageV1 => ({ header: headerOf(fields), payload: noise(length) })
    expect(() => parts.push(chunk({ totalSize: 5001 }), 0)).toThrow(ProtocolError)
    expect(() => parts.push(chunk({ totalSize: 15, offset: 6 }), 0)).toThrow(ProtocolError)
    expect(() => parts.push(chunk({ totalSize: 15, offset: 6, flags: flagsV1.file, length: 10 }), 0)).toThrow(ProtocolError)
    expect(() => parts.push(chunk({ totalSize: 9, offset: Number.MAX_SAFE_INTEGER }), 0)).toThrow(ProtocolError)
    for (let at = 0; at < 64; at++) parts.push(chunk({ identifier: 1, totalSize: 5000, offset: at * 2 }, 1), 0)
    expect(() => parts.push(chunk({ identifier: 1, totalSize: 5000, offset: 4000 }, 1), 0)).toThrow(ProtocolError)
    parts.push(chunk({ identifier: 2, totalSize: 5000, flags: flagsV1.file, length: 10 }), 0)
    expect(() => parts.push(chunk({ identifier: 3, totalSize: 5000 }), 0)).toThrow(ProtocolError)
    expect(parts.push(chunk({ identifier: 4, totalSize: 10 }), 0).kind).toBe('message')
  })

  it('gives a result or a ProtocolError for any chunk, and never holds more than its bound', () => {
    const small = fc.nat(40)
    const chunk = fc.record({
      header: fc.record({
        ...{ sessionId: fc.nat(2), identifier: fc.nat(4), offset: small, totalSize: small, length: small },
        flags: fc.constantFrom(0, 0, flagsV1.object, flagsV1.file, flagsV1.ack, 0x100_0030, 0xffff_feff),
        ...{ ackId: small, ackSubId: small, ackSize: small },
      }),
      payload: fc.uint8Array({ maxLength: 30 }),
    })
    const bounds = { maxMessage: 32, maxUnfinished: 3, patience: 20 }
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 60, size: 'max' }), (chunks) => {
        const parts = new Parts(bounds)
        for (const [now, message] of chunks.entries()) {
          try {
            const arrival = parts.push(message, now)
            if (arrival.kind === 'message' && !(message.header.flags & 0xcb))
              expect(arrival.data).toHaveLength(arrival.header.totalSize)
          } catch (error) {
            expect(error).toBeInstanceOf(ProtocolError)
          }
          expect(parts.held).toBeLessThanOrEqual(bounds.maxMessage * bounds.maxUnfinished)
        }
      }),
    )
  })
})

interface Rebuilt {
  readonly header: HeaderV1
  readonly data: Buffer
}

/** The messages that these chunks are; a file's pieces put together. */
function rebuilt(parts: Parts, chunks: readonly MessageV1[]): Rebuilt[] {
  const pieces = new Map<number, Buffer[]>()
  return chunks.flatMap((chunk) => {
    const arrival: Arrival = parts.push(chunk, 0)
    if (arrival.kind === 'message' && !('nonce' in arrival.header))
      return [{ header: arrival.header, data: Buffer.from(arrival.data) }]
    if (arrival.kind !== 'piece') return []
    const { header, at, data, isLast } = arrival
    const file = pieces.get(header.identifier) ?? []
    pieces.set(header.identifier, file)
    expect(at).toBe(Buffer.concat(file).length)
    file.push(Buffer.from(data))
    return isLast ? [{ header, data: Buffer.concat(file) }] : []
  })
}

/** The binary parts of all peer-to-peer messages that clients sent in a recording, stream by stream. */
function chunksIn(file: string): Uint8Array[] {
  return streamsIn(file).flat()
}

function streamsIn(file: string): Uint8Array[][] {
  const streams = streamsOf(new URL(`../../../traces/${file}`, import.meta.url)).filter(({ from }) => from === 'client')
  return streams.map(({ from, dialect, bytes }) =>
    decodeAll(from, dialect, [bytes]).flatMap(({ verb, payload }) => {
      if (verb !== 'MSG' || !payload) return []
      const message = parseMime(payload)
      const carried = mediaTypeOf(message.headers) === p2pMediaType ? readCarried(message) : undefined
      return carried ? [carried.bytes] : []
    }),
  )
}

function recorded(file: string): Rebuilt[] {
  return streamsIn(file).flatMap((chunks) => rebuilt(new Parts(), chunks.map(readMessageV1)))
}

function cut(whole: Buffer, fields: Partial<HeaderV1> = {}, largest?: number): MessageV1[] {
  return [...chunksOf(whole.length, largest)].map(({ offset, length }) => ({
    header: headerOf({ ...fields, offset, length, totalSize: whole.length }),
    payload: whole.subarray(offset, offset + length),
  }))
}

function headerOf(fields: Partial<HeaderV1>): HeaderV1 {
  const zeros = { sessionId: 5, identifier: 0, offset: 0, totalSize: 0, length: 0, flags: 0 }
  return { ...zeros, ackId: 0, ackSubId: 0, ackSize: 0, ...fields }
}

function noise(length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, (_, index) => (index * 37 + (index >> 8) * 11) & 0xff))
}
