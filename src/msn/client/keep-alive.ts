// PNG and QNG: whether the server is still there (msnp-core.md 3.15).

import type { Cancel, Timers } from '../../core/timers.ts'

export interface KeepAliveListener {
  ping(): void
  /** The server said nothing for two pings. */
  dead(): void
}

const usual = 45
const shortest = 20
const longest = 60
const patience = 2

/** Pings at the pace that the server asks for, between 20 and 60 s, and notices when nothing comes back. */
export class KeepAlive {
  readonly #timers: Timers
  readonly #listener: KeepAliveListener
  #seconds = usual
  #missed = 0
  #cancel: Cancel = () => {}

  constructor(timers: Timers, listener: KeepAliveListener) {
    this.#timers = timers
    this.#listener = listener
  }

  start(): void {
    this.#cancel = this.#timers.after(this.#seconds * 1000, () => {
      if (this.#missed >= patience) return this.#listener.dead()
      this.#missed++
      this.start()
      this.#listener.ping()
    })
  }

  stop(): void {
    this.#cancel()
  }

  /** The server said something. */
  heard(): void {
    this.#missed = 0
  }

  /** The server answered, and perhaps said how many seconds to wait before the next ping. */
  pace(seconds: number | undefined): void {
    if (seconds !== undefined) this.#seconds = Math.min(longest, Math.max(shortest, seconds))
  }
}
