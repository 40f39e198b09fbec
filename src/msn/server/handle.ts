// The e-mail address of an account, the one name by which everything here knows people.

import type { Brand } from '../../core/brand.ts'

/** An address in small letters: what accounts, lists and sessions are known by. */
export type Handle = Brand<'Handle'>

/** In bytes (msnp-core.md 1.6). */
const longest = 129
/** Nothing that cannot be seen: two addresses that look alike would be two people. */
const form = /^[^\s@\p{C}]+@[^\s@\p{C}]+$/u

/** Reads an address, cutting off the `;{guid}` of an endpoint. Undefined when it is none, or too long. */
export function handleOf(text: string): Handle | undefined {
  const [bare = ''] = text.split(';', 1)
  if (!form.test(bare) || Buffer.byteLength(bare) > longest) return undefined
  return bare.toLowerCase() as Handle
}
