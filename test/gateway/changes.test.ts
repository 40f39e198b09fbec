import { describe, expect, it } from 'vitest'
import type { Delivery } from '../../src/core/delivery.ts'
import { Absent, ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import { heard, offline, outcomes, scene } from './scene.ts'

const said = ({ hosted }: Awaited<ReturnType<typeof scene>>) => hosted.delivered.map(({ content }) => content)

describe('what is said anew', () => {
  it('takes the place of what still waits, silently, each time', async () => {
    const world = await scene()
    const id = await world.romeoSays('But sfot!')
    await world.romeoSays('What light?')
    await world.romeoChanges(id, 'But soft')
    await world.romeoChanges(id, 'But soft!')
    await world.settle()
    expect(heard(world.hosted)).toEqual(['But soft!', 'What light?'])
    expect(outcomes(world.home)).toEqual([])
  })

  it('takes the place of what waits for somebody who is away, and keeps what that answered', async () => {
    const world = await scene()
    const asked = await world.julietSays('Art thou there?')
    world.julietIsAway()
    const id = await world.romeoSays('Ay', { about: { id: asked, how: 'answer' } })
    await world.settle()
    await world.romeoChanges(id, 'Aye')
    await world.unpark()
    expect(said(world)).toMatchObject([{ kind: 'text', runs: [{ text: 'Aye' }], about: { line: 'Art thou there?' } }])
  })

  it('is said once more, marked and in its place, when it was delivered already', async () => {
    const world = await scene()
    const id = await world.romeoSays('But sfot!')
    await world.settle()
    await world.romeoSays('What light?')
    await world.romeoChanges(id, 'But soft')
    await world.settle()
    await world.romeoChanges(id, 'But soft!')
    await world.settle()
    expect(heard(world.hosted)).toEqual(['But sfot!', 'What light?', 'edit', 'edit'])
    expect(said(world).slice(2)).toMatchObject([
      { of: id, content: { runs: [{ text: 'But soft' }] } },
      { of: id, content: { runs: [{ text: 'But soft!' }] } },
    ])
  })

  it('may be a change of a change, waiting or delivered', async () => {
    const world = await scene()
    const id = await world.romeoSays('one')
    await world.settle()
    const change = await world.romeoChanges(id, 'two')
    await world.romeoChanges(change, 'three')
    await world.settle()
    await world.romeoChanges(change, 'four')
    await world.settle()
    expect(said(world).slice(1)).toMatchObject([
      { kind: 'edit', content: { runs: [{ text: 'three' }] } },
      { kind: 'edit', content: { runs: [{ text: 'four' }] } },
    ])
  })

  it('takes the place of a change that still waits, and is not said again when it is told twice', async () => {
    const world = await scene()
    const id = await world.romeoSays('one')
    await world.settle()
    await world.romeoChanges(id, 'two')
    const change = await world.romeoChanges(id, 'three')
    await world.romeoChanges(id, 'three', { id: change })
    await world.settle()
    await world.romeoChanges(id, 'three', { id: change })
    await world.settle()
    expect(said(world)).toMatchObject([{ kind: 'text' }, { kind: 'edit', of: id, content: { runs: [{ text: 'three' }] } }])
  })

  it('told twice is said once, also when the change was made before the message went out', async () => {
    const world = await scene()
    const id = await world.romeoSays('But sfot!')
    const change = await world.romeoChanges(id, 'But soft!')
    await world.settle()
    await world.romeoChanges(id, 'But soft!', { id: change })
    await world.settle()
    expect(heard(world.hosted)).toEqual(['But soft!'])
  })

  it('told twice after a second change was made does not bring the first one back', async () => {
    const world = await scene()
    const id = await world.romeoSays('one')
    const first = await world.romeoChanges(id, 'two')
    const second = await world.romeoChanges(id, 'three')
    await world.romeoChanges(id, 'two', { id: first })
    await world.settle()
    await world.romeoChanges(id, 'two', { id: first })
    await world.romeoChanges(id, 'three', { id: second })
    await world.settle()
    expect(heard(world.hosted)).toEqual(['three'])
  })

  it('is quoted as it was said last', async () => {
    const world = await scene()
    const id = await world.romeoSays('But sfot!')
    await world.romeoChanges(id, 'But soft!')
    await world.settle()
    await world.romeoSays('Hm', { about: { id, how: 'answer' } })
    await world.settle()
    expect(said(world).at(-1)).toMatchObject({ about: { line: 'But soft!' } })
  })

  it.each(['$never', '$failed'])('of something that did not arrive is not carried, and its sender is told: %s', async (of) => {
    const world = await scene()
    await world.romeoSays('Hist!', { id: '$failed' as RemoteId })
    world.hosted.refusals.push(new ContentRefused({ key: 'delivery.no-portal' }))
    await world.settle()
    const change = await world.romeoChanges(of as RemoteId, 'Hist, Juliet!')
    await world.settle()
    expect(heard(world.hosted)).toEqual([])
    expect(outcomes(world.home).at(-1)).toEqual({ of: change, state: 'failed', key: 'delivery.edit-unknown' })
  })

  it('of what somebody else said is not carried, waiting or delivered, and its sender is told', async () => {
    const world = await scene()
    const hers = await world.julietSays('Good night')
    const first = await world.romeoChanges(hers, 'I love thee')
    const own = await world.romeoSays('Sleep well')
    await world.stores.portals.setRelays((await world.stores.portals.find(world.room))?.portal.id as never, true)
    const second = await world.romeoChanges(own, 'I hate thee', { from: world.home.person('tybalt') })
    await world.settle()
    expect(heard(world.hosted)).toEqual(['Sleep well'])
    expect(outcomes(world.home)).toEqual([
      { of: first, state: 'failed', key: 'delivery.edit-not-yours' },
      { of: second, state: 'failed', key: 'delivery.edit-not-yours' },
    ])
  })

  it('as words for a picture that waits does not lose the picture', async () => {
    const world = await scene()
    const file = { kind: 'media', what: 'image', name: 'balcony.jpg', ref: 'mxc://a/b', link: 'https://example.org/x' } as const
    const id = await world.romeoSays(file)
    await world.romeoChanges(id, 'My balcony')
    await world.settle()
    expect(heard(world.hosted)).toEqual(['media', 'edit'])
  })
})

describe('what is taken back', () => {
  it('while it waits to be tried is never delivered, and nothing is said of it', async () => {
    const world = await scene()
    const id = await world.romeoSays('I hate thee')
    await world.romeoSays('Good night')
    await world.romeoTakesBack(id)
    expect(heard(world.hosted)).toEqual(['Good night'])
    expect(outcomes(world.home)).toEqual([])
  })

  it('while it waits for somebody is never delivered, and that it waits is no more said', async () => {
    const world = await scene()
    world.julietIsAway()
    const id = await world.romeoSays('I hate thee')
    await world.settle()
    const notice = world.home.delivered.at(-1)
    await world.romeoTakesBack(id)
    await world.unpark()
    expect(heard(world.hosted)).toEqual([])
    expect(outcomes(world.home)).toEqual([
      { of: id, state: 'waiting', key: 'delivery.waits' },
      { of: id, state: 'cancelled', key: 'delivery.cancelled', instead: `sent-${notice?.id}` },
    ])
  })

  it('is not said to wait for ever when we went down before that was told otherwise', async () => {
    const world = await scene()
    const { home, stores } = world
    world.julietIsAway()
    const id = await world.romeoSays('I hate thee')
    await world.settle()
    const notice = home.delivered.at(-1)
    const [delivery] = stores.outbox.pushed
    if (!delivery) throw new Error('nothing was queued')
    await stores.outbox.cancel(delivery.line, delivery.id)
    await world.romeoTakesBack(id)
    await world.romeoTakesBack(id)
    await world.unpark()
    expect(heard(world.hosted)).toEqual([])
    expect(outcomes(home).slice(1)).toEqual([
      { of: id, state: 'cancelled', key: 'delivery.cancelled-perhaps', instead: `sent-${notice?.id}` },
    ])
  })

  it('before anybody could be told that it waits leaves nothing to read', async () => {
    const world = await scene()
    const { home, gateway, stores } = world
    const id = await world.romeoSays('I hate thee')
    const [delivery] = stores.outbox.pushed
    if (!delivery) throw new Error('nothing was queued')
    stores.outbox.tried.add(delivery.id)
    stores.outbox.parked.add(delivery.id)
    stores.outbox.told.add(delivery.id)
    await gateway.setback(delivery, 'waiting', new Absent(world.juliet, offline))
    await home.tell({ kind: 'redaction', id: '$r' as RemoteId, conversation: world.room, of: id, by: home.person('romeo') })
    expect(stores.outbox.pushed.filter(({ content }) => content.kind === 'outcome')).toEqual([])
  })

  it('too late is told to be too late, once', async () => {
    const world = await scene()
    const id = await world.romeoSays('I hate thee')
    await world.settle()
    await world.romeoTakesBack(id)
    await world.romeoTakesBack(id)
    expect(outcomes(world.home)).toEqual([{ of: id, state: 'failed', key: 'delivery.cannot-unsend' }])
  })

  it('takes along what it was changed to, where that still waits', async () => {
    const world = await scene()
    const { home, hosted } = world
    const id = await world.romeoSays('I hate thee')
    await world.settle()
    await world.romeoChanges(id, 'I hate thee not')
    await world.romeoTakesBack(id)
    expect(heard(hosted)).toEqual(['I hate thee'])
    expect(outcomes(home)).toEqual([{ of: id, state: 'failed', key: 'delivery.cannot-unsend' }])
  })

  it('takes along what that was changed to once more', async () => {
    const world = await scene()
    const id = await world.romeoSays('one')
    await world.settle()
    const change = await world.romeoChanges(id, 'two')
    await world.settle()
    await world.romeoChanges(change, 'three')
    await world.romeoTakesBack(id)
    expect(heard(world.hosted)).toEqual(['one', 'edit'])
  })

  it('that was a smiley, a change, somebody else’s, or unknown needs no word', async () => {
    const world = await scene()
    const hers = await world.julietSays('Good night')
    const own = await world.romeoSays('Sleep well')
    await world.settle()
    const smiley = await world.romeoSays({ kind: 'reaction', of: hers, emoji: '👍' })
    const change = await world.romeoChanges(own, 'Sleep dwell')
    await world.settle()
    for (const of of [hers, smiley, change, '$unknown' as RemoteId]) await world.romeoTakesBack(of)
    expect(outcomes(world.home)).toEqual([])
  })

  describe('while it is under way', () => {
    /** Romeo takes back what is being tried at this moment; the try ends with what `end` does. */
    async function underWay(end: (world: Awaited<ReturnType<typeof scene>>) => void) {
      const world = await scene()
      const id = await world.romeoSays('I hate thee')
      const { hosted, home, stores } = world
      const deliver = hosted.deliver.bind(hosted)
      stores.outbox.placeOf = async () => 0
      hosted.deliver = async (parcel) => {
        await home.tell({ kind: 'redaction', id: '$r' as RemoteId, conversation: world.room, of: id, by: home.person('romeo') })
        end(world)
        return deliver(parcel)
      }
      await world.settle()
      return { ...world, id }
    }

    it('and arrives, its sender is told that it was too late', async () => {
      const { hosted, home, id } = await underWay(() => {})
      expect(heard(hosted)).toEqual(['I hate thee'])
      expect(outcomes(home)).toEqual([{ of: id, state: 'failed', key: 'delivery.cannot-unsend' }])
    })

    it('and finds nobody, it is given up', async () => {
      const { hosted, home, id } = await underWay((world) => world.julietIsAway())
      expect(heard(hosted)).toEqual([])
      expect(outcomes(home)).toEqual([{ of: id, state: 'cancelled', key: 'delivery.cancelled' }])
    })

    it('and reaches somebody who leaves in the middle of it, it is given up, and its sender learns that they may have seen it', async () => {
      const { home, id } = await underWay(({ hosted, juliet }) =>
        hosted.refusals.push(new Absent(juliet, offline, { isBegun: true })),
      )
      expect(outcomes(home)).toEqual([{ of: id, state: 'cancelled', key: 'delivery.cancelled-perhaps' }])
    })

    it('and we are killed, it is not tried again, and its sender learns that nobody knows', async () => {
      const { romeoSays, romeoTakesBack, stores } = await scene()
      const id = await romeoSays('I hate thee')
      const delivery = stores.outbox.pushed.at(-1) as Delivery
      const { placeOf } = stores.outbox
      stores.outbox.tried.add(delivery.id)
      stores.outbox.placeOf = async () => 0
      await romeoTakesBack(id)
      stores.outbox.placeOf = placeOf
      stores.outbox.pushed.splice(0)
      const restarted = await fakeGateway({ stores })
      await restarted.gateway.perform(delivery, { again: true, late: false })
      await restarted.settle()
      expect(heard(restarted.hosted)).toEqual([])
      expect(outcomes(restarted.home)).toEqual([{ of: id, state: 'cancelled', key: 'delivery.cancelled-perhaps' }])
    })

    it('and is lost on the way, it is given up, and its sender learns that nobody knows', async () => {
      const { home, id } = await underWay(({ hosted }) => hosted.refusals.push(new NetworkUnreachable()))
      expect(outcomes(home)).toEqual([{ of: id, state: 'cancelled', key: 'delivery.cancelled-perhaps' }])
    })
  })
})
