// Values for the tests of the peer-to-peer layer.

import fc from 'fast-check'

export const u16 = fc.integer({ min: 0, max: 0xffff })
export const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
export const u64 = fc.maxSafeNat()
export const guid = fc.uuid().map((text) => `{${text.toUpperCase()}}`)
export const handle = fc.emailAddress()
/** The value of a header line: no line breaks, no spaces around. */
export const line = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((text) => text.trim() === text && !/[\r\n]/.test(text))

export function hex(text: string): Buffer {
  return Buffer.from(text, 'hex')
}

/** Only these are tests. */
export function confirmed<Vector extends { readonly confirmed: boolean }>(vectors: readonly Vector[]): Vector[] {
  return vectors.filter((vector) => vector.confirmed)
}
