// The port that every network implements, and its optional abilities.

import type { Address, NetworkId } from './address.ts'
import type { Conversation } from './conversation.ts'
import type { Parcel } from './delivery.ts'
import type { EventSink, RemoteId } from './event.ts'
import type { Ghost } from './ghost.ts'
import type { Credentials, Login, LoginId } from './login.ts'
import type { PortalId } from './portal.ts'
import type { Signal } from './signal.ts'
import type { Phrase } from './words.ts'

/** home: users live here. linked: users have accounts here and lend them to us. hosted: users are here as themselves. */
export type Face = 'home' | 'linked' | 'hosted'

/** What is needed to make a user's side of a portal exist. */
export interface Opening {
  readonly portal: PortalId
  /** The ghost, on this network, of the person on the other side. */
  readonly as: Address
  /** The user's home on this network. */
  readonly user: Address
}

/** One network of the gateway. */
export interface Network {
  readonly id: NetworkId
  readonly face: Face
  /** The account of our bot, on a home network. */
  readonly bot?: Address
  /** Begins to tell of events. The sink resolves once an event is safe, and rejects when it could not be made safe. */
  start(sink: EventSink): Promise<void>
  /** Ends; resolves when nothing is in flight. */
  stop(): Promise<void>
  /** Who stands here for somebody from elsewhere; undefined where we can have no such account. Pure. */
  ghostOf(person: Address): Address | undefined
  /** Whom an address of this network stands for, if it is one of our ghosts. Pure. */
  behind(address: Address): Address | undefined
  /** Signs a login in. A refusal is a login-state event, not an exception. Only on linked networks. */
  connect(login: Login, credentials: Credentials): Promise<void>
  /** Signs a login out; resolves also when it was not signed in. */
  disconnect(login: LoginId): Promise<void>
  /** Makes our side of a portal exist: a room and an invitation. Twice is the same as once. Only on home networks. */
  open(opening: Opening): Promise<Conversation>
  /** Resolves when the network has taken the parcel; throws a DeliveryError. */
  deliver(parcel: Parcel): Promise<RemoteId>
  /** Now or never; never throws. */
  signal(signal: Signal): void
}

/** A network on which a ghost can be given a face before anybody talks to it. */
export interface IntroducesGhosts {
  /** Makes the ghost exist and look as given. Twice is the same as once. Throws a DeliveryError. */
  introduce(ghost: Ghost): Promise<void>
}

/** A network with a way to say to its user "use that room": where a second room was opened for a portal that has one. */
export interface TurnsAway {
  /** Takes our ghost out of a conversation, saying why. */
  turnAway(conversation: Conversation, as: Address, phrase: Phrase): Promise<void>
}

/** Whether a network can introduce ghosts. */
export function introducesGhosts(network: Network): network is Network & IntroducesGhosts {
  return 'introduce' in network
}

/** Whether a network can turn somebody away. */
export function turnsAway(network: Network): network is Network & TurnsAway {
  return 'turnAway' in network
}
