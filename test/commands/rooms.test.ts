// Commands in rooms with others: where they are written decides what they may mean, and secrets have no place there.
import { describe, expect, it } from 'vitest'
import type { Conversation } from '../../src/core/conversation.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

const street: Conversation = { network: 'matrix' as never, id: 'street' }
const hostedRomeo = 'ghost:matrix:romeo'

/** Romeo has a chat with Juliet, who is on his list; `askThere` is what he writes to the bot in its room. */
async function stage() {
  const world = await fakeGateway()
  const { home, hosted, stores, desk, ask } = world
  const juliet = hosted.person('juliet@example.com')
  hosted.lists.set(hostedRomeo, [{ address: juliet, name: 'Juliet', lists: ['forward', 'allow'], groups: [] }])
  const romeo = await stores.users.at(home.person('romeo'))
  const room = await desk.startChat(romeo, hosted.person(hostedRomeo), juliet)
  if (!room) throw new Error('no room')
  const inRoom =
    (conversation: Conversation) =>
    (text: string, more: Parameters<typeof ask>[1] = {}) =>
      ask(text, { isPrivate: false, conversation, ...more })
  const said = (id: string, text: string, from = home.person('romeo')) =>
    home.tell({
      ...{ kind: 'message', id: id as RemoteId, conversation: room, from, sentAt: 1 },
      content: { kind: 'text', runs: [{ text }] },
    })
  return { ...world, romeo, juliet, room, said, askThere: inRoom(room), askInStreet: inRoom(street) }
}

describe('a command in a chat with a contact', () => {
  it('means that contact where it names nobody', async () => {
    const { askThere, hosted } = await stage()
    expect(await askThere('block')).toEqual(['contacts.blocked'])
    expect(await askThere('rename-contact My sun')).toEqual(['contacts.renamed'])
    expect(await askThere('group Old friends')).toEqual(['contacts.grouped'])
    const who = { network: 'msn', id: 'juliet@example.com' }
    expect(hosted.edits).toEqual([{ as: hostedRomeo, change: 'block', who: who.id }])
    expect(hosted.arrangements.map(({ arrangement }) => arrangement)).toEqual([
      { kind: 'name', who, name: 'My sun' },
      { kind: 'put-in', who, group: 'Old friends' },
    ])
  })

  it('means whom it names, all the same', async () => {
    const { askThere, hosted } = await stage()
    expect(await askThere('block tybalt@example.com')).toEqual(['contacts.blocked'])
    expect(hosted.edits).toMatchObject([{ who: 'tybalt@example.com' }])
  })

  it('nudges her', async () => {
    const { askThere, hosted, settle } = await stage()
    expect(await askThere('nudge')).toEqual([])
    await settle()
    expect(hosted.delivered).toMatchObject([{ as: { id: hostedRomeo }, content: { kind: 'nudge' } }])
  })

  it('of somebody else does nothing to it', async () => {
    const { askThere, home, hosted, stores, settle } = await stage()
    const tybalt = { from: home.person('tybalt') }
    for (const text of ['nudge', 'unbridge', 'delete-portal', 'set-relay'])
      expect(await askThere(text, tybalt)).toEqual(['command.only-in-chat'])
    expect(await askThere('block', tybalt)).toEqual(['contacts.usage'])
    await settle()
    expect([hosted.delivered, hosted.edits, home.ended]).toEqual([[], [], []])
    for await (const portal of stores.portals.all()) expect(portal.relays).toBeUndefined()
  })

  it('lets others in it speak, or no longer', async () => {
    const { askThere, stores, room } = await stage()
    expect(await askThere('set-relay')).toEqual(['chat.relays'])
    expect((await stores.portals.find(room))?.portal.relays).toBe(true)
    expect(await askThere('unset-relay')).toEqual(['chat.relays-no-more'])
    expect((await stores.portals.find(room))?.portal.relays).toBeUndefined()
  })

  it('takes the contact out of it, or forgets it whole', async () => {
    const { askThere, home, stores, room, desk, romeo, hosted, juliet } = await stage()
    await askThere('unbridge')
    expect(home.ended).toMatchObject([{ conversation: room, forUser: false }])
    expect(await stores.portals.find(room)).toBeUndefined()
    const again = await desk.startChat(romeo, hosted.person(hostedRomeo), juliet)
    if (!again) throw new Error('no room')
    await askThere('delete-portal', { conversation: again })
    expect(home.ended.at(-1)).toMatchObject({ forUser: true })
    expect(await stores.portals.find({ ...juliet, as: hosted.person(hostedRomeo) })).toBeUndefined()
  })

  it('may be done to it by an admin, but not in the name of its user', async () => {
    const { askThere, home, hosted, settle } = await stage()
    home.levels.set('escalus', 'admin')
    const escalus = { from: home.person('escalus') }
    expect(await askThere('nudge', escalus)).toEqual(['command.only-in-chat'])
    expect(await askThere('block', escalus)).toEqual(['contacts.usage'])
    await askThere('unbridge', escalus)
    expect(home.ended).toHaveLength(1)
    await settle()
    expect([hosted.delivered, hosted.edits]).toEqual([[], []])
  })

  it('is done there only', async () => {
    const { ask, askInStreet } = await stage()
    for (const text of ['nudge', 'trace', 'unbridge', 'delete-portal', 'set-relay', 'unset-relay']) {
      expect(await ask(text)).toEqual(['command.only-in-chat'])
      expect(await askInStreet(text)).toEqual(['command.only-in-chat'])
    }
  })
})

describe('a room that is no chat yet', () => {
  it('becomes one, where its user names a contact who has none', async () => {
    const { askInStreet, askThere, ask, stores } = await stage()
    expect(await ask('bridge nurse@example.com')).toEqual(['command.only-in-room'])
    expect(await askThere('bridge nurse@example.com')).toEqual(['command.only-in-room'])
    expect(await askInStreet('bridge')).toEqual(['contacts.usage'])
    expect(await askInStreet('bridge juliet@example.com')).toEqual(['portal.exists'])
    await askInStreet('bridge nurse@example.com')
    const portals = []
    for await (const portal of stores.portals.all()) portals.push(portal.anchor.id)
    expect(portals.sort()).toEqual(['juliet@example.com', 'nurse@example.com'])
  })
})

describe('a secret in a room with others', () => {
  it.each([
    'login msn romeo@verona.example dagger',
    'login romeo@verona.example dagger',
    'LOGIN romeo@verona.example  dagger',
    'login verona\nromeo@verona.example\ndagger',
    'login-matrix syt_token',
    'logni romeo@verona.example dagger',
    'loginmatrix syt_token',
  ])('is taken out and not used: %j', async (text) => {
    const { askThere, linked } = await stage()
    let redacted = 0
    const said = await askThere(text, { redact: async () => void redacted++ })
    expect(said).toEqual(['command.secret-removed', 'command.private-only'])
    expect([redacted, linked.connected.length]).toEqual([1, 0])
  })

  it('that cannot be taken out is told to be', async () => {
    const { askThere } = await stage()
    const redact = () => Promise.reject(new Error('not allowed'))
    expect(await askThere('login verona romeo@verona.example dagger', { redact })).toContain('command.secret-not-removed')
  })

  it('is not even asked for', async () => {
    const { askThere, ask, linked } = await stage()
    let redacted = 0
    const redact = async () => void redacted++
    for (const text of ['login', 'login verona', 'login verona romeo@verona.example', 'login-matrix'])
      expect(await askThere(text, { redact })).toEqual(['command.private-only'])
    expect(redacted).toBe(0)
    expect(await ask('dagger')).toEqual(['command.unknown'])
    expect(linked.connected).toEqual([])
  })

  it('is none that an admin may write for somebody else either', async () => {
    const { askThere, home, linked } = await stage()
    home.levels.set('romeo', 'admin')
    const text = 'sudo romeo login verona romeo@verona.example dagger'
    expect(await askThere(text)).toEqual(['command.secret-removed', 'command.private-only'])
    expect(linked.connected).toEqual([])
  })

  it('goes on to be asked for where we are alone, and no word from elsewhere is taken for it', async () => {
    const { ask, askThere, linked } = await stage()
    await ask('login romeo@verona.example')
    expect(await askThere('dagger')).toEqual(['command.unknown'])
    expect(await askThere('login')).toEqual(['command.busy-elsewhere'])
    expect(await askThere('logins')).toEqual(['status.none'])
    expect(linked.connected).toEqual([])
    expect(await ask('dagger')).toEqual(['login.connecting'])
    expect(linked.connected).toHaveLength(1)
  })

  it('is not asked for any more once the talk is cancelled from anywhere', async () => {
    const { ask, askThere } = await stage()
    await ask('login romeo@verona.example')
    expect(await askThere('cancel')).toEqual(['command.cancelled'])
    expect(await ask('dagger')).toEqual(['command.unknown'])
  })
})

describe('the way of a message', () => {
  it('is told of the one that is answered, and of the last one else', async () => {
    const { askThere, said, settle } = await stage()
    expect(await askThere('trace')).toEqual(['trace.nothing'])
    await said('$1', 'But soft')
    await settle()
    expect(await askThere('trace')).toEqual(['trace.steps'])
    expect(await askThere('trace', { about: '$1' as RemoteId })).toEqual(['trace.steps'])
    expect(await askThere('trace', { about: '$of-another-room' as RemoteId })).toEqual(['trace.unknown'])
  })
})
