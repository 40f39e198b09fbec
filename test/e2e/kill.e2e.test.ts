// The promises of the journey under kill -9, leg by leg: ARCHITECTURE.md, "What is promised".

import { afterEach, expect, it } from 'vitest'
import { World } from '../support/world.ts'
import { Dice } from './kill-dice.ts'
import { Pair } from './kill-pair.ts'
import { Progress } from './kill-progress.ts'
import type { Kills } from './kill-victims.ts'
import { killAll } from './kill-victims.ts'

/** Synapse is what takes the time, and a busy machine may need several times as much. In milliseconds. */
const patience = 900_000

/** Old and new clients take part alike. */
const dialects = [2, 5, 7, 8, 9, 10, 11, 12]

interface Plan {
  /** Messages each way, over all pairs. */
  readonly messages: number
  readonly kills: Kills
}

let world: World | undefined

afterEach(async () => {
  await world?.stop()
  world = undefined
})

it(
  'kill -9 of the gateway loses nothing, swaps nothing, and repeats nothing on Matrix',
  async () => {
    await survive({ messages: 2_000, kills: { gateway: 6, synapse: 0, both: 0 } })
  },
  patience,
)

it(
  'kill -9 of the gateway and of Synapse loses nothing, swaps nothing, and repeats nothing on Matrix',
  async () => {
    await survive({ messages: 1_000, kills: { gateway: 2, synapse: 3, both: 3 } })
  },
  patience,
)

async function survive({ messages, kills }: Plan): Promise<void> {
  const dice = new Dice()
  console.info(`seed ${dice.seed}: NUDGE_TEST_SEED=${dice.seed} throws the same dice again`)
  world = await World.start()
  const progress = new Progress()
  const pairs = await introduceAll(world, dice, progress)
  const each = messages / pairs.length
  const since = Date.now()
  const killing = killAll(world, kills, messages, dice, progress)
  try {
    await Promise.all([killing, ...pairs.map((pair) => pair.write(1, each))])
  } finally {
    // Whatever went wrong: nothing is started any more that nobody would stop.
    progress.end()
    await killing
  }
  const killed = await killing
  // Nothing is killed any more: what comes now is certain to come, and after everything that came before.
  await Promise.all(pairs.map((pair) => pair.write(each + 1, 1)))
  await Promise.all(pairs.map((pair) => pair.hasAll(each + 1)))
  const verdicts = await Promise.all(pairs.map((pair) => pair.verdict(killed.gateway + killed.both)))
  const repeats = verdicts.reduce((sum, { toMsn }) => sum + toMsn.repeats, 0)
  const unsure = verdicts.reduce((sum, { counts }) => sum + counts.unsure, 0)
  const seconds = ((Date.now() - since) / 1000).toFixed(1)
  console.info(
    `${messages} messages each way on ${pairs.length * 2} lines, kill -9 of the gateway ${killed.gateway} times, of Synapse ${killed.synapse} times, of both at once ${killed.both} times: ` +
      `${repeats} repeats into MSN, ${unsure} without an answer, ${seconds} s`,
  )
  expect(verdicts.flatMap(({ toMatrix, toMsn }) => [...toMatrix.faults, ...toMsn.faults])).toEqual([])
}

function introduceAll(where: World, dice: Dice, progress: Progress): Promise<Pair[]> {
  const pairs = dialects.map((dialect, index) => ({ name: String(index), dialect, window: dice.between(2, 30) }))
  return Promise.all(pairs.map((pair) => Pair.meet(where, { ...pair, progress })))
}
