// Drains lines: perform, pop, next. A line is drained by one drain at a time, so nothing within it overtakes;
// a line that has to wait ends its drain and holds up no other.

import { setTimeout as pause } from 'node:timers/promises'
import { DelayedError, type Job, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Address } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Delivery } from '../core/delivery.ts'
import { Absent, DeliveryError, NetworkUnreachable } from '../core/errors.ts'
import type { LineId } from '../core/line.ts'
import type { Logger } from '../core/log.ts'
import type { Held, Popped, RedisOutbox } from './outbox.ts'
import { type Attempt, Fault, nextStep, type Step } from './policy.ts'
import { queueName, type WakeUp, type Wakeups } from './queue.ts'

/** What became of a delivery that did not arrive. */
export type Setback = 'waiting' | 'failed' | 'expired'

export interface WorkerParts {
  /** A new connection to Redis, for the worker alone. */
  readonly connect: () => Redis
  readonly prefix: string
  readonly outbox: RedisOutbox
  readonly wakeups: Wakeups
  /**
   * Delivers. `again`: an earlier try may have reached the network; `late`: its sender was told that it waits. Throws a DeliveryError; anything
   * else is taken for a fault of ours and tried again. It should give up when `signal` is aborted; what it does after that comes too late to count.
   */
  readonly perform: (delivery: Delivery, how: { again: boolean; late: boolean; signal: AbortSignal }) => Promise<void>
  /** Hears of every try that failed before anything else is done about it. `unwanted`: it was taken back meanwhile, and is given up. */
  readonly tried: (delivery: Delivery, error: DeliveryError, how: { again: boolean }) => Promise<'unwanted' | undefined>
  /** Tells the sender; before a crash it may be called twice for the same, so telling twice must be telling once. */
  readonly told: (delivery: Delivery, setback: Setback, error: DeliveryError) => Promise<void>
  readonly log: Logger
  readonly clock: Clock
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs: number
  /** Lines drained at the same time. A drain mostly waits for a network, so many cost little. */
  readonly concurrency?: number
  /** What comes after a delivery that did not happen; the policy of policy.ts unless a test wants it quicker. */
  readonly policy?: (attempt: Attempt) => Step
  /** How often overdue lines are looked for, in milliseconds. */
  readonly sweepMs?: number
  /** How long overdue lines are woken in vain before the worker listens anew, in milliseconds. */
  readonly deafAfterMs?: number
  /** After how long a line that waits for somebody is tried all the same, in milliseconds. */
  readonly recheckMs?: number
}

/** A drain ends after so many deliveries and goes to the back of the queue, so that a busy line lets others through. */
const turn = 200
/** How many are told at once that they wait. */
const tellAtOnce = 100
/** After so many tries of one delivery, which take half a minute, those of its line are told that they wait. */
const noticeable = 6
/** After so many tries of one delivery the operator hears of it, once. */
const worrying = 10
/** When a sender could not be told, in milliseconds. */
const tellAgainAfter = 5_000
/** How long `stop` waits for what is in flight, in milliseconds. */
const grace = 10_000

/** How a drain ended: for now, or to be resumed after a while. */
type End = { readonly resumeAfterMs: number } | undefined

/** What became of a head: it can be popped; its line is parked; whom it waits for came back meanwhile; we stop; or it is tried again. */
type Settled = 'done' | 'parked' | 'back' | 'stop' | { readonly resumeAfterMs: number }

export class DeliveryWorker {
  readonly #parts: WorkerParts
  readonly #draining = new Map<LineId, Promise<End>>()
  readonly #halt = new AbortController()
  #stopping = false
  #ear: { readonly worker: Worker<WakeUp>; readonly connection: Redis } | undefined
  #runs = 0
  /** Since when overdue lines were woken and nothing came of it. */
  #silence: { readonly runs: number; readonly since: number } | undefined
  #sweeper: NodeJS.Timeout | undefined
  #sweeping: Promise<void> | undefined

  constructor(parts: WorkerParts) {
    this.#parts = parts
  }

  /** Begins with everything that an earlier worker left. Only one worker may run on a Redis. */
  async start(): Promise<void> {
    const { sweepMs = 2_000 } = this.#parts
    await this.#listen()
    this.#sweeper = setInterval(() => this.#sweep(), sweepMs)
  }

  /** Listens for wake-ups, forgetting those that somebody else was listening for, and wakes every line that holds something. */
  async #listen(): Promise<void> {
    const { connect, prefix, wakeups, outbox, concurrency = 200, log } = this.#parts
    await wakeups.reset()
    const connection = connect()
    const worker = new Worker<WakeUp>(queueName, (job, token) => this.#run(job, token), {
      connection,
      prefix,
      concurrency,
      lockDuration: 10_000,
      stalledInterval: 5_000,
      // A wake-up is never given up: a line whose drain was killed often is still a line.
      maxStalledCount: 1_000_000_000,
      runRetryDelay: 500,
    })
    worker.on('error', (error) => log.debug({ err: error }, 'the worker has trouble with Redis'))
    worker.on('failed', (job, error) =>
      log.error({ err: error, ...(job && { line: job.data.line }) }, 'a drain broke off; the sweep resumes it'),
    )
    // The first time it is ready is the beginning; each later time Redis was away, perhaps for longer than the locks live.
    connection.once('ready', () => connection.on('ready', () => this.#wakeAgain()))
    this.#ear = { worker, connection }
    await outbox.wakeAll()
  }

  /** Forgets wake-ups whose locks ran out while Redis was away, which BullMQ finds only by and by, and wakes every line anew. */
  #wakeAgain(): void {
    const { wakeups, outbox, log } = this.#parts
    wakeups
      .reset()
      .then(() => outbox.wakeAll())
      .catch((error: unknown) => log.warn({ err: error }, 'lines could not be woken after an outage; the sweep will'))
  }

  /** Finishes what is in flight, for ten seconds at most; the rest stays in the outbox. */
  async stop(): Promise<void> {
    this.#stopping = true
    clearInterval(this.#sweeper)
    const late = setTimeout(() => this.#halt.abort(), grace)
    const closed = this.#ear?.worker.close().catch(() => {})
    // While Redis is away nothing can be finished: then the process ends as if it were killed, and the next one carries on.
    await Promise.race([Promise.all([closed, this.#sweeping]), pause(grace + 1_000, undefined, { ref: false })])
    clearTimeout(late)
    this.#ear?.connection.disconnect()
  }

  #sweep(): void {
    this.#sweeping ??= this.#sweepOnce().finally(() => {
      this.#sweeping = undefined
    })
  }

  async #sweepOnce(): Promise<void> {
    const { outbox, log } = this.#parts
    try {
      const lines = await outbox.sweep()
      if (lines === 0) return
      log.debug({ lines }, 'woke lines that were overdue')
      if (this.#isDeaf()) await this.#listenAnew()
    } catch (error) {
      log.warn({ err: error }, 'overdue lines could not be woken')
    }
  }

  /** Whether overdue lines have been woken for a while and not one drain began. */
  #isDeaf(): boolean {
    const { deafAfterMs = 10_000 } = this.#parts
    const now = performance.now()
    const isSilent = this.#draining.size === 0 && this.#silence?.runs === this.#runs
    if (!isSilent || !this.#silence) this.#silence = { runs: this.#runs, since: now }
    return now - this.#silence.since >= deafAfterMs
  }

  /** Wake-ups can get stuck behind one that somebody took and never finished, or in a connection that only looks alive. */
  async #listenAnew(): Promise<void> {
    this.#parts.log.warn({}, 'lines were woken and nothing came of it; listening anew')
    const old = this.#ear
    this.#silence = undefined
    await this.#listen()
    old?.worker.close(true).catch(() => {})
    old?.connection.disconnect()
  }

  async #run(job: Job<WakeUp>, token: string | undefined): Promise<void> {
    const { line } = job.data
    this.#runs++
    // BullMQ starts a drain anew when its lock ran out, as it does while Redis is away; ours may still be at it.
    while (this.#draining.has(line)) await this.#draining.get(line)?.catch(() => {})
    if (this.#stopping) return
    const drain = this.#drain(line)
    this.#draining.set(line, drain)
    let end: End
    try {
      end = await drain
    } finally {
      this.#draining.delete(line)
    }
    if (!end || this.#stopping) return
    await job.moveToDelayed(Date.now() + end.resumeAfterMs, token)
    throw new DelayedError()
  }

  async #drain(line: LineId): Promise<End> {
    const { outbox, wakeups, log } = this.#parts
    let held: Popped | undefined = await outbox.take(line)
    for (let count = 1; typeof held === 'object'; count++) {
      const settled = await this.#settle(held)
      if (settled === 'done') held = await outbox.pop(held, count < turn && !this.#stopping)
      else if (settled === 'back') held = await outbox.take(line)
      else return typeof settled === 'object' ? settled : undefined
    }
    if (held === 'more' && !this.#stopping) await wakeups.wake([line])
    if (held === 'lost') log.warn({ line }, 'somebody else drains this line')
    return undefined
  }

  /** One try with the head of a line, and what follows from it. */
  async #settle(held: Held): Promise<Settled> {
    const error = await this.#perform(held)
    if (!error) return 'done'
    if (this.#halt.signal.aborted) return 'stop'
    const { log, clock, policy = nextStep } = this.#parts
    const { delivery, line, tries } = held
    const step = policy({ error, tries, now: clock(), deadline: delivery.deadline, chance: Math.random() })
    const context = { line, delivery: delivery.id, code: error.code, tries, step: step.step }
    if (error instanceof Fault) log.error({ ...context, err: error.cause }, 'a delivery failed by a fault of ours')
    else log[tries === worrying ? 'warn' : 'debug']({ ...context, detail: error.message }, 'not delivered')
    try {
      const wish = await this.#parts.tried(delivery, error, { again: tries > 0 })
      return wish === 'unwanted' ? 'done' : await this.#follow(held, step, error)
    } catch (cause) {
      log.error({ line, delivery: delivery.id, err: cause }, 'the sender of a delivery could not be told; trying again')
      return this.#resume(held, tellAgainAfter)
    }
  }

  async #follow(held: Held, step: Step, error: DeliveryError): Promise<Settled> {
    const { told } = this.#parts
    switch (step.step) {
      case 'retry':
        return this.#resume(held, step.afterMs, held.tries >= noticeable ? error : undefined)
      case 'wait':
        return this.#park(held, step.until, error)
      case 'fail':
        await told(held.delivery, 'failed', error)
        return 'done'
      case 'expire':
        await told(held.delivery, 'expired', error)
        return 'done'
    }
  }

  /** Leaves the line for a while, once everybody in it was told why, where there is a reason to tell. */
  async #resume(held: Held, afterMs: number, reason?: DeliveryError): Promise<Settled> {
    const { outbox, clock } = this.#parts
    const until = clock() + afterMs
    const settled = reason
      ? await this.#tellLine(held, reason, (known) => outbox.rest(held, until, known))
      : await outbox.rest(held, until)
    return settled === 'lost' ? 'stop' : { resumeAfterMs: afterMs }
  }

  /** Leaves the line until somebody returns, once everybody in it was told. */
  async #park(held: Held, until: Address, error: DeliveryError): Promise<Settled> {
    const { outbox, clock, recheckMs = 300_000 } = this.#parts
    const wakeAt = Math.min(clock() + recheckMs, held.delivery.deadline ?? Number.POSITIVE_INFINITY)
    const isBegun = error instanceof Absent && error.isBegun
    const settled = await this.#tellLine(held, error, (known) => outbox.park(held, until, known, wakeAt, isBegun))
    return settled === 'lost' ? 'stop' : settled
  }

  /** Tells everybody in a line who does not know it yet that they wait, and leaves the line then. */
  async #tellLine<Left extends string>(
    held: Held,
    error: DeliveryError,
    leave: (known: number) => Promise<Left | 'more'>,
  ): Promise<Exclude<Left, 'more'>> {
    const { outbox, told } = this.#parts
    for (let known = held.told; ; ) {
      const untold = await outbox.range(held.line, known, tellAtOnce)
      for (const delivery of untold) if (delivery) await told(delivery, 'waiting', error)
      known += untold.length
      const left = await leave(known)
      if (left !== 'more') return left as Exclude<Left, 'more'>
    }
  }

  /** Tries; resolves to what went wrong. */
  async #perform({ delivery, tries, told }: Held): Promise<DeliveryError | undefined> {
    const { perform, timeoutMs } = this.#parts
    const limit = new AbortController()
    const abort = () => limit.abort()
    const timer = setTimeout(abort, timeoutMs)
    this.#halt.signal.addEventListener('abort', abort)
    try {
      const aborted = new Promise<never>((_, reject) => {
        limit.signal.addEventListener('abort', () => reject(new NetworkUnreachable({ detail: 'no answer in time' })))
      })
      await Promise.race([perform(delivery, { again: tries > 0, late: told > 0, signal: limit.signal }), aborted])
      return undefined
    } catch (error) {
      return error instanceof DeliveryError ? error : new Fault({ key: 'storage.fault' }, { cause: error })
    } finally {
      clearTimeout(timer)
      this.#halt.signal.removeEventListener('abort', abort)
    }
  }
}
