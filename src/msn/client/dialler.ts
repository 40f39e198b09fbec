// Connections, opened by whoever was given to us for that, and given up when nobody answers.

import type { Duplex } from 'node:stream'
import type { Dialect } from '../wire/dialect.ts'
import type { ConnectionOptions, Role } from './connection.ts'
import { Connection } from './connection.ts'
import { ClientError } from './errors.ts'

/** Where a server is. */
export interface Place {
  readonly host: string
  readonly port: number
}

/** Opens a connection to a server. */
export type Dial = (to: { readonly role: Role } & Place) => Promise<Duplex>

/** In milliseconds. */
const patience = 30_000

export class Dialler {
  readonly #dial: Dial
  readonly #options: Omit<ConnectionOptions, 'role' | 'dialect'>
  #hangUp = new AbortController()

  constructor(dial: Dial, options: Omit<ConnectionOptions, 'role' | 'dialect'>) {
    this.#dial = dial
    this.#options = options
  }

  /** Dials again, after `close`. */
  open(): void {
    this.#hangUp = new AbortController()
  }

  /** Gives up what is being dialled. */
  close(): void {
    this.#hangUp.abort()
  }

  /** Opens a connection. Rejects with `connection-lost`, after 30 s at the latest. */
  async dial(role: Role, place: Place, dialect?: Dialect): Promise<Connection> {
    try {
      const stream = await this.#answered(this.#dial({ role, ...place }))
      return new Connection(stream, { ...this.#options, role, dialect })
    } catch (cause) {
      throw new ClientError('connection-lost', `${role}: ${place.host}:${place.port} cannot be reached`, { cause })
    }
  }

  /** An answer that comes too late is not taken. */
  async #answered(dialling: Promise<Duplex>): Promise<Duplex> {
    const given = Promise.withResolvers<never>()
    const giveUp = () => {
      given.reject(new Error('no answer'))
      dialling.then(
        (stream) => stream.destroy(),
        () => {},
      )
    }
    const { signal } = this.#hangUp
    const cancel = this.#options.timers.after(patience, giveUp)
    signal.addEventListener('abort', giveUp, { once: true })
    try {
      return await Promise.race([dialling, given.promise])
    } finally {
      cancel()
      signal.removeEventListener('abort', giveUp)
    }
  }
}

/** Reads `host:port`, as servers name places. Throws `server-error`. */
export function placeOf(address: string): Place {
  const colon = address.lastIndexOf(':')
  const port = Number(address.slice(colon + 1))
  if (colon < 1 || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ClientError('server-error', 'the server named a place that is no host and port')
  return { host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'), port }
}
