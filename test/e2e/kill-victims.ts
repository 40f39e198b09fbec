// Who is killed, how often, and when.

import { setTimeout as pause } from 'node:timers/promises'
import type { World } from '../support/world.ts'
import type { Dice } from './kill-dice.ts'
import type { Progress } from './kill-progress.ts'

const victims = {
  async gateway({ nudge }: World, dice: Dice): Promise<number> {
    await nudge.kill()
    const isStruckAgain = dice.next() < 0.5
    if (isStruckAgain) {
      // In the midst of its start, or of delivering what piled up.
      const start = nudge.start().catch(() => {})
      await pause(dice.between(0, 4_000))
      await nudge.kill()
      await start
    }
    await nudge.start()
    return isStruckAgain ? 2 : 1
  },
  async synapse({ synapse }: World): Promise<number> {
    await synapse.halt('SIGKILL')
    await synapse.resume()
    return 1
  },
  /** As when the machine goes down. Either of them may be the first to be back. */
  async both({ nudge, synapse }: World): Promise<number> {
    await Promise.all([nudge.kill(), synapse.halt('SIGKILL')])
    await Promise.all([nudge.start(), synapse.resume()])
    return 1
  },
}

type Victim = keyof typeof victims
export type Kills = Record<Victim, number>

/** Kills each as often as is wanted, at places in the course of `total`, which is so much in both directions. Gives how often each was killed. */
export async function killAll(where: World, wanted: Kills, total: number, dice: Dice, progress: Progress): Promise<Kills> {
  const kills: Kills = { gateway: 0, synapse: 0, both: 0 }
  const targets = shuffled(dice, wanted)
  for (const [index, place] of dice.places(targets.length, total).entries()) {
    await progress.reaches(place)
    if (progress.isOver) break
    await pause(dice.between(0, 50))
    const target = targets[index] as Victim
    kills[target] += await victims[target](where, dice)
  }
  return kills
}

function shuffled(dice: Dice, kills: Kills): Victim[] {
  const left = (Object.keys(victims) as Victim[]).flatMap((victim) => Array<Victim>(kills[victim]).fill(victim))
  const targets: Victim[] = []
  while (left.length > 0) targets.push(...left.splice(dice.between(0, left.length), 1))
  return targets
}
