// What MSN calls somebody: an e-mail address.

import { bare } from '../dialect/board.ts'

const form = /^[^\s@,;:<>()"\p{Cc}]+@[^\s@,;:<>()"\p{Cc}]+$/u
/** In bytes (msnp-core.md 1.6). */
const longest = 129

/** The key of a handle in a map: handles differ by case without meaning it, and may name an endpoint. */
export function keyOf(handle: string): string {
  return bare(handle).toLowerCase()
}

/** Whether some text can stand on the wire as a handle. */
export function isHandle(text: string): boolean {
  return form.test(text) && Buffer.byteLength(text) <= longest
}
