// BullMQ as an alarm clock: at most one wake-up per line. Nothing in it is worth keeping: whatever gets lost here is found again
// by the sweep, because every line that holds something is also in the outbox's own list.

import { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { LineId } from '../core/line.ts'
import type { Logger } from '../core/log.ts'

/** The queue's name; a queue per shard comes with several nodes, and lines know their shard already. */
export const queueName = 'wake'

export interface WakeUp {
  readonly line: LineId
}

interface Parts {
  readonly redis: Redis
  /** What its keys begin with. */
  readonly prefix: string
  readonly log: Logger
}

export class Wakeups {
  readonly #queue: Queue<WakeUp>

  constructor({ redis, prefix, log }: Parts) {
    this.#queue = new Queue<WakeUp>(queueName, {
      connection: redis,
      prefix,
      skipMetasUpdate: true,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    })
    this.#queue.on('error', (error) => log.warn({ err: error }, 'the queue of wake-ups has trouble'))
  }

  /** Has each line drained once more: soon, or after the drain that is going on (`keepLastIfActive`). */
  async wake(lines: readonly LineId[]): Promise<void> {
    const [line] = lines
    if (line !== undefined && lines.length === 1) await this.#queue.add('drain', { line }, optionsFor(line))
    else await this.#queue.addBulk(lines.map((line) => ({ name: 'drain', data: { line }, opts: optionsFor(line) })))
  }

  /** Forgets every wake-up, with the locks of a predecessor that was killed: waiting for those to run out takes seconds. */
  async reset(): Promise<void> {
    await this.#queue.obliterate({ force: true })
  }

  async close(): Promise<void> {
    await this.#queue.close()
  }
}

function optionsFor(line: LineId) {
  return { deduplication: { id: line, keepLastIfActive: true } }
}
