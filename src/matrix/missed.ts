// What the homeserver has and never pushes.
//
// Synapse counts an event as pushed once it stands in a queue in memory; what stands there when the process ends is never pushed, though its
// sender was told that it is sent. An end of the process shows to us as an end of the connection by which it pushes, in the midst of its use.
// Then the chats of late are read from the last event on that we took, before anything else is taken. The same after a start of ours: both may
// have ended at once.

import type { Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Records } from '../core/stores.ts'
import type { RoomEvent } from './events.ts'

/** A connection that was idle for so long is closed by a homeserver that is well (Synapse: after two minutes). In milliseconds. */
const longestIdle = 110_000
const noun = 'matrix-last'
const lastTaken = z.object({ event: z.string(), at: z.number() })

/** In so many rooms something may have been under way. */
const mostRooms = 200
/** Between two tries, in milliseconds. */
const pause = 1000
/** The last event of a busy room is kept no more often than this, in milliseconds. */
const keptApart = 1000
/** How long one room that cannot be read may hold up everything, in milliseconds. */
const patience = 60_000

interface Options {
  /** What happened in a chat after an event, oldest first. Rejects while the homeserver is away. */
  since(room: string, event: string): Promise<readonly RoomEvent[]>
  /** Makes an event safe, and says so by `took`; one that was taken already is taken for nothing. Rejects when it shall be tried again. */
  take(event: RoomEvent): Promise<void>
  /** Runs a task when no transaction is being taken. */
  inTurn(task: () => Promise<void>): Promise<void>
  /** Whether the homeserver and the store answer, so that a room which cannot be read is at fault itself. */
  isWell(): Promise<boolean>
  readonly records: Records
  readonly clock: Clock
  readonly log: Logger
}

/** Looks after events that were missed. */
export class Missed {
  readonly #options: Options
  /** The last event that was taken of each room, those of late at the end. */
  readonly #last = new Map<string, string>()
  readonly #lastUse = new WeakMap<Socket, number>()
  readonly #stop = new AbortController()
  /** Since when a room could not be read. */
  readonly #failingSince = new Map<string, number>()
  /** The rooms whose last event was kept just now, with a later one that waits to be. */
  readonly #keeping = new Map<string, string | undefined>()
  #inDoubt = false
  #settling: Promise<void> | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** Begins with what an earlier run took last. Rooms that were quiet for longest are forgotten. */
  async start(): Promise<void> {
    const { records, log } = this.#options
    const rooms: { room: string; event: string; at: number }[] = []
    for await (const [room, record] of records.list(noun)) {
      const last = lastTaken.safeParse(record).data
      if (last) rooms.push({ room, ...last })
    }
    rooms.sort((a, b) => b.at - a.at)
    for (const { room } of rooms.splice(mostRooms)) await records.update(noun, room, () => undefined)
    for (const { room, event } of rooms.reverse()) this.#last.set(room, event)
    if (this.#last.size === 0) return
    log.debug({ rooms: this.#last.size }, 'reading what was said while Nudge was not there')
    this.#doubt()
  }

  /** The homeserver pushes by this connection. */
  watch(connection: Socket): void {
    const { clock } = this.#options
    if (!this.#lastUse.has(connection))
      connection.once('close', () => {
        if (clock() - (this.#lastUse.get(connection) ?? 0) < longestIdle) this.#doubt()
      })
    this.#lastUse.set(connection, clock())
  }

  /** An event was taken. */
  took({ room_id: room, event_id: event }: RoomEvent): void {
    this.#last.delete(room)
    this.#last.set(room, event)
    this.#remember(room, event)
    if (this.#last.size <= mostRooms) return
    const [oldest] = this.#last.keys()
    if (oldest !== undefined) this.#last.delete(oldest)
  }

  /** Nobody waits for it: with an older event more is read again, and taken for nothing. */
  #remember(room: string, event: string): void {
    if (this.#keeping.has(room)) this.#keeping.set(room, event)
    else void this.#keep(room, event)
  }

  async #keep(room: string, event: string): Promise<void> {
    const { records, clock, log } = this.#options
    this.#keeping.set(room, undefined)
    await records
      .update(noun, room, () => ({ event, at: clock() }))
      .catch((error: unknown) => {
        log.debug({ err: error, room }, 'the last event of a room could not be kept')
      })
    await wait(keptApart, undefined, { signal: this.#stop.signal, ref: false }).catch(() => {})
    const later = this.#keeping.get(room)
    this.#keeping.delete(room)
    if (later !== undefined) void this.#keep(room, later)
  }

  /** Takes what may have been missed, if anything may have been. Call it in turn. Rejects when that cannot be found out now. */
  async settle(): Promise<void> {
    if (!this.#inDoubt) return
    for (const [room, last] of [...this.#last]) {
      for (const event of await this.#eventsSince(room, last)) await this.#options.take(event)
    }
    this.#inDoubt = false
    this.#failingSince.clear()
  }

  async stop(): Promise<void> {
    this.#stop.abort()
    await this.#settling
  }

  /** Nothing for a room that alone could not be read for too long. */
  async #eventsSince(room: string, last: string): Promise<readonly RoomEvent[]> {
    const { since, isWell, clock, log } = this.#options
    try {
      return await since(room, last)
    } catch (error) {
      const failingSince = this.#failingSince.get(room) ?? clock()
      this.#failingSince.set(room, failingSince)
      if (clock() - failingSince < patience || !(await isWell())) throw error
      log.error({ room, err: error }, 'what the homeserver may have forgotten to push of a room cannot be read; it is left')
      return []
    }
  }

  /** The homeserver may have nothing more to push that would remind us. */
  #doubt(): void {
    const { signal } = this.#stop
    if (signal.aborted) return
    this.#inDoubt = true
    this.#settling ??= this.#settleSoon(signal).finally(() => {
      this.#settling = undefined
    })
  }

  async #settleSoon(signal: AbortSignal): Promise<void> {
    const { inTurn, log } = this.#options
    while (this.#inDoubt && !signal.aborted) {
      await wait(pause, undefined, { signal }).catch(() => {})
      if (signal.aborted) return
      await inTurn(() => this.settle()).catch((error: unknown) =>
        log.debug({ err: error }, 'it is not known yet whether the homeserver forgot something; asking again'),
      )
    }
  }
}
