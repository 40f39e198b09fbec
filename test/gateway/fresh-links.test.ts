import { expect, it } from 'vitest'
import type { Media } from '../../src/core/content.ts'
import { scene } from './scene.ts'

const picture: Media = { kind: 'media', what: 'image', name: 'rose.png', ref: 'mxc://hs/rose', link: 'http://files/early' }

const linksOf = ({ home, hosted }: Awaited<ReturnType<typeof scene>>) => ({
  asked: home.files,
  arrived: hosted.delivered.flatMap(({ content }) => (content.kind === 'media' ? [content.link] : [])),
})

it('a file that is delivered at once comes under the link that it was read with', async () => {
  const world = await scene()
  await world.romeoSays(picture)
  await world.settle()
  expect(linksOf(world)).toEqual({ asked: [], arrived: ['http://files/early'] })
})

it('a file that waited comes under a new link, which is good as long as any', async () => {
  const world = await scene()
  world.julietIsAway()
  const id = await world.romeoSays(picture)
  await world.settle()
  await world.timers.pass(4 * 24 * 60 * 60_000)
  await world.unpark()
  expect(linksOf(world)).toEqual({
    asked: [{ ref: 'mxc://hs/rose', name: 'rose.png', said: { conversation: world.room, id } }],
    arrived: ['http://files/1'],
  })
})

it('a file that waited until there were no links any more comes without one', async () => {
  const world = await scene()
  world.julietIsAway()
  await world.romeoSays(picture)
  await world.settle()
  await world.timers.pass(4 * 24 * 60 * 60_000)
  world.home.hasLinks = false
  await world.unpark()
  expect(linksOf(world).arrived).toEqual([undefined])
})
