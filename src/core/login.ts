// A user's own account on a network.
//
//   offline ──▶ connecting ──▶ online ◀──▶ reconnecting
//                   │             │
//                   ▼             ▼
//                refused      displaced        (both wait for the user)

import type { Address } from './address.ts'
import type { Brand } from './brand.ts'
import type { Secret } from './secret.ts'
import type { UserId } from './user.ts'
import type { Phrase } from './words.ts'

export type LoginId = Brand<'LoginId'>

/** `refused`: the password is wrong or the account barred. `displaced`: signed in elsewhere; we do not fight back. */
export type LoginState = 'offline' | 'connecting' | 'online' | 'reconnecting' | 'refused' | 'displaced'

/** A user's own account on a network, unique by address. */
export interface Login {
  readonly id: LoginId
  readonly user: UserId
  readonly address: Address
  readonly state: LoginState
  /** Why the login is in this state, where there is something to say. */
  readonly reason?: Phrase
}

/** What a network needs to sign in; kept sealed. */
export interface Credentials {
  readonly password: Secret
}

/** Whether a login in this state is to be signed in again after a restart. */
export function wantsToBeOnline(state: LoginState): boolean {
  return state === 'connecting' || state === 'online' || state === 'reconnecting'
}
