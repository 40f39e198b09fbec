// GUIDs as text in braces and as the 16 bytes that Windows keeps (msnp-p2p.md 10).

import { createHash } from 'node:crypto'
import { EncodeError, ProtocolError } from '../errors.ts'
import { bufferOf } from './integers.ts'

export const guidLength = 16

const shape = /^\{([0-9A-F]{8})-([0-9A-F]{4})-([0-9A-F]{4})-([0-9A-F]{4})-([0-9A-F]{12})\}$/i

/** Whether text is a GUID in braces, in any case. */
export function isGuid(text: string): boolean {
  return shape.test(text)
}

/**
 * The bytes of a GUID: its first three groups little-endian.
 * @throws EncodeError when the text is no GUID in braces
 */
export function guidBytes(guid: string): Buffer {
  const groups = shape.exec(guid)
  if (!groups) throw new EncodeError('a GUID is not 32 hex digits in braces')
  return turned(Buffer.from(groups.slice(1).join(''), 'hex'))
}

/**
 * The text of 16 bytes, in capitals and braces.
 * @throws ProtocolError when there are not 16
 */
export function guidText(bytes: Uint8Array): string {
  if (bytes.length !== guidLength) throw new ProtocolError('bad-length', `a GUID has ${guidLength} bytes`)
  const hex = turned(Buffer.from(bytes)).toString('hex').toUpperCase()
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}}`
}

/**
 * What `Hashed-Nonce` says of the nonce that will come over a direct connection.
 * @throws EncodeError when the nonce is no GUID
 */
export function hashedNonce(nonce: string): string {
  return guidText(createHash('sha1').update(guidBytes(nonce)).digest().subarray(0, guidLength))
}

/** Turns the byte order of the first three groups, in place. */
function turned(bytes: Buffer): Buffer {
  bufferOf(bytes.subarray(0, 4)).swap32()
  bufferOf(bytes.subarray(4, 8)).swap16()
  return bytes
}
