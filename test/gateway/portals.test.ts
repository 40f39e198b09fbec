import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { plainText, wordsOf } from '../../src/core/content.ts'
import { ContentRefused, ConversationGone, NetworkUnreachable } from '../../src/core/errors.ts'
import type { ConversationEvent, RemoteId } from '../../src/core/event.ts'
import { Secret } from '../../src/core/secret.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

const romeoOnMsn = 'ghost:matrix:romeo'

/** Romeo at home, who is hosted, and Juliet, whom he can write to. */
async function verona() {
  const world = await fakeGateway()
  const { home, hosted, stores } = world
  const romeo = await stores.users.at(home.person('romeo'))
  const chair = hosted.person(romeoOnMsn)
  const juliet = hosted.person('juliet@example.com')
  const room = (id: string) => ({ network: home.id, id })
  return {
    ...world,
    romeo,
    chair,
    juliet,
    room,
    portal: async () => (await stores.portals.find({ ...juliet, as: chair }))?.portal,
    tell: (change: ConversationEvent['change'], id: string, more: Partial<ConversationEvent> = {}) =>
      home.tell({ kind: 'conversation', change, conversation: room(id), by: home.person('romeo'), with: juliet, ...more }),
    julietSays: (text: string, id: string) =>
      hosted.tell({
        ...{ kind: 'message', id: id as RemoteId, conversation: { ...juliet, as: chair } },
        ...{ from: juliet, content: plainText(text), sentAt: 1 },
      }),
  }
}

describe('a chat that a user asks for', () => {
  it('has a room at once, under the name of whoever it is with', async () => {
    const { portals, romeo, chair, juliet, home } = await verona()
    const { portal } = await portals.begin(romeo, chair, juliet)
    expect(portal.room).toEqual({ network: home.id, id: 'room-1' })
    expect(home.opened).toMatchObject([{ as: { id: 'ghost:msn:juliet@example.com' }, user: { id: 'romeo' } }])
    expect(home.introduced).toMatchObject([{ of: juliet }])
  })

  it('shows them there under the name that they have where they talk with our bot, until a chat says otherwise', async () => {
    const { portals, romeo, chair, juliet, home, hosted, stores, room, tell } = await verona()
    home.names.set('romeo', 'Romeo')
    await stores.users.setManagement(romeo.id, room('bot'))
    const asking = await stores.users.at(home.person('romeo'))
    await portals.begin(asking, chair, juliet)
    expect(hosted.introduced).toMatchObject([{ of: home.person('romeo'), name: 'Romeo' }])
    await tell('opened', 'room-1', { byName: 'Romeo M.' })
    await portals.begin(asking, chair, hosted.person('nurse@example.com'))
    expect((await stores.ghosts.get(home.person('romeo'), hosted.id))?.name).toBe('Romeo M.')
  })

  it('is the one that there is, where there is one', async () => {
    const { portals, romeo, chair, juliet, home, tell } = await verona()
    await tell('opened', 'first')
    expect((await portals.begin(romeo, chair, juliet)).portal.room?.id).toBe('first')
    expect(home.opened).toEqual([])
  })

  it('is wanted where the contact is on the list that the user made, and only then', async () => {
    const { portals, romeo, chair, juliet, hosted, home } = await verona()
    const nurse = hosted.person('nurse@example.com')
    const tybalt = hosted.person('tybalt@example.com')
    const listed = (address: Address, ...lists: ('forward' | 'allow' | 'reverse')[]) => ({ address, name: '', lists, groups: [] })
    hosted.lists.set(chair.id, [listed(juliet, 'forward', 'allow'), listed(nurse, 'reverse', 'allow')])
    for (const who of [juliet, nurse, tybalt]) await portals.begin(romeo, chair, who)
    expect(home.opened.map(({ isWanted }) => isWanted)).toEqual([true, undefined, undefined])
  })

  it('has no room where the home refuses it, and can be asked for again', async () => {
    const { portals, romeo, chair, juliet, home, portal } = await verona()
    home.refusals.push(new NetworkUnreachable())
    await expect(portals.begin(romeo, chair, juliet)).rejects.toBeInstanceOf(NetworkUnreachable)
    expect((await portal())?.room).toBeUndefined()
    expect((await portals.begin(romeo, chair, juliet)).portal.room).toBeDefined()
  })
})

describe('the ghost of a user', () => {
  it('never comes to that user, nor to others of their home', async () => {
    const { home, hosted, tell } = await verona()
    await tell('opened', 'mirror', { with: hosted.person(romeoOnMsn) })
    await tell('opened', 'neighbour', { with: hosted.person('ghost:matrix:benvolio') })
    expect(home.turnedAway.map(({ conversation, phrase }) => [conversation.id, phrase])).toEqual([
      ['mirror', { key: 'portal.yourself', params: { account: romeoOnMsn } }],
      ['neighbour', { key: 'portal.at-home', params: { account: 'ghost:matrix:benvolio', home: 'benvolio' } }],
    ])
  })

  it('never comes for an account that the user lent, and no chat with it is begun', async () => {
    const { portals, romeo, home, linked, stores, tell } = await verona()
    const own = linked.person('romeo@verona.test')
    await stores.logins.save(romeo.id, own, { password: new Secret('rosaline') })
    await tell('opened', 'mirror', { with: own })
    expect(home.turnedAway).toMatchObject([{ phrase: { key: 'portal.yourself', params: { account: own.id } } }])
    await expect(portals.begin(romeo, own, own)).rejects.toBeInstanceOf(ContentRefused)
    expect(home.opened).toEqual([])
  })
})

describe('a room that a user names', () => {
  it('becomes that of the portal, and carries words both ways', async () => {
    const { portals, romeo, chair, juliet, room, home, hosted, settle, julietSays } = await verona()
    const { portal } = await portals.bridge(romeo, chair, juliet, room('orchard'))
    expect(portal.room).toEqual(room('orchard'))
    expect(home.opened).toMatchObject([{ into: room('orchard') }])
    await julietSays('Ay me', 'm1')
    await home.tell({
      ...{ kind: 'message', id: '$1' as RemoteId, conversation: room('orchard'), from: home.person('romeo') },
      ...{ content: plainText('She speaks'), sentAt: 2 },
    })
    await settle()
    expect(home.delivered.map(({ conversation: { id } }) => id)).toEqual(['orchard'])
    expect(hosted.delivered.map(({ content }) => content.kind === 'text' && wordsOf(content))).toEqual(['She speaks'])
  })

  it('changes nothing where the portal has another, and is no second end of another portal', async () => {
    const { portals, romeo, chair, juliet, hosted, room, tell } = await verona()
    await tell('opened', 'first')
    expect((await portals.bridge(romeo, chair, juliet, room('second'))).portal.room?.id).toBe('first')
    const nurse = hosted.person('nurse@example.com')
    expect((await portals.bridge(romeo, chair, nurse, room('first'))).portal.room).toBeUndefined()
  })
})

describe('the end of a portal', () => {
  it('leaves the room to its people where it is only taken off, and the next word opens another', async () => {
    const { portals, romeo, chair, juliet, room, home, settle, julietSays } = await verona()
    const place = await portals.bridge(romeo, chair, juliet, room('orchard'))
    await portals.unbridge(place)
    expect(home.ended).toMatchObject([{ conversation: room('orchard'), forUser: false }])
    await julietSays('Romeo?', 'm1')
    await settle()
    expect(home.delivered.map(({ conversation: { id } }) => id)).toEqual(['room-1'])
  })

  it('closes the room where it is forgotten, and the next word makes another portal', async () => {
    const { portals, romeo, chair, juliet, portal, home, settle, julietSays } = await verona()
    const place = await portals.begin(romeo, chair, juliet)
    const { end } = home
    home.end = async (...asked) => {
      // What is said while the room is being closed is not said into it.
      expect(await portal()).toBeUndefined()
      await end.apply(home, asked)
    }
    await portals.forget(place)
    expect(home.ended).toMatchObject([{ conversation: place.portal.room, forUser: true }])
    expect(await portal()).toBeUndefined()
    await julietSays('Romeo?', 'm1')
    await settle()
    expect((await portal())?.id).not.toBe(place.portal.id)
    expect(home.delivered).toHaveLength(1)
  })

  it('does not come while the home cannot be reached', async () => {
    const { portals, romeo, chair, juliet, portal, home } = await verona()
    const place = await portals.begin(romeo, chair, juliet)
    home.refusals.push(new NetworkUnreachable())
    await expect(portals.unbridge(place)).rejects.toBeInstanceOf(NetworkUnreachable)
    expect((await portal())?.room).toEqual(place.portal.room)
  })
})

describe('a room in which nothing can be said any more', () => {
  it('is none of the portal, and what was to be said there is said in another at the next try', async () => {
    const { tell, julietSays, home, gateway, stores, portal } = await verona()
    await tell('opened', 'orchard')
    await julietSays('Romeo?', 'm1')
    const [delivery] = stores.outbox.pushed
    if (!delivery) throw new Error('nothing is to be delivered')
    home.refusals.push(new ConversationGone({ key: 'matrix.room-gone' }))
    await expect(gateway.perform(delivery, { again: false, late: false })).rejects.toMatchObject({ fate: 'retry' })
    expect((await portal())?.room).toBeUndefined()
    await gateway.perform(delivery, { again: true, late: false })
    expect(home.delivered.map(({ conversation: { id } }) => id)).toEqual(['room-1'])
  })
})

describe('our ghost that is thrown out', () => {
  it('ends the room of the portal, whoever did it', async () => {
    const { tell, home, portal } = await verona()
    await tell('opened', 'orchard')
    await tell('ended', 'orchard', { by: home.person('tybalt') })
    expect((await portal())?.room).toBeUndefined()
  })

  it('leaves the user with words, where there is something to say', async () => {
    const { tell, ask, settle, home } = await verona()
    await ask('help')
    await tell('opened', 'orchard')
    await tell('ended', 'orchard', { reason: { key: 'matrix.false-successor' } })
    await settle()
    expect(home.delivered.at(-1)?.content).toMatchObject({ kind: 'notice', phrase: { key: 'matrix.false-successor' } })
  })
})

describe('a chat in which the user cannot be read', () => {
  it('goes on in another room, which the user is led to', async () => {
    const { tell, portal, home } = await verona()
    await tell('unreadable', 'secret')
    expect((await portal())?.room?.id).toBe('room-1')
    expect(home.turnedAway).toMatchObject([
      { conversation: { id: 'secret' }, phrase: { key: 'portal.unencrypted', params: { room: 'to:room-1' } } },
    ])
  })

  it('is no room of the portal any more where it was, once however often it is told', async () => {
    const { tell, portal, home } = await verona()
    await tell('opened', 'orchard')
    for (let time = 0; time < 2; time++) await tell('unreadable', 'orchard')
    expect((await portal())?.room?.id).toBe('room-1')
    expect(home.opened).toHaveLength(1)
  })

  it('stays theirs when it is somebody else in it who cannot be read', async () => {
    const { tell, portal, home } = await verona()
    await tell('opened', 'orchard')
    await tell('unreadable', 'orchard', { by: home.person('tybalt') })
    expect((await portal())?.room?.id).toBe('orchard')
    expect(home.turnedAway).toEqual([])
  })
})
