// npm run bench msn: what the embedded server carries, beside a TCP relay that parses nothing. Needs a redis-server; starts one and stops it.

import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '../../src/core/log.ts'
import { redisConfig } from '../../src/redis/config.ts'
import { openRedis } from '../../src/redis/open.ts'
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
const roundMilliseconds = 1500
const mostPairs = 50
const accounts = 5200

function medianBy<Item>(items: readonly Item[], by: (item: Item) => number): Item {
  const middle = items.toSorted((a, b) => by(a) - by(b))[Math.floor(items.length / 2)]
  if (middle === undefined) throw new Error('there was no round')
  return middle
}

async function talks(server: Child, relay: Child, people: People): Promise<void> {
  const boards: Pair[] = []
  const relayed: Pair[] = []
  for (let index = 0; index < mostPairs; index++) {
    boards.push(await boardPair(server, people, index))
    relayed.push(await relayPair(relay, index))
  }
  const rows: string[][] = []
  for (const [pairs, window] of [
    [1, 1],
    [1, 8],
    [mostPairs, 1],
    [mostPairs, 8],
  ] as const) {
    const results: { board: Talk; bare: Talk }[] = []
    // In turns, so that a machine that slows down slows both. The first round warms up.
    for (let round = 0; round <= rounds; round++) {
      const bare = await talk(relay, relayed.slice(0, pairs), window, roundMilliseconds)
      const board = await talk(server, boards.slice(0, pairs), window, roundMilliseconds)
      if (round > 0) results.push({ board, bare })
    }
    const ratio = medianBy(results, ({ board, bare }) => board.perSecond / bare.perSecond)
    const bare = medianBy(
      results.map((result) => result.bare),
      (one) => one.perSecond,
    )
    const board = medianBy(
      results.map((result) => result.board),
      (one) => one.perSecond,
    )
    const name = `${pairs} ${pairs === 1 ? 'pair' : 'pairs'}, window ${window}`
    rows.push([`${name}: relay`, ...cells(bare), '1.00'])
    rows.push([`${name}: switchboard`, ...cells(board), (ratio.board.perSecond / ratio.bare.perSecond).toFixed(2)])
  }
  print([['messages', 'per second', 'p50 ms', 'p99 ms', 'CPU µs each', 'ratio'], ...rows])
}

function cells({ perSecond, p50, p99, cpu }: Talk): string[] {
  return [perSecond.toFixed(0), p50.toFixed(2), p99.toFixed(2), cpu.toFixed(1)]
}

const only = process.argv.slice(2).filter((word) => word !== 'msn')
const wants = (what: string) => only.length === 0 || only.includes(what)
const dataDir = await mkdtemp(join(tmpdir(), 'nudge-bench-'))
const redis = await openRedis(redisConfig.parse({ dataDir }), { log: silent })
const connection = redis.connect()
const people = new People(connection)
await people.make(accounts)
const socket = connection.options.path ?? ''
const relay = await start('relay.ts')
console.log(`node ${process.version}, ${availableParallelism()} cores\n`)

async function measured(what: string, measure: (server: Child) => Promise<void>): Promise<void> {
  if (!wants(what)) return
  const server = await start('server.ts', [socket])
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
