// How the chairs of one MSN network look: as their users chose, and where they did not, as they are at home.

import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Look, Presence, Status, WhileActive } from '../core/signal.ts'
import type { Records } from '../core/stores.ts'
import type { Cancel, Timers } from '../core/timers.ts'

const noun = 'msn-looks'

const minute = 60_000

const statuses = ['online', 'idle', 'away', 'busy', 'brb', 'phone', 'lunch', 'offline'] as const satisfies readonly Status[]

const whileActive = z.object({ minutes: z.number().positive(), otherwise: z.enum(['away', 'offline']) })

/** A record that cannot be read is no choice. */
const chosenLook = z
  .object({
    status: z
      .union([z.enum(statuses), whileActive])
      .optional()
      .catch(undefined),
    message: z.string().optional().catch(undefined),
  })
  .catch({})

type Chosen = z.infer<typeof chosenLook>

/** A look as it is worn; what is undefined is left to the server. */
export interface Worn {
  readonly status: Status
  readonly message: string | undefined
}

interface Parts {
  readonly records: Records
  /** The status of those of whom nothing is known. */
  readonly unknown: Status
  /** Somebody looks otherwise now because time passed. */
  readonly faded: (as: Address) => void
  readonly timers: Timers
  readonly clock: Clock
}

export class Looks {
  readonly #parts: Parts
  readonly #chosen = new Map<string, Promise<Chosen>>()
  readonly #atHome = new Map<string, Presence>()
  /** When somebody last did something at home. */
  readonly #activeAt = new Map<string, number>()
  readonly #fading = new Map<string, Cancel>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** How somebody looks now. Away from home is away: only who chose so is invisible. */
  async of(as: Address): Promise<Worn> {
    const { status, message } = await this.#choiceOf(as)
    const home = this.#atHome.get(addressKey(as))
    const seen = home?.status === 'offline' ? 'away' : home?.status
    const chosen = typeof status === 'object' ? this.#byActivity(as, status) : status
    return { status: chosen ?? seen ?? this.#parts.unknown, message: message ?? home?.message }
  }

  /** Somebody chose to look so; what they did not choose now stays. */
  async choose(as: Address, { status, message }: Look): Promise<void> {
    const key = addressKey(as)
    const record = await this.#parts.records.update(noun, key, (current) => {
      const before = chosenLook.parse(current ?? {})
      const next = {
        status: status === 'auto' ? undefined : (status ?? before.status),
        message: message === null ? undefined : (message ?? before.message),
      }
      return next.status === undefined && next.message === undefined ? undefined : next
    })
    this.#chosen.set(key, Promise.resolve(chosenLook.parse(record ?? {})))
    await this.active(as)
  }

  /** How somebody is at home. */
  seenAtHome(as: Address, presence: Presence): void {
    this.#atHome.set(addressKey(as), presence)
  }

  /** Somebody has just done something at home. Gives whether that may change how they look. */
  async active(as: Address): Promise<boolean> {
    const key = addressKey(as)
    this.#activeAt.set(key, this.#parts.clock())
    this.#fading.get(key)?.()
    this.#fading.delete(key)
    const { status } = await this.#choiceOf(as)
    if (typeof status !== 'object') return false
    const fade = () => this.#parts.faded(as)
    this.#fading.get(key)?.()
    this.#fading.set(key, this.#parts.timers.after(status.minutes * minute, fade))
    return true
  }

  stop(): void {
    for (const cancel of this.#fading.values()) cancel()
    this.#fading.clear()
  }

  #byActivity(as: Address, { minutes, otherwise }: WhileActive): Status {
    const activeAt = this.#activeAt.get(addressKey(as))
    return activeAt !== undefined && this.#parts.clock() - activeAt < minutes * minute ? 'online' : otherwise
  }

  #choiceOf(as: Address): Promise<Chosen> {
    const key = addressKey(as)
    const known = this.#chosen.get(key)
    if (known) return known
    const read = this.#parts.records.get(noun, key).then((record) => chosenLook.parse(record ?? {}))
    this.#chosen.set(key, read)
    read.catch(() => this.#chosen.delete(key))
    return read
  }
}
