// The promises of the journey under kill -9, leg by leg: ARCHITECTURE.md, "What is promised".

import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { World } from '../support/world.ts'
import { Dice } from './kill-dice.ts'
import { Pair } from './kill-pair.ts'
import { Progress } from './kill-progress.ts'

/** Old and new clients take part alike. */
const dialects = [2, 5, 7, 8, 9, 10, 11, 12]

interface Plan {
  /** Messages each way, over all pairs. */
  readonly messages: number
  readonly gatewayKills: number
  readonly synapseKills: number
}

let world: World | undefined

afterEach(async () => {
  await world?.stop()
  world = undefined
})

it('kill -9 of the gateway loses nothing, swaps nothing, and repeats nothing on Matrix', async () => {
  await survive({ messages: 2_000, gatewayKills: 6, synapseKills: 0 })
})

it('kill -9 of the gateway and of Synapse loses nothing, swaps nothing, and repeats nothing on Matrix', async () => {
  await survive({ messages: 600, gatewayKills: 2, synapseKills: 3 })
})

async function survive({ messages, gatewayKills, synapseKills }: Plan): Promise<void> {
  const dice = new Dice()
  console.info(`seed ${dice.seed}: NUDGE_TEST_SEED=${dice.seed} throws the same dice again`)
  world = await World.start()
  const progress = new Progress()
  const pairs = await introduceAll(world, dice, progress)
  const each = messages / pairs.length
  const since = Date.now()
  const kills = gatewayKills + synapseKills
  const [, seen] = await Promise.all([
    Promise.all(pairs.map((pair) => pair.write(1, each))),
    killAt(world, dice.places(kills, messages), shuffled(dice, gatewayKills, synapseKills), dice, progress),
  ])
  // Nothing is killed any more: what comes now is certain to come, and after everything that came before.
  await Promise.all(pairs.map((pair) => pair.write(each + 1, 1)))
  await Promise.all(pairs.map((pair) => pair.hasAll(each + 1)))
  const verdicts = await Promise.all(pairs.map((pair) => pair.verdict(gatewayKills)))
  const repeats = verdicts.reduce((sum, { toMsn }) => sum + toMsn.repeats, 0)
  const unsure = verdicts.reduce((sum, { counts }) => sum + counts.unsure, 0)
  const seconds = ((Date.now() - since) / 1000).toFixed(1)
  console.info(
    `${messages} messages each way on ${pairs.length * 2} lines, ${seen.join(', ')}: ` +
      `${repeats} repeats into MSN, ${unsure} without an answer, ${seconds} s`,
  )
  expect(verdicts.flatMap(({ toMatrix, toMsn }) => [...toMatrix.faults, ...toMsn.faults])).toEqual([])
}

function introduceAll(where: World, dice: Dice, progress: Progress): Promise<Pair[]> {
  const pairs = dialects.map((dialect, index) => ({ name: String(index), dialect, window: dice.between(2, 30) }))
  return Promise.all(pairs.map((pair) => Pair.meet(where, { ...pair, progress })))
}

/** Kills when as many messages as a place says were sent in both directions. Gives what was killed. */
async function killAt(where: World, places: number[], targets: string[], dice: Dice, progress: Progress): Promise<string[]> {
  const killed = new Map<string, number>()
  for (const [index, place] of places.entries()) {
    await progress.reaches(place)
    const target = targets[index] as keyof typeof victims
    await pause(dice.between(0, 50))
    await victims[target](where, dice)
    killed.set(target, (killed.get(target) ?? 0) + 1)
  }
  return [...killed].map(([target, times]) => `${times} × kill -9 of ${target}`)
}

const victims = {
  async 'the gateway'({ nudge }: World, dice: Dice): Promise<void> {
    await nudge.kill()
    // Sometimes again, in the middle of its start.
    if (dice.next() < 0.3) {
      const start = nudge.start().catch(() => {})
      await Promise.race([start, pause(dice.between(0, 2_000))])
      await nudge.kill()
      await start
    }
    await nudge.start()
  },
  async Synapse({ synapse }: World): Promise<void> {
    await synapse.halt('SIGKILL')
    await synapse.resume()
  },
}

function shuffled(dice: Dice, gateways: number, synapses: number): string[] {
  const left = [...Array<string>(gateways).fill('the gateway'), ...Array<string>(synapses).fill('Synapse')]
  const targets: string[] = []
  while (left.length > 0) targets.push(...left.splice(dice.between(0, left.length), 1))
  return targets
}
