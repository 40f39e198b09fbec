// What a network tells the gateway.

import type { Address } from './address.ts'
import type { Brand } from './brand.ts'
import type { Contact } from './contact.ts'
import type { Attendance, Quote, Utterance } from './content.ts'
import type { Conversation } from './conversation.ts'
import type { DeliveryId } from './delivery.ts'
import type { PictureRef } from './ghost.ts'
import type { LoginId, LoginState } from './login.ts'
import type { Presence } from './signal.ts'
import type { Phrase } from './words.ts'

/** What a network calls a message: an event id, a stanza id. Made up by the adapter where the network has none. */
export type RemoteId = Brand<'RemoteId'>

/** Somebody said something. What is `from` our own chair was said there by other means than ours, at the user's own client. */
export interface MessageEvent {
  readonly kind: 'message'
  readonly id: RemoteId
  readonly conversation: Conversation
  readonly from: Address
  /** Whom the ghost in the conversation stands for, where the network knows: should the portal be forgotten, it is opened again. */
  readonly with?: Address
  /** The sender's name as the network gave it along with the message. */
  readonly fromName?: string
  readonly content: Utterance
  /** What it answers, or the beginning of the thread in which it was said. */
  readonly about?: { readonly id: RemoteId; readonly how: Quote['how'] }
  /** When it was said, in milliseconds since 1970. */
  readonly sentAt: number
  /** The delivery that the sender put into the message, which shows that it came from us. */
  readonly delivery?: DeliveryId
}

/** Somebody took back what was said. */
export interface RedactionEvent {
  readonly kind: 'redaction'
  readonly id: RemoteId
  readonly conversation: Conversation
  /** What is taken back. */
  readonly of: RemoteId
  readonly by: Address
}

/** A conversation goes on as another, such as a room that was upgraded. */
export interface MovedEvent {
  readonly kind: 'moved'
  readonly conversation: Conversation
  readonly to: Conversation
}

/**
 * Somebody from a user's home opened a chat with a ghost, came into one to which the ghost had invited them, declined to come, or left one.
 * `ended`: our ghost was thrown out, or the chat goes on where we cannot follow. `unreadable`: what they say there reaches us in a form that we cannot read.
 */
export interface ConversationEvent {
  readonly kind: 'conversation'
  readonly change: 'opened' | 'joined' | 'declined' | 'left' | 'ended' | 'unreadable'
  readonly conversation: Conversation
  readonly by: Address
  /** What they are called at home, where the network knows. */
  readonly byName?: string
  /** Whom the ghost in it stands for. */
  readonly with: Address
  /** Why it ended, where the user may not have seen it. */
  readonly reason?: Phrase
}

/**
 * Somebody came into a chat of several, or left it, or was asked by a user to come into the room of one. `who` lives on the network that tells
 * (our own chair there never comes or goes), but for `invited`: then they are whom a ghost stands for.
 */
export interface AttendanceEvent extends Attendance {
  readonly id: RemoteId
  readonly conversation: Conversation
  /** Who made it happen; only where that was a user. */
  readonly by?: Address
  /** They were invited and declined; only where that was a user. */
  readonly declined?: true
}

export interface TypingEvent {
  readonly kind: 'typing'
  readonly conversation: Conversation
  readonly from: Address
  readonly typing: boolean
}

/** Somebody put one of our people on their list, and waits for an answer before they may see them. The same once more is no news. */
export interface AskedEvent {
  readonly kind: 'asked'
  readonly by: Address
  readonly byName?: string
  /** What they wrote. */
  readonly text?: string
  /** Who is asked: our chair. */
  readonly of: Address
}

/** Somebody whom one of us watches changed their status; or somebody did at a home of ours. */
export interface PresenceEvent {
  readonly kind: 'presence'
  readonly of: Address
  /** Who watches: our chair. Absent for somebody at home. */
  readonly seenBy?: Address
  readonly presence: Presence
  readonly name?: string
}

/** Somebody shows another display picture, or none any more. The same once more is no news. */
export interface PictureEvent {
  readonly kind: 'picture'
  readonly of: Address
  /** Absent: none. */
  readonly picture?: PictureRef
}

/** Somebody at a home of ours did something that shows that they are there: they read. What they say and type shows it as well. */
export interface ActivityEvent {
  readonly kind: 'activity'
  readonly of: Address
}

/** The list of a login, whole (after sign-in), or the contacts of it that changed. */
export interface ContactEvent {
  readonly kind: 'contacts'
  readonly login: LoginId
  readonly whole: boolean
  readonly contacts: readonly Contact[]
}

/** The list changed that a network keeps for one of us who is hosted there. */
export interface ListEvent {
  readonly kind: 'list'
  /** Our chair. */
  readonly of: Address
}

export interface LoginStateEvent {
  readonly kind: 'login-state'
  readonly login: LoginId
  readonly state: LoginState
  readonly reason?: Phrase
}

/** Text for our bot. It may be a password, so it is never queued, stored or logged. */
export interface RequestEvent {
  readonly kind: 'request'
  readonly id: RemoteId
  readonly conversation: Conversation
  readonly from: Address
  readonly text: string
  /** Whether nobody but the user and our bot is there. */
  readonly isPrivate: boolean
  /** What text for our bot begins with where it is not alone with the user. */
  readonly prefix: string
  /** What it answers: the message that it is about. */
  readonly about?: RemoteId
  /** Takes the text out of the conversation, where the network can. */
  redact(): Promise<void>
}

export type NetworkEvent =
  | MessageEvent
  | RedactionEvent
  | ConversationEvent
  | MovedEvent
  | AttendanceEvent
  | AskedEvent
  | TypingEvent
  | PresenceEvent
  | ActivityEvent
  | PictureEvent
  | ContactEvent
  | ListEvent
  | LoginStateEvent
  | RequestEvent

/** Resolves once the event is safe: what it asks for is done, or durably queued. */
export type EventSink = (event: NetworkEvent) => Promise<void>
