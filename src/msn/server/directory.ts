// Who is where. Every signed-in session is reached through here and in no other way, so that several nodes can share what is said here:
// notices are plain JSON, and nothing is answered at once. This is the directory of a server with one node.

import type { ClientId } from '../model/client-id.ts'
import type { Personal } from '../model/personal.ts'
import type { StatusCode } from '../model/status.ts'
import type { Handle } from './handle.ts'

/** How a signed-in person shows themselves. */
export interface Showing {
  readonly handle: Handle
  readonly name: string
  readonly status: StatusCode
  readonly clientId: ClientId
  readonly object?: string
  readonly personal: Personal
}

/** What is new about somebody: that they are there at all, their status, name or picture, or their personal message. */
export type PresenceNews = 'all' | 'status' | 'personal'

/** What one session has to tell another's owner. */
export type Notice =
  /** Somebody came, changed or went; `showing` is absent when they are gone. */
  | { readonly kind: 'presence'; readonly handle: Handle; readonly showing?: Showing; readonly news: PresenceNews }
  /** Somebody calls. */
  | {
      readonly kind: 'ring'
      readonly session: string
      /** Where the board is, `host:port`; absent: where the owner reached us. */
      readonly address?: string
      readonly ticket: string
      readonly handle: Handle
      readonly name: string
    }
  /** Somebody put the owner on their list, or took them off; `serial` is that of the owner's list afterwards. */
  | { readonly kind: 'added'; readonly handle: Handle; readonly name: string; readonly serial: number }
  | { readonly kind: 'removed'; readonly handle: Handle; readonly serial: number }
  /** The owner signed in somewhere else. */
  | { readonly kind: 'displaced' }

/** A session as the directory reaches it. */
export interface DirectorySession {
  readonly handle: Handle
  readonly dialect: number
  /** Never throws. */
  notice(notice: Notice): void
}

/** Where somebody is signed in. */
export interface Whereabouts {
  /** Another number for every session. */
  readonly session: number
  readonly dialect: number
  /** How they show themselves; absent until they say. */
  readonly showing?: Showing
}

export interface Directory {
  /** A session has signed in; gives its number. Whoever held the account before is told to go. */
  enter(session: DirectorySession): Promise<number>
  /** A session is over. True when it held the account to the end. */
  leave(session: DirectorySession): Promise<boolean>
  /** A session shows itself from now on like this. */
  show(session: DirectorySession, showing: Showing): Promise<void>
  find(handle: Handle): Promise<Whereabouts | undefined>
  /** Gives a notice to whoever is signed in as this; false when nobody is. Notices to one session arrive in order. */
  tell(handle: Handle, notice: Notice): Promise<boolean>
}

interface Entry {
  readonly number: number
  readonly session: DirectorySession
  showing?: Showing
}

/** The directory of one node. */
export class LocalDirectory implements Directory {
  readonly #entries = new Map<Handle, Entry>()
  #last = 0

  async enter(session: DirectorySession): Promise<number> {
    const before = this.#entries.get(session.handle)
    const number = ++this.#last
    this.#entries.set(session.handle, { number, session })
    before?.session.notice({ kind: 'displaced' })
    return number
  }

  async leave(session: DirectorySession): Promise<boolean> {
    if (this.#entries.get(session.handle)?.session !== session) return false
    return this.#entries.delete(session.handle)
  }

  async show(session: DirectorySession, showing: Showing): Promise<void> {
    const entry = this.#entries.get(session.handle)
    if (entry?.session === session) entry.showing = showing
  }

  async find(handle: Handle): Promise<Whereabouts | undefined> {
    const entry = this.#entries.get(handle)
    if (!entry) return undefined
    return {
      session: entry.number,
      dialect: entry.session.dialect,
      ...(entry.showing === undefined ? {} : { showing: entry.showing }),
    }
  }

  async tell(handle: Handle, notice: Notice): Promise<boolean> {
    const entry = this.#entries.get(handle)
    entry?.session.notice(notice)
    return entry !== undefined
  }
}
