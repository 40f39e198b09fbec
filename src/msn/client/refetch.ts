// The list is read again when it changed elsewhere: not at once, because changes come in bunches, and never twice at the same time.

import type { Logger } from '../../core/log.ts'
import type { Cancel, Timers } from '../../core/timers.ts'
import type { Roster } from '../model/contact-list.ts'

export interface RefetchOptions {
  readonly timers: Timers
  readonly log: Logger
  /** Rejects with a ClientError. */
  readonly fetch: () => Promise<Roster>
  readonly take: (roster: Roster) => void
  /** It was read, or could not be. */
  readonly done: () => void
}

/** In milliseconds. */
const calm = 2000

export class Refetch {
  readonly #options: RefetchOptions
  #cancel: Cancel | undefined
  #busy = false
  #again = false
  #ended = false

  constructor(options: RefetchOptions) {
    this.#options = options
  }

  /** Reads after 2 s in which nothing more changed. */
  soon(): void {
    if (this.#ended) return
    this.#cancel?.()
    this.#cancel = this.#options.timers.after(calm, () => void this.#run())
  }

  /** Reads at once, or after what is being read now. */
  now(): void {
    if (!this.#ended) void this.#run()
  }

  end(): void {
    this.#ended = true
    this.#cancel?.()
  }

  /** What could not be read now is read when it changes the next time, or with the next sign-in. Never rejects. */
  async #run(): Promise<void> {
    if (this.#busy) {
      this.#again = true
      return
    }
    this.#busy = true
    try {
      const roster = await this.#options.fetch()
      if (!this.#ended) this.#options.take(roster)
    } catch (error) {
      this.#options.log.info({ error: error instanceof Error ? error.message : '' }, 'msn: the list could not be read again')
    } finally {
      this.#busy = false
    }
    if (!this.#ended) this.#options.done()
    if (this.#again) this.soon()
    this.#again = false
  }
}
