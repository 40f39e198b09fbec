// Ports: what must be remembered.

import type { Address, NetworkId } from './address.ts'
import type { Contact } from './contact.ts'
import type { Conversation, ConversationKey } from './conversation.ts'
import type { Delivery, DeliveryId, Gist } from './delivery.ts'
import type { RemoteId } from './event.ts'
import type { Ghost } from './ghost.ts'
import type { LineId } from './line.ts'
import type { Credentials, Login, LoginId, LoginState } from './login.ts'
import type { Anchor, End, Portal, PortalId } from './portal.ts'
import type { User, UserId } from './user.ts'
import type { Phrase } from './words.ts'

export interface Users {
  /** The user who lives at this address; made when there is none. */
  at(home: Address): Promise<User>
  find(home: Address): Promise<User | undefined>
  get(id: UserId): Promise<User | undefined>
  /** Remembers where the user talks with our bot. */
  setManagement(id: UserId, conversation: Conversation): Promise<void>
  /** Shuts a user out, or lets them in again. */
  setBlocked(id: UserId, isBlocked: boolean): Promise<void>
  all(): AsyncIterable<User>
}

export interface Logins {
  /** Makes or replaces the login of this address. Undefined when the address is another user's login. Credentials are sealed before they are written. */
  save(user: UserId, address: Address, credentials: Credentials): Promise<Login | undefined>
  get(id: LoginId): Promise<Login | undefined>
  find(address: Address): Promise<Login | undefined>
  of(user: UserId): Promise<Login[]>
  all(): AsyncIterable<Login>
  credentials(id: LoginId): Promise<Credentials | undefined>
  /** What is not given of the past is forgotten. */
  setState(id: LoginId, state: LoginState, reason?: Phrase, past?: Pick<Login, 'since' | 'isTold'>): Promise<void>
  /** Forgets the login, its credentials and its contacts. */
  remove(id: LoginId): Promise<void>
}

export interface Contacts {
  /** Replaces the whole list of a login. */
  replace(login: LoginId, contacts: readonly Contact[]): Promise<void>
  /** Writes the contacts that changed; one with no lists is forgotten. */
  update(login: LoginId, contacts: readonly Contact[]): Promise<void>
  of(login: LoginId): Promise<Contact[]>
}

export interface Ghosts {
  get(of: Address, on: NetworkId): Promise<Ghost | undefined>
  save(ghost: Ghost): Promise<void>
  /** Every ghost that lives on a network. */
  on(network: NetworkId): AsyncIterable<Ghost>
}

export interface Portals {
  /** The portal of this anchor; made when there is none. Claimed once, however many ask at the same time. */
  claim(anchor: Anchor, user: UserId): Promise<Portal>
  get(id: PortalId): Promise<Portal | undefined>
  /** The portal that a conversation is an end of, and which end. */
  find(conversation: Conversation): Promise<{ portal: Portal; end: End } | undefined>
  /** Binds a room where there is none, or where `instead` is bound. Gives the portal as it then is. */
  bind(id: PortalId, room: Conversation, instead?: Conversation): Promise<Portal | undefined>
  /** Unbinds this room if it is the one that is bound. */
  unbind(id: PortalId, room: Conversation): Promise<void>
  /** Whether others in the room speak through the user's chair. */
  setRelays(id: PortalId, relays: boolean): Promise<void>
  /** Forgets a portal; the next word makes a new one. */
  remove(id: PortalId): Promise<void>
  all(): AsyncIterable<Portal>
}

/** A message as each side knows it. */
export interface Remembered {
  readonly delivery: DeliveryId
  /** The message as the network it went to calls it. */
  readonly sent: { readonly conversation: Conversation; readonly id: RemoteId }
  /** The message that it carries on. */
  readonly origin?: { readonly conversation: Conversation; readonly id: RemoteId }
  /** Sealed where it is kept. */
  readonly gist?: Gist
  /** When it was taken in and when it arrived, in milliseconds since 1970. */
  readonly queuedAt?: number
  readonly arrivedAt: number
  /** What the network that took it tells of its way there. */
  readonly steps?: readonly Step[]
}

export interface Messages {
  remember(message: Remembered): Promise<void>
  /** Whether a message of this conversation is one that we sent. */
  isOurs(conversation: Conversation, id: RemoteId): Promise<boolean>
  /** The message that a conversation knows by this id, whether we sent it there or carried it on from there. Forgotten after 30 days. */
  find(conversation: Conversation, id: RemoteId): Promise<Remembered | undefined>
  /** Remembers what our bot told of a message, so that it can tell it otherwise later. */
  rememberNotice(delivery: DeliveryId, sent: Remembered['sent']): Promise<void>
  /** What was told by this delivery. */
  noticeOf(delivery: DeliveryId): Promise<Remembered['sent'] | undefined>
}

/** What happened to a delivery on its way. */
export interface Step {
  /** In milliseconds since 1970. */
  readonly at: number
  readonly phrase: Phrase
}

/** The ways of deliveries that did not arrive at the first try. */
export interface Traces {
  /** Notes a step; the oldest of too many are forgotten. */
  note(delivery: DeliveryId, step: Step): Promise<void>
  of(delivery: DeliveryId): Promise<readonly Step[]>
}

/** Where a talk between a user and our bot stands. */
export interface Dialogue {
  readonly command: string
  readonly answers: Readonly<Record<string, string>>
  /** The conversation in which it is held; absent: it has ended. */
  readonly in?: ConversationKey
  /** The request that brought the talk here; the same one again is a replay. */
  readonly by: RemoteId
}

/** Talks with our bot that wait for an answer. They are forgotten after a while. Never holds a secret. */
export interface Dialogues {
  get(user: UserId): Promise<Dialogue | undefined>
  set(user: UserId, dialogue: Dialogue): Promise<void>
  end(user: UserId): Promise<void>
}

/** What is known of a delivery that was taken out of its line. */
export interface Cancelled {
  /** Whether its sender was told that it waits. */
  readonly wasTold: boolean
  /** Whether an earlier try may have reached the network without our knowing. */
  readonly wasTried: boolean
}

/** What is still to be delivered, in order. */
export interface Outbox {
  /** Appends a delivery to its line and wakes the line. False when this id was there before. */
  push(delivery: Delivery): Promise<boolean>
  /** Takes a delivery out. Undefined when it is not there, or under way; with `untried`, also when an earlier try may have reached the network. */
  cancel(line: LineId, id: DeliveryId, which?: { readonly untried: true }): Promise<Cancelled | undefined>
  /**
   * Puts another delivery with the same id and line in the place of one that was not tried yet. False when that is too late. It is done once for each
   * `change`, which cannot be pushed afterwards.
   */
  replace(delivery: Delivery, change: DeliveryId): Promise<boolean>
  /** A delivery that is still in its line. */
  get(line: LineId, id: DeliveryId): Promise<Delivery | undefined>
  /** The changes of a message that are still in its line. */
  changesOf(line: LineId, message: RemoteId): Promise<readonly Delivery[]>
  /** How many deliveries of a line stand before one, that of its head being 0; undefined when it is not there. */
  placeOf(line: LineId, id: DeliveryId): Promise<number | undefined>
  /** Wakes the lines that wait for somebody. */
  returned(who: Address): Promise<void>
}

/** Records that a network keeps for itself, `noun` by `noun`. What comes back is `unknown` until the network has parsed it. */
export interface Records {
  get(noun: string, id: string): Promise<unknown>
  /**
   * Changes one record in one step: `change` sees what is there (undefined: nothing) and gives what shall be there (undefined: nothing).
   * It is called again when somebody else was faster, so it must be pure. Gives what is there afterwards.
   */
  update(noun: string, id: string, change: (current: unknown) => unknown): Promise<unknown>
  /** Every record of a noun, in no order. */
  list(noun: string): AsyncIterable<readonly [id: string, record: unknown]>
}

/** Short-lived proofs. A token cannot be guessed and says nothing by itself. */
export interface Tickets {
  /** Makes a token that stands for `claim` for so many seconds. */
  issue(purpose: string, claim: unknown, seconds: number): Promise<string>
  /** What a token stands for; it stays good. */
  check(purpose: string, token: string): Promise<unknown>
  /** What a token stands for; it is used up. */
  redeem(purpose: string, token: string): Promise<unknown>
}
