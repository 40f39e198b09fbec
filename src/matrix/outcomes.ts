// How the sender of a message sees that it arrived: by a read receipt of our bot, by an event that some clients turn into a tick
// (com.beeper.message_send_status), or by nothing. That it did not arrive is always said in words, too.

import type { Clock } from '../core/clock.ts'
import type { Outcome } from '../core/content.ts'
import type { RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Timers } from '../core/timers.ts'
import { say } from '../core/words.ts'
import type { MatrixConfig } from './config.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { Newest } from './newest.ts'

/** A receipt stands for everything before it, so few are enough. In milliseconds, and for all rooms together. */
const receiptsApart = 1_000
const receiptsPerSecond = 5
const mostRooms = 1000

/** A tick stands for one message. */
const ticksPerSecond = 20
const mostTicks = 1000

const tick = 'com.beeper.message_send_status'

interface Parts {
  readonly homeserver: Pick<Homeserver, 'call'>
  readonly bot: string
  readonly show: MatrixConfig['outcomes']
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
}

type TickStatus = 'SUCCESS' | 'PENDING' | 'FAIL_PERMANENT'

interface Tick {
  readonly room: string
  readonly status: TickStatus
  /** Why, where it did not arrive. */
  readonly message?: string
}

/** What is kept for somebody is tried again without their client doing anything, so it is pending. What was taken back has no tick. */
const tickOf: Readonly<Record<Outcome['state'], TickStatus | undefined>> = {
  waiting: 'PENDING',
  failed: 'FAIL_PERMANENT',
  kept: 'SUCCESS',
  missed: 'SUCCESS',
  delivered: 'SUCCESS',
  cancelled: undefined,
}

export class Outcomes {
  readonly #show: MatrixConfig['outcomes']
  readonly #receipts: Newest<RemoteId>
  readonly #ticks: Newest<Tick>

  constructor({ homeserver, bot, show, ...shared }: Parts) {
    this.#show = show
    this.#receipts = new Newest({
      ...shared,
      write: async (room, of) =>
        void (await homeserver.call(bot, 'POST', clientPath`rooms/${room}/receipt/m.read/${of}`, { body: {} })),
      ...{ apart: receiptsApart, perSecond: receiptsPerSecond, most: mostRooms },
    })
    this.#ticks = new Newest({
      ...shared,
      write: async (of, { room, ...about }) => {
        const path = clientPath`rooms/${room}/send/${tick}/${`${of}-${about.status}`}`
        await homeserver.call(bot, 'PUT', path, { body: tickContent(of, about) })
      },
      ...{ apart: 0, perSecond: ticksPerSecond, most: mostTicks },
    })
    this.#receipts.open()
    this.#ticks.open()
  }

  /** Drops what was not shown. */
  close(): void {
    this.#receipts.close()
    this.#ticks.close()
  }

  /** A message arrived, and all that the same person said there before. */
  arrived(room: string, of: RemoteId): void {
    if (this.#show === 'receipt' || this.#show === 'both') this.#receipts.show(room, of)
    if (this.#showsTicks) this.#ticks.show(of, { room, status: 'SUCCESS' })
  }

  /** Somebody was told in words what became of their message. */
  told(room: string, { of, state, phrase }: Outcome): void {
    const status = tickOf[state]
    if (this.#showsTicks && status) this.#ticks.show(of, { room, status, ...(status !== 'SUCCESS' && { message: say(phrase) }) })
  }

  get #showsTicks(): boolean {
    return this.#show === 'status' || this.#show === 'both'
  }
}

function tickContent(of: string, { status, message }: Omit<Tick, 'room'>): object {
  return {
    network: 'nudge',
    'm.relates_to': { rel_type: 'm.reference', event_id: of },
    status,
    ...(message !== undefined && { reason: 'm.foreign_network_error', message }),
  }
}
