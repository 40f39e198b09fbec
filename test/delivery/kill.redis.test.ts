// The guarantees of style.md 3.5 under kill -9: nothing lost, nothing swapped, at most one repeat per line and kill.

import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Arrivals, delivery, outboxOn, textOf, workerOn } from '../support/deliveries.ts'
import { TestRedis } from '../support/redis.ts'

const program = fileURLToPath(new URL('../support/drain-process.ts', import.meta.url))
const lines = Array.from({ length: 8 }, (_, index) => `0${index}-p-room`)
const perLine = 250
const all = Array.from({ length: perLine }, (_, index) => String(index))

interface Arrival {
  readonly line: string
  readonly text: string
  readonly again: boolean
}

let redis: TestRedis
beforeAll(async () => {
  redis = await TestRedis.start()
})
afterAll(() => redis.stop())
beforeEach(() => redis.connect().flushall())

async function pushAll(outbox: ReturnType<typeof outboxOn>['outbox']): Promise<void> {
  const push = async (line: string) => {
    for (const text of all) await outbox.push(delivery(line, text))
  }
  await Promise.all(lines.map(push))
}

async function begin(): Promise<ChildProcess> {
  const child = fork(program, [redis.socket], { execArgv: [] })
  await once(child, 'message')
  return child
}

/** Resolves once so many arrived. */
async function arrivedAtLeast(connection: Redis, count: number): Promise<void> {
  while ((await connection.llen('arrived')) < count) await pause(1)
}

async function holdsSomething(connection: Redis, due: string): Promise<boolean> {
  return (await connection.exists(due)) === 1
}

/** How often each arrived again, after checking that each came first when it was its turn. */
function repeatsIn(arrivals: readonly Arrival[], line: string): Arrival[] {
  const mine = arrivals.filter((one) => one.line === line)
  const firsts = mine.filter((one, index) => index === 0 || one.text !== mine[index - 1]?.text)
  expect(firsts.map((one) => one.text)).toEqual(all)
  return mine.filter((one, index) => index > 0 && one.text === mine[index - 1]?.text)
}

describe('a worker that is killed', () => {
  it('loses nothing, swaps nothing, and repeats at most one message per line and kill, saying so', async () => {
    const { outbox, connection, keys, wakeups } = outboxOn(redis)
    const pushing = pushAll(outbox)
    const kills = 6
    for (let kill = 0; kill < kills; kill++) {
      const child = await begin()
      await arrivedAtLeast(connection, (kill + 1) * 250 + Math.floor(Math.random() * 100))
      const gone = once(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    await pushing
    const last = await begin()
    while (await holdsSomething(connection, keys.outbox.due)) await pause(5)
    const gone = once(last, 'exit')
    last.kill('SIGTERM')
    expect(await gone).toEqual([0, null])
    const arrivals = (await connection.lrange('arrived', 0, -1)).map((text) => JSON.parse(text) as Arrival)
    for (const line of lines) {
      const repeats = repeatsIn(arrivals, line)
      expect(repeats.length).toBeLessThanOrEqual(kills)
      expect(repeats.every((one) => one.again)).toBe(true)
    }
    await wakeups.close()
  })

  it('has a successor that goes on at once, not when its locks have run out', async () => {
    const { outbox, connection, keys, wakeups } = outboxOn(redis)
    await pushAll(outbox)
    const first = await begin()
    await arrivedAtLeast(connection, 100)
    const gone = once(first, 'exit')
    first.kill('SIGKILL')
    await gone
    const locks = await connection.keys(`${keys.queuePrefix}:wake:*:lock`)
    expect(locks.length).toBeGreaterThan(0)
    for (const lock of locks) await connection.expire(lock, 3600)
    const before = await connection.llen('arrived')
    const second = await begin()
    await arrivedAtLeast(connection, before + 1)
    const ended = once(second, 'exit')
    second.kill('SIGKILL')
    await ended
    await wakeups.close()
  })
})

describe('a Redis that goes away under load', () => {
  async function survive(outage: () => Promise<void>): Promise<void> {
    const arrived = new Arrivals<string>()
    const parts = outboxOn(redis)
    const perform = async (one: Parameters<typeof textOf>[0]) => arrived.add(`${one.line} ${textOf(one)}`)
    const worker = workerOn(redis, parts, { perform, sweepMs: 100 })
    await worker.start()
    const pushing = pushAll(parts.outbox)
    await arrived.first(300)
    await outage()
    await pushing
    await arrived.until((items) => new Set(items).size === lines.length * perLine)
    for (const line of lines) {
      const mine = arrived.items.filter((item) => item.startsWith(`${line} `))
      const firsts = mine.filter((item, index) => item !== mine[index - 1])
      expect(firsts).toEqual(all.map((text) => `${line} ${text}`))
      expect(mine.length - firsts.length).toBeLessThanOrEqual(1)
    }
    await worker.stop()
    await parts.wakeups.close()
  }

  it('loses and swaps nothing when it is killed and starts again', () =>
    survive(async () => {
      await redis.kill()
      await redis.restart()
    }))

  it('loses and swaps nothing when it is away for ten seconds, longer than the locks of the worker live', () =>
    survive(async () => {
      await redis.kill()
      await pause(10_500)
      await redis.restart()
    }))

  it('loses and swaps nothing when it hangs for ten seconds', () =>
    survive(async () => {
      process.kill(redis.pid, 'SIGSTOP')
      await pause(10_500)
      process.kill(redis.pid, 'SIGCONT')
    }))
})
