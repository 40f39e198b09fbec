// A gateway reduced to its worker, as a process of its own that a test can kill: node drain-process.ts <socket of Redis>.
// Its network is a list in the same Redis, so that what arrived outlives it. SIGTERM stops it as the gateway would be stopped.

import { Redis } from 'ioredis'
import { NetworkUnreachable } from '../../src/core/errors.ts'
import { silent } from '../../src/core/log.ts'
import { RedisOutbox } from '../../src/delivery/outbox.ts'
import { Wakeups } from '../../src/delivery/queue.ts'
import { DeliveryWorker } from '../../src/delivery/worker.ts'
import { keySpace } from '../../src/mapping/keys.ts'
import { textOf } from './deliveries.ts'

const [socket = ''] = process.argv.slice(2)
const connect = () => new Redis({ path: socket, maxRetriesPerRequest: null, retryStrategy: () => 20 })
const redis = connect()
const network = connect()
const keys = keySpace('test')
const wakeups = new Wakeups({ redis, prefix: keys.queuePrefix, log: silent })
const outbox = new RedisOutbox({ redis, keys: keys.outbox, wake: (lines) => wakeups.wake(lines), clock: Date.now, log: silent })
let tries = 0

const worker = new DeliveryWorker({
  connect,
  prefix: keys.queuePrefix,
  outbox,
  wakeups,
  perform: async (delivery, { again }) => {
    tries++
    if (tries % 50 === 0) throw new NetworkUnreachable()
    await network.rpush('arrived', JSON.stringify({ line: delivery.line, text: textOf(delivery), again }))
  },
  tried: async () => undefined,
  told: async () => {},
  log: silent,
  clock: Date.now,
  timeoutMs: 30_000,
  policy: () => ({ step: 'retry', afterMs: 5 }),
})

process.once('SIGTERM', () => {
  void worker.stop().then(() => process.exit(0))
})
await worker.start()
process.send?.('started')
