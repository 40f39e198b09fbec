// Deliveries to push, and a worker to drain them, for tests of delivery/.

import type { Address, NetworkId } from '../../src/core/address.ts'
import type { Clock } from '../../src/core/clock.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import type { Delivery, DeliveryId } from '../../src/core/delivery.ts'
import type { LineId } from '../../src/core/line.ts'
import { silent } from '../../src/core/log.ts'
import { RedisOutbox } from '../../src/delivery/outbox.ts'
import { type Attempt, nextStep, type Step } from '../../src/delivery/policy.ts'
import { Wakeups } from '../../src/delivery/queue.ts'
import { DeliveryWorker, type WorkerParts } from '../../src/delivery/worker.ts'
import { keySpace } from '../../src/mapping/keys.ts'
import type { TestRedis } from './redis.ts'

const msn = 'msn' as NetworkId

export const juliet: Address = { network: msn, id: 'juliet@example.com' }
const romeo: Address = { network: msn, id: 'romeo@matrix.example.org' }

/** A text on a line. Its id is made of the line and the text, so the same text again is the same delivery. */
export function delivery(line: string, text: string, more: Partial<Delivery> = {}): Delivery {
  return {
    id: `${line}:${text}` as DeliveryId,
    line: line as LineId,
    target: { kind: 'conversation', conversation: { ...juliet, as: romeo } },
    network: msn,
    as: romeo,
    content: plainText(text),
    sentAt: 1_000,
    ...more,
  }
}

/** What a delivery says. */
export function textOf({ content }: Delivery): string {
  return content.kind === 'text' ? wordsOf(content) : content.kind
}

/** An outbox on a Redis, as the gateway assembles it. `deaf`: its wake-ups go nowhere, as if its process died after each push. */
export function outboxOn(redis: TestRedis, { clock = Date.now, deaf = false }: { clock?: Clock; deaf?: boolean } = {}) {
  const connection = redis.connect()
  const keys = keySpace('test')
  const wakeups = new Wakeups({ redis: connection, prefix: keys.queuePrefix, log: silent })
  const outbox = new RedisOutbox({
    redis: connection,
    keys: keys.outbox,
    wake: async (lines) => (deaf ? undefined : wakeups.wake(lines)),
    clock,
    log: silent,
  })
  return { outbox, wakeups, keys, connection }
}

type Rest = Partial<WorkerParts> & Pick<WorkerParts, 'perform'>

/** The worker's own policy, except that it retries at once. */
function impatient(attempt: Attempt): Step {
  const step = nextStep(attempt)
  return step.step === 'retry' ? { step: 'retry', afterMs: Math.min(step.afterMs, attempt.chance * 5) } : step
}

/** A worker on that outbox. */
export function workerOn(redis: TestRedis, parts: ReturnType<typeof outboxOn>, rest: Rest): DeliveryWorker {
  return new DeliveryWorker({
    connect: () => redis.connect(),
    prefix: parts.keys.queuePrefix,
    outbox: parts.outbox,
    wakeups: parts.wakeups,
    tried: async () => undefined,
    told: async () => {},
    log: silent,
    clock: Date.now,
    timeoutMs: 30_000,
    policy: impatient,
    ...rest,
  })
}

/** Collects what arrives and lets a test wait for as much as it expects. */
export class Arrivals<Item> {
  readonly items: Item[] = []
  readonly #waiting = new Set<() => void>()

  add(item: Item): void {
    this.items.push(item)
    for (const look of this.#waiting) look()
  }

  /** Resolves with everything once it satisfies the test. */
  until(enough: (items: readonly Item[]) => boolean): Promise<readonly Item[]> {
    return new Promise((done) => {
      const look = () => {
        if (!enough(this.items)) return
        this.#waiting.delete(look)
        done(this.items)
      }
      this.#waiting.add(look)
      look()
    })
  }

  /** Resolves with the first so many. */
  async first(count: number): Promise<readonly Item[]> {
    return (await this.until((items) => items.length >= count)).slice(0, count)
  }
}
