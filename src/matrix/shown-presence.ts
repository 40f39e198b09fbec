// How our ghosts are seen: online, idle or offline, and why.
//
// Synapse lets an account that does not sync go offline after 30 s (presence.sync_online_timeout), and there is no call that says it for many.
// So whoever is not offline is said so again in time, and never so many that the homeserver has nothing else to do.

import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Presence } from '../core/signal.ts'
import type { Timers } from '../core/timers.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { Newest } from './newest.ts'
import type { PresenceBody } from './presence.ts'
import { presenceBody } from './presence.ts'

/** In milliseconds: a ghost changes no oftener; and is shown again well before it would go offline. */
const apart = 3_000
const repeat = 22_000

/** The calls for all ghosts together, and so many ghosts at once that repeating leaves room for what is new. */
const perSecond = 20
const most = 400

interface Parts {
  readonly homeserver: Pick<Homeserver, 'call'>
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
}

export class ShownPresence {
  readonly #newest: Newest<PresenceBody>
  #knowsBusy = false

  constructor({ homeserver, ...shared }: Parts) {
    this.#newest = new Newest({
      ...shared,
      write: async (as, body) => void (await homeserver.call(as, 'PUT', clientPath`presence/${as}/status`, { body })),
      isNothing: ({ presence }) => presence === 'offline',
      ...{ apart, repeat, perSecond, most },
    })
  }

  /** Begins to show. `knowsBusy`: the homeserver knows that somebody can be busy (MSC3026). */
  open({ knowsBusy }: { readonly knowsBusy: boolean }): void {
    this.#knowsBusy = knowsBusy
    this.#newest.open()
  }

  close(): void {
    this.#newest.close()
  }

  show(as: string, presence: Presence): void {
    this.#newest.show(as, presenceBody(presence, { knowsBusy: this.#knowsBusy }))
  }
}
