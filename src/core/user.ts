// Somebody who uses the gateway.

import type { Address } from './address.ts'
import type { Brand } from './brand.ts'
import type { Conversation } from './conversation.ts'
import type { Locale } from './words.ts'

export type UserId = Brand<'UserId'>

/** A person with one home or several; the first home gets the notices. */
export interface User {
  readonly id: UserId
  readonly homes: readonly [Address, ...Address[]]
  readonly locale: Locale
  /** Where the person talks with our bot; absent until they first do. */
  readonly management?: Conversation
  /** Shut out by an admin. */
  readonly isBlocked?: true
}
