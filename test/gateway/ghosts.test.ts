import { describe, expect, it } from 'vitest'
import { fakeGateway } from '../support/fake-gateway.ts'
import { settled } from '../support/manual-timers.ts'

const picture = { hash: 'rose', ref: 'rose.png' }

describe('a name', () => {
  it('that came along with a message counts until its owner is seen under one, since in a long chat it is an old one', async () => {
    const { hosted, home, ghosts, stores } = await fakeGateway()
    const juliet = hosted.person('juliet')
    const name = async () => (await stores.ghosts.get(juliet, home.id))?.name
    for (const heard of ['Juliet', 'Juliet Capulet']) await ghosts.heard(juliet, home.id, heard)
    expect(await name()).toBe('Juliet Capulet')
    await ghosts.named(juliet, home.id, 'Juliet Montague')
    await ghosts.heard(juliet, home.id, 'Juliet Capulet')
    expect(await name()).toBe('Juliet Montague')
  })

  it('that changes every second is shown at once the first time, and after that the newest once a minute', async () => {
    const { hosted, home, ghosts, stores, timers } = await fakeGateway()
    const juliet = hosted.person('juliet')
    await stores.users.at(home.person('romeo'))
    home.meets(juliet)
    const shown = () => home.introduced.splice(0).map(({ name }) => name)
    const seen = (name: string) =>
      hosted.tell({
        kind: 'presence',
        of: juliet,
        seenBy: hosted.person('ghost:matrix:romeo'),
        presence: { status: 'online' },
        name,
      })
    await ghosts.met(juliet, home.id, 'Juliet')
    await ghosts.introduce(juliet, home.id)
    shown()
    for (let second = 0; second < 50; second++) {
      await seen(`Juliet ${second}`)
      await timers.pass(1_000)
    }
    expect(shown()).toEqual(['Juliet 0'])
    await timers.pass(10_000)
    expect(shown()).toEqual(['Juliet 49'])
    await seen('Juliet Montague')
    await ghosts.introduce(juliet, home.id)
    expect(shown()).toEqual(['Juliet Montague'])
    await timers.pass(120_000)
    expect(shown()).toEqual([])
    await seen('Juliet Capulet')
    await settled()
    expect(shown()).toEqual(['Juliet Capulet'])
  })
})

describe('a picture', () => {
  it('is shown by a ghost that somebody has met, and comes along with one that is met later', async () => {
    const { hosted, home, ghosts } = await fakeGateway()
    const [juliet, nurse] = [hosted.person('juliet'), hosted.person('nurse')]
    home.meets(juliet)
    for (const of of [juliet, nurse]) await hosted.tell({ kind: 'picture', of, picture })
    await settled()
    expect(home.introduced).toMatchObject([{ of: juliet, picture }])
    await ghosts.introduce(nurse, home.id)
    expect(home.introduced.at(-1)).toMatchObject({ of: nurse, picture })
  })

  it('stays when its owner takes another name, and goes when they show none', async () => {
    const { hosted, home, ghosts, stores } = await fakeGateway()
    const juliet = hosted.person('juliet')
    home.meets(juliet)
    await hosted.tell({ kind: 'picture', of: juliet, picture })
    await ghosts.named(juliet, home.id, 'Juliet')
    expect(await stores.ghosts.get(juliet, home.id)).toMatchObject({ name: 'Juliet', picture })
    await hosted.tell({ kind: 'picture', of: juliet })
    await settled()
    expect(home.introduced.at(-1)).toEqual({ of: juliet, on: home.id, name: 'Juliet' })
  })

  it('that is told again is no news', async () => {
    const { hosted, home } = await fakeGateway()
    const juliet = hosted.person('juliet')
    home.meets(juliet)
    for (let times = 0; times < 3; times++) await hosted.tell({ kind: 'picture', of: juliet, picture })
    await settled()
    expect(home.introduced).toHaveLength(1)
  })

  it('is fetched from the network of its owner', async () => {
    const { hosted, home, ghosts } = await fakeGateway()
    const juliet = hosted.person('juliet')
    const bytes = Buffer.from('a rose')
    hosted.pictures.set(picture.ref, { bytes, type: 'image/png' })
    await hosted.tell({ kind: 'picture', of: juliet, picture })
    await ghosts.introduce(juliet, home.id)
    expect(await home.loads.at(-1)?.()).toEqual({ bytes, type: 'image/png' })
  })
})
