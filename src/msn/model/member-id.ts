// The number of an account, which clients see in several spellings: two halves in the profile, a CID in the contact services, a PUID at sign-in
// (msnp-core.md 3.8, msnp-services.md A8). It is a sum of the address, so it is the same everywhere without being kept.

import { createHash } from 'node:crypto'

/** The two halves of an account's number; always the same for an address in small letters. */
export function memberId(handle: string): [high: number, low: number] {
  const sum = createHash('sha256').update(handle).digest()
  return [sum.readUInt32BE(0) & 0x7fff_ffff, sum.readInt32BE(4)]
}

/** The number in one piece, decimal. */
export function cidOf(handle: string): string {
  return whole(handle).toString()
}

/** The number in one piece, 16 hex digits. */
export function puidOf(handle: string): string {
  return whole(handle).toString(16).toUpperCase().padStart(16, '0')
}

function whole(handle: string): bigint {
  const [high, low] = memberId(handle)
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}

/** The GUID of an account's own entry in its address book, in small letters. */
export function ownGuid(handle: string): string {
  const digits = createHash('sha256').update(handle).digest('hex')
  return digits.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
