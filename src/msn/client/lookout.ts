// What the server tells of how people look: contacts and, from MSNP16 on, ourselves as our other places are (msnp-core.md 3.11, 3.13).

import type { Status } from '../../core/signal.ts'
import { readOwnPlaces, readPersonal } from '../dialect/personal.ts'
import { readOffline, readOnline, readPersonalOf } from '../dialect/presence.ts'
import type { Endpoint } from '../model/endpoint.ts'
import { readMedia } from '../model/media.ts'
import type { StatusCode } from '../model/status.ts'
import { statusOf } from '../model/status.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { keyOf } from './handle.ts'

/** What a contact shows, or the part of it that changed. */
export interface Sight {
  readonly handle: string
  readonly status?: Status
  readonly name?: string
  /** The personal message; where there is none, what they listen to. */
  readonly message?: string
}

/** One of our own places, or another of them. */
export type OwnPlace = Pick<Endpoint, 'id' | 'details'>

/** What we ourselves show: all places together (MSNP18), or each. */
export type OwnSight = { readonly status: StatusCode; readonly object?: string } | { readonly places: readonly OwnPlace[] }

export interface LookoutListener {
  sight(sight: Sight): void
  ownSight(sight: OwnSight): void
}

export class Lookout {
  readonly #account: string
  readonly #listener: LookoutListener

  constructor(account: string, listener: LookoutListener) {
    this.#account = keyOf(account)
    this.#listener = listener
  }

  /** ILN and NLN. */
  online(dialect: Dialect, command: Command): void {
    const seen = readOnline(dialect, command)
    if (!seen) return
    const { handle, status, name, object } = seen
    if (this.#isOurs(handle)) this.#listener.ownSight({ status, ...(object !== undefined && { object }) })
    else this.#listener.sight({ handle, status: statusOf(status), name })
  }

  /** FLN. */
  offline(dialect: Dialect, command: Command): void {
    const gone = readOffline(dialect, command)
    if (gone && !this.#isOurs(gone.handle)) this.#listener.sight({ handle: gone.handle, status: 'offline' })
  }

  /** UBX. */
  personal(dialect: Dialect, command: Command): void {
    const who = readPersonalOf(dialect, command)
    const { payload } = command
    if (!who || !payload) return
    if (this.#isOurs(who.handle)) this.#listener.ownSight({ places: readOwnPlaces(payload) })
    else this.#tell(who.handle, payload)
  }

  #tell(handle: string, payload: Uint8Array): void {
    const personal = readPersonal(payload)
    if (personal) this.#listener.sight({ handle, message: personal.message || (readMedia(personal.media ?? '') ?? '') })
  }

  #isOurs(handle: string): boolean {
    return keyOf(handle) === this.#account
  }
}
