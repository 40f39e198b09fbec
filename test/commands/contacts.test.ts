import { describe, expect, it } from 'vitest'
import type { ContactList } from '../../src/core/contact.ts'
import { Absent } from '../../src/core/errors.ts'
import { say } from '../../src/core/words.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'

const hostedRomeo = 'ghost:matrix:romeo'
const linkedRomeo = 'romeo@verona.example'

function listed(network: FakeNetwork, id: string, lists: ContactList[], name = id, groups: string[] = []) {
  return { address: network.person(id), name, lists, groups }
}

/** Romeo is hosted on msn, and has an account on verona; the nurse is on both lists, Paris asks on verona, Tybalt is blocked on msn. */
async function stage() {
  const world = await fakeGateway()
  const { hosted, linked, home } = world
  await world.ask('login romeo@verona.example')
  await world.ask('dagger')
  hosted.lists.set(hostedRomeo, [
    listed(hosted, 'nurse@example.com', ['forward', 'allow'], 'The Nurse', ['Capulets']),
    listed(hosted, 'tybalt@example.com', ['block']),
    listed(hosted, 'juliet@example.com', ['forward', 'allow'], 'Juliet', ['Capulets']),
  ])
  linked.lists.set(linkedRomeo, [
    listed(linked, 'nurse@example.com', ['forward']),
    listed(linked, 'paris@verona.example', ['pending'], 'Paris'),
  ])
  const hears = async (text: string) => {
    const before = home.delivered.length
    await world.ask(text)
    return home.delivered.slice(before).map(({ content }) => (content.kind === 'notice' ? say(content.phrase) : content.kind))
  }
  return { ...world, hears }
}

describe('the contacts command', () => {
  it('lists each account by groups, with who asks and who is blocked', async () => {
    const { hears } = await stage()
    expect(await hears('contacts')).toEqual([
      `Contacts of ${hostedRomeo} on msn:\nCapulets: Juliet (juliet@example.com), The Nurse (nurse@example.com)\nBlocked: tybalt@example.com`,
      `Contacts of ${linkedRomeo} on verona:\nWithout a group: nurse@example.com\nWaiting for your answer: Paris (paris@verona.example)`,
    ])
  })

  it('lists one that is named, and says which there are when it is none', async () => {
    const { hears, hosted } = await stage()
    expect(await hears('contacts Verona')).toHaveLength(1)
    hosted.lists.clear()
    expect(await hears(`contacts msn/${hostedRomeo}`)).toEqual([`The contact list of ${hostedRomeo} on msn is empty.`])
    expect(await hears('contacts padua')).toEqual([
      `You have no account padua. You have: msn/${hostedRomeo}, verona/${linkedRomeo}`,
    ])
  })

  it('counts those for whom there is no room', async () => {
    const { hears, hosted } = await stage()
    const many = Array.from({ length: 250 }, (_, index) => listed(hosted, `page${index}@example.com`, ['forward']))
    hosted.lists.set(hostedRomeo, many)
    expect((await hears('contacts msn'))[0]).toMatch(/, … and 50 more$/)
  })
})

describe('a command that changes a list', () => {
  it('does so where the contact is', async () => {
    const { ask, hosted, linked } = await stage()
    expect(await ask('accept Paris@verona.example')).toEqual(['contacts.accepted'])
    expect(await ask('decline paris@verona.example')).toEqual(['contacts.declined'])
    expect(await ask('remove-contact juliet@example.com')).toEqual(['contacts.removed'])
    expect(await ask('unblock tybalt@example.com')).toEqual(['contacts.unblocked'])
    expect(await ask('block juliet@example.com')).toEqual(['contacts.blocked'])
    expect(linked.edits.map(({ as, change, who }) => [as, change, who])).toEqual([
      [linkedRomeo, 'accept', 'paris@verona.example'],
      [linkedRomeo, 'decline', 'paris@verona.example'],
    ])
    expect(hosted.edits.map(({ as, change, who }) => [as, change, who])).toEqual([
      [hostedRomeo, 'remove', 'juliet@example.com'],
      [hostedRomeo, 'unblock', 'tybalt@example.com'],
      [hostedRomeo, 'block', 'juliet@example.com'],
    ])
  })

  it('asks on which account where several can be meant, and takes the one that is named', async () => {
    const { ask, hosted, linked } = await stage()
    for (const command of ['add-contact rosaline@example.com', 'remove-contact nurse@example.com', 'block stranger@example.com'])
      expect(await ask(command)).toEqual(['contacts.which'])
    expect(await ask('add-contact verona rosaline@example.com')).toEqual(['contacts.added'])
    expect(await ask(`block msn/${hostedRomeo} stranger@example.com`)).toEqual(['contacts.blocked'])
    expect(linked.edits).toMatchObject([{ change: 'add', who: 'rosaline@example.com' }])
    expect(hosted.edits).toMatchObject([{ change: 'block', who: 'stranger@example.com' }])
  })

  it('says so when there is nobody to change, or no address', async () => {
    const { ask, hosted, linked } = await stage()
    expect(await ask('accept nurse@example.com')).toEqual(['contacts.nobody-asks'])
    expect(await ask('unblock rosaline@example.com')).toEqual(['contacts.nobody'])
    for (const text of [
      'block',
      'block msn',
      'block tybalt',
      `block ${'x'.repeat(120)}@example.com`,
      'block a@b c@d',
      'block a@b..c',
    ])
      expect(await ask(text)).toEqual(['contacts.usage'])
    expect([...hosted.edits, ...linked.edits]).toEqual([])
  })

  it('says why it did not work', async () => {
    const { hears, linked } = await stage()
    const account = linked.person(linkedRomeo)
    linked.refusals.push(new Absent(account, { key: 'delivery.login-offline', params: { account: linkedRomeo } }))
    expect(await hears('add-contact verona rosaline@example.com')).toEqual([
      `That did not work: Your account ${linkedRomeo} is not signed in.`,
    ])
  })
})

describe('a command that arranges a list', () => {
  it('names a contact, and changes the groups, where they are', async () => {
    const { ask, hosted, linked } = await stage()
    expect(await ask('rename-contact Juliet@example.com My  sun')).toEqual(['contacts.renamed'])
    expect(await ask('group juliet@example.com Old friends')).toEqual(['contacts.grouped'])
    expect(await ask('ungroup juliet@example.com Capulets')).toEqual(['contacts.ungrouped'])
    expect(await ask('rename-group Capulets -> The other house')).toEqual(['contacts.group-renamed'])
    expect(await ask('remove-group Capulets')).toEqual(['contacts.group-removed'])
    expect(await ask('group verona nurse@example.com Capulets')).toEqual(['contacts.grouped'])
    const who = hosted.person('juliet@example.com')
    expect(hosted.arrangements).toEqual(
      [
        { kind: 'name', who, name: 'My  sun' },
        { kind: 'put-in', who, group: 'Old friends' },
        { kind: 'take-out', who, group: 'Capulets' },
        { kind: 'rename-group', group: 'Capulets', name: 'The other house' },
        { kind: 'remove-group', group: 'Capulets' },
      ].map((arrangement) => ({ as: hostedRomeo, arrangement })),
    )
    expect(linked.arrangements).toHaveLength(1)
  })

  it('asks on which account, says when there is nothing such, and shows how it is written', async () => {
    const { ask, hears, hosted, linked } = await stage()
    expect(await ask('group nurse@example.com Capulets')).toEqual(['contacts.which'])
    expect(await ask('group tybalt@example.com Capulets')).toEqual(['contacts.nothing-such'])
    expect(await ask('remove-group Montagues')).toEqual(['contacts.nothing-such'])
    const usages = {
      'rename-contact juliet@example.com': 'contacts.usage-rename',
      'group Capulets': 'contacts.usage-group',
      ungroup: 'contacts.usage-ungroup',
      'rename-group Capulets': 'contacts.usage-rename-group',
      'remove-group verona': 'contacts.usage-remove-group',
    }
    for (const [text, usage] of Object.entries(usages)) expect(await ask(text)).toEqual([usage])
    expect([...hosted.arrangements, ...linked.arrangements]).toEqual([])
    hosted.refusals.push(new Absent(hosted.person(hostedRomeo), { key: 'delivery.login-offline', params: { account: 'romeo' } }))
    expect(await hears('remove-group Capulets')).toEqual(['That did not work: Your account romeo is not signed in.'])
  })
})

describe('how the user is seen', () => {
  it('is changed on every account, or on the one that is named', async () => {
    const { ask, hosted, linked } = await stage()
    expect(await ask('presence Busy')).toEqual(['look.status'])
    expect(await ask('presence verona invisible')).toEqual(['look.status'])
    expect(await ask('presence msn auto')).toEqual(['look.auto'])
    expect(await ask('psm In Mantua, banished')).toEqual(['look.message'])
    expect(await ask('psm verona')).toEqual(['look.no-message'])
    expect(hosted.looks.map(({ look }) => look)).toEqual([
      { status: 'busy' },
      { status: 'auto' },
      { message: 'In Mantua, banished' },
    ])
    expect(linked.looks.map(({ look }) => look)).toEqual([
      { status: 'busy' },
      { status: 'offline' },
      { message: 'In Mantua, banished' },
      { message: '' },
    ])
  })

  it('can be online only while they are active, and with the message from home', async () => {
    const { ask, linked } = await stage()
    expect(await ask('presence active')).toEqual(['look.active'])
    expect(await ask('presence verona active 30 invisible')).toEqual(['look.active-invisible'])
    expect(await ask('psm auto')).toEqual(['look.message-auto'])
    expect(linked.looks.map(({ look }) => look)).toEqual([
      { status: { minutes: 10, otherwise: 'away' } },
      { status: { minutes: 30, otherwise: 'offline' } },
      { message: null },
    ])
  })

  it('is not changed by what is no status, or a message that is too long', async () => {
    const { ask, hosted } = await stage()
    for (const text of [
      'presence',
      'presence sad',
      'presence constructor',
      'presence active 0',
      'presence active 9999',
      'presence active soon',
    ])
      expect(await ask(text)).toEqual(['look.which-status'])
    expect(await ask(`psm ${'x'.repeat(130)}`)).toEqual(['look.long-message'])
    expect(hosted.looks).toEqual([])
  })
})
