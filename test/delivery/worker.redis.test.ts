import { Worker } from 'bullmq'
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/core/delivery.ts'
import { Absent, ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import type { LineId } from '../../src/core/line.ts'
import { nextStep } from '../../src/delivery/policy.ts'
import type { DeliveryWorker, Setback, WorkerParts } from '../../src/delivery/worker.ts'
import { Arrivals, delivery, juliet, outboxOn, textOf, workerOn } from '../support/deliveries.ts'
import { TestRedis } from '../support/redis.ts'

/** What the worker told a sender. */
interface Told {
  readonly text: string
  readonly setback: Setback
  readonly code: string
}

const offline = () => new Absent(juliet, { key: 'delivery.contact-offline', params: { name: 'Juliet' } })

let redis: TestRedis
beforeAll(async () => {
  redis = await TestRedis.start()
})
afterAll(() => redis.stop())

describe('the worker', () => {
  let parts: ReturnType<typeof outboxOn>
  let workers: DeliveryWorker[]
  let arrived: Arrivals<string>
  let told: Arrivals<Told>

  beforeEach(async () => {
    parts = outboxOn(redis)
    await parts.connection.flushall()
    workers = []
    arrived = new Arrivals()
    told = new Arrivals()
  })
  afterEach(async () => {
    for (const worker of workers) await worker.stop()
    await parts.wakeups.close()
  })

  async function start(perform: WorkerParts['perform'], rest: Partial<WorkerParts> = {}): Promise<DeliveryWorker> {
    const worker = workerOn(redis, parts, {
      perform,
      told: async (delivery, setback, error) => told.add({ text: textOf(delivery), setback, code: error.code }),
      ...rest,
    })
    workers.push(worker)
    await worker.start()
    return worker
  }

  const arrive = async (delivery: Delivery) => arrived.add(textOf(delivery))

  it('delivers what was pushed before it began and what comes after', async () => {
    await parts.outbox.push(delivery('01-a-room', 'before'))
    await start(arrive)
    await parts.outbox.push(delivery('01-a-room', 'after'))
    expect(await arrived.first(2)).toEqual(['before', 'after'])
  })

  it('keeps order when the first delivery is retried', async () => {
    const agains: boolean[] = []
    await start(async (delivery, { again }) => {
      if (textOf(delivery) === '1') agains.push(again)
      if (textOf(delivery) === '1' && agains.length < 4) throw new NetworkUnreachable()
      await arrive(delivery)
    })
    for (const text of ['1', '2', '3']) await parts.outbox.push(delivery('01-a-room', text))
    expect(await arrived.first(3)).toEqual(['1', '2', '3'])
    expect(agains).toEqual([false, true, true, true])
  })

  it('keeps every line in order while a sixth of all tries fail', async () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${String(index).padStart(2, '0')}-p-room`)
    let tries = 0
    await start(async (delivery) => {
      tries++
      if (tries % 6 === 0) throw new NetworkUnreachable()
      arrived.add(`${delivery.line} ${textOf(delivery)}`)
    })
    const all = Array.from({ length: 50 }, (_, index) => index)
    await Promise.all(
      lines.map(async (line) => {
        for (const index of all) await parts.outbox.push(delivery(line, String(index)))
      }),
    )
    const items = await arrived.first(lines.length * all.length)
    for (const line of lines)
      expect(items.filter((item) => item.startsWith(line))).toEqual(all.map((index) => `${line} ${index}`))
    expect(arrived.items).toHaveLength(lines.length * all.length)
  })

  it('lets other lines pass one that has to wait for its retry', async () => {
    await start(
      async (delivery) => {
        if (delivery.line.startsWith('01')) throw new NetworkUnreachable()
        await arrive(delivery)
      },
      { policy: () => ({ step: 'retry', afterMs: 3_600_000 }) },
    )
    await parts.outbox.push(delivery('01-a-room', 'stuck'))
    await parts.outbox.push(delivery('02-b-room', 'free'))
    expect(await arrived.first(1)).toEqual(['free'])
  })

  it('tells the sender of what is refused, before it goes on with the next', async () => {
    const course: string[] = []
    await start(
      async (delivery) => {
        course.push(`try ${textOf(delivery)}`)
        if (textOf(delivery) === 'bad') throw new ContentRefused({ key: 'delivery.no-portal' })
        await arrive(delivery)
      },
      { told: async (delivery, setback) => void course.push(`${setback} ${textOf(delivery)}`) },
    )
    for (const text of ['bad', 'good']) await parts.outbox.push(delivery('01-a-room', text))
    await arrived.first(1)
    expect(course).toEqual(['try bad', 'failed bad', 'try good'])
  })

  it('tries what is past its deadline before it gives up, tells the sender, and goes on', async () => {
    await start(async (delivery) => {
      if (textOf(delivery) === 'old') throw new NetworkUnreachable()
      await arrive(delivery)
    })
    await parts.outbox.push(delivery('01-a-room', 'old', { deadline: 2_000 }))
    await parts.outbox.push(delivery('01-a-room', 'new'))
    expect(await arrived.first(1)).toEqual(['new'])
    expect(told.items).toEqual([{ text: 'old', setback: 'expired', code: 'network-unreachable' }])
  })

  it('tells everybody in a waiting line once that they wait, and delivers in order when the absent one returns', async () => {
    let present = false
    await start(async (delivery) => {
      if (!present) throw offline()
      await arrive(delivery)
    })
    for (const text of ['1', '2']) await parts.outbox.push(delivery('01-a-anchor', text))
    await told.until((items) => items.length === 2)
    await parts.outbox.push(delivery('01-a-anchor', '3'))
    expect(await told.first(3)).toEqual(['1', '2', '3'].map((text) => ({ text, setback: 'waiting', code: 'absent' })))
    present = true
    await parts.outbox.returned(juliet)
    expect(await arrived.first(3)).toEqual(['1', '2', '3'])
    expect(told.items).toHaveLength(3)
  })

  it('tells everybody in a line once when it has been tried in vain for a while, and each what is late when it arrives', async () => {
    let tries = 0
    const lates: boolean[] = []
    await start(async (delivery, { late }) => {
      tries++
      if (tries < 10) throw new NetworkUnreachable()
      lates.push(late)
      await arrive(delivery)
    })
    for (const text of ['1', '2']) await parts.outbox.push(delivery('01-a-anchor', text))
    expect(await arrived.first(2)).toEqual(['1', '2'])
    expect(told.items).toEqual(['1', '2'].map((text) => ({ text, setback: 'waiting', code: 'network-unreachable' })))
    await parts.outbox.push(delivery('01-a-anchor', '3'))
    await arrived.first(3)
    expect(lates).toEqual([true, true, false])
  })

  it('tells nobody of a short disturbance', async () => {
    let tries = 0
    await start(async (delivery) => {
      tries++
      if (tries < 6) throw new NetworkUnreachable()
      await arrive(delivery)
    })
    await parts.outbox.push(delivery('01-a-anchor', 'hi'))
    await arrived.first(1)
    expect(told.items).toEqual([])
  })

  it('gives up what was taken back while it was tried, and goes on with the next', async () => {
    const failed: string[] = []
    await start(
      async (delivery) => {
        if (textOf(delivery) === 'unwanted') throw offline()
        await arrive(delivery)
      },
      {
        tried: async (delivery, error, { again }) => {
          failed.push(`${textOf(delivery)} ${error.code} ${again}`)
          return 'unwanted'
        },
      },
    )
    for (const text of ['unwanted', 'wanted']) await parts.outbox.push(delivery('01-a-anchor', text))
    expect(await arrived.first(1)).toEqual(['wanted'])
    expect(failed).toEqual(['unwanted absent false'])
    expect(told.items).toEqual([])
  })

  it('lets what waits be taken back, whether for somebody or for its next try, and never what is under way', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: answer, resolve: finish } = Promise.withResolvers<void>()
    await start(
      async (delivery) => {
        const text = textOf(delivery)
        if (text === 'parked') throw offline()
        if (text === 'resting') throw new NetworkUnreachable()
        reach()
        await answer
        await arrive(delivery)
      },
      { policy: (attempt) => (attempt.error.fate === 'retry' ? { step: 'retry', afterMs: 3_600_000 } : nextStep(attempt)) },
    )
    const lines = { parked: '01-a-anchor', resting: '02-b-anchor', busy: '03-c-anchor' }
    for (const [text, line] of Object.entries(lines)) await parts.outbox.push(delivery(line, text))
    await reached
    const cancel = (text: keyof typeof lines) => parts.outbox.cancel(lines[text] as LineId, delivery(lines[text], text).id)
    await expect.poll(() => cancel('parked')).toEqual({ wasTold: true, wasTried: false })
    await expect.poll(() => cancel('resting')).toEqual({ wasTold: false, wasTried: true })
    expect(await cancel('busy')).toBeUndefined()
    finish()
    expect(await arrived.first(1)).toEqual(['busy'])
    await parts.outbox.push(delivery(lines.parked, 'next'))
    expect(await arrived.first(2)).toEqual(['busy', 'next'])
  })

  it('delivers each message or lets it be taken back, never both and never neither, whatever is taken back when', async () => {
    const plan = fc.array(
      fc.record({ line: fc.nat(2), fate: fc.constantFrom('arrive', 'retry', 'wait'), cancel: fc.boolean() }),
      {
        minLength: 1,
        maxLength: 25,
      },
    )
    let run = 0
    await fc.assert(
      fc.asyncProperty(plan, async (messages) => {
        run++
        const texts = messages.map(({ fate }, index) => `${run}-${index}-${fate}`)
        const tries = new Map<string, number>()
        const worker = await start(async (one) => {
          const text = textOf(one)
          const count = (tries.get(text) ?? 0) + 1
          tries.set(text, count)
          if (count === 1 && text.endsWith('retry')) throw new NetworkUnreachable()
          if (count === 1 && text.endsWith('wait')) throw offline()
          await arrive(one)
        })
        const lineOf = (index: number) => `0${messages[index]?.line}-p${run}-anchor`
        for (const [index, text] of texts.entries()) await parts.outbox.push(delivery(lineOf(index), text))
        const cancelled: string[] = []
        for (const [index, text] of texts.entries()) {
          if (!messages[index]?.cancel) continue
          const line = lineOf(index)
          if (await parts.outbox.cancel(line as LineId, delivery(line, text).id)) cancelled.push(text)
        }
        const expected = texts.filter((text) => !cancelled.includes(text))
        const returns = setInterval(() => void parts.outbox.returned(juliet), 5)
        await arrived.until((items) => expected.every((text) => items.includes(text)))
        clearInterval(returns)
        await worker.stop()
        const mine = arrived.items.filter((text) => text.startsWith(`${run}-`))
        expect([...mine].sort()).toEqual([...expected].sort())
        for (const line of [0, 1, 2]) {
          const inLine = (text: string) => messages[texts.indexOf(text)]?.line === line
          expect(mine.filter(inLine)).toEqual(expected.filter(inLine))
        }
      }),
      { numRuns: 15 },
    )
  })

  it('does not park a line whose absent one returned during the try', async () => {
    let tries = 0
    await start(async (delivery) => {
      tries++
      if (tries > 1) return arrive(delivery)
      await parts.outbox.returned(juliet)
      throw offline()
    })
    await parts.outbox.push(delivery('01-a-anchor', 'hi'))
    expect(await arrived.first(1)).toEqual(['hi'])
  })

  it('tries a waiting line again after a while though nobody said that they are back', async () => {
    let tries = 0
    const perform = async (delivery: Delivery) => {
      tries++
      if (tries === 1) throw offline()
      await arrive(delivery)
    }
    const anHourAgo = () => Date.now() - 3_600_000
    await start(perform, { recheckMs: 1, sweepMs: 10, clock: anHourAgo })
    await parts.outbox.push(delivery('01-a-anchor', 'hi'))
    expect(await arrived.first(1)).toEqual(['hi'])
    expect(told.items).toHaveLength(1)
  })

  it('does not count a try that found nobody as one that may have arrived', async () => {
    const agains: boolean[] = []
    await start(async (delivery, { again }) => {
      agains.push(again)
      if (agains.length === 1) throw offline()
      await arrive(delivery)
    })
    await parts.outbox.push(delivery('01-a-anchor', 'hi'))
    await told.first(1)
    await parts.outbox.returned(juliet)
    await arrived.first(1)
    expect(agains).toEqual([false, false])
  })

  it('finds a line whose wake-up was lost', async () => {
    await start(arrive, { sweepMs: 10 })
    const died = outboxOn(redis, { deaf: true, clock: () => Date.now() - 60_000 })
    await died.outbox.push(delivery('01-a-room', 'unheard'))
    expect(await arrived.first(1)).toEqual(['unheard'])
  })

  it('listens anew when a wake-up was taken by somebody who never finished it', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: answer, resolve: finish } = Promise.withResolvers<void>()
    const perform = async (one: Delivery) => {
      reach()
      await answer
      await arrive(one)
    }
    await start(perform, { concurrency: 1, sweepMs: 10, deafAfterMs: 30 })
    await parts.outbox.push(delivery('02-b-room', 'busy'))
    await reached
    // The worker has its only hand full, so the wake-up of the other line goes to the thief.
    const { connection, keys } = parts
    const settings = { connection, prefix: keys.queuePrefix, lockDuration: 3_600_000, autorun: false }
    const thief = new Worker('wake', async () => {}, settings)
    const anHourAgo = outboxOn(redis, { deaf: true, clock: () => Date.now() - 3_600_000 })
    await anHourAgo.outbox.push(delivery('01-a-room', 'stolen'))
    await parts.wakeups.wake(['01-a-room' as LineId])
    expect((await thief.getNextJob('thief'))?.data).toEqual({ line: '01-a-room' })
    finish()
    expect(await arrived.first(2)).toEqual(['busy', 'stolen'])
    await thief.close(true)
  })

  it('tries again what failed by a fault of ours, saying that it may have arrived', async () => {
    const agains: boolean[] = []
    await start(async (delivery, { again }) => {
      agains.push(again)
      if (agains.length === 1) throw new TypeError('cannot read properties of undefined')
      await arrive(delivery)
    })
    await parts.outbox.push(delivery('01-a-room', 'hi'))
    expect(await arrived.first(1)).toEqual(['hi'])
    expect(agains).toEqual([false, true])
  })

  it('gives up a try that takes too long, and makes another', async () => {
    const signals: AbortSignal[] = []
    await start(
      async (delivery, { signal }) => {
        signals.push(signal)
        if (signals.length === 1) await new Promise(() => {})
        await arrive(delivery)
      },
      { timeoutMs: 20 },
    )
    await parts.outbox.push(delivery('01-a-room', 'hi'))
    expect(await arrived.first(1)).toEqual(['hi'])
    expect(signals[0]?.aborted).toBe(true)
  })

  it('does not lose a refusal that could not be told', async () => {
    const attempts = new Arrivals<string>()
    await start(
      async () => {
        throw new ContentRefused({ key: 'delivery.no-portal' })
      },
      {
        told: async (delivery) => {
          attempts.add(textOf(delivery))
          throw new Error('the outbox is away')
        },
      },
    )
    await parts.outbox.push(delivery('01-a-room', 'bad'))
    await attempts.first(1)
    expect(await parts.outbox.length('01-a-room' as LineId)).toBe(1)
  })

  it('sets aside what it cannot read, and goes on with the next', async () => {
    const { connection, keys } = parts
    await parts.outbox.push(delivery('01-a-room', 'first'))
    await connection.rpush(keys.outbox.line('01-a-room' as LineId), 'id {"not":"a delivery"}', 'no-space')
    await parts.outbox.push(delivery('01-a-room', 'last'))
    await start(arrive)
    expect(await arrived.first(2)).toEqual(['first', 'last'])
    expect(await connection.lrange(keys.outbox.unreadable, 0, -1)).toEqual(['id {"not":"a delivery"}', 'no-space'])
  })

  it('finishes what is in flight when it is stopped, and leaves the rest to the next worker', async () => {
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: answer, resolve: finish } = Promise.withResolvers<void>()
    const first = await start(async (delivery) => {
      reach()
      await answer
      await arrive(delivery)
    })
    for (const text of ['1', '2']) await parts.outbox.push(delivery('01-a-room', text))
    await reached
    const stopped = first.stop()
    finish()
    await stopped
    expect(arrived.items).toEqual(['1'])
    await start(arrive)
    expect(await arrived.first(2)).toEqual(['1', '2'])
    expect(arrived.items).toEqual(['1', '2'])
  })

  it('takes a long line in turns with others', async () => {
    for (let index = 0; index < 450; index++) await parts.outbox.push(delivery('01-a-room', `a${index}`))
    await parts.outbox.push(delivery('02-b-room', 'b'))
    await start(arrive, { concurrency: 1 })
    const items = await arrived.first(451)
    expect(items.indexOf('b')).toBeLessThan(450)
    expect(items.filter((item) => item !== 'b')).toEqual(Array.from({ length: 450 }, (_, index) => `a${index}`))
  })
})
