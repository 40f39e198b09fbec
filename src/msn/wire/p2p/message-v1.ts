// A chunk of version 1 as it travels: header, bytes, and on a switchboard a footer (msnp-p2p.md 4, 5).

import { ProtocolError } from '../errors.ts'
import { type HandshakeV1, type HeaderV1, headerLengthV1, readHeaderV1, writeHeaderV1 } from './header-v1.ts'
import { bufferOf, fitting } from './integers.ts'

export interface MessageV1 {
  readonly header: HeaderV1 | HandshakeV1
  /** The bytes that are there, whatever the header says their length is. */
  readonly payload: Uint8Array
  /** The footer: what kind of application the data is for. Nothing is decided by it; undefined on a direct connection. */
  readonly appId?: number
}

/** Where in a message a chunk lies, in bytes. */
export interface Extent {
  readonly offset: number
  readonly length: number
}

/** Payload bytes of a chunk that every client takes on a switchboard (msnp-p2p.md 3). */
const largestChunk = 1202
const footerLength = 4

/**
 * A chunk as a switchboard carries it: the binary part of a message. The payload shares memory with `bytes`.
 * @throws ProtocolError when header or footer is cut off
 */
export function readMessageV1(bytes: Uint8Array): MessageV1 {
  if (bytes.length < headerLengthV1 + footerLength) throw new ProtocolError('bad-length', 'a P2P message is cut off')
  const end = bytes.length - footerLength
  const appId = bufferOf(bytes).readUInt32BE(end)
  return { header: readHeaderV1(bytes), payload: bytes.subarray(headerLengthV1, end), appId }
}

/**
 * A chunk as a direct connection carries it in a frame, without a footer. The payload shares memory with `bytes`.
 * @throws ProtocolError when the header is cut off
 */
export function readDirectMessageV1(bytes: Uint8Array): MessageV1 {
  return { header: readHeaderV1(bytes), payload: bytes.subarray(headerLengthV1) }
}

/**
 * The bytes of a chunk; without an `appId` there is no footer. The header's `length` is for the caller to set.
 * @throws EncodeError when a number does not fit its field
 */
export function writeMessageV1({ header, payload, appId }: MessageV1): Buffer {
  const parts: Uint8Array[] = [writeHeaderV1(header), payload]
  if (appId !== undefined) {
    const footer = Buffer.alloc(footerLength)
    footer.writeUInt32BE(fitting(appId, 32, 'the application'))
    parts.push(footer)
  }
  return Buffer.concat(parts)
}

/** How a message of so many bytes is cut; an empty one is one empty chunk. Given one by one, because a file has millions. */
export function* chunksOf(totalSize: number, largest: number = largestChunk): Generator<Extent, void> {
  let offset = 0
  do {
    const length = Math.min(largest, totalSize - offset)
    yield { offset, length }
    offset += length
  } while (offset < totalSize)
}
