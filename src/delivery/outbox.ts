// delivery/ owns what is still to be delivered: a Redis list per line, who may take from it, and the worker that does.
// It leaves to the networks how a thing is delivered, and to the gateway what a sender is told. See stack.md 3, design A.

import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Delivery, DeliveryId } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { LineId } from '../core/line.ts'
import type { Logger } from '../core/log.ts'
import type { Cancelled, Outbox } from '../core/stores.ts'
import { deliverySchema } from './schema.ts'
import {
  cancelScript,
  findScript,
  holdingScript,
  parkScript,
  popScript,
  pushScript,
  replaceScript,
  restScript,
  returnScript,
  takeScript,
} from './scripts.ts'

/** Where the outbox keeps things: a part of the key space of mapping/keys.ts. */
export interface OutboxKeys {
  line(line: LineId): string
  state(line: LineId): string
  seen(id: DeliveryId): string
  waiting(who: Address): string
  returned(who: Address): string
  readonly due: string
  readonly fence: string
  readonly unreadable: string
}

/** The head of a line, in the hands of one drain. */
export interface Held {
  readonly line: LineId
  readonly fence: number
  readonly delivery: Delivery
  /** Earlier tries that may have reached the network. */
  readonly tries: number
  /** How many deliveries, from this one on, were told that they wait. */
  readonly told: number
}

/** What came of letting go of the head: somebody else holds the line, it is empty, or it goes on. */
export type Popped = Held | 'lost' | 'empty' | 'more'

interface Parts {
  readonly redis: Redis
  readonly keys: OutboxKeys
  /** Has the lines drained soon. */
  readonly wake: (lines: readonly LineId[]) => Promise<void>
  readonly clock: Clock
  readonly log: Logger
}

/** An id that was pushed is refused for so many seconds. */
const rememberedFor = 7 * 24 * 3600
/** A return is remembered for so many seconds: longer than any try takes. */
const returnRememberedFor = 3600
/** A wake-up that has not led to anything after so many milliseconds is taken for lost. */
const wakeGrace = 5_000
/** A drain that has not finished its line after so many milliseconds is looked after. */
const drainGrace = 30_000

const takenForm = z.tuple([z.number(), z.number(), z.number(), z.string()])
const entriesForm = z.array(z.string())
const foundForm = z.tuple([z.number(), z.string()]).nullable()
const cancelledForm = z.tuple([z.number(), z.number()]).nullable()

export class RedisOutbox implements Outbox {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async push(delivery: Delivery): Promise<boolean> {
    const { redis, keys, clock } = this.#parts
    const { id, line } = delivery
    const answer = await pushScript.run(
      redis,
      [keys.line(line), keys.state(line), keys.seen(id), keys.due],
      [id, entryOf(delivery), rememberedFor, clock() + wakeGrace, line],
    )
    const result = Number(answer)
    // The delivery is safe; a wake-up that fails is made up for by the sweep, so nobody waits for it.
    if (result >= 2) this.#wakeSoon([line])
    return result % 2 === 1
  }

  async returned(who: Address): Promise<void> {
    const { redis, keys, clock } = this.#parts
    const lines = await returnScript.run(
      redis,
      [keys.waiting(who), keys.returned(who), keys.fence, keys.due],
      [returnRememberedFor, clock() + wakeGrace],
    )
    this.#wakeSoon(z.array(z.string()).parse(lines) as LineId[])
  }

  /** Takes a delivery out. Undefined when it is not there, or under way; with `untried`, also when an earlier try may have reached the network. */
  async cancel(line: LineId, id: DeliveryId, which?: { readonly untried: true }): Promise<Cancelled | undefined> {
    const { redis, keys } = this.#parts
    const places = [keys.line(line), keys.state(line), keys.due]
    const answer = await cancelScript.run(redis, places, [id, line, which?.untried ? 1 : 0])
    const cancelled = cancelledForm.parse(answer)
    return cancelled ? { wasTold: cancelled[0] === 1, wasTried: cancelled[1] === 1 } : undefined
  }

  /**
   * Puts another delivery with the same id and line in the place of one that was not tried yet. False when that is too late. It is done once for each
   * `change`, which cannot be pushed afterwards.
   */
  async replace(delivery: Delivery, change: DeliveryId): Promise<boolean> {
    const { redis, keys } = this.#parts
    const { id, line } = delivery
    const places = [keys.line(line), keys.state(line), keys.seen(change)]
    return (await replaceScript.run(redis, places, [id, entryOf(delivery), rememberedFor])) === 1
  }

  async get(line: LineId, id: DeliveryId): Promise<Delivery | undefined> {
    const found = await this.#find(line, id)
    return found && read(found.entry)
  }

  async changesOf(line: LineId, message: RemoteId): Promise<readonly Delivery[]> {
    const { redis, keys } = this.#parts
    const those = entriesForm.parse(await holdingScript.run(redis, [keys.line(line)], [JSON.stringify(message)]))
    return those.flatMap((entry) => read(entry) ?? []).filter(({ gist }) => gist?.of === message)
  }

  async placeOf(line: LineId, id: DeliveryId): Promise<number | undefined> {
    return (await this.#find(line, id))?.place
  }

  /** What stands first in a line, without taking it. */
  async peek(line: LineId): Promise<Delivery | undefined> {
    const [first] = await this.range(line, 0, 1)
    return first
  }

  /** How many deliveries a line holds. */
  async length(line: LineId): Promise<number> {
    return this.#parts.redis.llen(this.#parts.keys.line(line))
  }

  /** Up to `count` deliveries of a line from a place on; undefined stands for one that cannot be read. */
  async range(line: LineId, from: number, count: number): Promise<(Delivery | undefined)[]> {
    const { redis, keys } = this.#parts
    const entries = await redis.lrange(keys.line(line), from, from + count - 1)
    return entries.map(read)
  }

  /** Takes the head of a line in hand, and the line from whoever held it. Undefined when the line is empty. */
  async take(line: LineId): Promise<Held | undefined> {
    const { redis, keys, clock } = this.#parts
    const answer = await takeScript.run(
      redis,
      [keys.line(line), keys.state(line), keys.due, keys.fence],
      [clock() + drainGrace, line],
    )
    if (answer === null) return undefined
    const taken = await this.#held(line, answer)
    return typeof taken === 'string' ? undefined : taken
  }

  /** Takes the head away, once it was delivered or given up, and the next one in hand when `goOn`. */
  async pop(held: Held, goOn: boolean): Promise<Popped> {
    return this.#pop(held.line, held.fence, held.delivery.id, { goOn, keep: false })
  }

  /**
   * Leaves a line until somebody returns, or until `wakeAt` (milliseconds since 1970). `told` deliveries know that they wait;
   * `more`: there are others, tell them first. `back`: they returned meanwhile, take again. `isBegun`: a part of the head arrived.
   */
  async park(
    held: Held,
    until: Address,
    told: number,
    wakeAt: number,
    isBegun = false,
  ): Promise<'lost' | 'back' | 'more' | 'parked'> {
    const { redis, keys } = this.#parts
    const { line, fence } = held
    const answer = await parkScript.run(
      redis,
      [keys.line(line), keys.state(line), keys.due, keys.waiting(until), keys.returned(until)],
      [fence, addressKey(until), told, wakeAt, line, isBegun ? 1 : 0],
    )
    return (['lost', 'back', 'more', 'parked'] as const)[Number(answer) + 1] ?? 'lost'
  }

  /**
   * Leaves a line until it is tried again, in milliseconds since 1970; the sweep looks at it some time after that. `told` deliveries know that
   * they wait, undefined: nobody has to; `more`: there are others, tell them first.
   */
  async rest({ line, fence }: Held, until: number, told?: number): Promise<'lost' | 'more' | 'resting'> {
    const { redis, keys } = this.#parts
    const answer = await restScript.run(
      redis,
      [keys.line(line), keys.state(line), keys.due],
      [fence, told ?? '', until + wakeGrace, line],
    )
    return answer === 2 ? 'resting' : answer === 1 ? 'more' : 'lost'
  }

  /** Wakes the lines that should have been drained by now. How many there were. */
  async sweep(): Promise<number> {
    const { redis, keys, clock } = this.#parts
    const now = clock()
    const lines = (await redis.zrangebyscore(keys.due, '-inf', now, 'LIMIT', 0, 1000)) as LineId[]
    if (lines.length === 0) return 0
    await redis.zadd(keys.due, 'XX', 'GT', ...lines.flatMap((line) => [String(now + wakeGrace), line]))
    await this.#parts.wake(lines)
    return lines.length
  }

  /** Wakes every line that holds something. */
  async wakeAll(): Promise<void> {
    const { redis, keys, wake } = this.#parts
    const lines = (await redis.zrange(keys.due, '0', '-1')) as LineId[]
    for (let from = 0; from < lines.length; from += 1000) await wake(lines.slice(from, from + 1000))
  }

  #wakeSoon(lines: readonly LineId[]): void {
    if (lines.length === 0) return
    this.#parts.wake(lines).catch((error: unknown) => {
      this.#parts.log.warn({ err: error, lines: lines.length }, 'lines could not be woken; the sweep will')
    })
  }

  async #find(line: LineId, id: DeliveryId): Promise<{ place: number; entry: string } | undefined> {
    const { redis, keys } = this.#parts
    const found = foundForm.parse(await findScript.run(redis, [keys.line(line)], [id]))
    return found ? { place: found[0], entry: found[1] } : undefined
  }

  async #pop(line: LineId, fence: number, id: string, { goOn, keep }: { goOn: boolean; keep: boolean }): Promise<Popped> {
    const { redis, keys } = this.#parts
    const answer = await popScript.run(
      redis,
      [keys.line(line), keys.state(line), keys.due, keys.unreadable],
      [fence, id, line, goOn ? 1 : 0, keep ? 1 : 0],
    )
    if (typeof answer === 'number') return answer < 0 ? 'lost' : answer === 0 ? 'empty' : 'more'
    return this.#held(line, answer)
  }

  /** Reads what was taken in hand. What cannot be read must not hold up the line: it is set aside. */
  async #held(line: LineId, answer: unknown): Promise<Popped> {
    const [fence, tries, told, entry] = takenForm.parse(answer)
    const delivery = read(entry)
    if (delivery) return { line, fence, delivery, tries, told }
    const { keys, log } = this.#parts
    log.error({ line, key: keys.unreadable }, 'a delivery could not be read and was set aside; it will not be delivered')
    const [id = ''] = entry.split(' ', 1)
    return this.#pop(line, fence, id, { goOn: true, keep: true })
  }
}

function entryOf(delivery: Delivery): string {
  return `${delivery.id} ${JSON.stringify(delivery)}`
}

function read(entry: string): Delivery | undefined {
  try {
    const result = deliverySchema.safeParse(JSON.parse(entry.slice(entry.indexOf(' ') + 1)))
    return result.data
  } catch {
    return undefined
  }
}
