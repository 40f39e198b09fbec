// Whom a message of ours is to wake: those who are nudged, and whoever wrote what was not delivered.

import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { DeliveryId, Parcel } from '../core/delivery.ts'
import type { Mentioned } from './content.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { isFinal } from './homeserver-error.ts'
import { Recent } from './recent.ts'
import type { Rooms } from './rooms.ts'

/** A ghost wakes a room with a nudge no more often than this, in milliseconds. */
const coolDown = 30_000
const rememberedNudges = 10_000
/** So many people of a room are woken by a nudge. */
const mostWoken = 10

const said = z.object({ sender: z.string().startsWith('@').max(255) })

interface Options {
  readonly homeserver: Pick<Homeserver, 'ask'>
  readonly rooms: Pick<Rooms, 'joined'>
  /** Whether an account is our bot or a ghost of ours. */
  readonly isOurs: (userId: string) => boolean
  readonly clock: Clock
}

/** Knows whom a message is to wake. */
export class Mentions {
  readonly #options: Options
  /** The last nudge of each ghost in each room that woke somebody. */
  readonly #nudges = new Recent<{ readonly id: DeliveryId; readonly at: number }>(rememberedNudges)

  constructor(options: Options) {
    this.#options = options
  }

  /** Asks the homeserver only where somebody is to be woken. That it refuses to say who wakes nobody; throws a HomeserverError when it cannot be reached. */
  async in({ id, conversation: { id: room }, as, content }: Parcel): Promise<Mentioned> {
    try {
      if (content.kind === 'nudge' && this.#mayWake(`${room} ${as.id}`, id)) return await this.#peopleIn(room, as.id)
      if (content.kind === 'outcome' && content.state === 'failed') return [await this.#writerOf(room, content.of, as.id)]
    } catch (error) {
      if (!isFinal(error)) throw error
    }
    return []
  }

  /** The same nudge, tried again, wakes again. */
  #mayWake(key: string, id: DeliveryId): boolean {
    const at = this.#options.clock()
    const last = this.#nudges.get(key)
    if (last && last.id !== id && at - last.at < coolDown) return false
    this.#nudges.set(key, { id, at })
    return true
  }

  async #peopleIn(room: string, as: string): Promise<Mentioned> {
    const members = (await this.#options.rooms.joined(room, as)) ?? []
    return members.filter((member) => !this.#options.isOurs(member)).slice(0, mostWoken)
  }

  async #writerOf(room: string, event: string, as: string): Promise<string> {
    const { sender } = await this.#options.homeserver.ask(said, as, 'GET', clientPath`rooms/${room}/event/${event}`)
    return sender
  }
}
