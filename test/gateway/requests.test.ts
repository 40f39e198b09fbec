import { describe, expect, it } from 'vitest'
import { wordsOf } from '../../src/core/content.ts'
import { ContentRefused, NetworkUnreachable } from '../../src/core/errors.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

const romeoOnMsn = 'ghost:matrix:romeo'
const julietOnMatrix = 'ghost:msn:juliet@example.com'

/** Juliet has put Romeo, who is hosted, on her list. */
async function julietAsks() {
  const world = await fakeGateway()
  const { hosted, home, settle } = world
  const juliet = hosted.person('juliet@example.com')
  const asked = { kind: 'asked', by: juliet, byName: 'Juliet', of: hosted.person(romeoOnMsn) } as const
  await hosted.tell(asked)
  await settle()
  const answer = (change: 'joined' | 'declined', byName?: string) =>
    home.tell({
      kind: 'conversation',
      change,
      conversation: { network: home.id, id: 'room-1' },
      by: home.person('romeo'),
      ...(byName !== undefined && { byName }),
      with: juliet,
    })
  return { ...world, juliet, asked, answer }
}

describe('somebody who asks a hosted user', () => {
  it('invites the user to a chat, which says who it is and what an answer does', async () => {
    const { home } = await julietAsks()
    expect(home.opened).toMatchObject([
      { as: { id: julietOnMatrix }, user: { id: 'romeo' }, reason: expect.stringContaining('Juliet (juliet@example.com)') },
    ])
    expect(home.delivered).toMatchObject([
      { as: { id: julietOnMatrix }, content: { kind: 'notice', phrase: { key: 'contacts.invitation' } } },
    ])
    expect(home.introduced).toMatchObject([{ name: 'Juliet' }])
  })

  it('is heard out where they wrote something along with it', async () => {
    const { hosted, home, settle } = await fakeGateway()
    const by = hosted.person('juliet@example.com')
    await hosted.tell({ kind: 'asked', by, of: hosted.person(romeoOnMsn), text: ' It is me, from the ball ' })
    await settle()
    expect(home.opened[0]?.reason).toMatch(/^juliet@example\.com .* They write: It is me, from the ball$/)
  })

  it('invites once, however often it is told', async () => {
    const { hosted, home, asked, settle } = await julietAsks()
    await hosted.tell(asked)
    await settle()
    expect(home.delivered).toHaveLength(1)
  })

  it('is accepted when the user joins, and the user is brought back after a restart', async () => {
    const { hosted, stores, home, answer } = await julietAsks()
    await answer('joined', 'Romeo Montague')
    expect(hosted.edits).toEqual([{ as: romeoOnMsn, change: 'accept', who: 'juliet@example.com' }])
    expect(await stores.ghosts.get(home.person('romeo'), hosted.id)).toMatchObject({ name: 'Romeo Montague' })
  })

  it('is blocked when the user declines, who is told so, and the chat is none any more', async () => {
    const { hosted, home, asked, answer, settle, ask, stores } = await julietAsks()
    await ask('help')
    await answer('declined')
    expect(hosted.edits).toEqual([{ as: romeoOnMsn, change: 'block', who: 'juliet@example.com' }])
    await settle()
    expect(home.delivered.at(-1)?.content).toMatchObject({
      phrase: { key: 'contacts.blocked', params: { account: 'juliet@example.com' } },
    })
    const { portal } = (await stores.portals.find({ network: hosted.id, id: asked.by.id, as: asked.of })) ?? {}
    expect(portal).toBeDefined()
    expect(portal?.room).toBeUndefined()
  })

  it('is answered all the same when the network forgot them meanwhile, and not when it cannot be reached', async () => {
    const { hosted, answer } = await julietAsks()
    hosted.refusals.push(new ContentRefused({ key: 'msn.no-such-account', params: { name: 'juliet@example.com' } }))
    await answer('joined')
    hosted.refusals.push(new NetworkUnreachable())
    await expect(answer('joined')).rejects.toBeInstanceOf(NetworkUnreachable)
  })

  it('is not answered by anybody else who comes into the room or leaves it', async () => {
    const { hosted, home, juliet, asked, stores } = await julietAsks()
    const conversation = { network: home.id, id: 'room-1' }
    for (const change of ['joined', 'declined', 'left'] as const)
      await home.tell({ kind: 'conversation', change, conversation, by: home.person('tybalt'), with: juliet })
    expect(hosted.edits).toEqual([])
    expect((await stores.portals.find({ network: hosted.id, id: asked.by.id, as: asked.of }))?.portal.room).toBeDefined()
  })

  it('is not answered where the user has a chat with them and declines another that somebody else made', async () => {
    const { hosted, home, juliet, answer } = await julietAsks()
    await answer('joined')
    const conversation = { network: home.id, id: 'room-of-tybalt' }
    for (const change of ['declined', 'joined'] as const)
      await home.tell({ kind: 'conversation', change, conversation, by: home.person('romeo'), with: juliet })
    expect(hosted.edits.map(({ change }) => change)).toEqual(['accept'])
  })

  it('is blocked, and the chat is none, when the user declines before it is known which room it is', async () => {
    const { hosted, home, stores, settle } = await fakeGateway()
    const [by, of] = [hosted.person('juliet@example.com'), hosted.person(romeoOnMsn)]
    const { open } = home
    home.open = async (opening) => {
      const conversation = await open.call(home, opening)
      await home.tell({ kind: 'conversation', change: 'declined', conversation, by: home.person('romeo'), with: by })
      return conversation
    }
    await hosted.tell({ kind: 'asked', by, of })
    await settle()
    expect(hosted.edits).toEqual([{ as: romeoOnMsn, change: 'block', who: by.id }])
    expect((await stores.portals.find({ network: hosted.id, id: by.id, as: of }))?.portal.room).toBeUndefined()
  })

  it('needs no answer any more once the user has left a chat in which they were', async () => {
    const { hosted, home, juliet, answer } = await julietAsks()
    await answer('joined')
    const conversation = { network: home.id, id: 'room-1' }
    await home.tell({ kind: 'conversation', change: 'left', conversation, by: home.person('romeo'), with: juliet })
    expect(hosted.edits.map(({ change }) => change)).toEqual(['accept'])
  })
})

describe('a first word', () => {
  it('stands in the invitation, cut where it is long', async () => {
    const { home, hosted, settle } = await fakeGateway()
    const text = `Wherefore art thou Romeo? ${'O '.repeat(500)}`
    await hosted.tell({
      kind: 'message',
      id: 'm1' as RemoteId,
      conversation: { network: hosted.id, id: 'juliet@example.com', as: hosted.person(romeoOnMsn) },
      from: hosted.person('juliet@example.com'),
      content: { kind: 'text', runs: [{ text, style: { bold: true } }] },
      sentAt: 1,
    })
    await settle()
    expect(home.opened[0]?.reason).toBe(text.slice(0, 300))
    expect(home.delivered[0]?.content.kind === 'text' && wordsOf(home.delivered[0].content)).toBe(text)
  })

  it('of an invitation to a chat on a linked account changes no list when it is declined', async () => {
    const { home, linked, ask, settle } = await fakeGateway()
    await ask('login romeo@verona.example')
    await ask('dagger')
    const juliet = linked.person('juliet@verona.example')
    await linked.tell({
      kind: 'message',
      id: 'm1' as RemoteId,
      conversation: { network: linked.id, id: juliet.id, as: linked.person('romeo@verona.example') },
      from: juliet,
      content: { kind: 'nudge' },
      sentAt: 1,
    })
    await settle()
    expect(home.opened[0]).not.toHaveProperty('reason')
    for (const change of ['declined', 'joined'] as const) {
      const conversation = { network: home.id, id: 'room-1' }
      await home.tell({ kind: 'conversation', change, conversation, by: home.person('romeo'), with: juliet })
    }
    expect(linked.edits).toEqual([])
  })
})
