// What a session is made of, and what it tells.

import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { LoginState } from '../../core/login.ts'
import type { Timers } from '../../core/timers.ts'
import type { Phrase } from '../../core/words.ts'
import type { Dialect } from '../wire/dialect.ts'
import type { MimeMessage } from '../wire/mime.ts'
import type { Trace } from './connection.ts'
import type { MsnContact } from './contact-book.ts'
import type { Dial, Place } from './dialler.ts'
import type { ContactPresence } from './sightings.ts'
import type { Credential } from './sign-in.ts'
import type { WebServices } from './web-ports.ts'

/** What somebody said to us. Accounts are in small letters here as everywhere that the session tells of one. */
export interface IncomingMessage {
  /** Made up here, because MSN has no ids for messages; but one that was left for us keeps its own for as long as the server keeps it. */
  readonly id: string
  /** The one contact we talk with; absent on a board that ever had a third person. */
  readonly peer?: string
  /** The chat of several that it was said in, the same as long as that lives; absent where `peer` is there. */
  readonly board?: string
  /** Everybody but us, the sender included. */
  readonly participants: readonly string[]
  readonly from: string
  readonly fromName: string
  /** We said it ourselves, with another client (MSNP16 and later); `from` is our own account. */
  readonly own?: true
  readonly message: MimeMessage
  /** Milliseconds since 1970. */
  readonly receivedAt: number
  /** It was left for us while we were not there. */
  readonly offline?: true
  /** When it was said, where that is known: milliseconds since 1970. */
  readonly sentAt?: number
}

export interface SessionHandlers {
  /** Resolves once the message is safe; the next one of its board waits for that. */
  onMessage(message: IncomingMessage): Promise<void>
  /** `board` is the chat of several in which somebody types. */
  onTyping(account: string, board?: string): void
  /** Who is in a chat of several but us, whenever that changes; nobody when it is over. Comes in its place among the messages, which wait for it. */
  onPeople?(board: string, people: readonly string[]): Promise<void>
  onPresence(presence: ContactPresence): void
  /** The whole list after each sign-in, then the contacts that changed; one with no lists is gone. */
  onContacts(whole: boolean, contacts: readonly MsnContact[]): void
  onState(state: LoginState, reason?: Phrase): void
}

export interface SessionOptions extends SessionHandlers {
  readonly account: string
  readonly credential: Credential
  readonly dial: Dial
  readonly server: Place
  /** Whatever needs a web service that is absent below is not offered. */
  readonly dialects: readonly Dialect[]
  /** The web services of the network; without its address book MSNP13 and later are not offered, without its tickets 15 and later. */
  readonly web?: WebServices
  /** What tells this installation from others that sign the same account in: each is an endpoint of its own (MSNP16 and later). Any text; absent: made up. */
  readonly installation?: string
  /** The name that others shall see; absent: what the server has. */
  readonly name?: string
  readonly log: Logger
  readonly clock: Clock
  readonly timers?: Timers
  /** Gives numbers from 0 up to 1, for waits that differ between sessions. */
  readonly random?: () => number
  readonly trace?: Trace
  /** Whether the server is our own, which is told what became of each message that it relays. */
  readonly hosted?: boolean
}
