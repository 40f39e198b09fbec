import { expect, it } from 'vitest'
import { ContentRefused } from '../../src/core/errors.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { say } from '../../src/core/words.ts'
import { scene } from './scene.ts'

type Scene = Awaited<ReturnType<typeof scene>>

async function wayOf({ trace, room }: Scene, id: RemoteId): Promise<string[]> {
  return (await trace.stepsOf(room, id)).map(({ phrase }) => say(phrase))
}

it('a message that arrived at once was queued, tried, and delivered, with what its network tells between', async () => {
  const world = await scene()
  const { hosted } = world
  const deliver = hosted.deliver.bind(hosted)
  hosted.deliver = async (parcel) => ({ ...(await deliver(parcel)), steps: [{ at: 1_000, phrase: { key: 'msn.step-said' } }] })
  const id = await world.romeoSays('Hist!')
  await world.settle()
  expect(await world.trace.stepsOf(world.room, id)).toEqual([
    { at: 1_000, phrase: { key: 'trace.queued' } },
    { at: 1_000, phrase: { key: 'trace.begun' } },
    { at: 1_000, phrase: { key: 'msn.step-said' } },
    { at: 1_000, phrase: { key: 'trace.arrived' } },
  ])
})

it('a message that is queued shows how many are before it', async () => {
  const world = await scene()
  const first = await world.romeoSays('Hist!')
  const second = await world.romeoSays('Romeo, hist!')
  expect(await wayOf(world, first)).toEqual(['taken in and queued', 'next in the queue, or being tried right now'])
  expect(await wayOf(world, second)).toEqual(['taken in and queued', 'waiting; in the queue before it: 1'])
})

it('a message that waited shows why, and what it came to', async () => {
  const world = await scene()
  world.julietIsAway()
  const id = await world.romeoSays('Hist!')
  await world.settle()
  const waiting = ['taken in and queued', 'tried in vain: Juliet is offline.', 'you were told that it waits']
  const way = await wayOf(world, id)
  expect([...way].sort()).toEqual([...waiting, 'next in the queue, or being tried right now'].sort())
  await world.unpark()
  expect((await wayOf(world, id)).sort()).toEqual([...waiting, 'the last try began', 'delivered'].sort())
})

it('a message of the contact, and one that was given up, have a way as well; something unknown has none', async () => {
  const world = await scene()
  const hers = await world.julietSays('Ay me')
  expect(await wayOf(world, hers)).toEqual(['taken in and queued', 'the last try began', 'delivered'])
  world.hosted.refusals.push(new ContentRefused({ key: 'delivery.no-portal' }))
  const own = await world.romeoSays('Hist!')
  await world.settle()
  expect(await wayOf(world, own)).toEqual(['tried in vain: this chat was closed.', 'given up: this chat was closed.'])
  expect(await wayOf(world, '$unknown' as RemoteId)).toEqual([])
})

it('a trace that cannot be kept costs no message', async () => {
  const world = await scene()
  world.stores.traces.note = async () => {
    throw new Error('Redis is away')
  }
  world.julietIsAway()
  await world.romeoSays('Hist!')
  await world.settle()
  await world.unpark()
  expect(world.hosted.delivered).toHaveLength(1)
})
