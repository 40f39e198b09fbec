// Who is where. Every signed-in session is reached through here and in no other way, so that several nodes can share what is said here:
// notices are plain JSON, and nothing is answered at once. This is the directory of a server with one node.
//
// An account may be signed in at several places from MSNP16 on, each with an endpoint id of its own. They share name, status and personal message;
// what was said last, wherever, counts (msnp-core.md 3.13).

import type { ClientId } from '../model/client-id.ts'
import { plainClient } from '../model/client-id.ts'
import type { Endpoint, EndpointDetails } from '../model/endpoint.ts'
import type { Personal } from '../model/personal.ts'
import type { StatusCode } from '../model/status.ts'
import type { Handle } from './handle.ts'
import type { Notice } from './notice.ts'

/** How a signed-in person shows themselves. */
export interface Showing {
  readonly handle: Handle
  readonly name: string
  readonly status: StatusCode
  /** Of the place where the status was said last. */
  readonly clientId: ClientId
  readonly object?: string
  readonly personal: Personal
  /** The places that have an id; none below MSNP16. */
  readonly endpoints: readonly Endpoint[]
}

/** How somebody showed themselves before something happened, and how they do since; absent: they were, or are, not there. */
export interface Shift {
  readonly before?: Showing | undefined
  readonly after?: Showing | undefined
}

/** A session as the directory reaches it. */
export interface DirectorySession {
  readonly handle: Handle
  readonly dialect: number
  /** Which of the owner's places this is; absent below MSNP16. */
  readonly endpoint?: string | undefined
  /** Never throws. */
  notice(notice: Notice): void
}

/** What a session says anew about its owner, or about the place that it is. */
export interface Change {
  readonly name?: string
  /** The picture goes with the status: an absent one is gone. */
  readonly status?: { readonly code: StatusCode; readonly clientId?: ClientId | undefined; readonly object?: string | undefined }
  /** What is absent in it keeps its value. */
  readonly personal?: Personal
  readonly details?: EndpointDetails
}

/** A place where somebody is and can be called. */
export interface Seat {
  /** Another number for every session. */
  readonly session: number
  readonly dialect: number
  readonly endpoint?: string
  readonly clientId: ClientId
}

/** Where somebody is signed in. */
export interface Whereabouts {
  /** How they show themselves; absent until they say. */
  readonly showing?: Showing
  /** The places that have said how the owner shows themselves; before that, nobody is called there. */
  readonly seats: readonly Seat[]
}

/** A session has come in, or there is no room for it. */
export type Entrance = { readonly number: number; readonly shift: Shift } | 'full'

export interface Directory {
  /**
   * A session has signed in. Whoever held the account before is told to go, but for other places of it: below MSNP16, and with the same
   * endpoint id, there is one.
   */
  enter(session: DirectorySession, name: string): Promise<Entrance>
  /** A session is over. One that was told to go changes nothing any more. */
  leave(session: DirectorySession): Promise<Shift>
  /** A session says something. */
  show(session: DirectorySession, change: Change): Promise<Shift>
  find(handle: Handle): Promise<Whereabouts | undefined>
  /**
   * Gives a notice to all sessions of somebody, or to the one of this number; false when there is none. Notices to one session arrive in order.
   */
  tell(handle: Handle, notice: Notice, session?: number): Promise<boolean>
}

/** More places than anybody has at once (734). */
const mostSeats = 16

interface TakenSeat {
  readonly number: number
  readonly session: DirectorySession
  /** Absent until the first status. */
  clientId?: ClientId
  details: EndpointDetails
}

/** Everything about one account; seats in the order in which they last said a status. */
interface Account {
  seats: TakenSeat[]
  name: string
  status?: StatusCode
  object?: string | undefined
  personal: Personal
}

/** The directory of one node. */
export class LocalDirectory implements Directory {
  readonly #accounts = new Map<Handle, Account>()
  #last = 0

  async enter(session: DirectorySession, name: string): Promise<Entrance> {
    const { handle } = session
    const known = this.#accounts.get(handle)
    const before = this.#showing(handle)
    const staying = known?.seats.filter((seat) => areTwoPlaces(seat.session, session)) ?? []
    if (staying.length >= mostSeats) return 'full'
    const going = known?.seats.filter((seat) => !staying.includes(seat)) ?? []
    const seat: TakenSeat = { number: ++this.#last, session, details: {} }
    if (known && staying.length > 0) Object.assign(known, { seats: [seat, ...staying], name })
    else this.#accounts.set(handle, { seats: [seat], name, personal: {} })
    for (const gone of going) gone.session.notice({ kind: 'displaced' })
    return { number: seat.number, shift: { before, after: this.#showing(handle) } }
  }

  async leave(session: DirectorySession): Promise<Shift> {
    const { handle } = session
    const account = this.#accounts.get(handle)
    const before = this.#showing(handle)
    if (!account?.seats.some((seat) => seat.session === session)) return { before, after: before }
    account.seats = account.seats.filter((seat) => seat.session !== session)
    if (account.seats.length === 0) this.#accounts.delete(handle)
    return { before, after: this.#showing(handle) }
  }

  async show(session: DirectorySession, change: Change): Promise<Shift> {
    const account = this.#accounts.get(session.handle)
    const before = this.#showing(session.handle)
    const seat = account?.seats.find((each) => each.session === session)
    if (!account || !seat) return { before, after: before }
    account.name = change.name ?? account.name
    account.personal = { ...account.personal, ...change.personal }
    seat.details = { ...seat.details, ...change.details }
    if (change.status) {
      account.status = change.status.code
      seat.details = { ...seat.details, status: change.status.code }
      account.object = change.status.object
      seat.clientId = change.status.clientId ?? seat.clientId ?? (session.dialect < 8 ? { flags: 0 } : plainClient)
      account.seats = [...account.seats.filter((each) => each !== seat), seat]
    }
    return { before, after: this.#showing(session.handle) }
  }

  async find(handle: Handle): Promise<Whereabouts | undefined> {
    const account = this.#accounts.get(handle)
    if (!account) return undefined
    const showing = this.#showing(handle)
    return { ...(showing && { showing }), seats: account.seats.flatMap(reachable) }
  }

  async tell(handle: Handle, notice: Notice, session?: number): Promise<boolean> {
    const seats = this.#accounts.get(handle)?.seats.filter(({ number }) => session === undefined || number === session) ?? []
    for (const seat of seats) seat.session.notice(notice)
    return seats.length > 0
  }

  #showing(handle: Handle): Showing | undefined {
    const account = this.#accounts.get(handle)
    const clientId = account?.seats.findLast((seat) => seat.clientId)?.clientId
    if (account?.status === undefined || !clientId) return undefined
    const { name, status, object, personal, seats } = account
    const endpoints = seats.flatMap(endpointOf).sort((one, other) => (one.id < other.id ? -1 : 1))
    return { handle, name, status, clientId, ...(object === undefined ? {} : { object }), personal, endpoints }
  }
}

function areTwoPlaces(one: DirectorySession, other: DirectorySession): boolean {
  return one.endpoint !== undefined && other.endpoint !== undefined && one.endpoint !== other.endpoint
}

function reachable({ number, session: { dialect, endpoint }, clientId }: TakenSeat): Seat[] {
  return clientId ? [{ session: number, dialect, clientId, ...(endpoint === undefined ? {} : { endpoint }) }] : []
}

function endpointOf({ session, clientId, details }: TakenSeat): Endpoint[] {
  return clientId && session.endpoint !== undefined ? [{ id: session.endpoint, clientId, details }] : []
}
