// The status in the profile of our ghosts: a few words and an emoji, beside presence and without it (MSC4426, on profile fields of MSC4133).
// Unlike presence it stays, so what was written is kept in Records and not written again after a restart.

import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Presence, Status } from '../core/signal.ts'
import type { Records } from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { Newest } from './newest.ts'
import { statusText } from './presence.ts'

const noun = 'matrix-status'

/** In bytes (MSC4426). */
const longestText = 256

/** In milliseconds. */
const apart = 10_000
const perSecond = 5
const most = 1000

/** The field itself, and its name until the proposal is accepted, which is what the clients of today read. */
export const statusFields = ['m.status', 'org.matrix.msc4426.status'] as const

type StatusField = (typeof statusFields)[number]

const emoji: Readonly<Record<Exclude<Status, 'offline'>, string>> = {
  online: '💬',
  idle: '💤',
  away: '🚶',
  busy: '⛔',
  brb: '🔙',
  phone: '📞',
  lunch: '🍽️',
}

const profileStatus = z.strictObject({ text: z.string(), emoji: z.string() })

export type ProfileStatus = z.infer<typeof profileStatus>

interface Parts {
  readonly homeserver: Pick<Homeserver, 'call'>
  readonly records: Records
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
}

export class ShownStatus {
  readonly #parts: Parts
  readonly #newest: Newest<ProfileStatus | null>
  #fields: readonly StatusField[] = []

  constructor(parts: Parts) {
    const { timers, clock, log } = parts
    this.#parts = parts
    this.#newest = new Newest({
      write: (as, status) => this.#write(as, status),
      ...{ apart, perSecond, most, timers, clock, log },
    })
  }

  /** Begins to show, in those fields that the homeserver has. */
  open(fields: readonly StatusField[]): void {
    this.#fields = fields
    if (fields.length > 0) this.#newest.open()
    else this.#newest.close()
  }

  close(): void {
    this.#newest.close()
  }

  show(as: string, presence: Presence): void {
    this.#newest.show(as, statusOf(presence))
  }

  async #write(as: string, status: ProfileStatus | null): Promise<void> {
    const { homeserver, records } = this.#parts
    const known = profileStatus.safeParse(await records.get(noun, as)).data ?? null
    if (JSON.stringify(known) === JSON.stringify(status)) return
    for (const field of this.#fields) {
      const path = clientPath`profile/${as}/${field}`
      if (status) await homeserver.call(as, 'PUT', path, { body: { [field]: status } })
      else await homeserver.call(as, 'DELETE', path)
    }
    await records.update(noun, as, () => status ?? undefined)
  }
}

/** What a profile says of somebody; null where there is nothing to say. */
export function statusOf(presence: Presence): ProfileStatus | null {
  const text = withinBytes(statusText(presence), longestText)
  if (text === '' || presence.status === 'offline') return null
  return { text, emoji: emoji[presence.status] }
}

/** As many whole characters as fit. */
function withinBytes(text: string, most: number): string {
  let fitting = ''
  for (const character of text) {
    if (Buffer.byteLength(fitting + character) > most) break
    fitting += character
  }
  return fitting
}
