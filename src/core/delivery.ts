// What the gateway asks of a network, durably. Plain JSON.

import { createHash } from 'node:crypto'
import type { Address, NetworkId } from './address.ts'
import type { Brand } from './brand.ts'
import type { Content } from './content.ts'
import type { Conversation } from './conversation.ts'
import type { RemoteId } from './event.ts'
import type { LineId } from './line.ts'
import type { End, PortalId } from './portal.ts'

/** Also the transaction id where the network has such a thing, so that sending twice is sending once. */
export type DeliveryId = Brand<'DeliveryId'>

/** Where a delivery goes: to an end of a portal (looked up when it is performed), or to a conversation that needs no portal. */
export type Target =
  | { readonly kind: 'portal'; readonly portal: PortalId; readonly end: End }
  | { readonly kind: 'conversation'; readonly conversation: Conversation }

/** The message that a delivery carries on; outcomes are told there. */
export interface Origin {
  readonly conversation: Conversation
  readonly id: RemoteId
}

/** The beginning of something said, for whoever answers or changes it. */
export interface Gist {
  /** Who said it, as the network calls them on which it was said. */
  readonly by: string
  /** Their name; absent: whoever we speak as at the other end. */
  readonly from?: string
  /** Its first line. */
  readonly line: string
  /** What it says anew. */
  readonly of?: RemoteId
}

export interface Delivery {
  readonly id: DeliveryId
  readonly line: LineId
  readonly target: Target
  /** The network that is to deliver. */
  readonly network: NetworkId
  /** Whom we speak as there: a ghost of ours or a login lent to us. The core does not ask which. */
  readonly as: Address
  readonly content: Content
  /** When it was said, in milliseconds since 1970. */
  readonly sentAt: number
  /** When patience ends, in milliseconds since 1970; absent: never. */
  readonly deadline?: number
  readonly origin?: Origin
  /** Absent for what can neither be answered nor changed. */
  readonly gist?: Gist
  /** When it was taken in, in milliseconds since 1970; absent where nobody asks for it. */
  readonly queuedAt?: number
}

/** A delivery as a network gets it: the conversation is found, the content is for people. */
export interface Parcel {
  readonly id: DeliveryId
  readonly conversation: Conversation
  readonly as: Address
  readonly content: Content
  readonly sentAt: number
  /** True when an earlier try may have reached the network without our knowing. */
  readonly again: boolean
}

/** The id of the delivery that some origin causes: the same each time, so that what is replayed is refused by the outbox. */
export function deliveryId(...origin: readonly string[]): DeliveryId {
  const hash = createHash('sha256')
  for (const part of origin) hash.update(part).update('\0')
  return hash.digest('base64url').slice(0, 24) as DeliveryId
}
