import { describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { PortalId } from '../../src/core/portal.ts'
import { directRoom, isOurAlias, roomOfBot, roomOfSeveral } from '../../src/matrix/room-settings.ts'
import { hasCreators } from '../../src/matrix/room-version.ts'

const ghost = '@msn_juliet=40example.com:hs.test'
const bot = '@msnbot:hs.test'
const chat = {
  ...{ portal: 'Portal1' as PortalId, user: '@romeo:hs.test', bot, ghost },
  ...{
    person: { network: networkId('msn'), id: 'juliet@example.com' },
    looks: { name: 'Juliet ♥', picture: 'mxc://hs.test/rose' },
  },
}
const manners = { version: '10', federates: true, linksFiles: false }

/** The content of a state event that a new room begins with. */
function stateOf(room: object, type: string) {
  const { initial_state: events } = room as { initial_state: { type: string; state_key: string; content: object }[] }
  return events.find((event) => event.type === type)
}

function usersOf(room: object) {
  return (room as { power_level_content_override: { users: object } }).power_level_content_override.users
}

describe('the room of a direct chat', () => {
  it('is private, has our bot in it, and can be ended or encrypted by us only', () => {
    expect(directRoom(chat, manners)).toMatchObject({
      ...{ preset: 'private_chat', is_direct: true, invite: [bot], room_version: '10', room_alias_name: 'nudge_=50ortal1' },
      power_level_content_override: {
        users: { [ghost]: 100, [bot]: 100 },
        users_default: 0,
        invite: 0,
        events: {
          'm.room.name': 0,
          'm.room.topic': 0,
          'm.room.tombstone': 100,
          'm.room.server_acl': 100,
          'm.room.encryption': 100,
        },
      },
    })
  })

  it('does not name who makes it among the powers from version 12 on', () => {
    expect(usersOf(directRoom(chat, { ...manners, version: '12' }))).toEqual({ [bot]: 100 })
    expect(usersOf(roomOfSeveral({ ...chat, ghosts: [ghost], name: 'Juliet' }, { ...manners, version: '12' }))).toEqual({})
  })

  it('leaves the version to a homeserver that does not say which is usual', () => {
    const { version: _, ...silent } = manners
    expect(directRoom(chat, silent)).not.toHaveProperty('room_version')
    expect(usersOf(directRoom(chat, silent))).toEqual({ [ghost]: 100, [bot]: 100 })
  })

  it('says where it leads, twice under one key, with the name and the picture of whom it leads to', () => {
    const room = directRoom(chat, manners)
    const info = stateOf(room, 'm.bridge')
    expect(info).toMatchObject({
      state_key: 'dev.nudge/msn/juliet=40example.com',
      content: {
        bridgebot: bot,
        channel: { id: 'juliet@example.com', displayname: 'Juliet ♥', avatar_url: 'mxc://hs.test/rose' },
      },
    })
    expect(stateOf(room, 'uk.half-shot.bridge')).toEqual({ ...info, type: 'uk.half-shot.bridge' })
    expect(stateOf(directRoom({ ...chat, looks: {} }, manners), 'm.bridge')).toMatchObject({
      content: { channel: { id: 'juliet@example.com' } },
    })
  })

  it('says that our bot is no party to it, and what can be sent', () => {
    const room = directRoom(chat, manners)
    expect(stateOf(room, 'io.element.functional_members')?.content).toEqual({ service_members: [bot] })
    const features = stateOf(room, 'com.beeper.room_features')
    expect(features).toMatchObject({ state_key: 'dev.nudge/msn/juliet=40example.com', content: { edit: 1, reaction: 1 } })
    expect(features?.content).toMatchObject({ file: { 'm.image': { mime_types: { '*/*': -2 } } } })
    const linking = stateOf(directRoom(chat, { ...manners, linksFiles: true }), 'com.beeper.room_features')
    expect(linking?.content).toMatchObject({ file: { 'm.image': { mime_types: { '*/*': 1 } } } })
  })

  it('stays on its own server where the operator wants that', () => {
    expect(directRoom(chat, { ...manners, federates: false })).toMatchObject({ creation_content: { 'm.federate': false } })
    expect(directRoom(chat, manners)).not.toHaveProperty('creation_content')
  })
})

describe('what clients call a room', () => {
  it.each([
    ['a direct chat', directRoom(chat, manners)],
    ['a talk with our bot', roomOfBot(chat, manners)],
  ])('of %s is who is in it, not the alias that it is made with', (_, room) => {
    expect(room).toHaveProperty('room_alias_name')
    expect(stateOf(room, 'm.room.canonical_alias')?.content).toEqual({})
  })
})

describe('the room of a chat of several', () => {
  const several = { ...chat, ghosts: [ghost], name: 'Juliet, Nurse' }

  it('says where it leads, too', () => {
    const room = roomOfSeveral({ ...several, network: networkId('msn') }, manners)
    const info = stateOf(room, 'm.bridge')
    expect(info).toMatchObject({
      state_key: 'dev.nudge/msn/=50ortal1',
      content: { bridgebot: bot, protocol: { id: 'msn' }, channel: { id: 'Portal1', displayname: 'Juliet, Nurse' } },
    })
    expect(stateOf(room, 'uk.half-shot.bridge')).toEqual({ ...info, type: 'uk.half-shot.bridge' })
    expect(stateOf(room, 'com.beeper.room_features')?.state_key).toBe(info?.state_key)
  })

  it('says nothing of that where nobody is there yet', () => {
    expect(stateOf(roomOfSeveral({ ...several, ghosts: [] }, manners), 'm.bridge')).toBeUndefined()
  })
})

describe('the version of a room', () => {
  it.each([
    ['1', false],
    ['11', false],
    ['12', true],
    ['13', true],
    ['org.matrix.hydra.11', true],
    ['org.matrix.msc3757.11', false],
    ['', false],
    ['1e9', false],
  ])('%s: who made it stands above all powers: %s', (version, above) => {
    expect(hasCreators(version)).toBe(above)
  })
})

describe('an alias', () => {
  it('is ours only in our own namespace', () => {
    expect(isOurAlias('#nudge_=50ortal1:hs.test', 'hs.test')).toBe(true)
    expect(isOurAlias('#nudge_=50ortal1:evil.test', 'hs.test')).toBe(false)
    expect(isOurAlias('#orchard:hs.test', 'hs.test')).toBe(false)
  })
})
