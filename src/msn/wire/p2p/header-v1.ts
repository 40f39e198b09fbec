// The peer-to-peer layer as bytes: what travels inside `application/x-msnmsgrp2p`, over a direct connection, and over MSNFTP
// (msnp-p2p.md). Codecs only; sessions, acknowledgements that are awaited, time and sockets are for others. A ProtocolError here
// condemns the message, or the direct connection, that it came from; the switchboard that carried it is well.
//
// This file: the header of version 1, 48 bytes little-endian (msnp-p2p.md 4).

import { ProtocolError } from '../errors.ts'
import { guidBytes, guidLength, guidText } from './guid.ts'
import { bufferOf, fitting, readSize } from './integers.ts'

/** Bits of a header's flags (msnp-p2p.md 4). */
export const flagsV1 = {
  nak: 0x1,
  ack: 0x2,
  waiting: 0x4,
  error: 0x8,
  file: 0x10,
  object: 0x20,
  closing: 0x40,
  refused: 0x80,
  handshake: 0x100,
  recent: 0x100_0000,
} as const

interface HeaderStart {
  /** 0 for MSNSLP, 64 for ink, else the session that the MSNSLP of its invitation named. */
  readonly sessionId: number
  /** The same in all chunks of a message. */
  readonly identifier: number
  /** Where in the message this chunk goes. libpurple writes wrong ones in files: see parts.ts. */
  readonly offset: number
  /** Bytes of the whole message. */
  readonly totalSize: number
  /** Bytes of this chunk, as the peer says; libpurple is one chunk behind. */
  readonly length: number
  readonly flags: number
}

export interface HeaderV1 extends HeaderStart {
  /** Of an acknowledgement, the identifier of what it acknowledges; else random. */
  readonly ackId: number
  readonly ackSubId: number
  readonly ackSize: number
}

/** Flag 0x100, on a direct connection. */
export interface HandshakeV1 extends HeaderStart {
  /** A GUID in braces. */
  readonly nonce: string
}

/** What a message is for. `refused`: the receiver wants no more; `closing`: the sender sends no more; `other`: nothing we know. */
export type KindV1 =
  | 'handshake'
  | 'ack'
  | 'nak'
  | 'error'
  | 'closing'
  | 'refused'
  | 'slp'
  | 'ink'
  | 'preparation'
  | 'data'
  | 'other'

export const headerLengthV1 = 48
export const inkSession = 64
const noncePlace = 32

/**
 * The header at the start of these bytes.
 * @throws ProtocolError when they are too few, or a size is beyond 2^53 - 1
 */
export function readHeaderV1(bytes: Uint8Array): HeaderV1 | HandshakeV1 {
  if (bytes.length < headerLengthV1) throw new ProtocolError('bad-length', 'a P2P header is cut off')
  const buffer = bufferOf(bytes)
  const start = {
    sessionId: buffer.readUInt32LE(0),
    identifier: buffer.readUInt32LE(4),
    offset: readSize(buffer, 8, 'the offset of a chunk'),
    totalSize: readSize(buffer, 16, 'the total size of a message'),
    length: buffer.readUInt32LE(24),
    flags: buffer.readUInt32LE(28),
  }
  if (start.flags & flagsV1.handshake) return { ...start, nonce: guidText(bytes.subarray(noncePlace, noncePlace + guidLength)) }
  return {
    ...start,
    ackId: buffer.readUInt32LE(32),
    ackSubId: buffer.readUInt32LE(36),
    ackSize: readSize(buffer, 40, 'the size in an acknowledgement'),
  }
}

/**
 * The 48 bytes of a header. One with a nonce gets flag 0x100, one without loses it.
 * @throws EncodeError when a number does not fit its field, or the nonce is no GUID
 */
export function writeHeaderV1(header: HeaderV1 | HandshakeV1): Buffer {
  const bytes = Buffer.alloc(headerLengthV1)
  bytes.writeUInt32LE(fitting(header.sessionId, 32, 'the session'), 0)
  bytes.writeUInt32LE(fitting(header.identifier, 32, 'the identifier'), 4)
  bytes.writeBigUInt64LE(BigInt(fitting(header.offset, 64, 'the offset')), 8)
  bytes.writeBigUInt64LE(BigInt(fitting(header.totalSize, 64, 'the total size')), 16)
  bytes.writeUInt32LE(fitting(header.length, 32, 'the length'), 24)
  const flags = fitting(header.flags, 32, 'the flags')
  if ('nonce' in header) {
    bytes.writeUInt32LE((flags | flagsV1.handshake) >>> 0, 28)
    guidBytes(header.nonce).copy(bytes, noncePlace)
    return bytes
  }
  bytes.writeUInt32LE((flags & ~flagsV1.handshake) >>> 0, 28)
  bytes.writeUInt32LE(fitting(header.ackId, 32, 'the acknowledgement'), 32)
  bytes.writeUInt32LE(fitting(header.ackSubId, 32, 'the second acknowledgement'), 36)
  bytes.writeBigUInt64LE(BigInt(fitting(header.ackSize, 64, 'the acknowledged size')), 40)
  return bytes
}

/**
 * The acknowledgement of a whole message, under an identifier of our own (msnp-p2p.md 5). `header` is that of its first chunk:
 * aMSN counts `ackId` up in the later ones. Acknowledgements, NAKs, handshakes and ends of sessions get none.
 */
export function ackOf(header: HeaderV1, identifier: number): HeaderV1 {
  return {
    sessionId: header.sessionId,
    identifier,
    offset: 0,
    totalSize: header.totalSize,
    length: 0,
    flags: flagsV1.ack,
    ackId: header.identifier,
    ackSubId: header.ackId,
    ackSize: header.totalSize,
  }
}

const signals: readonly (readonly [number, KindV1])[] = [
  [flagsV1.ack, 'ack'],
  [flagsV1.nak, 'nak'],
  [flagsV1.refused, 'refused'],
  [flagsV1.closing, 'closing'],
  [flagsV1.error, 'error'],
]

/** What a message is for, by its bits (msnp-p2p.md 4). `data` is the whole message, put together. */
export function kindOf(header: HeaderV1 | HandshakeV1, data: Uint8Array): KindV1 {
  const { flags, sessionId } = header
  if ('nonce' in header) return 'handshake'
  const signal = signals.find(([bit]) => flags & bit)
  if (signal) return signal[1]
  if (sessionId === 0) return data.length > 0 ? 'slp' : 'other'
  if (flags & (flagsV1.object | flagsV1.file)) return 'data'
  if (sessionId === inkSession) return 'ink'
  return data.length === 4 && data.every((byte) => byte === 0) ? 'preparation' : 'other'
}

/** Whether a header signals something by itself: such a message is never cut into chunks and never acknowledged. */
export function isSignal(header: HeaderV1 | HandshakeV1): boolean {
  return 'nonce' in header || signals.some(([bit]) => header.flags & bit)
}
