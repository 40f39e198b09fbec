// How fast messages get through outbox and worker into a network that takes no time, beside BullMQ alone: a job per message,
// added and processed in the same process on the same Redis. BullMQ alone keeps no order, refuses no duplicate and has no outcome.

import { setTimeout as pause } from 'node:timers/promises'
import { Queue, Worker } from 'bullmq'
import type { NetworkId } from '../src/core/address.ts'
import { plainText } from '../src/core/content.ts'
import type { Delivery, DeliveryId } from '../src/core/delivery.ts'
import type { LineId } from '../src/core/line.ts'
import { silent } from '../src/core/log.ts'
import { RedisOutbox } from '../src/delivery/outbox.ts'
import { Wakeups } from '../src/delivery/queue.ts'
import { DeliveryWorker } from '../src/delivery/worker.ts'
import { keySpace } from '../src/mapping/keys.ts'
import type { OpenRedis } from '../src/redis/open.ts'
import { inFlight, percentile, timed } from './measure.ts'

/** Throughput in messages per second, time from push to delivery in milliseconds. */
export interface Through {
  readonly name: string
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
}

/** Something that takes messages on one side and gives them out on the other. */
interface Path {
  put(line: number, id: number): Promise<unknown>
  close(): Promise<void>
}

type Open = (arrived: (id: number) => void) => Promise<Path>

const juliet = { network: 'msn' as NetworkId, id: 'juliet@example.com' }
const text = 'But, soft! what light through yonder window breaks? '.repeat(4).slice(0, 200)
const producers = 200
const samples = 500

function deliveryOn(line: number, id: number): Delivery {
  return {
    id: `bench-${id}` as DeliveryId,
    line: `${String(line % 64).padStart(2, '0')}-${line}-room` as LineId,
    target: { kind: 'conversation', conversation: juliet },
    network: juliet.network,
    as: juliet,
    content: plainText(text),
    sentAt: Date.now(),
  }
}

/** Our own path. */
export function outboxPath(redis: OpenRedis): Open {
  return async (arrived) => {
    const connection = redis.connect()
    await connection.flushall()
    const keys = keySpace('bench')
    const wakeups = new Wakeups({ redis: redis.connect(), prefix: keys.queuePrefix, log: silent })
    const wake = (lines: readonly LineId[]) => wakeups.wake(lines)
    const outbox = new RedisOutbox({ redis: connection, keys: keys.outbox, wake, clock: Date.now, log: silent })
    const worker = new DeliveryWorker({
      connect: () => redis.connect(),
      prefix: keys.queuePrefix,
      outbox,
      wakeups,
      perform: async ({ id }) => arrived(Number(id.slice('bench-'.length))),
      tried: async () => undefined,
      told: async () => {},
      log: silent,
      clock: Date.now,
      timeoutMs: 30_000,
    })
    await worker.start()
    return {
      put: (line, id) => outbox.push(deliveryOn(line, id)),
      close: async () => {
        await worker.stop()
        await wakeups.close()
      },
    }
  }
}

/** BullMQ alone. */
export function barePath(redis: OpenRedis): Open {
  return async (arrived) => {
    const connection = redis.connect()
    await connection.flushall()
    const defaultJobOptions = { removeOnComplete: true, removeOnFail: true }
    const queue = new Queue<{ id: number; text: string }>('bare', { connection, defaultJobOptions })
    const worker = new Worker<{ id: number; text: string }>('bare', async ({ data }) => arrived(data.id), {
      connection: redis.connect(),
      concurrency: 200,
    })
    await worker.waitUntilReady()
    return {
      put: (_line, id) => queue.add('deliver', { id, text }),
      close: async () => {
        await worker.close()
        await queue.close()
      },
    }
  }
}

/** Puts so many messages over so many lines, as fast as they are taken; then one at a time, for the times of an idle gateway. */
export async function through(
  name: string,
  open: Open,
  { messages, lines }: { messages: number; lines: number },
): Promise<Through> {
  let left = messages
  let last = () => {}
  const path = await open(() => {
    left--
    if (left === 0) last()
  })
  const ids = Array.from({ length: messages }, (_, id) => id)
  const took = await timed(async () => {
    const done = new Promise<void>((resolve) => {
      last = resolve
    })
    await inFlight(ids, producers, (id) => path.put(id % lines, id))
    await done
  })
  const times: number[] = []
  for (let id = messages; id < messages + samples; id++) {
    left = 1
    // Long enough for the path to have come to rest: a drain that has just delivered would take the next one without being woken.
    await pause(3)
    times.push(
      await timed(async () => {
        const done = new Promise<void>((resolve) => {
          last = resolve
        })
        await path.put(id % lines, id)
        await done
      }),
    )
  }
  await path.close()
  return { name, perSecond: (messages / took) * 1000, p50: percentile(times, 0.5), p99: percentile(times, 0.99) }
}
