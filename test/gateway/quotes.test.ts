import { expect, it } from 'vitest'
import type { Utterance } from '../../src/core/content.ts'
import { plainText } from '../../src/core/content.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { scene } from './scene.ts'

type Scene = Awaited<ReturnType<typeof scene>>

const last = ({ hosted }: Scene): Utterance | undefined => hosted.delivered.at(-1)?.content as Utterance | undefined

/** Romeo answers; what Juliet's network is given. */
async function answer(world: Scene, id: RemoteId, how: 'answer' | 'thread' = 'answer'): Promise<Utterance | undefined> {
  await world.romeoSays('Aye', { about: { id, how } })
  await world.settle()
  return last(world)
}

it('an answer quotes the first line of what was said, and who said it', async () => {
  const world = await scene()
  const said = await world.julietSays('\n  Good   night,\ngood night!')
  expect(await answer(world, said)).toEqual({
    ...plainText('Aye'),
    about: { from: 'Juliet', line: 'Good night,', how: 'answer' },
  })
  expect(await answer(world, said, 'thread')).toMatchObject({ about: { from: 'Juliet', how: 'thread' } })
})

it('an answer to oneself names nobody', async () => {
  const world = await scene()
  const own = await world.romeoSays('But soft!')
  await world.settle()
  expect(await answer(world, own)).toEqual({ ...plainText('Aye'), about: { line: 'But soft!', how: 'answer' } })
})

it('what the user said with another client is quoted as theirs, without the words of the bot around it', async () => {
  const world = await scene()
  const { hosted, chat, settle } = world
  const from = chat.as
  await hosted.tell({ kind: 'message', id: 'o' as RemoteId, conversation: chat, from, content: plainText('Hist!'), sentAt: 1 })
  const [delivery] = await settle()
  expect(await answer(world, `sent-${delivery?.id}` as RemoteId)).toMatchObject({ about: { line: 'Hist!', how: 'answer' } })
  expect(last(world)).not.toHaveProperty('about.from')
})

it('a long line is cut, and nothing that hides or turns text around is quoted', async () => {
  const world = await scene()
  const said = await world.julietSays(`\u202egood\u0000 ${'n'.repeat(200)}`)
  const about = { line: `good ${'n'.repeat(114)}…`, how: 'answer' }
  expect(await answer(world, said)).toMatchObject({ about })
})

it('a file is quoted by its name', async () => {
  const world = await scene()
  const file = { kind: 'media', what: 'image', name: 'balcony.jpg', ref: 'mxc://a/b', link: 'https://example.org/x' } as const
  const said = await world.romeoSays(file)
  await world.settle()
  expect(await answer(world, said)).toMatchObject({ about: { line: 'balcony.jpg' } })
})

it.each(['$unknown', 'sent-of-another-room'])('what the portal has not seen is not quoted: %s', async (id) => {
  const world = await scene()
  const { stores, home, chat } = world
  const elsewhere = { network: home.id, id: 'another-room' }
  await stores.messages.remember({
    delivery: 'd' as never,
    sent: { conversation: elsewhere, id: 'sent-of-another-room' as RemoteId },
    origin: { conversation: { ...chat, id: 'rosaline@example.com' }, id: 'x' as RemoteId },
    gist: { by: 'rosaline@example.com', from: 'Rosaline', line: 'a secret' },
    arrivedAt: 1,
  })
  expect(await answer(world, id as RemoteId)).toEqual(plainText('Aye'))
})

it('what was said in the same room when it was another portal’s is not quoted', async () => {
  const world = await scene()
  const { stores, room, chat } = world
  await stores.messages.remember({
    delivery: 'd' as never,
    sent: { conversation: room, id: '$before' as RemoteId },
    origin: { conversation: { ...chat, id: 'rosaline@example.com' }, id: 'x' as RemoteId },
    gist: { by: 'rosaline@example.com', from: 'Rosaline', line: 'a secret' },
    arrivedAt: 1,
  })
  expect(await answer(world, '$before' as RemoteId)).toEqual(plainText('Aye'))
  await world.romeoSays({ kind: 'reaction', of: '$before' as RemoteId, emoji: '👍' })
  await world.settle()
  expect(last(world)).toEqual({ kind: 'reaction', of: '$before', emoji: '👍' })
})

it('a reaction says to what; where reactions are off it stays where it is', async () => {
  for (const reactions of [true, false]) {
    const world = await scene({ reactions })
    const said = await world.julietSays('Good night')
    await world.romeoSays({ kind: 'reaction', of: said, emoji: '👍' })
    await world.settle()
    const about = { from: 'Juliet', line: 'Good night', how: 'answer' }
    expect(last(world)).toEqual(reactions ? { kind: 'reaction', of: said, emoji: '👍', about } : undefined)
  }
})

it('a reaction to what our bot told is nobody else’s business', async () => {
  const world = await scene()
  world.hosted.keeps = true
  await world.romeoSays('Hist!')
  const [, outcome] = await world.settle()
  await world.romeoSays({ kind: 'reaction', of: `sent-${outcome?.id}` as RemoteId, emoji: '👍' })
  await world.settle()
  expect(world.hosted.delivered.map(({ content }) => content.kind)).toEqual(['text'])
})
