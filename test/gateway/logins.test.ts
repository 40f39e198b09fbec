import { describe, expect, it } from 'vitest'
import type { ContactList } from '../../src/core/contact.ts'
import { plainText } from '../../src/core/content.ts'
import type { NetworkEvent, RemoteId } from '../../src/core/event.ts'
import type { LoginState } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Status } from '../../src/core/signal.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'

async function linkRomeo() {
  const world = await fakeGateway()
  await world.ask('login')
  await world.ask('romeo@verona.example')
  const said = await world.ask('dagger')
  const login = world.linked.connected[0]?.login
  if (!login) throw new Error('nobody was signed in')
  return { ...world, login, said }
}

/** Lets everything end that nobody waits for: it is all in memory, so turns of the loop are enough. */
async function quiet(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
}

describe('a login', () => {
  it('is signed in with what the user gave, and never a word of the password is queued', async () => {
    const { linked, stores, said } = await linkRomeo()
    expect(linked.connected).toMatchObject([{ login: { address: { id: 'romeo@verona.example' } }, password: 'dagger' }])
    expect(said).toEqual(['login.connecting'])
    expect(JSON.stringify(stores.outbox.pushed)).not.toContain('dagger')
  })

  it('that comes online is told once, with the number of friends, and wakes what waited for it', async () => {
    const { linked, home, login, stores, settle } = await linkRomeo()
    const contact = (id: string, lists: ContactList[]) => ({
      login: login.id,
      address: linked.person(id),
      name: id,
      lists,
      groups: [],
    })
    const contacts = [contact('juliet@verona.example', ['forward', 'allow']), contact('paris@verona.example', ['block'])]
    await linked.tell({ kind: 'contacts', login: login.id, whole: true, contacts })
    for (const state of ['online', 'reconnecting', 'online'] as const)
      await linked.tell({ kind: 'login-state', login: login.id, state })
    await settle()
    const told = home.delivered.flatMap(({ content }) => (content.kind === 'notice' ? [content.phrase] : []))
    expect(told.filter((phrase) => phrase.key === 'login.online')).toMatchObject([{ params: { contacts: 1 } }])
    expect(stores.outbox.back).toContainEqual(login.address)
  })

  it('makes no ghosts of its contacts until somebody meets them; then they come under the names of the list', async () => {
    const { linked, home, login, gateway, settle } = await linkRomeo()
    const contact = (id: string, name: string, lists: ContactList[]) => ({
      login: login.id,
      address: linked.person(id),
      name,
      lists,
      groups: [],
    })
    const contacts = [
      contact('juliet@verona.example', 'Juliet', ['forward']),
      contact('nurse@verona.example', 'Nurse', ['forward']),
      contact('tybalt@verona.example', 'Tybalt', ['block']),
    ]
    await linked.tell({ kind: 'contacts', login: login.id, whole: true, contacts })
    await gateway.idle()
    await quiet()
    expect(home.introduced).toEqual([])
    const from = linked.person('juliet@verona.example')
    await linked.tell({
      kind: 'message',
      id: 'm1' as RemoteId,
      conversation: { network: linked.id, id: from.id, as: login.address },
      from,
      content: plainText('Ay me'),
      sentAt: 1,
    })
    await settle()
    expect(home.introduced.map((ghost) => ghost.name)).toEqual(['Juliet'])
  })

  it('shows a new name of a contact at once where somebody has met them, and at all others never', async () => {
    const { linked, home, login, gateway } = await linkRomeo()
    const address = linked.person('juliet@verona.example')
    const calls = async (name: string) => {
      await linked.tell({ kind: 'presence', of: address, seenBy: login.address, presence: { status: 'online' }, name })
      await gateway.idle()
      await quiet()
    }
    await calls('Juliet')
    expect(home.introduced).toEqual([])
    home.meets(address)
    await calls('Juliet Capulet')
    expect(home.introduced.at(-1)?.name).toBe('Juliet Capulet')
  })

  it('does not let an old name of the list replace what somebody calls themselves', async () => {
    const { linked, home, login, gateway } = await linkRomeo()
    const address = linked.person('juliet@verona.example')
    home.meets(address)
    const contacts = [{ login: login.id, address, name: 'J.', lists: ['forward' as const], groups: [] }]
    await linked.tell({ kind: 'presence', of: address, seenBy: login.address, presence: { status: 'online' }, name: 'Juliet' })
    await linked.tell({ kind: 'contacts', login: login.id, whole: true, contacts })
    await gateway.idle()
    await quiet()
    expect(home.introduced.map((ghost) => ghost.name)).toEqual(['Juliet'])
  })

  it('shows what somebody calls themselves, however the list and their presence race', async () => {
    const { linked, home, stores, login, gateway } = await linkRomeo()
    const address = linked.person('juliet@verona.example')
    home.meets(address)
    const get = stores.ghosts.get.bind(stores.ghosts)
    let calls = 0
    stores.ghosts.get = async (...args) => {
      const found = await get(...args)
      if (calls++ === 0) await new Promise((resolve) => setImmediate(resolve))
      return found
    }
    const contacts = [{ login: login.id, address, name: address.id, lists: ['forward' as const], groups: [] }]
    await Promise.all([
      linked.tell({ kind: 'contacts', login: login.id, whole: true, contacts }),
      linked.tell({ kind: 'presence', of: address, seenBy: login.address, presence: { status: 'online' }, name: 'Juliet' }),
    ])
    await gateway.idle()
    await quiet()
    expect(home.introduced.at(-1)?.name).toBe('Juliet')
  })

  it('tells of those who want to be a contact once, also after a restart', async () => {
    const { linked, home, login, settle } = await linkRomeo()
    const tell = async (id: string, lists: ContactList[], whole = false, name = id, more = {}) => {
      const contact = { login: login.id, address: linked.person(id), name, lists, groups: [], ...more }
      await linked.tell({ kind: 'contacts', login: login.id, whole, contacts: [contact] })
      await settle()
    }
    const before = home.delivered.length
    const told = () =>
      home.delivered.slice(before).flatMap(({ content }) => (content.kind === 'notice' ? [content.phrase.key] : []))
    await tell('paris@verona.example', ['pending'], true, 'Paris')
    await tell('paris@verona.example', ['pending'], true, 'Paris')
    await tell('tybalt@verona.example', ['pending'])
    expect(told()).toEqual(['contacts.request-named', 'contacts.request'])
    expect(linked.edits).toEqual([])
    await tell('peter@verona.example', ['pending'], false, 'Peter', { invitation: 'my fan?' })
    expect(home.delivered.at(-1)?.content).toMatchObject({ phrase: { key: 'contacts.says', params: { text: 'my fan?' } } })
    await tell('rosaline@verona.example', ['forward', 'allow', 'reverse'])
    expect(told()).toHaveLength(3)
  })

  it('is signed in again by hand with what was sealed, and its user hears how that went', async () => {
    const { linked, home, login, ask, settle } = await linkRomeo()
    await linked.tell({ kind: 'login-state', login: login.id, state: 'displaced' })
    expect(await ask('relogin')).toEqual(['login.displaced', 'login.connecting'])
    expect(linked.connected.map(({ password }) => password)).toEqual(['dagger', 'dagger'])
    await linked.tell({ kind: 'login-state', login: login.id, state: 'online' })
    await settle()
    expect(home.delivered.at(-1)?.content).toMatchObject({ phrase: { key: 'login.online' } })
    expect(await ask('relogin')).toEqual(['relogin.none'])
  })

  it('whose network cannot be reached is told so once, and is told when it is reached', async () => {
    const { linked, home, login, settle } = await linkRomeo()
    for (const state of ['reconnecting', 'connecting', 'reconnecting', 'online'] as const)
      await linked.tell({ kind: 'login-state', login: login.id, state })
    await settle()
    const told = home.delivered.slice(-2).map(({ content }) => content.kind === 'notice' && content.phrase.key)
    expect(told).toEqual(['login.unreachable', 'login.online'])
  })

  it('that was refused tells its user why', async () => {
    const { linked, home, login, settle } = await linkRomeo()
    await linked.tell({ kind: 'login-state', login: login.id, state: 'refused', reason: { key: 'login.bad-account' } })
    await settle()
    expect(home.delivered.at(-1)?.content).toMatchObject({ kind: 'notice', phrase: { key: 'login.refused' } })
  })

  it('is signed in again after a restart, unless it was refused', async () => {
    const { linked, login, logins, stores } = await linkRomeo()
    await logins.restore()
    expect(linked.connected).toHaveLength(2)
    await stores.logins.setState(login.id, 'refused')
    await logins.restore()
    expect(linked.connected).toHaveLength(2)
  })

  it('is forgotten on logout', async () => {
    const { linked, login, stores, ask } = await linkRomeo()
    expect(await ask('logout')).toEqual(['logout.done'])
    expect(linked.disconnected).toEqual([login.id])
    expect(await stores.logins.get(login.id)).toBeUndefined()
  })
})

/** Romeo opens a chat with Juliet, or leaves it. */
async function opens(home: FakeNetwork, hosted: FakeNetwork, change: 'opened' | 'left' = 'opened'): Promise<void> {
  await home.tell({
    kind: 'conversation',
    change,
    conversation: { network: home.id, id: 'orchard' },
    by: home.person('romeo'),
    with: hosted.person('juliet@example.com'),
  })
}

/** Romeo has a chat with Juliet. */
async function chat() {
  const world = await fakeGateway()
  await opens(world.home, world.hosted)
  await quiet()
  return world
}

/** What Romeo was told, by the keys of the sentences. */
function toldIn({ home }: Pick<Awaited<ReturnType<typeof fakeGateway>>, 'home'>, before = 0): string[] {
  return home.delivered.slice(before).flatMap(({ content }) => (content.kind === 'notice' ? [content.phrase.key] : []))
}

describe('a login that was online', () => {
  async function onlineRomeo() {
    const world = await linkRomeo()
    const becomes = async (...states: LoginState[]) => {
      for (const state of states) await world.linked.tell({ kind: 'login-state', login: world.login.id, state })
      await world.settle()
    }
    await becomes('online')
    const before = world.home.delivered.length
    const pass = async (minutes: number) => {
      await world.timers.pass(minutes * 60_000)
      await world.settle()
    }
    return { ...world, becomes, pass, told: () => toldIn(world, before) }
  }

  it('and is gone for less than three minutes, however often, is no news', async () => {
    const { becomes, pass, told } = await onlineRomeo()
    for (let times = 0; times < 5; times++) {
      await becomes('reconnecting', 'connecting', 'reconnecting')
      await pass(2.9)
      await becomes('online')
    }
    await pass(60)
    expect(told()).toEqual([])
  })

  it('and is gone for longer is told once, and once that it is back', async () => {
    const { becomes, pass, told } = await onlineRomeo()
    await becomes('reconnecting')
    await pass(3.1)
    expect(told()).toEqual(['login.lost'])
    await becomes('connecting', 'reconnecting')
    await pass(60)
    await becomes('online')
    expect(told()).toEqual(['login.lost', 'login.back'])
    await becomes('reconnecting')
    await pass(3.1)
    expect(told()).toEqual(['login.lost', 'login.back', 'login.lost'])
  })

  it('and is back at the moment at which it is told to be gone is back', async () => {
    const { becomes, pass, told, stores, linked, login } = await onlineRomeo()
    await becomes('reconnecting')
    const push = stores.outbox.push.bind(stores.outbox)
    stores.outbox.push = async (delivery) => {
      stores.outbox.push = push
      void linked.tell({ kind: 'login-state', login: login.id, state: 'online' })
      await quiet()
      return push(delivery)
    }
    await pass(3.1)
    await quiet()
    await pass(0)
    expect(told()).toEqual(['login.lost', 'login.back'])
    expect((await stores.logins.get(login.id))?.state).toBe('online')
  })

  it('and is gone when the gateway is started anew is not told again', async () => {
    const { becomes, pass, told, logins } = await onlineRomeo()
    await becomes('reconnecting')
    await pass(3.1)
    logins.stop()
    await becomes('connecting', 'reconnecting')
    await pass(10)
    await becomes('online')
    expect(told()).toEqual(['login.lost', 'login.back'])
  })

  it('and is gone shows since when', async () => {
    const { becomes, pass, login, stores } = await onlineRomeo()
    await pass(10)
    await becomes('reconnecting')
    await pass(1)
    await becomes('connecting')
    expect(await stores.logins.get(login.id)).toMatchObject({ state: 'connecting', since: 1_000 + 10 * 60_000 })
  })

  it.each(['refused', 'displaced'] as const)('and is %s is told at once, and once', async (state) => {
    const { becomes, pass, told } = await onlineRomeo()
    await becomes('reconnecting', state, state)
    await pass(60)
    expect(told()).toEqual([`login.${state}`])
  })

  it('is signed in after a restart in its turn, not with all the others at once', async () => {
    const { stores, linked, logins, timers, login } = await onlineRomeo()
    for (const name of ['one', 'two', 'three']) {
      const more = await stores.logins.save(login.user, linked.person(name), { password: new Secret('x') })
      if (more) await stores.logins.setState(more.id, 'online')
    }
    const before = linked.connected.length
    const restored = logins.restore()
    await timers.pass(0)
    expect(linked.connected).toHaveLength(before + 1)
    await timers.pass(2_000)
    await restored
    expect(linked.connected).toHaveLength(before + 4)
  })
})

describe('presence', () => {
  const shown = (network: FakeNetwork) =>
    network.signals.flatMap((signal) => (signal.kind === 'presence' ? [[signal.as.id, signal.presence.status]] : []))

  it('of a contact shows on the ghost, and their return wakes what waited for them', async () => {
    const { hosted, home, stores } = await chat()
    const juliet = hosted.person('juliet@example.com')
    const seenBy = hosted.person('ghost:matrix:romeo')
    await hosted.tell({ kind: 'presence', of: juliet, seenBy, presence: { status: 'offline' } })
    expect(stores.outbox.back).toEqual([])
    await hosted.tell({ kind: 'presence', of: juliet, seenBy, presence: { status: 'online' } })
    expect(shown(home)).toEqual([
      ['ghost:msn:juliet@example.com', 'offline'],
      ['ghost:msn:juliet@example.com', 'online'],
    ])
    expect(stores.outbox.back).toEqual([juliet])
  })

  it('of five thousand contacts with whom nobody has a chat costs the home nothing, and shows when a chat begins', async () => {
    const { hosted, home, gateway } = await fakeGateway()
    const seenBy = hosted.person('ghost:matrix:romeo')
    const see = (id: string, status: Status) =>
      hosted.tell({ kind: 'presence', of: hosted.person(id), seenBy, presence: { status } })
    for (let number = 0; number < 5_000; number++) await see(`capulet${number}@example.com`, 'online')
    await see('juliet@example.com', 'busy')
    await gateway.idle()
    expect(home.signals).toEqual([])
    await opens(home, hosted)
    await quiet()
    expect(shown(home)).toEqual([['ghost:msn:juliet@example.com', 'busy']])
  })

  it('of a contact is not shown any more when the last chat with them is over', async () => {
    const { hosted, home } = await chat()
    const seenBy = hosted.person('ghost:matrix:romeo')
    const see = (status: Status) =>
      hosted.tell({ kind: 'presence', of: hosted.person('juliet@example.com'), seenBy, presence: { status } })
    await see('online')
    await opens(home, hosted, 'left')
    await quiet()
    await see('busy')
    expect(shown(home)).toEqual([
      ['ghost:msn:juliet@example.com', 'online'],
      ['ghost:msn:juliet@example.com', 'offline'],
    ])
  })

  it('of a contact who is seen from two chairs is that of the newest sight, and one blind chair is not the end', async () => {
    const { hosted, home } = await chat()
    const see = (chair: string, status: Status) =>
      hosted.tell({
        kind: 'presence',
        of: hosted.person('juliet@example.com'),
        seenBy: hosted.person(`ghost:matrix:${chair}`),
        presence: { status },
      })
    await see('romeo', 'online')
    await see('mercutio', 'online')
    await see('mercutio', 'busy')
    await see('mercutio', 'offline')
    await see('romeo', 'offline')
    expect(shown(home).map(([, status]) => status)).toEqual(['online', 'online', 'busy', 'online', 'offline'])
  })

  it('of a user is asked for when they join or open a chat with somebody on the network that hosts them, and after a restart', async () => {
    const { hosted, home, presences } = await fakeGateway()
    const seen = () => hosted.signals.map((signal) => signal.kind === 'presence' && signal.presence.status)
    const chat = (change: 'opened' | 'joined', id: string) =>
      home.tell({
        kind: 'conversation',
        change,
        conversation: { network: home.id, id },
        by: home.person('romeo'),
        with: hosted.person('juliet@example.com'),
      })
    await chat('opened', 'r')
    await quiet()
    expect(seen()).toEqual([])
    home.presences.set('romeo', { status: 'busy' })
    await chat('opened', 'r')
    await chat('joined', 'r')
    await presences.askAll()
    await quiet()
    expect(seen()).toEqual(['busy', 'busy', 'busy'])
  })

  it('of a user at home shows in all their chairs, and that of strangers nowhere', async () => {
    const { hosted, linked, home, stores } = await fakeGateway()
    const presence = { status: 'idle', message: 'in Mantua' } as const
    await home.tell({ kind: 'presence', of: home.person('romeo'), presence })
    expect([...hosted.signals, ...linked.signals]).toEqual([])
    const user = await stores.users.at(home.person('romeo'))
    await stores.logins.save(user.id, linked.person('romeo@verona.example'), { password: new Secret('dagger') })
    await home.tell({ kind: 'presence', of: home.person('romeo'), presence })
    expect(hosted.signals).toEqual([{ kind: 'presence', as: hosted.person('ghost:matrix:romeo'), presence }])
    expect(linked.signals).toEqual([{ kind: 'presence', as: linked.person('romeo@verona.example'), presence }])
  })

  it('of a user at home is asked for when an account of theirs is signed in', async () => {
    const { linked, home, login } = await linkRomeo()
    home.presences.set('romeo', { status: 'busy' })
    await linked.tell({ kind: 'login-state', login: login.id, state: 'online' })
    await quiet()
    expect(linked.signals.filter(({ kind }) => kind === 'presence')).toMatchObject([{ presence: { status: 'busy' } }])
  })
})

describe('activity', () => {
  it('of a user at home is told in all their chairs, and not with every key', async () => {
    const { linked, home, timers, login } = await linkRomeo()
    const seen = () => linked.signals.filter(({ kind }) => kind === 'activity').length
    await quiet()
    linked.signals.length = 0
    await timers.pass(31_000)
    const reads = () => home.tell({ kind: 'activity', of: home.person('romeo') })
    for (let times = 0; times < 9; times++) await reads()
    await quiet()
    expect(linked.signals).toEqual([{ kind: 'activity', as: login.address }])
    await timers.pass(31_000)
    await reads()
    await quiet()
    expect(seen()).toBe(2)
  })

  it('is that they speak, type or read, and not that somebody out there does', async () => {
    const { linked, hosted, home, timers } = await linkRomeo()
    const conversation = { network: home.id, id: 'orchard' }
    const did = async (...events: NetworkEvent[]) => {
      await timers.pass(31_000)
      linked.signals.length = 0
      for (const event of events) await (event.kind === 'typing' && event.from.network === hosted.id ? hosted : home).tell(event)
      await quiet()
      return linked.signals.filter(({ kind }) => kind === 'activity').length
    }
    const romeo = home.person('romeo')
    expect(await did({ kind: 'activity', of: romeo })).toBe(1)
    expect(await did({ kind: 'typing', conversation, from: romeo, typing: true })).toBe(1)
    expect(await did({ kind: 'typing', conversation, from: romeo, typing: false })).toBe(0)
    expect(await did({ kind: 'presence', of: romeo, presence: { status: 'online' } })).toBe(0)
    const juliet = hosted.person('juliet@example.com')
    expect(await did({ kind: 'typing', conversation: { network: hosted.id, id: juliet.id }, from: juliet, typing: true })).toBe(0)
  })
})
