// Somebody on a user's list.

import type { Address } from './address.ts'
import type { LoginId } from './login.ts'

/** The lists that a contact can be on; MSN knows all five. */
export type ContactList = 'forward' | 'allow' | 'block' | 'reverse' | 'pending'

/** An address on somebody's list. */
export interface ListedContact {
  readonly address: Address
  readonly name: string
  readonly lists: readonly ContactList[]
  readonly groups: readonly string[]
  /** What they wrote when they asked to be a contact. */
  readonly invitation?: string
}

/** An address on a login's list. */
export interface Contact extends ListedContact {
  readonly login: LoginId
}

/** What is done with somebody on a list: `accept` and `decline` answer whoever asked. */
export type ContactChange = 'add' | 'remove' | 'accept' | 'decline' | 'block' | 'unblock'

/** How a list is arranged: what a contact is called on it, and the groups, by their names. A group comes to be with the first who is put into it. */
export type Arrangement =
  | { readonly kind: 'name'; readonly who: Address; readonly name: string }
  | { readonly kind: 'put-in' | 'take-out'; readonly who: Address; readonly group: string }
  | { readonly kind: 'rename-group'; readonly group: string; readonly name: string }
  | { readonly kind: 'remove-group'; readonly group: string }

/** Whether somebody waits for an answer: they have put us on their list. */
export function isAsking({ lists }: Pick<ListedContact, 'lists'>): boolean {
  return lists.includes('pending')
}

/** Whether somebody is on the list that the user made, and not only on one that says what they may. */
export function isFriend({ lists }: Pick<ListedContact, 'lists'>): boolean {
  return lists.includes('forward')
}
