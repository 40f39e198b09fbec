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
  /** Since when it is so, in milliseconds since 1970; that it connects and that it connects anew is one thing. */
  readonly since?: number
  /** Whether its user was told that it is so. */
  readonly isTold?: true
}

/** What a network needs to sign in; kept sealed. */
export interface Credentials {
  readonly password: Secret
}

/** Whether a login in this state is on its way to be online. */
export function isUnderWay(state: LoginState): boolean {
  return state === 'connecting' || state === 'reconnecting'
}

/** Whether a login in this state is to be signed in again after a restart. */
export function wantsToBeOnline(state: LoginState): boolean {
  return state === 'online' || isUnderWay(state)
}
