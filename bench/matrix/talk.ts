// Messages through Nudge beside messages through a bare application service, both ways.

import { percentile } from '../measure.ts'
import type { Round } from './arrivals.ts'
import { Arrivals } from './arrivals.ts'
import type { Pair, Stage } from './stage.ts'
import type { Ear, Moment } from './wire.ts'

const rounds = 3

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
  { name: 'MSN to Matrix', ours: toMatrix, bare: bare((pair) => pair.bare, 'witness') },
  { name: 'Matrix to MSN', ours: toMsn, bare: bare((pair) => pair.bareFromRomeo, 'bare') },
]

const kinds = ['bare', 'ours'] as const

/** One round with what it cost, in milliseconds of processor time for each message. */
interface Measured extends Round {
  readonly gateway: number
  readonly synapse: number
}

async function measured(
  stage: Stage,
  kind: (typeof kinds)[number],
  count: number,
  work: () => Promise<Round>,
): Promise<Measured> {
  const before = await stage.used()
  const round = await work()
  const after = await stage.used()
  const process = kind === 'bare' ? 'bare' : 'nudge'
  return {
    ...round,
    gateway: (after[process] - before[process]) / count,
    synapse: (after.synapse - before.synapse) / count,
  }
}

const medianOf = (values: readonly number[]) => percentile(values, 0.5)

export const talkHead = ['messages', 'per second', 'ratio', 'p50 ms', 'p99 ms', 'CPU ms each', 'of Synapse', 'ratio']

/** The rows of one measurement: the bare way and ours. In turns, so that a machine that slows down slows both. The first round warms up. */
export async function talk(stage: Stage, pairs: readonly Pair[], each: number): Promise<string[][]> {
  const rows: string[][] = []
  const count = pairs.length * each
  for (const direction of directions) {
    const results: Record<(typeof kinds)[number], Measured>[] = []
    for (let round = 0; round <= rounds; round++) {
      const [bare, ours] = [
        await measured(stage, 'bare', count, () => direction.bare(stage, pairs, each)),
        await measured(stage, 'ours', count, () => direction.ours(stage, pairs, each)),
      ]
      if (round > 0) results.push({ bare, ours })
    }
    for (const kind of kinds) {
      const of = (figure: keyof Measured, digits: number) =>
        medianOf(results.map((result) => result[kind][figure])).toFixed(digits)
      const ratio = medianOf(results.map((result) => result[kind].perSecond / result.bare.perSecond))
      const synapse = medianOf(results.map((result) => result.bare.synapse / result[kind].synapse))
      rows.push([
        `${direction.name}, ${pairs.length} ${pairs.length === 1 ? 'chat' : 'chats'}: ${kind === 'bare' ? 'bare' : 'Nudge'}`,
        ...[of('perSecond', 0), ratio.toFixed(2), of('p50', 1), of('p99', 1)],
        ...[of('gateway', 1), of('synapse', 1), synapse.toFixed(2)],
      ])
    }
  }
  return rows
}

/** The rows of the time that Nudge adds: one message at a time, in one chat. */
export async function timeAdded(stage: Stage, pair: Pair, times: number): Promise<string[][]> {
  const rows: string[][] = []
  for (const direction of directions) {
    const kept: Record<(typeof kinds)[number], number[]> = { bare: [], ours: [] }
    for (let time = 0; time < times; time++)
      for (const kind of kinds) kept[kind].push((await direction[kind](stage, [pair], 1)).p50)
    const figures = [0.5, 0.99].flatMap((share) => {
      const [beside, whole] = [percentile(kept.bare, share), percentile(kept.ours, share)]
      return [beside, whole, whole - beside]
    })
    rows.push([direction.name, ...figures.map((figure) => figure.toFixed(1))])
  }
  return rows
}
