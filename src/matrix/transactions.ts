// What the homeserver pushes: each event safe before the transaction is answered, in order per room, a poisonous one not for ever.

import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { RoomEvent } from './events.ts'
import { claimedId, readEvent, readTransaction } from './events.ts'

/** How long one event may hold up everything behind it, in milliseconds. */
const patience = 10 * 60_000

/** How many events that were made safe are remembered, so that a repeated transaction does nothing for them. */
const rememberedEvents = 10_000

interface Options {
  /** Throws for a transaction that comes out of turn. */
  check(transaction: string): Promise<void>
  /** A transaction was taken. */
  taken(transaction: string): Promise<void>
  /** Makes an event safe. Rejects when it could not. */
  take(event: RoomEvent): Promise<void>
  /** An event was made safe, or left out for good. */
  done(event: RoomEvent): void
  /** Whether the homeserver and the store answer, so that an event which is refused is refused for what it is. */
  isWell(): Promise<boolean>
  /** Uses an event that nobody misses. */
  takeEphemeral(event: unknown): Promise<void>
  /** Tells whom it concerns that an event was left out. */
  apologise(event: RoomEvent): Promise<void>
  readonly clock: Clock
  readonly log: Logger
}

/** Takes transactions, one at a time. */
export class Transactions {
  readonly #options: Options
  readonly #safe = new Set<string>()
  /** When an event that holds up the queue was first refused. */
  readonly #refusedSince = new Map<string, number>()
  #tail: Promise<unknown> = Promise.resolve()

  constructor(options: Options) {
    this.#options = options
  }

  /** Resolves when every event is safe or given up; rejects when the homeserver shall send the transaction again. */
  async take(transaction: string, body: unknown): Promise<void> {
    // The homeserver repeats a transaction that it believes lost while we may still work on the first copy.
    await this.inTurn(() => this.#takeNow(transaction, body))
  }

  /** Runs a task when no transaction is being taken. */
  async inTurn(task: () => Promise<void>): Promise<void> {
    const turn = this.#tail.then(task)
    this.#tail = turn.catch(() => {})
    await turn
  }

  /** Makes an event safe, or leaves it out; nothing where that was done before. Call it in turn. Rejects when it shall come again. */
  async takeOne(event: RoomEvent): Promise<void> {
    if (this.#safe.has(event.event_id)) return
    try {
      await this.#options.take(event)
    } catch (error) {
      if (!(await this.#isPoison(event, error))) throw error
      this.#options.log.error(
        { event: event.event_id, room: event.room_id, err: error },
        'left out an event that cannot be handled',
      )
      await this.#apologise(event)
    }
    this.#remember(event)
    this.#options.done(event)
  }

  async #takeNow(transaction: string, body: unknown): Promise<void> {
    await this.#options.check(transaction)
    const { events, ephemeral } = readTransaction(body)
    const rooms = [...this.#byRoom(events).values()].map((inOrder) => this.#takeInOrder(inOrder))
    const results = await Promise.allSettled(rooms)
    const failure = results.find((result) => result.status === 'rejected')
    if (failure) throw failure.reason
    await this.#options.taken(transaction)
    for (const event of ephemeral) await this.#takeEphemeral(event)
  }

  #byRoom(events: readonly unknown[]): Map<string, RoomEvent[]> {
    const rooms = new Map<string, RoomEvent[]>()
    for (const value of events) {
      const event = readEvent(value)
      if (!event) this.#options.log.warn({ event: claimedId(value) }, 'left out a malformed event')
      else rooms.set(event.room_id, [...(rooms.get(event.room_id) ?? []), event])
    }
    return rooms
  }

  async #takeInOrder(events: readonly RoomEvent[]): Promise<void> {
    for (const event of events) await this.takeOne(event)
  }

  /** A fault of ours that this event brings out stays; anything else may pass, but not everybody can wait for it for ever. */
  async #isPoison(event: RoomEvent, error: unknown): Promise<boolean> {
    if (isFault(error)) return true
    const { clock, isWell } = this.#options
    const since = this.#refusedSince.get(event.event_id)
    if (since === undefined) this.#refusedSince.set(event.event_id, clock())
    return since !== undefined && clock() - since >= patience && (await isWell())
  }

  async #apologise(event: RoomEvent): Promise<void> {
    try {
      await this.#options.apologise(event)
    } catch (error) {
      this.#options.log.error({ event: event.event_id, err: error }, 'could not tell the sender of an event that was left out')
    }
  }

  #remember(event: RoomEvent): void {
    this.#refusedSince.delete(event.event_id)
    this.#safe.add(event.event_id)
    if (this.#safe.size <= rememberedEvents) return
    const [oldest] = this.#safe
    if (oldest !== undefined) this.#safe.delete(oldest)
  }

  async #takeEphemeral(event: unknown): Promise<void> {
    try {
      await this.#options.takeEphemeral(event)
    } catch (error) {
      this.#options.log.debug({ err: error }, 'left out an ephemeral event')
    }
  }
}

/** Whether an error is a bug that the same event will bring out again. What fetch throws for a lost connection has a cause. */
function isFault(error: unknown): boolean {
  if (!(error instanceof Error) || error.cause !== undefined) return false
  return ['TypeError', 'RangeError', 'ReferenceError', 'SyntaxError', 'ZodError'].includes(error.name)
}
