// Typing and presence as our ghosts show them: now or never, the newest wins.

import type { Logger } from '../core/log.ts'
import type { Presence, Signal } from '../core/signal.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { presenceBody } from './presence.ts'
import { Recent } from './recent.ts'

/** How long somebody types on without our saying so again, in milliseconds. MSN repeats it every few seconds. */
const typingLasts = 15_000

/** So many signals are on their way at a time; messages go first. */
const mostInFlight = 8

/** More wait for their turn than this: the rest is old news. */
const mostWaiting = 1000

/** Sends signals, one at a time for each ghost and matter. */
export class Signals {
  readonly #homeserver: Homeserver
  readonly #log: Logger
  readonly #waiting = new Map<string, Signal>()
  readonly #inFlight = new Set<string>()
  readonly #lastPresence = new Recent<string>(20_000)

  constructor(homeserver: Homeserver, log: Logger) {
    this.#homeserver = homeserver
    this.#log = log
  }

  /** Sends a signal soon, or drops it. Never throws. */
  send(signal: Signal): void {
    const key = signal.kind === 'typing' ? `typing ${signal.conversation.id} ${signal.as.id}` : `presence ${signal.as.id}`
    if (this.#waiting.size >= mostWaiting && !this.#waiting.has(key)) return
    this.#waiting.set(key, signal)
    this.#next()
  }

  /** Drops what has not been sent. */
  stop(): void {
    this.#waiting.clear()
  }

  #next(): void {
    for (const [key, signal] of this.#waiting) {
      if (this.#inFlight.size >= mostInFlight) return
      if (this.#inFlight.has(key)) continue
      this.#waiting.delete(key)
      this.#inFlight.add(key)
      void this.#show(signal).finally(() => {
        this.#inFlight.delete(key)
        this.#next()
      })
    }
  }

  async #show(signal: Signal): Promise<void> {
    try {
      if (signal.kind === 'typing') await this.#showTyping(signal.conversation.id, signal.as.id, signal.typing)
      else if (signal.kind === 'presence') await this.#showPresence(signal.as.id, signal.presence)
    } catch (error) {
      this.#log.debug({ err: error, as: signal.as.id }, `could not show ${signal.kind}`)
    }
  }

  async #showTyping(room: string, as: string, typing: boolean): Promise<void> {
    const body = typing ? { typing, timeout: typingLasts } : { typing }
    await this.#homeserver.call(as, 'PUT', clientPath`rooms/${room}/typing/${as}`, { body })
  }

  async #showPresence(as: string, presence: Presence): Promise<void> {
    const body = presenceBody(presence)
    const look = JSON.stringify(body)
    if (this.#lastPresence.get(as) === look) return
    await this.#homeserver.call(as, 'PUT', clientPath`presence/${as}/status`, { body })
    this.#lastPresence.set(as, look)
  }
}
