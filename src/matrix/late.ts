// What comes so long after it was said that nobody waits for it any more: left out, and said so once, not a thousand times.

import type { Clock } from '../core/clock.ts'
import type { Answers } from './answers.ts'
import type { RoomEvent } from './events.ts'
import { Recent } from './recent.ts'

const hour = 3_600_000
const rememberedRooms = 5000

/** Tells what is too old. An outage is over for a room when something comes into it in time. */
export class Late {
  /** In milliseconds. */
  readonly #oldest: number
  readonly #clock: Clock
  readonly #told = new Recent<true>(rememberedRooms)

  constructor(oldestHours: number, clock: Clock) {
    this.#oldest = oldestHours * hour
    this.#clock = clock
  }

  /** Whether something comes too late: a homeserver was away for long, ours or, in a room that is federated, its sender's. */
  isLate({ room_id: room, origin_server_ts: saidAt }: RoomEvent): boolean {
    const isLate = this.#clock() - saidAt > this.#oldest
    if (!isLate) this.#told.delete(room)
    return isLate
  }

  /** Tells whoever said it, unless somebody in the room was told of this outage already. Throws a HomeserverError. */
  async refuse(event: RoomEvent, answers: Answers): Promise<void> {
    if (this.#told.get(event.room_id)) return
    await answers.tell(event, { key: 'late.left-out', params: { hours: Math.round(this.#oldest / hour) } })
    this.#told.set(event.room_id, true)
  }
}
