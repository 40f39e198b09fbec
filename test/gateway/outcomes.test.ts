import { expect, it } from 'vitest'
import { plainText } from '../../src/core/content.ts'
import { Absent, ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { heard, offline, outcomes, scene } from './scene.ts'

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

it('who left the room is called into another when their words do not arrive, and not only to hear that they did', async () => {
  const world = await scene()
  world.julietIsAway()
  await world.romeoSays('Hist!')
  await world.settle()
  const leave = { kind: 'conversation', change: 'left', conversation: world.room, by: world.home.person('romeo') } as const
  await world.home.tell({ ...leave, with: world.juliet })
  await world.unpark()
  expect(heard(world.hosted)).toEqual(['Hist!'])
  expect(world.home.opened).toEqual([])
  await world.romeoSays('Romeo, Romeo!', { with: world.juliet })
  world.hosted.refusals.push(new ContentRefused(offline))
  await world.home.tell({ ...leave, with: world.juliet })
  await world.settle()
  expect(world.home.opened).toHaveLength(1)
  expect(outcomes(world.home).at(-1)).toMatchObject({ state: 'failed' })
})

it('what waits in a chat that is closed meanwhile is given up, and its user told so once', async () => {
  const world = await scene()
  await world.ask('help')
  world.julietIsAway(2)
  await world.romeoSays('Hist!')
  await world.romeoSays('Romeo, Romeo!')
  const deliveries = (await world.settle()).filter(({ network }) => network === world.hosted.id)
  const place = await world.portals.find(world.room)
  if (!place) throw new Error('there is no portal')
  await world.portals.forget(place)
  for (const delivery of deliveries) {
    const error = await world.gateway.perform(delivery, { again: false, late: true }).catch((thrown) => thrown)
    await world.gateway.setback(delivery, 'failed', error)
  }
  await world.settle()
  expect(deliveries).toHaveLength(2)
  const told = world.home.delivered.slice(-2).map(({ content }) => 'phrase' in content && content.phrase.key)
  expect(told).toEqual(['delivery.waits', 'delivery.closed-chat'])
})

it('whoever wrote to somebody who closed the chat meanwhile hears that it did not arrive', async () => {
  const world = await scene()
  world.home.refusals.push(new Absent(world.room as never, offline))
  await world.julietSays('Ay me')
  const delivery = world.stores.outbox.pushed.find(({ origin }) => origin?.conversation.as)
  const place = await world.portals.find(world.room)
  if (!place || !delivery) throw new Error('nothing waits')
  await world.portals.forget(place)
  const error = await world.gateway.perform(delivery, { again: false, late: true }).catch((thrown) => thrown)
  await world.gateway.setback(delivery, 'failed', error)
  await world.settle()
  expect(world.hosted.delivered).toMatchObject([{ conversation: world.chat, as: world.chat.as, content: { state: 'failed' } }])
})

it('what Romeo said at another client and does not arrive at home is told to him, not to Juliet', async () => {
  const world = await scene()
  await world.ask('help')
  world.home.refusals.push(new ContentRefused(offline))
  const said = { kind: 'message', id: 'own' as RemoteId, conversation: world.chat, from: world.chat.as, sentAt: 1 } as const
  await world.hosted.tell({ ...said, content: plainText('Hist!') })
  await world.settle()
  expect(world.hosted.delivered).toEqual([])
  expect(world.home.delivered.at(-1)).toMatchObject({ conversation: { id: 'management' }, content: { kind: 'notice' } })
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
