// Two conversations joined.

import type { Address } from './address.ts'
import type { Brand } from './brand.ts'
import type { Conversation } from './conversation.ts'
import type { UserId } from './user.ts'

export type PortalId = Brand<'PortalId'>

/** A conversation in which we sit in somebody's chair: what a portal is claimed by. */
export type Anchor = Conversation & { readonly as: Address }

/**
 * Two conversations joined. The anchor claims the portal, once; the room at the user's home can be rebound.
 * So Juliet seen from two accounts is two portals, and never are there two for the same chair and contact.
 */
export interface Portal {
  readonly id: PortalId
  readonly user: UserId
  readonly anchor: Anchor
  /** The conversation at the user's home; absent until it was first needed. */
  readonly room?: Conversation
  /** Whether others in the room speak through the user's chair, under their names. */
  readonly relays?: true
}

/** One end of a portal. */
export type End = 'anchor' | 'room'

/** The other end. */
export function opposite(end: End): End {
  return end === 'anchor' ? 'room' : 'anchor'
}
