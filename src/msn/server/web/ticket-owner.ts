// Whose ticket it is that somebody shows to a web service.

import type { Secret } from '../../../core/secret.ts'
import type { Handle } from '../handle.ts'
import type { Tokens } from '../tokens.ts'

/** Undefined for a ticket that opens no web service, or not any more. One for signing in opens none. */
export async function ownerOf(tokens: Tokens, ticket: Secret): Promise<Handle | undefined> {
  return (await tokens.check(ticket, 'messenger', 'services'))?.handle
}
