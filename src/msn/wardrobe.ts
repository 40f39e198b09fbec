// Sessions are made to look as their chairs should; what one looks like already is not said again.

import type { Address } from '../core/address.ts'
import type { MsnSession } from './client/session.ts'
import type { Looks, Worn } from './looks.ts'

/** How a session looks that nobody told anything. */
const undressed: Worn = { status: 'online', message: undefined }

export class Wardrobe {
  readonly #looks: Looks
  /** What each session was last told to look like. */
  readonly #worn = new WeakMap<MsnSession, Worn | undefined>()

  constructor(looks: Looks) {
    this.#looks = looks
  }

  /** Makes a session look as its chair should, now or when it signs in. Rejects with a ClientError. */
  async dress(as: Address, session: MsnSession): Promise<void> {
    const wanted = await this.#looks.of(as)
    const worn = this.#worn.has(session) ? this.#worn.get(session) : undressed
    // What is said while a session signs in may be too late for that, so it is said again when it is online.
    const isHeard = session.state === 'online' || session.state === 'offline'
    this.#worn.set(session, isHeard ? wanted : undefined)
    if (wanted.status !== worn?.status) await session.setStatus(wanted.status)
    if (wanted.message !== worn?.message) await session.setPersonal(wanted.message ?? '')
  }
}
