// The chats of an account in a Space, and its groups in Spaces within, as the user finds them.

import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { MatrixUser, RoomInSpace } from '../../support/matrix-user.ts'
import type { MsnUser } from '../../support/msn-user.ts'
import { domains, ghostOf, World } from '../../support/world.ts'

const bot = `@msnbot:${domains.matrix}`
const account = `romeo@${domains.verona}`
const password = 'dagger-17'

let world: World
let romeo: MatrixUser
let juliet: MsnUser
let nurse: MsnUser
/** Where Romeo talks with the bot. */
let talk: string
/** His Space, and his chat with Juliet. */
let space: string
let chat: string

beforeAll(async () => {
  world = await World.start({ verona: true })
  const { verona } = world
  if (!verona) throw new Error('no verona')
  await world.addAccount(verona, account, password)
  juliet = await world.msnUser(verona, `juliet@${domains.verona}`, 'Juliet')
  nurse = await world.msnUser(verona, `nurse@${domains.verona}`, 'Nurse')
  const before = await world.signIn(verona, account, password)
  for (const friend of [juliet, nurse]) await before.adds(friend.account)
  await before.signsOut()
  romeo = await world.matrixUser('romeo', password)
  talk = await romeo.startChat(bot)
  await asks('login', 'Your account on verona')
  await asks(account, `The password of ${account}`)
  await asks(password, `Signed in to verona as ${account}.`)
})

afterAll(async () => {
  await world?.stop()
})

/** Romeo writes to the bot, and waits for its answer. */
async function asks(text: string, answer: string): Promise<void> {
  await romeo.says(talk, text)
  await romeo.hears(talk, answer)
}

/** Somebody writes to Romeo first, and he comes into the chat. */
async function comesToTalk(friend: MsnUser): Promise<string> {
  await friend.says(account, `it is I, ${friend.account}`)
  const room = await romeo.isInvitedBy(ghostOf('verona', friend.account))
  await romeo.join(room)
  await romeo.hears(room, friend.account)
  return room
}

/** Waits until a room is put into a Space, or taken out of it. */
async function seesIn(where: string, room: string, isIn: boolean): Promise<void> {
  const isChange = (type: string, key: string | undefined) => type === 'm.space.child' && key === room
  await romeo.sees(where, ({ type, state_key, content }) => isChange(type, state_key) && 'via' in content === isIn)
}

/** A room in Romeo's Space, once it is there and as it should be. */
async function find(isIt: (room: RoomInSpace) => boolean): Promise<RoomInSpace> {
  for (let tries = 0; ; tries++) {
    const tree = await romeo.hierarchy(space)
    const found = tree.find(isIt)
    if (found) return found
    if (tries === 100) throw new Error(`not in the Space: ${JSON.stringify(tree)}`)
    await pause(100)
  }
}

const childrenOf = (room: RoomInSpace) => room.children_state.map(({ state_key }) => state_key)

async function state(room: string, type: string, key = ''): Promise<Record<string, unknown>> {
  return romeo.call('GET', `rooms/${encodeURIComponent(room)}/state/${type}/${encodeURIComponent(key)}`)
}

describe('the Space of an account', () => {
  it('is there with the first chat, under its name, with a picture, and the user has a say in it', async () => {
    chat = await comesToTalk(juliet)
    space = await romeo.isInvitedBy(bot)
    await romeo.join(space)
    await seesIn(space, chat, true)
    const [root, ...rooms] = await romeo.hierarchy(space)
    expect(root).toMatchObject({ name: `MSN (${account})`, room_type: 'm.space', avatar_url: expect.stringMatching(/^mxc:/) })
    expect(root?.topic).toContain(account)
    expect(rooms).toMatchObject([{ room_id: chat, name: 'Juliet' }])
    expect(await state(space, 'm.room.power_levels')).toMatchObject({ users: { [romeo.userId]: 50 } })
    const bridge = await state(space, 'm.bridge', 'dev.nudge/verona/space')
    expect(bridge).toMatchObject({ bridgebot: bot, channel: { id: '__personal_filtering_space__' } })
    expect(await state(chat, 'm.space.parent', space)).toMatchObject({ canonical: true, via: [domains.matrix] })
  })

  it('has a Space within for a group of the contact list, which the user can come into by themselves', async () => {
    await asks(`group ${juliet.account} Capulets`, `${juliet.account} is in the group Capulets.`)
    await seesIn(space, chat, false)
    const group = await find(({ name }) => name === 'Capulets')
    expect(group).toMatchObject({ room_type: 'm.space' })
    expect(childrenOf(group)).toEqual([chat])
    await romeo.join(group.room_id)
    expect(await state(group.room_id, 'm.space.parent', space)).toMatchObject({ canonical: true })
    await romeo.sees(chat, ({ type, state_key, content }) => {
      return type === 'm.space.parent' && state_key === group.room_id && content['canonical'] === true
    })
  })

  it('shows chats in the order of their names, those in groups first', async () => {
    const other = await comesToTalk(nurse)
    await seesIn(space, other, true)
    const group = await find(({ name }) => name === 'Capulets')
    const root = await find(({ room_id }) => room_id === space)
    const byOrder = [...root.children_state].sort((a, b) => ((a.content.order ?? '') < (b.content.order ?? '') ? -1 : 1))
    expect(byOrder.map(({ state_key }) => state_key)).toEqual([group.room_id, other])
  })

  it('goes along when a group is renamed, when somebody moves, and when a group is no more', async () => {
    const { room_id: group } = await find(({ name }) => name === 'Capulets')
    await asks('rename-group Capulets -> Friends', 'The group Capulets is called Friends now.')
    await romeo.sees(group, ({ type, content }) => type === 'm.room.name' && content['name'] === 'Friends')
    await asks(`group ${nurse.account} Household`, 'is in the group Household.')
    await find(({ name }) => name === 'Household')
    await asks(`group ${juliet.account} Household`, `${juliet.account} is in the group Household.`)
    await asks(`ungroup ${juliet.account} Friends`, 'is not in the group Friends any more.')
    await romeo.sees(group, ({ state_key, sender, content }) => {
      return state_key === romeo.userId && sender === bot && content['membership'] === 'leave'
    })
    const household = await find((room) => room.name === 'Household' && room.children_state.length === 2)
    await asks('remove-group Household', 'The group Household is gone')
    await seesIn(space, household.room_id, false)
    await find(({ room_id, children_state }) => room_id === space && children_state.length === 2)
    // The chats are told last.
    await expect.poll(() => state(chat, 'm.space.parent', space), { timeout: 30_000 }).toMatchObject({ canonical: true })
  })

  it('is written to no more after a restart when nothing changed', async () => {
    const stateOf = async (room: string) =>
      (await romeo.history(room))
        .filter(({ state_key }) => state_key !== undefined)
        .map(({ type, state_key, event_id, content }) => `${type} ${state_key} ${event_id} ${JSON.stringify(content)}`)
    const before = [await stateOf(space), await stateOf(chat)]
    expect(await world.nudge.stop()).toBe(0)
    await world.nudge.start()
    await romeo.says(chat, 'Art thou there?')
    await juliet.hears('Art thou there?')
    await juliet.says(account, 'I am here.')
    await romeo.hears(chat, 'I am here.')
    await asks('sync', 'The contact list was read again')
    expect([await stateOf(space), await stateOf(chat)]).toEqual(before)
  })

  it('that the user left comes back when they ask for it', async () => {
    await romeo.leave(space)
    await asks('sync', 'The contact list was read again')
    expect(await romeo.isInvitedBy(bot)).toBe(space)
    await romeo.join(space)
  })

  it('goes with the account when that is signed out for good; the chats stay', async () => {
    await romeo.says(talk, `logout ${account}`)
    await romeo.sees(space, ({ state_key, sender, content }) => {
      return state_key === romeo.userId && sender === bot && content['membership'] === 'leave'
    })
    const { joined_rooms: joined } = await romeo.call('GET', 'joined_rooms')
    expect(joined).toContain(chat)
    expect(joined).not.toContain(space)
  })
})

describe('the chats of somebody who lent us their account', () => {
  it('are direct chats to their clients, beside those that they have already, and their Space needs no answer', async () => {
    const { accessToken } = await world.synapse.signIn('romeo', password)
    const theirs = { '@benvolio:hs.test': ['!a:hs.test'] }
    await romeo.call('PUT', `user/${romeo.userId}/account_data/m.direct`, theirs)
    await asks('login-matrix', 'The access token')
    await asks(accessToken, 'appears as said by you from now on')
    const mercutio = await world.msnUser(world.nudge, `mercutio@${domains.msn}`, 'Mercutio')
    await mercutio.says(`romeo@matrix.${domains.msn}`, 'Nay, gentle Romeo, we must have you dance.')
    const ghost = ghostOf('msn', mercutio.account)
    const room = await romeo.isInvitedBy(ghost)
    await romeo.join(room)
    const mine = await romeo.seesAccountData('m.direct', (content) => ghost in content)
    expect(mine).toEqual({ ...theirs, [ghost]: [room] })
    await romeo.seesRoom('a Space for what is hosted', ({ type, content }) => {
      return type === 'm.room.name' && content['name'] === `MSN (romeo@matrix.${domains.msn})`
    })
    await romeo.leave(room)
    expect(await romeo.seesAccountData('m.direct', (content) => !(ghost in content))).toEqual(theirs)
    await asks('logout-matrix', 'I forgot your token.')
    await mercutio.says(`romeo@matrix.${domains.msn}`, 'You have dancing shoes.')
    await romeo.join(await romeo.isInvitedBy(ghost))
    await asks('logout-matrix', 'You have lent me no token.')
    expect(await romeo.call('GET', `user/${romeo.userId}/account_data/m.direct`)).toEqual(theirs)
  })
})
