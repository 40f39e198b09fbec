// What every session of the server works with. Put together in server.ts.

import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Tickets } from '../../core/stores.ts'
import type { Timers } from '../../core/timers.ts'
import type { Accounts } from './accounts.ts'
import type { Books } from './books.ts'
import type { Directory } from './directory.ts'
import type { Edits } from './edits.ts'
import type { Handle } from './handle.ts'
import type { Limits } from './limits.ts'
import type { OfflineMessages } from './offline.ts'
import type { Peer } from './peer.ts'
import type { Presence } from './presence.ts'
import type { Profiles } from './profiles.ts'
import type { SignInTries } from './sign-in-tries.ts'
import type { Strangers } from './strangers.ts'
import type { Tokens } from './tokens.ts'

export interface Services {
  /** Where the server's own pages would be. */
  readonly domain: string
  /** Whether clients have to prove that they are official ones. */
  readonly challenge: boolean
  /** The lowest version of clients that are let in without being told to upgrade. */
  readonly oldestClient: string | undefined
  readonly limits: Limits
  readonly signInTries: SignInTries
  readonly accounts: Accounts
  readonly books: Books
  readonly directory: Directory
  readonly edits: Edits
  readonly offline: OfflineMessages
  readonly presence: Presence
  readonly profiles: Profiles
  readonly tickets: Tickets
  readonly tokens: Tokens
  readonly log: Logger
  readonly clock: Clock
  readonly timers: Timers
  /** Whether an address belongs to people who are here without an account, through the gateway. */
  isHostedAddress(email: string): boolean
  readonly strangers: Strangers
  /** Gets a hosted person signed in. False when that cannot be. Never throws. */
  summon(handle: Handle): Promise<boolean>
  /** Where everybody reaches the switchboard, `host:port`, if the operator says so. */
  advertised(): string | undefined
  /** Where a client reaches the switchboard: `host:port`. */
  boardAddress(peer: Peer): string
  /** Where a client that came to the dispatch server reaches the notification server: `host:port`. */
  notificationAddress(peer: Peer): string
  /** Ends the chats of a notification session, by its number in the directory. */
  leaveBoards(session: number): void
}

/** What the tickets are for. */
export const ticketPurpose = {
  /** Got for a password over HTTP; opens a notification server or the web services: tokens.ts. */
  token: 'msn-token',
  /** Handed to our own sessions; opens a notification server for somebody hosted. */
  hosted: 'msn-hosted',
  /** Got by XFR or RNG; opens a switchboard. */
  board: 'msn-board',
} as const
