// npm run bench: prints the tables of docs/benchmarks.md; npm run bench msn: those of the embedded server; npm run bench matrix:
// those of the way to Matrix. Needs a redis-server; starts one of its own and stops it.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '../src/core/log.ts'
import { redisConfig } from '../src/redis/config.ts'
import { openRedis } from '../src/redis/open.ts'
import { decoderSpeeds } from './decoder.ts'
import { barePath, outboxPath, type Through, through } from './outbox.ts'
import { print } from './print.ts'

const rounds = 3

function median(runs: readonly Through[]): Through {
  const sorted = runs.toSorted((a, b) => a.perSecond - b.perSecond)
  const middle = sorted[Math.floor(sorted.length / 2)]
  if (!middle) throw new Error('there was no run')
  return middle
}

async function delivery(): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'nudge-bench-'))
  const redis = await openRedis(redisConfig.parse({ dataDir }), { log: silent })
  const cases = [
    { name: 'BullMQ alone', open: barePath(redis), messages: 10_000, lines: 1 },
    { name: 'outbox and worker, 1 line', open: outboxPath(redis), messages: 10_000, lines: 1 },
    { name: 'outbox and worker, 100 lines', open: outboxPath(redis), messages: 20_000, lines: 100 },
    { name: 'outbox and worker, 2000 lines', open: outboxPath(redis), messages: 20_000, lines: 2000 },
    { name: 'outbox and worker, a line per message', open: outboxPath(redis), messages: 10_000, lines: 10_000 },
  ]
  const runs = new Map<string, Through[]>()
  // In turns, so that a machine that slows down slows all of them.
  for (let round = 0; round <= rounds; round++) {
    for (const { name, open, messages, lines } of cases) {
      const result = await through(name, open, { messages, lines })
      // The first round warms up.
      if (round > 0) runs.set(name, [...(runs.get(name) ?? []), result])
    }
  }
  const results = [...runs.values()].map(median)
  const bare = results[0]?.perSecond ?? Number.NaN
  print([
    ['delivery', 'messages/s', 'ratio', 'idle p50 ms', 'idle p99 ms'],
    ...results.map(({ name, perSecond, p50, p99 }) => [
      name,
      perSecond.toFixed(0),
      (perSecond / bare).toFixed(2),
      p50.toFixed(2),
      p99.toFixed(2),
    ]),
  ])
  await redis.close()
  await rm(dataDir, { recursive: true, force: true })
}

async function gateway(): Promise<void> {
  console.log(`node ${process.version}, ${availableParallelism()} cores\n`)
  await delivery()
  const { decoder, split } = decoderSpeeds()
  print([
    ['reading', 'MB/s', 'ratio'],
    ...[split, decoder].map(({ name, megabytes }) => [name, megabytes.toFixed(0), (megabytes / split.megabytes).toFixed(2)]),
  ])
}

if (process.argv[2] === 'msn') await import('./msn/main.ts')
else if (process.argv[2] === 'matrix') await import('./matrix/main.ts')
else await gateway()
