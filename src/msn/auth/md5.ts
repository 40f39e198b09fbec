// The sums with which somebody proves who they are. Pure: whoever needs HTTP brings it.
// This file: salted MD5, MSNP2 to 7 (msnp-core.md 3.3).

import { createHash, timingSafeEqual } from 'node:crypto'
import { Secret } from '../../core/secret.ts'

/** The proof: 32 small hex digits over the server's salt and the password, without anything between. */
export function md5Proof(salt: string, password: Secret): Secret {
  return new Secret(createHash('md5').update(salt).update(password.reveal()).digest('hex'))
}

/** Whether a proof is the expected one; takes the same time wherever they differ. */
export function sameProof(expected: Secret, given: Secret): boolean {
  return timingSafeEqual(digest(expected), digest(given))
}

function digest(secret: Secret): Buffer {
  return createHash('sha256').update(secret.reveal().toLowerCase()).digest()
}
