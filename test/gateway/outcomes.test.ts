import { expect, it } from 'vitest'
import { ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import { heard, outcomes, scene } from './scene.ts'

it('what arrives is shown where it was said, by our bot', async () => {
  const world = await scene()
  const id = await world.romeoSays('Hist!')
  await world.settle()
  expect(world.home.signals).toEqual([{ kind: 'delivered', conversation: world.room, as: world.home.bot, of: id }])
  expect(outcomes(world.home)).toEqual([])
})

it('what Juliet says is shown to nobody as delivered: her own network has told her', async () => {
  const world = await scene()
  await world.julietSays('Ay me')
  expect([...world.home.signals, ...world.hosted.signals]).toEqual([])
})

it('what the network keeps is told so, and not shown as delivered', async () => {
  const world = await scene()
  world.hosted.keeps = true
  const id = await world.romeoSays('Hist!')
  await world.settle()
  expect(outcomes(world.home)).toEqual([{ of: id, state: 'kept', key: 'delivery.kept' }])
  expect(world.home.signals).toEqual([])
})

it.each([
  [false, 'delivered', 'delivery.delivered'],
  [true, 'kept', 'delivery.kept'],
] as const)('that something waits is replaced by what becomes of it (kept: %s)', async (keeps, state, key) => {
  const world = await scene()
  world.julietIsAway(2)
  const first = await world.romeoSays('Hist!')
  const second = await world.romeoSays('Romeo, Romeo!')
  await world.settle()
  const notices = world.home.delivered.slice(-2).map(({ id }) => `sent-${id}`)
  world.hosted.keeps = keeps
  await world.unpark()
  expect(outcomes(world.home)).toEqual([
    { of: first, state: 'waiting', key: 'delivery.waits' },
    { of: second, state: 'waiting', key: 'delivery.waits' },
    { of: first, state, key, instead: notices[0] },
    { of: second, state, key, instead: notices[1] },
  ])
})

it('a failure is told in a message of its own, also after it was said to wait', async () => {
  const world = await scene()
  world.julietIsAway()
  const id = await world.romeoSays('Hist!')
  const [delivery] = await world.settle()
  if (!delivery) throw new Error('nothing was queued')
  await world.gateway.setback(delivery, 'expired', new NetworkUnreachable())
  await world.settle()
  expect(outcomes(world.home)).toEqual([
    { of: id, state: 'waiting', key: 'delivery.waits' },
    { of: id, state: 'failed', key: 'delivery.expired' },
  ])
})

it('what arrives although it was told to have failed is said to be delivered in the place of that', async () => {
  const world = await scene()
  world.hosted.refusals.push(new ContentRefused({ key: 'delivery.no-portal' }))
  const id = await world.romeoSays('Hist!')
  const [delivery] = await world.settle()
  if (!delivery) throw new Error('nothing was queued')
  const notice = world.home.delivered.at(-1)
  await world.gateway.perform(delivery, { again: true, late: true })
  await world.settle()
  expect(outcomes(world.home).at(-1)).toMatchObject({ of: id, state: 'delivered', instead: `sent-${notice?.id}` })
})

it('that somebody at an MSN client waits for a homeserver is not told to them; that it failed is', async () => {
  const world = await scene()
  const { hosted, home, gateway, chat, juliet } = world
  home.refusals.push(new NetworkUnreachable())
  const said = { kind: 'message', id: 'j' as never, conversation: chat, from: juliet, sentAt: 1 } as const
  await hosted.tell({ ...said, content: { kind: 'text', runs: [{ text: 'Ay me' }] } })
  const [delivery] = world.stores.outbox.pushed
  if (!delivery) throw new Error('nothing was queued')
  await gateway.setback(delivery, 'waiting', new NetworkUnreachable())
  expect(world.stores.outbox.pushed).toHaveLength(1)
  await gateway.setback(delivery, 'failed', new NetworkUnreachable())
  world.stores.outbox.pushed.shift()
  await world.settle()
  expect(heard(hosted)).toEqual(['outcome'])
})
