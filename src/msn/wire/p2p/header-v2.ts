// The headers of version 2, between WLM 2009 and later: big-endian, with fields of type, length and value (msnp-p2p.md 11).
// We ask for version 1 of everybody; this reads what others say to each other.

import { EncodeError, ProtocolError } from '../errors.ts'
import { bufferOf, fitting } from './integers.ts'

/** Bits of a header's operation: hello, and an acknowledgement is wanted. */
export const operationsV2 = { syn: 1, rak: 2 } as const

/** About the peer, little-endian inside; only that it is there matters. */
export interface PeerInfo {
  readonly protocol: number
  readonly implementation: number
  readonly version: number
  /** Noise. */
  readonly reserved: number
  readonly capabilities: number
}

/** ack and nak: a place in the sequence. remaining: bytes of the message after this chunk. */
export type FieldV2 =
  | { readonly kind: 'peer-info'; readonly info: PeerInfo }
  | { readonly kind: 'ack' | 'nak'; readonly sequence: number }
  | { readonly kind: 'remaining'; readonly bytes: number }
  | { readonly kind: 'other'; readonly type: number; readonly value: Uint8Array }

export interface DataHeaderV2 {
  /** Bit 0: the first chunk; 4 object, 6 file, 0 MSNSLP or preparation. */
  readonly transfer: number
  /** The same in all chunks of a message; 0 where there is only one. */
  readonly packageNumber: number
  readonly sessionId: number
  readonly fields: readonly FieldV2[]
}

export interface HeaderV2 {
  readonly operation: number
  /** Bytes of the data header and the data behind it. */
  readonly payloadLength: number
  /** Counts bytes of payload. */
  readonly sequence: number
  readonly fields: readonly FieldV2[]
  /** There is one whenever there is a payload. */
  readonly data?: DataHeaderV2
}

type Scope = 'transport' | 'data'

const smallestHeader = 8
const largestHeader = 252

/**
 * The headers at the start of a message, and how many bytes they take. The payload need not be there.
 * @throws ProtocolError when they are cut off, or a length in them is wrong
 */
export function readHeaderV2(bytes: Uint8Array): { readonly header: HeaderV2; readonly length: number } {
  const transport = block(bytes)
  const header = {
    operation: transport.readUInt8(1),
    payloadLength: transport.readUInt16BE(2),
    sequence: transport.readUInt32BE(4),
    fields: readFields(transport.subarray(smallestHeader), 'transport'),
  }
  if (header.payloadLength === 0) return { header, length: transport.length }
  const data = block(bytes.subarray(transport.length))
  if (data.length > header.payloadLength) throw new ProtocolError('bad-length', 'a data header is longer than its payload')
  const read = {
    transfer: data.readUInt8(1),
    packageNumber: data.readUInt16BE(2),
    sessionId: data.readUInt32BE(4),
    fields: readFields(data.subarray(smallestHeader), 'data'),
  }
  return { header: { ...header, data: read }, length: transport.length + data.length }
}

/**
 * The bytes of both headers.
 * @throws EncodeError when a number does not fit its field, a header is longer than 252 bytes, or payload and data header do not agree
 */
export function writeHeaderV2(header: HeaderV2): Buffer {
  const { operation, payloadLength, sequence, fields, data } = header
  const transport = startBlock(operation, payloadLength, sequence, writeFields(fields, 'transport'))
  const second = data
    ? startBlock(data.transfer, data.packageNumber, data.sessionId, writeFields(data.fields, 'data'))
    : Buffer.alloc(0)
  if (payloadLength < second.length || (payloadLength > 0 && !data))
    throw new EncodeError('a payload and its data header do not agree')
  return Buffer.concat([transport, second])
}

/** Where the sequence goes on behind a message; also the number that acknowledges it. An empty message counts for nothing. */
export function nextSequence({ sequence, payloadLength }: HeaderV2): number {
  return (sequence + payloadLength) % 2 ** 32
}

/** One header by the length in its first byte. */
function block(bytes: Uint8Array): Buffer {
  const length = bytes[0] ?? 0
  if (length < smallestHeader || length > largestHeader || length % 4 !== 0)
    throw new ProtocolError('bad-length', 'the length of a P2P header is none of those allowed')
  if (length > bytes.length) throw new ProtocolError('bad-length', 'a P2P header is cut off')
  return bufferOf(bytes).subarray(0, length)
}

function startBlock(byte: number, short: number, long: number, fields: Buffer): Buffer {
  const length = smallestHeader + fields.length
  if (length > largestHeader) throw new EncodeError(`a P2P header is longer than ${largestHeader} bytes`)
  const start = Buffer.alloc(smallestHeader)
  start.writeUInt8(length, 0)
  start.writeUInt8(fitting(byte, 8, 'the operation'), 1)
  start.writeUInt16BE(fitting(short, 16, 'the payload or package'), 2)
  start.writeUInt32BE(fitting(long, 32, 'the sequence or session'), 4)
  return Buffer.concat([start, fields])
}

function readFields(bytes: Buffer, scope: Scope): FieldV2[] {
  const fields: FieldV2[] = []
  let at = 0
  // A zero is padding, of which nothing is after it but more.
  while (at < bytes.length && bytes[at] !== 0) {
    const type = bytes.readUInt8(at)
    const length = bytes[at + 1]
    const end = at + 2 + (length ?? 0)
    if (length === undefined || end > bytes.length) throw new ProtocolError('bad-length', 'a field of a P2P header is cut off')
    fields.push(readField(type, bytes.subarray(at + 2, end), scope))
    at = end
  }
  return fields
}

function readField(type: number, value: Buffer, scope: Scope): FieldV2 {
  if (scope === 'transport' && type === 1 && value.length === 12) return { kind: 'peer-info', info: readPeerInfo(value) }
  if (scope === 'transport' && type === 2 && value.length === 4) return { kind: 'ack', sequence: value.readUInt32BE() }
  if (scope === 'transport' && type === 3 && value.length === 4) return { kind: 'nak', sequence: value.readUInt32BE() }
  if (scope === 'data' && type === 1 && value.length === 8) {
    const remaining = value.readBigUInt64BE()
    if (remaining > BigInt(Number.MAX_SAFE_INTEGER)) throw new ProtocolError('bad-length', 'more remains than any file has')
    return { kind: 'remaining', bytes: Number(remaining) }
  }
  return { kind: 'other', type, value: Buffer.from(value) }
}

function writeFields(fields: readonly FieldV2[], scope: Scope): Buffer {
  const written = fields.map((field) => {
    const [type, value] = writeField(field, scope)
    return Buffer.concat([Buffer.of(fitting(type, 8, 'the type of a field'), fitting(value.length, 8, 'a length')), value])
  })
  const bytes = Buffer.concat(written)
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
}

function writeField(field: FieldV2, scope: Scope): [type: number, value: Uint8Array] {
  if (field.kind === 'other') {
    if (field.type === 0) throw new EncodeError('a field of type 0 is padding')
    return [field.type, field.value]
  }
  if ((field.kind === 'remaining') !== (scope === 'data')) throw new EncodeError(`a field ${field.kind} is in the wrong header`)
  switch (field.kind) {
    case 'peer-info':
      return [1, writePeerInfo(field.info)]
    case 'remaining': {
      const value = Buffer.alloc(8)
      value.writeBigUInt64BE(BigInt(fitting(field.bytes, 64, 'what remains')))
      return [1, value]
    }
    default: {
      const value = Buffer.alloc(4)
      value.writeUInt32BE(fitting(field.sequence, 32, 'the sequence'))
      return [field.kind === 'ack' ? 2 : 3, value]
    }
  }
}

function readPeerInfo(value: Buffer): PeerInfo {
  return {
    protocol: value.readUInt16LE(0),
    implementation: value.readUInt16LE(2),
    version: value.readUInt16LE(4),
    reserved: value.readUInt16LE(6),
    capabilities: value.readUInt32LE(8),
  }
}

function writePeerInfo({ protocol, implementation, version, reserved, capabilities }: PeerInfo): Buffer {
  const value = Buffer.alloc(12)
  for (const [place, number] of [protocol, implementation, version, reserved].entries())
    value.writeUInt16LE(fitting(number, 16, 'a word of the peer info'), place * 2)
  value.writeUInt32LE(fitting(capabilities, 32, 'the capabilities'), 8)
  return value
}
