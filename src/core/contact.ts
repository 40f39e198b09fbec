// Somebody on a user's list.

import type { Address } from './address.ts'
import type { LoginId } from './login.ts'

/** The lists that a contact can be on; MSN knows all five. */
export type ContactList = 'forward' | 'allow' | 'block' | 'reverse' | 'pending'

/** An address on a login's list. */
export interface Contact {
  readonly login: LoginId
  readonly address: Address
  readonly name: string
  readonly lists: readonly ContactList[]
  readonly groups: readonly string[]
}
