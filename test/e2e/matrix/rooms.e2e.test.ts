// Chats as an Element user meets them, on a homeserver that makes rooms of version 12.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'
import { addressOf, bot, encryption, makeRoom, member, membersOf } from './rooms.ts'

let world: World
let juliet: MsnUser
let ghost: string

beforeAll(async () => {
  world = await World.start({ homeserver: { default_room_version: '12' } })
  juliet = await world.msnUser(world.nudge, `juliet@${domains.msn}`, 'Juliet Capulet')
  ghost = ghostOf('msn', juliet.account)
})

afterAll(async () => {
  await world?.stop()
})

/** The words of both arrive at the other. */
async function talk(romeo: MatrixUser, room: string): Promise<void> {
  const [words, answer] = [`Lady, by yonder moon ${randomUUID()}`, `O, swear not by the moon ${randomUUID()}`]
  await romeo.says(room, words)
  const { from } = await juliet.hears(words)
  await juliet.says(from, answer)
  expect(await romeo.hears(room, answer)).toMatchObject({ sender: ghost })
}

describe('a chat that somebody on MSN begins', () => {
  it('is a direct chat with them and our bot, which says where it leads and what can be sent', async () => {
    const romeo = await world.matrixUser('romeo')
    await juliet.says(addressOf(romeo), 'Art thou not Romeo?')
    const room = await romeo.isInvitedBy(ghost)
    // From version 12 on ids of rooms have no domain.
    expect(room).not.toContain(':')
    await romeo.join(room)
    await romeo.hears(room, 'Art thou not Romeo?')
    expect(await membersOf(romeo, room)).toEqual([bot, ghost, romeo.userId].sort())
    const history = await romeo.history(room)
    const state = (type: string) => history.find((event) => event.type === type)
    expect(state('m.room.create')?.content).toMatchObject({ room_version: '12' })
    expect(state('m.room.power_levels')?.content).toMatchObject({ users: { [bot]: 100 }, events: { 'm.room.encryption': 100 } })
    expect(state('m.room.power_levels')?.content['users']).not.toHaveProperty([ghost])
    expect(state('io.element.functional_members')?.content).toEqual({ service_members: [bot] })
    const channel = { id: juliet.account, displayname: 'Juliet Capulet' }
    for (const type of ['m.bridge', 'uk.half-shot.bridge'])
      expect(state(type)).toMatchObject({ content: { bridgebot: bot, protocol: { id: 'msn' }, channel } })
    expect(state('uk.half-shot.bridge')?.state_key).toBe(state('m.bridge')?.state_key)
    expect(state('com.beeper.room_features')?.content).toMatchObject({ formatting: { bold: 2 }, edit: 1, reply: 1 })
    const invitation = history.find(member(romeo.userId, 'invite'))
    expect(invitation?.content).toMatchObject({ is_direct: true, reason: 'Art thou not Romeo?' })
    await talk(romeo, room)
  })
})

describe('a chat that a user begins', () => {
  it('gets our bot and says where it leads', async () => {
    const peter = await world.matrixUser('peter')
    const room = await peter.startChat(ghost)
    await peter.sees(room, member(bot, 'join'))
    await peter.sees(room, ({ type }) => type === 'uk.half-shot.bridge')
    await peter.sees(room, ({ type }) => type === 'io.element.functional_members')
    await talk(peter, room)
  })

  it('is sent away with a link to the first, where there is one', async () => {
    const paris = await world.matrixUser('paris')
    const first = await paris.startChat(ghost)
    await paris.sees(first, member(ghost, 'join'))
    await talk(paris, first)
    const second = await paris.startChat(ghost)
    await paris.hears(second, `https://matrix.to/#/${encodeURIComponent(first)}?via=${domains.matrix}`)
    await paris.sees(second, member(ghost, 'leave'))
    expect(await membersOf(paris, second)).toEqual([paris.userId])
    await talk(paris, first)
  })

  it('is declined in words where others are, which say what to do instead', async () => {
    const benvolio = await world.matrixUser('benvolio')
    const balthasar = await world.matrixUser('balthasar')
    const room = await makeRoom(benvolio, { preset: 'private_chat', invite: [balthasar.userId, ghost] })
    await benvolio.hears(room, 'nobody but you and me')
    await benvolio.hears(room, '!msn bridge')
    await benvolio.sees(room, member(ghost, 'leave'))
  })

  it('is declined where it would be with oneself', async () => {
    const narcissus = await world.matrixUser('narcissus')
    const room = await narcissus.startChat(ghostOf('msn', addressOf(narcissus)))
    await narcissus.hears(room, 'is your own account')
    await narcissus.sees(room, member(ghostOf('msn', addressOf(narcissus)), 'leave'))
  })
})

describe('a room with others', () => {
  it('becomes the chat when its maker says so, is left to them when they say so, and its people stay', async () => {
    const escalus = await world.matrixUser('escalus')
    const montague = await world.matrixUser('montague')
    const room = await makeRoom(escalus, { preset: 'private_chat', invite: [montague.userId, bot] })
    await montague.join(room)
    await escalus.sees(room, member(bot, 'join'))
    await montague.says(room, `!msn bridge ${juliet.account}`)
    await montague.hears(room, 'Only somebody who may change the settings of that room')
    await escalus.says(room, `!msn bridge ${juliet.account}`)
    await escalus.sees(room, member(ghost, 'join'))
    await talk(escalus, room)
    await escalus.says(room, '!msn unbridge')
    await escalus.sees(room, member(ghost, 'leave'))
    await escalus.says(room, 'What, ho! You men, you beasts')
    expect(await membersOf(escalus, room)).toEqual(expect.arrayContaining([escalus.userId, montague.userId]))
  })

  it('is closed for the user when the chat is deleted, and the next word opens another', async () => {
    const apothecary = await world.matrixUser('apothecary')
    await juliet.says(addressOf(apothecary), 'Who calls so loud?')
    const room = await apothecary.isInvitedBy(ghost)
    await apothecary.join(room)
    await apothecary.hears(room, 'Who calls so loud?')
    await apothecary.says(room, '!msn delete-portal')
    const rooms = async () => (await apothecary.call('GET', 'joined_rooms'))['joined_rooms']
    await expect.poll(rooms, { timeout: 30_000 }).not.toContain(room)
    await juliet.says(addressOf(apothecary), 'Come hither, man')
    const next = await apothecary.isInvitedBy(ghost)
    expect(next).not.toBe(room)
    await apothecary.join(next)
    await talk(apothecary, next)
  })
})

describe('leaving', () => {
  it('makes no new room at once; the next word brings the user back, and both ways work', async () => {
    const gregory = await world.matrixUser('gregory')
    await juliet.says(addressOf(gregory), 'Good pilgrim')
    const room = await gregory.isInvitedBy(ghost)
    await gregory.join(room)
    await talk(gregory, room)
    await gregory.leave(room)
    await gregory.call('POST', `rooms/${encodeURIComponent(room)}/forget`, {})
    // Another chat goes on meanwhile: by then an invitation would have been there.
    const sentinel = await world.matrixUser('sentinel')
    await talk(sentinel, await sentinel.startChat(ghost))
    expect(JSON.stringify((await gregory.call('GET', 'sync'))['rooms'] ?? {})).not.toContain(ghost)
    await juliet.says(addressOf(gregory), 'Parting is such sweet sorrow')
    const again = await gregory.isInvitedBy(ghost)
    await gregory.join(again)
    await gregory.hears(again, 'Parting is such sweet sorrow')
    await talk(gregory, again)
  })

  it('is done by a ghost that is thrown out, and by our bot along with it; asked back in, both ways work', async () => {
    const abraham = await world.matrixUser('abraham')
    const room = await makeRoom(abraham, { preset: 'private_chat', is_direct: true, invite: [ghost] })
    await abraham.sees(room, member(bot, 'join'))
    await talk(abraham, room)
    await abraham.call('POST', `rooms/${encodeURIComponent(room)}/kick`, { user_id: ghost })
    await abraham.sees(room, member(bot, 'leave'))
    await abraham.call('POST', `rooms/${encodeURIComponent(room)}/invite`, { user_id: ghost })
    await abraham.sees(room, member(bot, 'join'))
    await talk(abraham, room)
    await abraham.call('POST', `rooms/${encodeURIComponent(room)}/kick`, { user_id: ghost })
    await juliet.says(addressOf(abraham), 'Wherefore art thou gone?')
    const other = await abraham.isInvitedBy(ghost)
    expect(other).not.toBe(room)
    await abraham.join(other)
    await abraham.hears(other, 'Wherefore art thou gone?')
    await talk(abraham, other)
  })
})

describe('an encrypted chat', () => {
  it('is declined in words at once, with a link to a room without encryption', async () => {
    const laurence = await world.matrixUser('laurence')
    const room = await makeRoom(laurence, {
      ...{ preset: 'trusted_private_chat', is_direct: true, invite: [ghost], initial_state: [encryption] },
    })
    await laurence.hears(room, 'I cannot read encrypted messages')
    const open = await laurence.isInvitedBy(ghost)
    await laurence.hears(room, `https://matrix.to/#/${encodeURIComponent(open)}`)
    const left = await laurence.sees(room, member(ghost, 'leave'))
    expect(left.content, 'the same words once more').not.toHaveProperty('reason')
    await laurence.join(open)
    await talk(laurence, open)
  })

  it('that was not at first is answered message by message, and goes on in another room', async () => {
    const friar = await world.matrixUser('friar')
    const room = await friar.startChat(ghost)
    await friar.sees(room, member(bot, 'join'))
    await talk(friar, room)
    await friar.call('PUT', `rooms/${encodeURIComponent(room)}/state/m.room.encryption/`, encryption.content)
    const path = `rooms/${encodeURIComponent(room)}/send/m.room.encrypted/${randomUUID()}`
    const sent = await friar.call('PUT', path, { algorithm: 'm.megolm.v1.aes-sha2', ciphertext: 'sealed' })
    const answer = await friar.sees(room, ({ content }) =>
      JSON.stringify(content['m.relates_to'] ?? '').includes(String(sent['event_id'])),
    )
    expect(answer.content['body']).toMatch(/Not delivered: I cannot read encrypted messages/)
    const open = await friar.isInvitedBy(ghost)
    await friar.hears(room, `https://matrix.to/#/${encodeURIComponent(open)}`)
    await friar.sees(room, member(bot, 'leave'))
    await friar.join(open)
    await talk(friar, open)
  })
})

describe('our bot, asked into an encrypted chat', () => {
  it('makes one without encryption, in which it can be talked to, the same one each time', async () => {
    const rosaline = await world.matrixUser('rosaline')
    const direct = { preset: 'trusted_private_chat', is_direct: true, invite: [bot], initial_state: [encryption] }
    const sealed = [await makeRoom(rosaline, direct), await makeRoom(rosaline, direct)]
    const open = await rosaline.isInvitedBy(bot)
    for (const room of sealed) await rosaline.hears(room, `https://matrix.to/#/${encodeURIComponent(open)}`)
    await rosaline.join(open)
    await rosaline.hears(open, 'Write "help" for what I can do')
    await rosaline.says(open, 'version')
    await rosaline.hears(open, 'on Node')
    const alias = await rosaline.call('GET', `rooms/${encodeURIComponent(open)}/state/m.room.canonical_alias`)
    expect(alias['alias']).toBeUndefined()
  })
})
