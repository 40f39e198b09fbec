// How the chairs of one MSN network look: as their users chose, and where they did not, as they are at home.

import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Look, Presence, Status } from '../core/signal.ts'
import type { Records } from '../core/stores.ts'

const noun = 'msn-looks'

const statuses = ['online', 'idle', 'away', 'busy', 'brb', 'phone', 'lunch', 'offline'] as const satisfies readonly Status[]

/** A record that cannot be read is no choice. */
const chosenLook = z
  .object({ status: z.enum(statuses).optional().catch(undefined), message: z.string().optional().catch(undefined) })
  .catch({})

type Chosen = z.infer<typeof chosenLook>

/** A look as it is worn; what is undefined is left to the server. */
export interface Worn {
  readonly status: Status
  readonly message: string | undefined
}

export class Looks {
  readonly #records: Records
  readonly #unknown: Status
  readonly #chosen = new Map<string, Promise<Chosen>>()
  readonly #atHome = new Map<string, Presence>()

  /** `unknown` is the status of those of whom nothing is known. */
  constructor(records: Records, unknown: Status) {
    this.#records = records
    this.#unknown = unknown
  }

  /** How somebody looks now. Away from home is away: only who chose so is invisible. */
  async of(as: Address): Promise<Worn> {
    const { status, message } = await this.#choiceOf(as)
    const home = this.#atHome.get(addressKey(as))
    const seen = home?.status === 'offline' ? 'away' : home?.status
    return { status: status ?? seen ?? this.#unknown, message: message ?? home?.message }
  }

  /** Somebody chose to look so; what they did not choose now stays. */
  async choose(as: Address, { status, message }: Look): Promise<void> {
    const key = addressKey(as)
    const record = await this.#records.update(noun, key, (current) => {
      const before = chosenLook.parse(current ?? {})
      const next = { status: status === 'auto' ? undefined : (status ?? before.status), message: message ?? before.message }
      return next.status === undefined && next.message === undefined ? undefined : next
    })
    this.#chosen.set(key, Promise.resolve(chosenLook.parse(record ?? {})))
  }

  /** How somebody is at home. */
  seenAtHome(as: Address, presence: Presence): void {
    this.#atHome.set(addressKey(as), presence)
  }

  #choiceOf(as: Address): Promise<Chosen> {
    const key = addressKey(as)
    const known = this.#chosen.get(key)
    if (known) return known
    const read = this.#records.get(noun, key).then((record) => chosenLook.parse(record ?? {}))
    this.#chosen.set(key, read)
    read.catch(() => this.#chosen.delete(key))
    return read
  }
}
