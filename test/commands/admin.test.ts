import { describe, expect, it } from 'vitest'
import type { RemoteId } from '../../src/core/event.ts'
import { say } from '../../src/core/words.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

/** Escalus runs the gateway; Romeo uses it, with an account on verona. */
async function stage() {
  const world = await fakeGateway()
  const { ask, home } = world
  home.levels.set('escalus', 'admin')
  await ask('login romeo@verona.example')
  await ask('dagger')
  const escalus = { from: home.person('escalus'), conversation: { network: home.id, id: 'palace' } }
  const orders = (text: string, more: Parameters<typeof ask>[1] = {}) => ask(text, { ...escalus, ...more })
  const hears = async (text: string) => {
    const before = home.delivered.length
    await orders(text)
    return home.delivered.slice(before).map(({ content }) => (content.kind === 'notice' ? say(content.phrase) : content.kind))
  }
  return { ...world, orders, hears }
}

describe('who runs the gateway', () => {
  it('sees who uses it', async () => {
    const { hears } = await stage()
    expect(await hears('list-users')).toEqual(['Who used this gateway:\nescalus: admin, accounts: 0\nromeo: user, accounts: 1'])
  })

  it('does something for somebody else, who is meant by all of it', async () => {
    const { hears, orders, linked } = await stage()
    expect(await hears('sudo romeo logins')).toEqual([
      'romeo@verona.example on verona: signing in since 1970-01-01 00:00 UTC, 0 contacts',
    ])
    expect(await orders('sudo romeo logout')).toEqual(['logout.done'])
    expect(linked.disconnected).toHaveLength(1)
  })

  it('goes on with a talk for somebody else, and takes the password out of the room', async () => {
    const { orders, linked, stores, home } = await stage()
    expect(await orders('sudo romeo login')).toEqual(['login.which-account'])
    expect(await orders('mercutio@verona.example')).toEqual(['login.password'])
    let redacted = 0
    expect(await orders('wit', { redact: async () => void redacted++ })).toEqual(['login.connecting'])
    expect([redacted, linked.connected.at(-1)?.password]).toEqual([1, 'wit'])
    const romeo = await stores.users.at(home.person('romeo'))
    expect((await stores.logins.of(romeo.id)).map(({ address }) => address.id)).toContain('mercutio@verona.example')
  })

  it('is told when there is no such user or command, or they may not do that', async () => {
    const { orders, home } = await stage()
    expect(await orders('sudo romeo')).toEqual(['admin.usage-sudo'])
    expect(await orders('sudo paris logins')).toEqual(['admin.no-such-user'])
    expect(await orders('sudo romeo dance')).toEqual(['command.unknown'])
    expect(await orders('sudo romeo sudo romeo logins')).toEqual(['command.unknown'])
    expect(await orders('sudo romeo nudge')).toEqual(['admin.not-their-chat'])
    expect(await orders('sudo romeo bridge juliet@example.com')).toEqual(['command.only-in-room'])
    home.levels.set('romeo', 'commands')
    expect(await orders('sudo romeo logins')).toEqual(['admin.may-not'])
  })

  it('shuts somebody out: their accounts are signed out, and they hear so once', async () => {
    const { ask, orders, linked, stores, home } = await stage()
    expect(await orders('block-user')).toEqual(['admin.usage'])
    expect(await orders('block-user paris')).toEqual(['admin.no-such-user'])
    expect(await orders('block-user romeo')).toEqual(['admin.blocked'])
    expect(linked.disconnected).toHaveLength(1)
    expect(await ask('logins')).toEqual(['command.not-for-you'])
    expect(await ask('help')).toEqual([])
    const romeo = await stores.users.at(home.person('romeo'))
    expect((await stores.logins.of(romeo.id)).map(({ state }) => state)).toEqual(['offline'])
    expect(await orders('unblock-user romeo')).toEqual(['admin.unblocked'])
    expect(linked.connected).toHaveLength(2)
    expect(await ask('logins')).toEqual(['status.login'])
  })

  it('carries nothing for whoever is shut out, and tells them so once in each room', async () => {
    const { orders, home, hosted, settle } = await stage()
    const conversation = { network: home.id, id: 'balcony' }
    const says = async (id: string) => {
      const before = home.delivered.length
      const content = { kind: 'text' as const, runs: [{ text: 'But soft' }] }
      const from = home.person('romeo')
      const about = { kind: 'message' as const, id: id as RemoteId, conversation, from, content, sentAt: 1 }
      await home.tell({ ...about, with: hosted.person('juliet@example.com') })
      await settle()
      return home.delivered.slice(before).map(({ content: told }) => ('phrase' in told ? told.phrase.key : told.kind))
    }
    await says('$1')
    expect(hosted.delivered).toHaveLength(1)
    await orders('block-user romeo')
    expect(await says('$2')).toEqual(['command.not-for-you'])
    expect(await says('$3')).toEqual([])
    expect(hosted.delivered).toHaveLength(1)
    const fromJuliet = { kind: 'message' as const, id: '$4' as RemoteId, from: hosted.person('juliet@example.com'), sentAt: 1 }
    const anchor = { ...hosted.person('juliet@example.com'), as: hosted.person('ghost:matrix:romeo') }
    const content = { kind: 'text' as const, runs: [{ text: 'Ay me' }] }
    await expect(hosted.tell({ ...fromJuliet, conversation: anchor, content })).rejects.toThrow('delivery.shut-out')
  })

  it('signs whoever is shut out out of our own MSN server, and in again when they are let in', async () => {
    const { orders, home, hosted, ghosts } = await stage()
    await ghosts.met(home.person('romeo'), hosted.id, 'Romeo')
    await ghosts.introduce(home.person('romeo'), hosted.id)
    hosted.introduced.length = 0
    await orders('block-user romeo')
    expect(hosted.signedOut).toEqual([home.person('romeo')])
    expect(hosted.introduced).toEqual([])
    await orders('unblock-user romeo')
    expect(hosted.introduced).toMatchObject([{ of: home.person('romeo') }])
  })

  it('opens no chat for whoever is shut out', async () => {
    const { orders, home, hosted } = await stage()
    await orders('block-user romeo')
    const conversation = { network: home.id, id: 'orchard' }
    const by = home.person('romeo')
    await home.tell({ kind: 'conversation', change: 'opened', conversation, by, with: hosted.person('nurse@example.com') })
    expect(home.turnedAway).toMatchObject([{ conversation, phrase: { key: 'command.not-for-you' } }])
  })

  it('whom the operator lets do less than before has no chats any more, and is asked nothing', async () => {
    const { home, hosted, logins, linked, settle } = await stage()
    const juliet = hosted.person('juliet@example.com')
    const from = home.person('romeo')
    const says = async (room: string) => {
      const content = { kind: 'text' as const, runs: [{ text: 'But soft' }] }
      const conversation = { network: home.id, id: room }
      const said = { kind: 'message' as const, id: `$${room}` as RemoteId, conversation, from, content, sentAt: 1, with: juliet }
      await home.tell(said)
      await settle()
    }
    await says('balcony')
    expect(hosted.delivered).toHaveLength(1)
    home.levels.set('romeo', 'relay')
    const connected = linked.connected.length
    await logins.restore()
    await says('balcony')
    await says('orchard')
    const of = hosted.person('ghost:matrix:romeo')
    await hosted.tell({ kind: 'asked', by: hosted.person('nurse@example.com'), of })
    await settle()
    expect(hosted.delivered).toHaveLength(1)
    expect(linked.connected).toHaveLength(connected)
    expect(home.opened).toEqual([])
    expect(home.turnedAway).toMatchObject([{ conversation: { id: 'orchard' }, phrase: { key: 'command.not-for-you' } }])
  })

  it('cannot be shut out', async () => {
    const { orders, home } = await stage()
    home.levels.set('romeo', 'admin')
    expect(await orders('block-user romeo')).toEqual(['admin.not-an-admin'])
    expect(await orders('block-user escalus')).toEqual(['admin.not-an-admin'])
  })

  it('is nobody else', async () => {
    const { ask } = await stage()
    for (const text of ['sudo escalus logins', 'list-users', 'block-user escalus', 'unblock-user escalus'])
      expect(await ask(text)).toEqual(['command.not-allowed'])
  })
})

describe('somebody who is no user', () => {
  it('may ask what the bot is, and no more', async () => {
    const { ask, home } = await stage()
    home.levels.set('romeo', 'commands')
    expect(await ask('version')).toEqual(['version'])
    for (const text of ['login', 'contacts', 'start-chat juliet@example.com'])
      expect(await ask(text)).toEqual(['command.not-allowed'])
    home.levels.set('romeo', 'relay')
    expect(await ask('version')).toEqual(['command.not-for-you'])
  })
})
