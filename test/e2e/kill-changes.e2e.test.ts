// What is said anew and taken back, and what its writer is told of it, under kill -9.

import { afterAll, beforeAll, expect, it } from 'vitest'
import { World } from '../support/world.ts'
import { Chat } from './kill-chat.ts'
import { Dice } from './kill-dice.ts'
import { Progress } from './kill-progress.ts'
import { killAll } from './kill-victims.ts'

const chats = 8
/** What Romeo does in each of them. */
const deeds = 40

let world: World

beforeAll(async () => {
  world = await World.start()
})

afterAll(async () => {
  await world?.stop()
})

it('kill -9 of the gateway and of Synapse delivers nothing that was taken back in time, the newest words last, and one notice of each', async () => {
  const dice = new Dice()
  console.info(`seed ${dice.seed}: NUDGE_TEST_SEED=${dice.seed} throws the same dice again`)
  const romeo = await world.matrixUser('romeo')
  const progress = new Progress()
  const all = await Promise.all(
    Array.from({ length: chats }, (_, index) => Chat.begin(world, romeo, { name: String(index), dice, progress })),
  )
  const killing = killAll(world, { gateway: 3, synapse: 1, both: 1 }, chats * deeds, dice, progress)
  try {
    // Some come while much is still said, changed and taken back; the others when all is done.
    await Promise.all([
      killing,
      ...all.map(async (chat, index) => {
        await chat.write(deeds / 2)
        await Promise.all([index % 2 === 0 && chat.meets(), chat.write(deeds / 2)])
      }),
    ])
  } finally {
    // Whatever went wrong: nothing is started any more that nobody would stop.
    progress.end()
    await killing
  }
  const { gateway, synapse, both } = await killing
  await Promise.all(all.map((chat) => chat.end()))
  const faults = await Promise.all(all.map((chat) => chat.faults(gateway + both)))
  const counts = all.map((chat) => chat.counts)
  const sum = (name: 'said' | 'changes' | 'takenBack') => counts.reduce((total, one) => total + one[name], 0)
  console.info(
    `${sum('said')} messages, ${sum('changes')} changes, ${sum('takenBack')} taken back; ` +
      `kill -9 of the gateway ${gateway} times, of Synapse ${synapse} times, of both at once ${both} times`,
  )
  expect(faults.flat()).toEqual([])
})
