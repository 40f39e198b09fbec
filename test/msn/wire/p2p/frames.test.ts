// Direct connections and MSNFTP: streams of frames, whole, byte by byte and cut anywhere.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError, ProtocolError } from '../../../../src/msn/wire/errors.ts'
import { DirectDecoder, directGreeting, writeDirectFrame } from '../../../../src/msn/wire/p2p/direct.ts'
import type { FrameDecoder } from '../../../../src/msn/wire/p2p/framing.ts'
import { largestBlock, MsnftpDecoder, type MsnftpFrame, writeMsnftp } from '../../../../src/msn/wire/p2p/msnftp.ts'
import { singleBytes } from '../../../support/codec-case.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { confirmed, hex } from './values.ts'

const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 })
const fil = writeMsnftp({ kind: 'line', verb: 'FIL', args: ['11'] })

describe('a direct connection', () => {
  it.each(confirmed(vectors.directConnectionFrames))('$name', ({ hex: bytes, decoded }) => {
    expect(writeDirectFrame(directGreeting).toString('hex')).toBe(bytes)
    expect(heard(new DirectDecoder(), [hex(bytes)]).frames).toEqual([Buffer.from(directGreeting)])
    expect(directGreeting).toHaveLength(decoded.length)
  })

  it('gives back the bodies that were written, however they are cut', () => {
    const bodies = fc.array(
      fc.uint8Array({ maxLength: 100 }).map((body) => Buffer.from(body)),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(bodies, sizes, (any, cuts) => {
        const bytes = Buffer.concat(any.map(writeDirectFrame))
        for (const chunks of [[bytes], cut(bytes, cuts), [...singleBytes(bytes)]])
          expect(heard(new DirectDecoder(), chunks)).toEqual({ frames: any, failed: false })
      }),
    )
  })

  it('takes frames of 16 KiB and no more, either way', () => {
    const largest = Buffer.alloc(16 * 1024, 'x')
    expect(heard(new DirectDecoder(), cut(writeDirectFrame(largest), [1000])).frames).toEqual([largest])
    expect(() => writeDirectFrame(Buffer.alloc(16 * 1024 + 1))).toThrow(EncodeError)
    expect(heard(new DirectDecoder(), [hex('01400000')])).toEqual({ frames: [], failed: true })
  })

  it('gives the frames before a bad one, then fails for good', () => {
    const decoder = new DirectDecoder()
    const bytes = Buffer.concat([writeDirectFrame(directGreeting), hex('ffffffff')])
    expect(heard(decoder, [bytes])).toEqual({ frames: [Buffer.from(directGreeting)], failed: true })
    expect(() => decoder.push(directGreeting)).toThrow(ProtocolError)
    expect(decoder.held).toBe(0)
  })

  it('does not keep what it was fed', () => {
    const decoder = new DirectDecoder()
    const chunk = writeDirectFrame(Buffer.from('juliet'))
    const [body] = decoder.push(chunk)
    chunk.fill(0)
    expect(body?.toString()).toBe('juliet')
    expect(decoder.held).toBe(0)
  })

  it('holds no more than twice a frame, whatever comes', () => {
    fc.assert(fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (chunks) => listen(new DirectDecoder(), chunks, 33_000)))
    const decoder = new DirectDecoder()
    const [start] = cut(writeDirectFrame(Buffer.alloc(16_000)), [15_000])
    listen(decoder, [...Array.from({ length: 20 }, () => writeDirectFrame(Buffer.alloc(16_000))), start ?? hex('')], 33_000)
  })
})

describe('MSNFTP', () => {
  it.each(confirmed(vectors.msnftp))('$name', ({ hex: bytes }) => {
    expect(writeMsnftp({ kind: 'end' }).toString('hex')).toBe(bytes)
    const { frames } = heard(new MsnftpDecoder('sender'), [fil, hex(bytes)])
    expect(frames.at(-1)).toEqual({ kind: 'end' })
  })

  it('is heard as it goes from both sides', () => {
    const receiver = 'VER MSNFTP\r\nUSR bob@example.net 93301\r\nTFR\r\nBYE 16777989\r\n'
    const said = heard(new MsnftpDecoder('receiver'), [Buffer.from(receiver)]).frames
    expect(said.map((frame) => frame.kind === 'line' && frame.verb)).toEqual(['VER', 'USR', 'TFR', 'BYE'])
    expect(said[1]).toEqual({ kind: 'line', verb: 'USR', args: ['bob@example.net', '93301'] })
    expect(Buffer.concat(said.map(writeMsnftp)).toString()).toBe(receiver)
    const sender = Buffer.concat([
      Buffer.from('VER MSNFTP\r\nFIL 11\r\n'),
      hex('000b00'),
      Buffer.from('hello\r\nFIL '),
      hex('010000'),
    ])
    const sent = heard(new MsnftpDecoder('sender'), [sender]).frames
    expect(sent.slice(2)).toEqual([{ kind: 'block', data: Buffer.from('hello\r\nFIL ') }, { kind: 'end' }])
    expect(Buffer.concat(sent.map(writeMsnftp)).equals(sender)).toBe(true)
  })

  it('gives back what was written, however it is cut', () => {
    const word = fc.stringMatching(/^[!-~]{1,20}$/)
    const line = fc.record({
      kind: fc.constant('line' as const),
      verb: fc.constantFrom('VER', 'USR', 'TFR', 'BYE', 'CCL'),
      args: fc.array(word, { maxLength: 4 }),
    })
    const data = fc.uint8Array({ minLength: 1, maxLength: 60 }).map((bytes) => Buffer.from(bytes))
    const block = data.map((bytes) => ({ kind: 'block' as const, data: bytes }))
    const lines = fc.array(line, { maxLength: 5 })
    fc.assert(
      fc.property(lines, fc.array(block, { maxLength: 5 }), sizes, (first, blocks, cuts) => {
        const frames: MsnftpFrame[] = [...first, { kind: 'line', verb: 'FIL', args: ['1'] }, ...blocks, { kind: 'end' }]
        const bytes = Buffer.concat(frames.map(writeMsnftp))
        for (const chunks of [[bytes], cut(bytes, cuts), [...singleBytes(bytes)]])
          expect(heard(new MsnftpDecoder('sender'), chunks)).toEqual({ frames, failed: false })
        const said = Buffer.concat(first.map(writeMsnftp))
        expect(heard(new MsnftpDecoder('receiver'), cut(said, cuts))).toEqual({ frames: first, failed: false })
      }),
    )
  })

  it('gives frames or a ProtocolError for any bytes, the same in pieces, and holds no more than its bound', () => {
    const scrap = fc.oneof(
      fc.uint8Array({ maxLength: 40 }),
      fc.constantFrom('VER MSNFTP\r\n', 'FIL 11\r\n', 'TFR\n', '\r\n', ' ', 'ABCD', 'fil 1\r\n').map((text) => Buffer.from(text)),
      fc.constantFrom('000300', '010000', '020000', '00ffff').map(hex),
    )
    const speech = fc.array(scrap, { maxLength: 12 }).map((scraps) => Buffer.concat(scraps))
    const from = fc.constantFrom('sender' as const, 'receiver' as const)
    fc.assert(
      fc.property(from, speech, sizes, (who, bytes, cuts) => {
        const whole = heard(new MsnftpDecoder(who), [bytes])
        expect(heard(new MsnftpDecoder(who), cut(bytes, cuts))).toEqual(whole)
        listen(new MsnftpDecoder(who), [...singleBytes(bytes)], 2 * (65_535 + 3))
      }),
      { numRuns: 500 },
    )
  })

  it('takes no line of over 512 bytes and no block of an unknown kind', () => {
    expect(heard(new MsnftpDecoder('receiver'), [Buffer.alloc(511, 'A')]).failed).toBe(false)
    expect(heard(new MsnftpDecoder('receiver'), [Buffer.alloc(512, 'A')]).failed).toBe(true)
    expect(heard(new MsnftpDecoder('sender'), [fil, hex('020000')]).failed).toBe(true)
  })

  it.each<[string, MsnftpFrame]>([
    ['a verb of four letters', { kind: 'line', verb: 'QUIT', args: [] }],
    ['a word with a space', { kind: 'line', verb: 'USR', args: ['a b'] }],
    ['a word with a line break', { kind: 'line', verb: 'USR', args: ['a\nBYE'] }],
    ['an empty word', { kind: 'line', verb: 'USR', args: [''] }],
    ['a long line', { kind: 'line', verb: 'USR', args: ['a'.repeat(510)] }],
    ['an empty block', { kind: 'block', data: Buffer.alloc(0) }],
    ['a block of 64 KiB', { kind: 'block', data: Buffer.alloc(65_536) }],
  ])('is not written with %s', (_, frame) => {
    expect(() => writeMsnftp(frame)).toThrow(EncodeError)
  })

  it('writes blocks as large as clients take', () => {
    expect(writeMsnftp({ kind: 'block', data: Buffer.alloc(largestBlock) })).toHaveLength(largestBlock + 3)
  })
})

/** What a decoder makes of these chunks, until it fails. */
function heard<Frame>(decoder: FrameDecoder<Frame>, chunks: Iterable<Uint8Array>): { frames: Frame[]; failed: boolean } {
  const frames: Frame[] = []
  try {
    for (const chunk of chunks) for (const frame of decoder.push(chunk)) frames.push(frame)
    return { frames, failed: false }
  } catch (error) {
    expect(error).toBeInstanceOf(ProtocolError)
    return { frames, failed: true }
  }
}

function listen<Frame>(decoder: FrameDecoder<Frame>, chunks: Iterable<Uint8Array>, bound: number): void {
  for (const chunk of chunks) {
    if (heard(decoder, [chunk]).failed) return
    expect(decoder.held).toBeLessThanOrEqual(bound)
  }
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const chunks: Buffer[] = []
  let at = 0
  for (let turn = 0; at < bytes.length; turn++) {
    const size = Math.max(1, cuts[turn % cuts.length] ?? 1)
    chunks.push(bytes.subarray(at, at + size))
    at += size
  }
  return chunks
}
