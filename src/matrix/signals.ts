// What our ghosts show and our bot acknowledges: now or never, the newest wins.

import type { Clock } from '../core/clock.ts'
import type { Outcome } from '../core/content.ts'
import type { Logger } from '../core/log.ts'
import type { Signal } from '../core/signal.ts'
import type { Records } from '../core/stores.ts'
import type { Cancel, Timers } from '../core/timers.ts'
import type { Accounts } from './accounts.ts'
import type { MatrixConfig } from './config.ts'
import type { Homeserver } from './homeserver.ts'
import { Outcomes } from './outcomes.ts'
import type { PresenceSupport } from './presence-support.ts'
import { presenceSupport } from './presence-support.ts'
import { ShownPresence } from './shown-presence.ts'
import { ShownStatus } from './shown-status.ts'
import { ShownTyping } from './shown-typing.ts'

/** How long a homeserver that does not answer is left alone before it is asked once more, in milliseconds: at first, and at most. */
const firstPause = 1_000
const longestPause = 30_000

interface Parts {
  readonly homeserver: Homeserver
  readonly accounts: Pick<Accounts, 'ensure'>
  readonly bot: string
  readonly config: Pick<MatrixConfig, 'presence' | 'outcomes'>
  readonly records: Records
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
}

export class Signals {
  readonly #parts: Parts
  readonly #typing: ShownTyping
  readonly #presence: ShownPresence
  readonly #status: ShownStatus
  readonly #outcomes: Outcomes
  #support: PresenceSupport | undefined
  readonly #known = Promise.withResolvers<boolean>()
  #isStopped = false
  #cancel: Cancel = () => {}

  constructor(parts: Parts) {
    const { bot, config } = parts
    this.#parts = parts
    this.#typing = new ShownTyping(parts)
    this.#presence = new ShownPresence(parts)
    this.#status = new ShownStatus(parts)
    this.#outcomes = new Outcomes({ ...parts, bot, show: config.outcomes })
  }

  /** Finds out what the homeserver can show; until then the newest is kept. Never throws. */
  start(): void {
    if (this.#parts.config.presence) void this.#open(firstPause)
    else this.#known.resolve(false)
  }

  /** Drops what has not been sent. */
  stop(): void {
    this.#isStopped = true
    this.#known.resolve(false)
    this.#cancel()
    this.#presence.close()
    this.#status.close()
    this.#outcomes.close()
  }

  /** Whether the homeserver can be believed when it says how somebody is; resolves once it has shown that. */
  get knowsPresence(): Promise<boolean> {
    return this.#known.promise
  }

  /** Sends a signal soon, or drops it. Never throws. */
  send(signal: Signal): void {
    switch (signal.kind) {
      case 'typing':
        this.#typing.show(signal.conversation.id, signal.as.id, signal.typing)
        return
      case 'presence':
        if (!this.#parts.config.presence) return
        if (this.#support?.presence !== false) this.#presence.show(signal.as.id, signal.presence)
        if (this.#support?.statusFields.length !== 0) this.#status.show(signal.as.id, signal.presence)
        return
      case 'delivered':
        this.#outcomes.arrived(signal.conversation.id, signal.of)
    }
  }

  /** A ghost said something, so it has stopped typing. */
  said(room: string, as: string): void {
    this.#typing.show(room, as, false)
  }

  /** Somebody was told in words what became of their message. */
  told(room: string, outcome: Outcome): void {
    this.#outcomes.told(room, outcome)
  }

  async #open(pause: number): Promise<void> {
    const { homeserver, accounts, bot, timers, log } = this.#parts
    try {
      await accounts.ensure(bot)
      const support = await presenceSupport(homeserver, bot)
      if (this.#isStopped) return
      this.#support = support
      this.#known.resolve(support.presence)
      this.#status.open(support.statusFields)
      if (support.presence) this.#presence.open({ knowsBusy: support.busy })
      else this.#presence.close()
      if (!support.presence)
        log.info({}, 'the homeserver shows nobody who is there: presence is off there, and off here until the next start')
    } catch (error) {
      if (this.#isStopped) return
      log.debug({ err: error }, 'it is not known yet what the homeserver can show of people')
      this.#cancel = timers.after(pause, () => void this.#open(Math.min(2 * pause, longestPause)))
    }
  }
}
