// npm run bench matrix: what Nudge carries between MSN and a real Synapse, beside a bare application service at the same Synapse. Needs what
// "npm run setup" installs; starts everything and stops it. A word more (talk, time, start) measures only that.

import { availableParallelism } from 'node:os'
import { print } from '../print.ts'
import type { Pair } from './stage.ts'
import { Stage } from './stage.ts'
import { startHead, starts } from './start.ts'
import { talk, talkHead, timeAdded } from './talk.ts'

const mostPairs = 20

const only = process.argv.slice(2).filter((word) => word !== 'matrix')
const wants = (what: string) => only.length === 0 || only.includes(what)

const pairsWanted = wants('talk') ? mostPairs : wants('time') ? 1 : 0

console.log(`node ${process.version}, ${availableParallelism()} cores\n`)
const stage = await Stage.set(mostPairs)
try {
  const pairs: Pair[] = []
  for (let index = 0; index < pairsWanted; index++) pairs.push(await stage.pair(index))
  const [first] = pairs
  if (wants('talk')) {
    print([talkHead, ...(await talk(stage, pairs.slice(0, 1), 40))])
    print([talkHead, ...(await talk(stage, pairs, 10))])
  }
  if (wants('time') && first)
    print([
      ['one message at a time', 'bare p50 ms', 'Nudge p50', 'added p50', 'bare p99', 'Nudge p99', 'added p99'],
      ...(await timeAdded(stage, first, 200)),
    ])
  for (const { talker } of pairs) talker.leaves()
  if (wants('start')) print([startHead, ...(await starts(stage))])
} finally {
  await stage.strike()
}
process.exit(0)
