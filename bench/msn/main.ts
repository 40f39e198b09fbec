// npm run bench msn: what the embedded server carries, beside a TCP relay that parses nothing. Needs a redis-server; starts one and stops it.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '../../src/core/log.ts'
import { redisConfig } from '../../src/redis/config.ts'
import { openRedis } from '../../src/redis/open.ts'
import { percentile } from '../measure.ts'
import { print } from '../print.ts'
import type { Child } from './child.ts'
import { start } from './child.ts'
import { idle } from './idle.ts'
import { People } from './people.ts'
import { fanOut } from './presence.ts'
import { passwordSignIns, ticketSignIns } from './sign-ins.ts'
import type { Pair, Talk } from './talk.ts'
import { boardPair, relayPair, talk } from './talk.ts'

const rounds = 5
const milliseconds = 1000
const mostPairs = 50
const accounts = 5200

function medianOf(values: readonly number[]): number {
  return percentile(values, 0.5)
}

async function talks(server: Child, relay: Child, people: People): Promise<void> {
  const boards: Pair[] = []
  const relayed: Pair[] = []
  const answered: Pair[] = []
  for (let index = 0; index < mostPairs; index++) {
    boards.push(await boardPair(server, people, index))
    relayed.push(await relayPair(relay, index, false))
    answered.push(await relayPair(relay, index, true))
  }
  const rows: string[][] = []
  for (const [pairs, window] of [
    [1, 1],
    [1, 8],
    [mostPairs, 1],
    [mostPairs, 8],
  ] as const) {
    const results: { bare: Talk; board: Talk; answering: Talk; acked: Talk }[] = []
    // In turns, so that a machine that slows down slows all of them. The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const bare = await talk(relay, relayed.slice(0, pairs), { ack: 'N', window, milliseconds })
      const board = await talk(server, boards.slice(0, pairs), { ack: 'N', window, milliseconds })
      const answering = await talk(relay, answered.slice(0, pairs), { ack: 'A', window, milliseconds })
      const acked = await talk(server, boards.slice(0, pairs), { ack: 'A', window, milliseconds })
      if (round > 0) results.push({ bare, board, answering, acked })
    }
    const name = `${pairs} ${pairs === 1 ? 'pair' : 'pairs'}, window ${window}`
    for (const [kind, beside, label] of [
      ['bare', 'bare', 'relay'],
      ['board', 'bare', 'board'],
      ['answering', 'answering', 'relay that answers'],
      ['acked', 'answering', 'board, with ACK'],
    ] as const) {
      const middle = medianOf(results.map((result) => result[kind].perSecond))
      const { perSecond, p50, p99 } = results.map((result) => result[kind]).find((one) => one.perSecond === middle) as Talk
      const ratio = medianOf(results.map((result) => result[kind].perSecond / result[beside].perSecond))
      const cpu = medianOf(results.map((result) => result[kind].cpu))
      const cpuRatio = medianOf(results.map((result) => result[beside].cpu / result[kind].cpu))
      rows.push([
        `${name}: ${label}`,
        ...[perSecond.toFixed(0), ratio.toFixed(2), p50.toFixed(2), p99.toFixed(2), cpu.toFixed(1), cpuRatio.toFixed(2)],
      ])
    }
  }
  print([['messages', 'per second', 'ratio', 'p50 ms', 'p99 ms', 'CPU µs each', 'ratio'], ...rows])
}

const only = process.argv.slice(2).filter((word) => word !== 'msn')
const wants = (what: string) => only.length === 0 || only.includes(what)
const dataDir = await mkdtemp(join(tmpdir(), 'nudge-bench-'))
const redis = await openRedis(redisConfig.parse({ dataDir }), { log: silent })
const connection = redis.connect()
const people = new People(connection)
await people.make(accounts)
const socket = connection.options.path ?? ''
const relay = await start(new URL('./relay.ts', import.meta.url))
console.log(`node ${process.version}, ${availableParallelism()} cores\n`)

async function measured(what: string, measure: (server: Child) => Promise<void>): Promise<void> {
  if (!wants(what)) return
  const server = await start(new URL('./server.ts', import.meta.url), [socket])
  await measure(server)
  await server.stop()
}

await measured('talk', (server) => talks(server, relay, people))
await measured('sign-in', async (server) => {
  print([
    ['sign-ins', 'per second', 'p50 ms', 'p99 ms', 'CPU µs each'],
    ['with a ticket in hand', ...(await ticketSignIns(server, people))],
    ['with a password, over HTTP', ...(await passwordSignIns(server))],
  ])
})
await measured('presence', async (server) => {
  print([['presence', 'watchers told per second', 'p50 ms', 'p99 ms', 'CPU µs each'], ...(await fanOut(server, relay, people))])
})
await measured('idle', async (server) => {
  print([['idle clients', 'KiB of heap each', 'KiB resident each', 'CPU %'], ...(await idle(server, people))])
})

await relay.stop()
await redis.close()
await rm(dataDir, { recursive: true, force: true })
