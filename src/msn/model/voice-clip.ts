// A voice clip as a file: Siren frames in RIFF/WAVE (msnp-p2p.md 15). The sound itself is for a decoder.

import { EncodeError, ProtocolError } from '../wire/errors.ts'

/** Bytes of one frame, 20 ms of sound. */
export const voiceFrameLength = 40
const samplesInFrame = 320
const headerLength = 60
const samplesPerSecond = 16_000
/** Longest clip in bytes; the data of an object may have no more (msnp-p2p.md 23). */
const longestClip = 1024 * 1024

const places = { format: 12, fact: 40, data: 52 } as const
const sirenTag = 0x028e

/**
 * The frames of a clip, chunks in any order and with any others between them; an incomplete frame at the end is left out.
 * @throws ProtocolError when it is longer than 1 MiB, no WAVE, of another codec, or cut off before its data
 */
export function readVoiceClip(clip: Uint8Array): Buffer {
  if (clip.length > longestClip) throw new ProtocolError('payload-too-long', `a voice clip has over ${longestClip} bytes`)
  const bytes = Buffer.from(clip.buffer, clip.byteOffset, clip.byteLength)
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    throw new ProtocolError('bad-line', 'a voice clip is no WAVE')
  let isSiren = false
  for (let at = places.format; at + 8 <= bytes.length; ) {
    const name = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const content = bytes.subarray(at + 8, at + 8 + length)
    if (name === 'fmt ' && content.length >= 2) isSiren = content.readUInt16LE() === sirenTag
    if (name === 'data' && isSiren) return Buffer.from(content.subarray(0, content.length - (content.length % voiceFrameLength)))
    at += 8 + length + (length & 1)
  }
  throw new ProtocolError('bad-length', 'a voice clip has no sound that we know')
}

/**
 * The clip of these frames, its header as libsiren writes it.
 * @throws EncodeError when they are no whole frames, or the clip becomes longer than 1 MiB
 */
export function writeVoiceClip(frames: Uint8Array): Buffer {
  if (frames.length % voiceFrameLength !== 0) throw new EncodeError('a voice clip has a part of a frame')
  if (headerLength + frames.length > longestClip) throw new EncodeError(`a voice clip has over ${longestClip} bytes`)
  const header = Buffer.alloc(headerLength)
  header.write('RIFF', 0)
  header.writeUInt32LE(headerLength - 8 + frames.length, 4)
  header.write('WAVE', 8)
  header.write('fmt ', places.format)
  writeFormat(header.subarray(places.format + 4, places.fact))
  header.write('fact', places.fact)
  header.writeUInt32LE(4, places.fact + 4)
  header.writeUInt32LE((frames.length / voiceFrameLength) * samplesInFrame, places.fact + 8)
  header.write('data', places.data)
  header.writeUInt32LE(frames.length, places.data + 4)
  return Buffer.concat([header, frames])
}

/** One channel, 16 bits of which none are said, and behind the usual fields two bytes: how many samples are in a frame. */
function writeFormat(format: Buffer): void {
  format.writeUInt32LE(format.length - 4, 0)
  format.writeUInt16LE(sirenTag, 4)
  format.writeUInt16LE(1, 6)
  format.writeUInt32LE(samplesPerSecond, 8)
  format.writeUInt32LE((samplesPerSecond / samplesInFrame) * voiceFrameLength, 12)
  format.writeUInt16LE(voiceFrameLength, 16)
  format.writeUInt16LE(0, 18)
  format.writeUInt16LE(2, 20)
  format.writeUInt16LE(samplesInFrame, 22)
}
