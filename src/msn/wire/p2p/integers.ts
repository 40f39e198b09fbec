// Whole numbers in binary fields: what fits a field, and sizes of 64 bits that a number can hold.

import { EncodeError, ProtocolError } from '../errors.ts'

/**
 * The number itself, when an unsigned field of so many bits holds it. Of 64 bits only those up to 2^53 - 1 are used.
 * @throws EncodeError
 */
export function fitting(value: number, bits: 8 | 16 | 32 | 64, field: string): number {
  const most = bits === 64 ? Number.MAX_SAFE_INTEGER : 2 ** bits - 1
  if (Number.isInteger(value) && value >= 0 && value <= most) return value
  throw new EncodeError(`${field} is no whole number of ${bits} bits`)
}

/**
 * A size or place of 64 bits, little-endian.
 * @throws ProtocolError when it is beyond 2^53 - 1, more than any file has
 */
export function readSize(bytes: Buffer, at: number, field: string): number {
  const size = bytes.readBigUInt64LE(at)
  if (size <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(size)
  throw new ProtocolError('bad-length', `${field} is beyond any size`)
}

/** Decimal digits of 32 bits or fewer, as text fields have them; undefined for anything else. */
export function parseUnsigned(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{1,10}$/.test(text)) return undefined
  const value = Number(text)
  return value <= 0xffff_ffff ? value : undefined
}

/** The same memory, with the methods of a Buffer. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
