// Our ghosts typing. MSN says every few seconds that somebody types, and never that they stopped.

import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { Recent } from './recent.ts'

/** How long somebody types on without our saying so again, in milliseconds. */
const lasts = 15_000

/** Whoever types on is shown so again no sooner than after this, in milliseconds. */
const again = 7_000

/** So many calls are on their way at a time; messages go first. */
const mostInFlight = 8

const remembered = 1000

interface Parts {
  readonly homeserver: Pick<Homeserver, 'call'>
  readonly clock: Clock
  readonly log: Logger
}

/** Shows who types, and that they do not any more once they have said it. */
export class ShownTyping {
  readonly #parts: Parts
  /** When each ghost was last shown typing in a room. */
  readonly #since = new Recent<number>(remembered)
  #inFlight = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Shows it now, or never. Never throws. */
  show(room: string, as: string, typing: boolean): void {
    const key = `${room} ${as}`
    const since = this.#since.get(key)
    const now = this.#parts.clock()
    const isShown = since !== undefined && now - since < lasts
    if (typing ? isShown && now - since < again : !isShown) return
    if (typing && this.#inFlight >= mostInFlight) return
    if (typing) this.#since.set(key, now)
    else this.#since.delete(key)
    void this.#put(room, as, typing)
  }

  async #put(room: string, as: string, typing: boolean): Promise<void> {
    const { homeserver, log } = this.#parts
    this.#inFlight++
    try {
      const body = typing ? { typing, timeout: lasts } : { typing }
      await homeserver.call(as, 'PUT', clientPath`rooms/${room}/typing/${as}`, { body })
    } catch (error) {
      log.debug({ err: error, as }, 'could not show typing')
    } finally {
      this.#inFlight--
    }
  }
}
