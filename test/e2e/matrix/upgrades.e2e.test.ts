// Rooms that are replaced by others, on a homeserver that makes rooms of version 10, and keeps those of Nudge to itself.

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'
import { addressOf, bot, encryption, makeRoom, member, membersOf } from './rooms.ts'

const open = { type: 'm.room.join_rules', state_key: '', content: { join_rule: 'public' } }

let world: World
let juliet: MsnUser
let ghost: string

beforeAll(async () => {
  world = await World.start({ homeserver: { default_room_version: '10' }, matrix: { federatePortals: false } })
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

/** A chat that a user began, with our bot in it. */
async function chatOf(user: MatrixUser, more: object = {}): Promise<string> {
  const room = await makeRoom(user, { preset: 'private_chat', is_direct: true, invite: [ghost], ...more })
  await user.sees(room, member(bot, 'join'))
  await talk(user, room)
  return room
}

async function upgrade(user: MatrixUser, room: string): Promise<string> {
  const answer = await user.call('POST', `rooms/${encodeURIComponent(room)}/upgrade`, { new_version: '12' })
  return String(answer['replacement_room'])
}

/** Says that a room is replaced by another, which need not be so. */
async function bury(user: MatrixUser, room: string, replacement_room: unknown): Promise<void> {
  const content = { body: 'This room has been replaced', replacement_room }
  await user.call('PUT', `rooms/${encodeURIComponent(room)}/state/m.room.tombstone/`, content)
}

describe('a room of Nudge', () => {
  it('names in version 10 who made it, and stays on its server where the operator wants that', async () => {
    const romeo = await world.matrixUser('romeo')
    await juliet.says(addressOf(romeo), 'Art thou not Romeo?')
    const room = await romeo.isInvitedBy(ghost)
    expect(room).toMatch(/:hs\.test$/)
    await romeo.join(room)
    const history = await romeo.history(room)
    const content = (type: string) => history.find((event) => event.type === type)?.content
    expect(content('m.room.create')).toMatchObject({ room_version: '10', 'm.federate': false })
    expect(content('m.room.power_levels')).toMatchObject({ users: { [ghost]: 100, [bot]: 100 }, users_default: 0 })
    await talk(romeo, room)
  })
})

describe('a room that is upgraded', () => {
  it('is followed by our accounts where they may come in, and both ways work', async () => {
    const benvolio = await world.matrixUser('benvolio')
    const before = await chatOf(benvolio, { preset: 'trusted_private_chat', initial_state: [open] })
    const after = await upgrade(benvolio, before)
    expect(after).not.toContain(':')
    await benvolio.sees(after, member(bot, 'join'))
    await talk(benvolio, after)
    await benvolio.sees(before, member(ghost, 'leave'))
    expect(await membersOf(benvolio, before)).toEqual([benvolio.userId])
    expect(await membersOf(benvolio, after)).toEqual([bot, ghost, benvolio.userId].sort())
    await benvolio.sees(after, ({ type }) => type === 'uk.half-shot.bridge')
  })

  it('is followed once our ghost is invited, and what was said before that is not lost', async () => {
    const peter = await world.matrixUser('peter')
    const management = await peter.startChat(bot)
    await peter.hears(management, 'help')
    await peter.says(management, 'help')
    const before = await chatOf(peter)
    const after = await upgrade(peter, before)
    await peter.hears(management, `invite ${ghost} there`)
    await peter.says(after, 'Anon, anon!')
    await peter.call('POST', `rooms/${encodeURIComponent(after)}/invite`, { user_id: ghost })
    await juliet.hears('Anon, anon!')
    await peter.sees(after, member(bot, 'join'))
    await talk(peter, after)
    expect(await membersOf(peter, before)).toEqual([peter.userId])
  })
})

describe('a room that only claims to be replaced', () => {
  it('by one that says nothing of it is not followed, and the next word opens another', async () => {
    const tybalt = await world.matrixUser('tybalt')
    const before = await chatOf(tybalt)
    const other = await makeRoom(tybalt, { preset: 'public_chat' })
    await bury(tybalt, before, other)
    await tybalt.hears(before, 'does not say the same')
    expect(await membersOf(tybalt, other)).toEqual([tybalt.userId])
    await juliet.says(addressOf(tybalt), 'Peace!')
    const next = await tybalt.isInvitedBy(ghost)
    expect([before, other]).not.toContain(next)
    await tybalt.join(next)
    await tybalt.hears(next, 'Peace!')
  })

  it('by one that continues a third is not followed', async () => {
    const paris = await world.matrixUser('paris')
    const before = await chatOf(paris)
    const third = await makeRoom(paris, {})
    const predecessor = { room_id: third, event_id: '$nothing' }
    const other = await makeRoom(paris, { preset: 'public_chat', creation_content: { predecessor } })
    await bury(paris, before, other)
    await paris.hears(before, 'does not say the same')
    expect(await membersOf(paris, other)).toEqual([paris.userId])
  })

  it('by one that names an event that is none of its own is not followed', async () => {
    const sampson = await world.matrixUser('sampson')
    const before = await chatOf(sampson)
    const predecessor = { room_id: before, event_id: '$made-up' }
    const other = await makeRoom(sampson, { preset: 'public_chat', creation_content: { predecessor } })
    await bury(sampson, before, other)
    await sampson.hears(before, 'does not say the same')
  })

  it('by an encrypted one is not followed', async () => {
    const laurence = await world.matrixUser('laurence')
    const before = await chatOf(laurence)
    const predecessor = { room_id: before }
    const settings = { creation_content: { predecessor }, initial_state: [encryption] }
    const other = await makeRoom(laurence, { preset: 'public_chat', ...settings })
    await bury(laurence, before, other)
    await laurence.hears(before, 'replaced by an encrypted one')
    expect(await membersOf(laurence, other)).toEqual([laurence.userId])
  })

  it('by the chat of somebody else with the same contact moves nothing, and nobody out of that', async () => {
    const gregory = await world.matrixUser('gregory')
    const abraham = await world.matrixUser('abraham')
    const theirs = await chatOf(gregory)
    const before = await chatOf(abraham)
    await bury(abraham, before, theirs)
    await abraham.hears(before, 'does not say the same')
    expect(await membersOf(gregory, theirs)).toContain(ghost)
    await talk(gregory, theirs)
  })

  it.each([
    ['one that nobody knows', `!${'x'.repeat(43)}`, 'may not come into the new one'],
    ['one far away that does not answer', '!orchard:nowhere.invalid', 'may not come into the new one'],
    ['nothing', '', 'This room was closed'],
    ['a number', 12, 'This room was closed'],
    ['an id that is none', `!${'x'.repeat(300)}:hs.test`, 'This room was closed'],
  ])('by %s is answered, and holds nobody up', async (_, successor, words) => {
    const name = `friar-${randomUUID().slice(0, 8)}`
    const friar = await world.matrixUser(name)
    const before = await chatOf(friar)
    await bury(friar, before, successor)
    await friar.hears(before, words)
    await juliet.says(addressOf(friar), 'Holy Franciscan friar')
    const next = await friar.isInvitedBy(ghost)
    await friar.join(next)
    await talk(friar, next)
  })
})
