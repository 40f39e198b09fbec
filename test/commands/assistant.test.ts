import { describe, expect, it } from 'vitest'
import type { RemoteId } from '../../src/core/event.ts'
import { fakeGateway } from '../support/fake-gateway.ts'

describe('the bot', () => {
  it('helps, and says so when it does not understand', async () => {
    const { ask } = await fakeGateway()
    expect(await ask('help')).toEqual(['help.all'])
    expect(await ask('HELP')).toEqual(['help.all'])
    expect(await ask('hepl')).toEqual(['command.did-you-mean'])
    expect(await ask('constructor')).toEqual(['command.unknown'])
  })

  it('asks for the account and the password one after the other', async () => {
    const { ask } = await fakeGateway()
    expect(await ask('login')).toEqual(['login.which-account'])
    expect(await ask('not an account')).toEqual(['login.bad-account'])
    expect(await ask('Romeo@Verona.example')).toEqual(['login.password'])
    expect(await ask('dagger')).toEqual(['login.connecting'])
  })

  it('takes the password out of the room, and says so when it cannot', async () => {
    const { ask } = await fakeGateway()
    await ask('login romeo@verona.example')
    let redacted = 0
    await ask('dagger', { redact: async () => void redacted++ })
    expect(redacted).toBe(1)
    await ask('login romeo@verona.example')
    const redact = async () => {
      throw new Error('not allowed')
    }
    expect(await ask('dagger', { redact })).toEqual(['login.not-redacted', 'login.connecting'])
  })

  it('takes a password written too early out of the room without using it', async () => {
    const { ask, linked } = await fakeGateway()
    let redacted = 0
    const said = await ask('login romeo@verona.example dagger', { redact: async () => void redacted++ })
    expect(said).toEqual(['login.password'])
    expect(redacted).toBe(1)
    expect(linked.connected).toEqual([])
  })

  it('takes a password out of the room that stands behind a command with a mistake in it', async () => {
    const { ask, linked } = await fakeGateway()
    let redacted = 0
    const redact = async () => void redacted++
    expect(await ask('logn romeo@verona.example dagger', { redact })).toEqual(['command.did-you-mean'])
    expect(await ask('logn romeo@verona.example', { redact })).toEqual(['command.did-you-mean'])
    expect([redacted, linked.connected.length]).toEqual([1, 0])
  })

  it('does not go on with a talk for which somebody may not do any more what it is about', async () => {
    const { ask, home, linked } = await fakeGateway()
    await ask('login romeo@verona.example')
    home.levels.set('romeo', 'commands')
    expect(await ask('dagger')).toEqual(['command.unknown'])
    home.levels.set('romeo', 'user')
    expect(await ask('dagger')).toEqual(['command.unknown'])
    expect(linked.connected).toEqual([])
  })

  it('stops a talk on cancel', async () => {
    const { ask } = await fakeGateway()
    expect(await ask('cancel')).toEqual(['command.nothing-to-cancel'])
    await ask('login romeo@verona.example')
    expect(await ask('cancel')).toEqual(['command.cancelled'])
    expect(await ask('dagger')).toEqual(['command.unknown'])
  })

  it('takes neither "login" nor "help" for an answer in the middle of a talk, and goes on with it', async () => {
    const { ask, linked } = await fakeGateway()
    await ask('login romeo@verona.example')
    expect(await ask('login')).toEqual(['command.busy'])
    expect(await ask(' HELP ')).toEqual(['command.busy'])
    expect(await ask('dagger')).toEqual(['login.connecting'])
    expect(linked.connected).toMatchObject([{ password: 'dagger' }])
  })

  it('suggests nothing that one may not do', async () => {
    const { ask, home } = await fakeGateway()
    expect(await ask('list-user')).toEqual(['command.unknown'])
    home.levels.set('romeo', 'admin')
    expect(await ask('list-user')).toEqual(['command.did-you-mean'])
  })

  it('says nothing of what was typed, which may be a password', async () => {
    const { ask, home } = await fakeGateway()
    for (const text of ['dagger-17', 'logim dagger-17', 'help dagger-17', 'login dagger-17']) await ask(text)
    expect(JSON.stringify(home.delivered)).not.toContain('dagger-17')
  })

  it('answers the same request once, also when it held a password', async () => {
    const { ask, linked } = await fakeGateway()
    await ask('login romeo@verona.example')
    const again = { id: 'the-same' as RemoteId }
    expect(await ask('dagger', again)).toEqual(['login.connecting'])
    expect(await ask('dagger', again)).toEqual([])
    expect(linked.connected).toHaveLength(1)
  })

  it('does not link an account that somebody else has linked', async () => {
    const { ask, home } = await fakeGateway()
    const tybalt = { from: home.person('tybalt') }
    await ask('login romeo@verona.example')
    await ask('dagger')
    await ask('login romeo@verona.example', tybalt)
    expect(await ask('rapier', tybalt)).toEqual(['login.taken'])
  })

  it('tells how the accounts are', async () => {
    const { ask } = await fakeGateway()
    expect(await ask('status')).toEqual(['status.hosted'])
    await ask('login romeo@verona.example')
    await ask('dagger')
    expect(await ask('status')).toEqual(['status.hosted', 'status.login'])
  })

  it('has nothing to sign out when nobody is signed in', async () => {
    const { ask } = await fakeGateway()
    expect(await ask('logout')).toEqual(['logout.none'])
  })
})
