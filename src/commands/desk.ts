// What the commands need done. The gateway's parts stand behind it; the commands know only this.

import type { Address, NetworkId } from '../core/address.ts'
import type { Arrangement, ContactChange, ListedContact } from '../core/contact.ts'
import type { Conversation } from '../core/conversation.ts'
import type { RemoteId } from '../core/event.ts'
import type { Level } from '../core/level.ts'
import type { Credentials, Login } from '../core/login.ts'
import type { Portal } from '../core/portal.ts'
import type { Secret } from '../core/secret.ts'
import type { Look } from '../core/signal.ts'
import type { Step } from '../core/stores.ts'
import type { User } from '../core/user.ts'

/** A chat with a contact, or with several. */
export interface Chat {
  readonly portal: Portal
  /** Absent where they are several. */
  readonly contact?: Address
  /** Whoever is at the other end, as the portal's user reads it. */
  readonly name: string
}

/** How long a home took to answer, in milliseconds; absent: it did not. */
export interface Ping {
  readonly network: NetworkId
  readonly took?: number
}

export interface Desk {
  /** Of this gateway. */
  readonly version: string
  /** The networks that one signs in to. */
  linkable(): readonly NetworkId[]
  /** Who the user is on the networks where they need no account. */
  hostedAs(user: User): readonly Address[]
  /** The user's accounts on networks that one signs in to. */
  logins(user: User): Promise<readonly Login[]>
  /** How many people are on the forward list of a login. */
  friends(login: Login): Promise<number>
  /** Seals the credentials and begins to sign in; resolves once they are safe. Undefined when another user has this account. */
  link(user: User, account: Address, credentials: Credentials, cause: string): Promise<Login | undefined>
  unlink(login: Login): Promise<void>
  /** Signs in again with the password that we keep; resolves once that has begun. False when there is none. */
  relogin(login: Login, cause: string): Promise<boolean>
  /** Takes a token by which we can speak as the user at home. False where that home knows no such thing. */
  lend(user: User, token: Secret, cause: string): Promise<boolean>
  /** Forgets that token. False when there is none. */
  takeBack(user: User): Promise<boolean>
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
  /** Reads the list again, and puts ghosts and shelves in order. Throws a DeliveryError. */
  sync(user: User, chair: Address): Promise<void>

  /** The chat that a room is. */
  chatIn(room: Conversation): Promise<Chat | undefined>
  /** What leads a user to a room. */
  linkTo(room: Conversation): string
  /** What leads a user to where they are alone with our bot. */
  officeOf(user: User): string
  /** Opens a chat with somebody, where there is none yet, and gives its room. Throws a DeliveryError. */
  startChat(user: User, chair: Address, who: Address): Promise<Conversation | undefined>
  /** Calls several people into a chat, and gives its room. Throws a DeliveryError. */
  createGroup(user: User, chair: Address, people: readonly Address[]): Promise<Conversation | undefined>
  /** Makes a room the chat with somebody. Gives the room that the chat then has: another, where it had one. Throws a DeliveryError. */
  bridge(user: User, chair: Address, who: Address, room: Conversation): Promise<Conversation | undefined>
  /** Takes our ghosts out of the room of a chat. Throws a DeliveryError. */
  unbridge(portal: Portal): Promise<void>
  /** Forgets a chat, and closes its room. Throws a DeliveryError. */
  forget(portal: Portal): Promise<void>
  /** Whether others in a room speak through the chair of its user. */
  setRelays(portal: Portal, relays: boolean): Promise<void>
  /** Nudges whoever is at the other end of a chat, in order with what was said before; `cause` names it there. Resolves once it is safe. */
  nudge(user: User, room: Conversation, cause: RemoteId): Promise<void>
  /** What happened to a message of a room, or to the last that the user said in it. Undefined where nothing is known of it. */
  steps(user: User, room: Conversation, message: RemoteId | undefined): Promise<readonly Step[] | undefined>

  /** How long each home takes to answer. */
  ping(): Promise<readonly Ping[]>
  /** The user who lives at an address, in the spelling of somebody's own home. Undefined where nobody does who ever used us. */
  userAt(text: string, like: User): Promise<User | undefined>
  users(): AsyncIterable<User>
  /** What a user may do. */
  levelOf(user: User): Promise<Level>
  /** Shuts a user out and signs out their accounts, or lets them in and signs those in again. */
  setBlocked(user: User, isBlocked: boolean): Promise<void>
}
