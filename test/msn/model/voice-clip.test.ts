import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readVoiceClip, voiceFrameLength, writeVoiceClip } from '../../../src/msn/model/voice-clip.ts'
import { EncodeError, ProtocolError } from '../../../src/msn/wire/errors.ts'
import vectors from '../../vectors/p2p.json' with { type: 'json' }

it.each([vectors.voiceClipHeader].filter((vector) => vector.confirmed))('$name', ({ hex, headerLength, decoded }) => {
  const frames = Buffer.alloc(decoded.dataBytes, 'x')
  const clip = writeVoiceClip(frames)
  expect(clip.toString('hex', 0, headerLength)).toBe(hex)
  expect(clip.subarray(headerLength)).toEqual(frames)
  expect(readVoiceClip(clip)).toEqual(frames)
})

it('any frames come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 0, maxLength: 400 }), (bytes) => {
      const frames = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % voiceFrameLength)))
      expect(readVoiceClip(writeVoiceClip(frames))).toEqual(frames)
    }),
  )
})

it('a clip is read without its count of samples, with a chunk that is none of ours, and cut off in a frame', () => {
  const clip = writeVoiceClip(Buffer.alloc(80, 'x'))
  const odd = Buffer.from('LIST\x03\0\0\0abc\0', 'latin1')
  const other = Buffer.concat([clip.subarray(0, 40), odd, clip.subarray(52, 60 + 79)])
  expect(readVoiceClip(other)).toEqual(Buffer.alloc(40, 'x'))
})

it('any bytes give frames, no more than there are, or a ProtocolError', () => {
  const clip = writeVoiceClip(Buffer.alloc(80))
  const mutated = fc
    .array(fc.tuple(fc.nat(clip.length - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 })
    .map((changes) => {
      const bytes = Buffer.from(clip)
      for (const [at, byte] of changes) bytes[at] = byte
      return bytes
    })
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array(), mutated), (bytes) => {
      try {
        expect(readVoiceClip(bytes).length).toBeLessThanOrEqual(bytes.length)
      } catch (error) {
        expect(error).toBeInstanceOf(ProtocolError)
      }
    }),
    { numRuns: 500 },
  )
})

it('another codec, a header alone and a clip of over 1 MiB are refused', () => {
  const clip = writeVoiceClip(Buffer.alloc(40))
  const pulse = Buffer.from(clip).fill(1, 20, 21)
  expect(() => readVoiceClip(pulse)).toThrow(ProtocolError)
  expect(() => readVoiceClip(clip.subarray(0, 52))).toThrow(ProtocolError)
  expect(() => readVoiceClip(Buffer.concat([clip, Buffer.alloc(1024 * 1024)]))).toThrow(ProtocolError)
  expect(() => writeVoiceClip(Buffer.alloc(41))).toThrow(EncodeError)
  expect(() => writeVoiceClip(Buffer.alloc(40 * 30_000))).toThrow(EncodeError)
})
