// The place where we are signed in: from MSNP16 on an account may be in several at once, each with a GUID of its own (msnp-core.md 3.13).

import { createHash } from 'node:crypto'

/**
 * The GUID of our place, in braces: the same after each restart, so that we take our own place again and nobody else's. It differs between
 * accounts and between installations.
 */
export function endpointOf(account: string, installation: string): string {
  const hex = createHash('sha256').update(`${installation}\n${account.toLowerCase()}`).digest('hex')
  // A version and a variant, as whoever looks closely expects.
  return `{${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}}`
}
