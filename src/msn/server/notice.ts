// What a session tells others' owners, and its owner's other places, through the directory. Plain JSON.

import type { Showing } from './directory.ts'
import type { Handle } from './handle.ts'

/** What is new about somebody: that they are there at all, their status, name or picture, or what they say about themselves. */
export type PresenceNews = 'all' | 'status' | 'personal'

/** An offline message that waits for the owner. */
export interface WaitingMail {
  readonly id: string
  readonly from: Handle
  readonly fromName: string
  /** Milliseconds since 1970. */
  readonly at: number
  /** Of the whole message, in bytes. */
  readonly size: number
}

export type Notice =
  /** Somebody came, changed or went; `showing` is absent when they are gone. */
  | { readonly kind: 'presence'; readonly handle: Handle; readonly showing?: Showing; readonly news: PresenceNews }
  /** The owner shows themselves like this now: for their places from MSNP16 on. */
  | { readonly kind: 'self'; readonly showing: Showing }
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
  /** The owner's lists or groups have changed, by another place of theirs or over the web; `by` is the session that needs not be told. */
  | { readonly kind: 'book'; readonly by?: number }
  /** Somebody on the owner's list has another phone number; an empty value clears it. `serial` is that of the owner's list. */
  | { readonly kind: 'property'; readonly handle: Handle; readonly key: string; readonly value: string; readonly serial: string }
  /** Somebody sends something past the boards (UUN), from a place of theirs and, where one is named, for one place of the owner alone. */
  | {
      readonly kind: 'note'
      readonly handle: Handle
      readonly sender?: string
      readonly endpoint?: string
      /** The place that needs not be told, because it says this to the owner's other places. */
      readonly by?: string
      readonly type: string
      /** One character for each byte. */
      readonly payload: string
    }
  /** An offline message was stored for the owner. */
  | { readonly kind: 'mail'; readonly message: WaitingMail }
  /** The owner has deleted so many of them. */
  | { readonly kind: 'mail-deleted'; readonly count: number }
  /** The owner signed in somewhere else. */
  | { readonly kind: 'displaced' }
