// npm run bench matrix: what Nudge carries between MSN and a real Synapse, beside a bare application service at the same Synapse. Needs what
// "npm run setup" installs; starts everything and stops it.

import { availableParallelism } from 'node:os'
import { percentile } from '../measure.ts'
import { print } from '../print.ts'
import type { Round } from './arrivals.ts'
import { Arrivals } from './arrivals.ts'
import type { Pair } from './stage.ts'
import { Stage } from './stage.ts'
import type { Ear, Moment } from './wire.ts'

const rounds = 3
const mostPairs = 20

let nextMessage = 0

/** The numbers of so many messages in each lane. */
function numbers(each: number): { first: number; each: number } {
  const first = nextMessage
  nextMessage += each
  return { first, each }
}

type Way = (stage: Stage, pairs: readonly Pair[], each: number) => Promise<Round>

function heardBy(arrivals: Arrivals, ear: Ear) {
  const seen = (moments: readonly Moment[], by: Ear) => by === ear && arrivals.seen(moments)
  return { sent: (moments: readonly Moment[]) => arrivals.sent(moments), seen }
}

/** The bare application service sends, and is told what was sent. */
const bare =
  (laneOf: (pair: Pair) => Pair['bare'], ear: Ear): Way =>
  (stage, pairs, each) => {
    const task = numbers(each)
    const arrivals = new Arrivals(task.first)
    stage.listens(heardBy(arrivals, ear))
    stage.speak({ lanes: pairs.map(laneOf), ...task })
    return arrivals.round(pairs.length * each)
  }

/** People on MSN say something, and the witness is told what arrived. */
const toMatrix: Way = async (stage, pairs, each) => {
  const { first } = numbers(each)
  const arrivals = new Arrivals(first)
  stage.listens(heardBy(arrivals, 'witness'))
  for (const [lane, { talker }] of pairs.entries()) void talker.says(lane, first, each).then((sent) => arrivals.sent(sent))
  return arrivals.round(pairs.length * each)
}

/** The witness speaks as Romeo and his friends, and people on MSN hear it. */
const toMsn: Way = (stage, pairs, each) => {
  const task = numbers(each)
  const arrivals = new Arrivals(task.first)
  stage.listens({ sent: (moments) => arrivals.sent(moments), seen: () => {} })
  for (const { talker } of pairs) talker.reports((moments) => arrivals.seen(moments))
  stage.speak({ lanes: pairs.map(({ bridged }) => bridged), ...task })
  return arrivals.round(pairs.length * each)
}

const directions = [
  { name: 'MSN to Matrix', bridged: toMatrix, beside: bare((pair) => pair.bare, 'witness') },
  { name: 'Matrix to MSN', bridged: toMsn, beside: bare((pair) => pair.bareFromRomeo, 'bare') },
]

const medianOf = (values: readonly number[]) => percentile(values, 0.5)

/** The rows of one measurement: the bare way, ours, and how they compare. In turns, so that a machine that slows down slows both. */
async function compared(stage: Stage, pairs: readonly Pair[], each: number): Promise<string[][]> {
  const rows: string[][] = []
  for (const { name, bridged, beside } of directions) {
    const results: { bare: Round; ours: Round }[] = []
    for (let round = 0; round <= rounds; round++) {
      const result = { bare: await beside(stage, pairs, each), ours: await bridged(stage, pairs, each) }
      // The first round warms up.
      if (round > 0) results.push(result)
    }
    for (const kind of ['bare', 'ours'] as const) {
      const of = (figure: keyof Round) => medianOf(results.map((result) => result[kind][figure]))
      const ratio = medianOf(results.map((result) => result[kind].perSecond / result.bare.perSecond))
      rows.push([
        `${name}, ${pairs.length} ${pairs.length === 1 ? 'chat' : 'chats'}: ${kind === 'bare' ? 'bare application service' : 'Nudge'}`,
        ...[of('perSecond').toFixed(0), ratio.toFixed(2), of('p50').toFixed(1), of('p99').toFixed(1)],
      ])
    }
  }
  return rows
}

console.log(`node ${process.version}, ${availableParallelism()} cores\n`)
const stage = await Stage.set(mostPairs)
try {
  const pairs: Pair[] = []
  for (let index = 0; index < mostPairs; index++) pairs.push(await stage.pair(index))
  print([
    ['messages', 'per second', 'ratio', 'p50 ms', 'p99 ms'],
    ...(await compared(stage, pairs.slice(0, 1), 50)),
    ...(await compared(stage, pairs, 15)),
  ])
  for (const { talker } of pairs) talker.leaves()
} finally {
  await stage.strike()
}
process.exit(0)
