// What the commands need done. The gateway's parts stand behind it; the commands know only this.

import type { Address, NetworkId } from '../core/address.ts'
import type { Arrangement, ContactChange, ListedContact } from '../core/contact.ts'
import type { Credentials, Login } from '../core/login.ts'
import type { Look } from '../core/signal.ts'
import type { User } from '../core/user.ts'

export interface Desk {
  /** The networks that one signs in to. */
  linkable(): readonly NetworkId[]
  /** Who the user is on the networks where they need no account. */
  hostedAs(user: User): readonly Address[]
  logins(user: User): Promise<readonly Login[]>
  /** How many people are on the forward list of a login. */
  friends(login: Login): Promise<number>
  /** Seals the credentials and begins to sign in; resolves once they are safe. Undefined when another user has this account. */
  link(user: User, account: Address, credentials: Credentials, cause: string): Promise<Login | undefined>
  unlink(login: Login): Promise<void>
  /** Signs in again with the password that we keep; resolves once that has begun. False when there is none. */
  relogin(login: Login, cause: string): Promise<boolean>
  /** Who the user is on each network: where they need no account, and their logins. */
  chairs(user: User): Promise<readonly Address[]>
  /** Everybody on the lists of one of them. Throws a DeliveryError. */
  contacts(chair: Address): Promise<readonly ListedContact[]>
  /** Changes such a list. Throws a DeliveryError. */
  edit(chair: Address, change: ContactChange, who: Address): Promise<void>
  /** Names a contact on such a list, or changes its groups. Throws a DeliveryError. */
  arrange(chair: Address, arrangement: Arrangement): Promise<void>
  /** Changes how the user is seen. Throws a DeliveryError. */
  show(chair: Address, look: Look): Promise<void>
}
