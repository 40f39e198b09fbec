// A chat on one network. It outlives every connection that ever carried it.

import type { Address, NetworkId } from './address.ts'
import { addressKey } from './address.ts'
import type { Brand } from './brand.ts'

/**
 * A chat on one network. `as` is our own chair in it, where the chat means nothing without one:
 * a one-to-one chat on MSN is `{ network: msn, id: juliet@example.com, as: romeo }`.
 */
export interface Conversation {
  readonly network: NetworkId
  readonly id: string
  readonly as?: Address
}

export type ConversationKey = Brand<'ConversationKey'>

/** The one string that stands for a conversation. */
export function conversationKey(conversation: Conversation): ConversationKey {
  const { network, id, as } = conversation
  const chair = as ? encodeURIComponent(addressKey(as)) : ''
  return `${network}/${chair}/${id}` as ConversationKey
}
