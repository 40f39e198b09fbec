// What people may do with us, as the operator wrote it down.

import type { Level } from '../core/level.ts'
import { serverOf } from './address.ts'

/** A level for a user id, for the name of a server, or for `*`, which is everybody. */
export type PermissionSettings = Readonly<Record<string, Level>>

/** Looks up levels: the user before their server, the server before everybody. Who stands nowhere may nothing. */
export class Permissions {
  readonly #levels: ReadonlyMap<string, Level>

  /** Without settings the people of our own homeserver are users, and nobody else. */
  constructor({ permissions, domain }: { permissions?: PermissionSettings | undefined; domain: string }) {
    this.#levels = new Map(Object.entries(permissions ?? { [domain]: 'user' }))
  }

  of(userId: string): Level {
    const server = serverOf(userId)
    if (server === undefined) return 'block'
    return this.#levels.get(userId) ?? this.#levels.get(server) ?? this.#levels.get('*') ?? 'block'
  }
}
