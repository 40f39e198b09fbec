import { describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import type { Contact } from '../../src/core/contact.ts'
import { plainText } from '../../src/core/content.ts'
import type { RemoteId } from '../../src/core/event.ts'
import { Secret } from '../../src/core/secret.ts'
import { fakeGateway } from '../support/fake-gateway.ts'
import type { FakeNetwork } from '../support/fake-network.ts'
import { settled } from '../support/manual-timers.ts'

const chairId = 'romeo@verona.example'

/** Romeo, with an account on the linked network and a chat with each of these people. */
async function chatsWith(...people: string[]) {
  const world = await fakeGateway()
  const { linked, home, timers, shelves, logins } = world
  const romeo = await world.stores.users.at(home.person('romeo'))
  const login = await logins.link(romeo, linked.person(chairId), { password: new Secret('dagger') }, 'test')
  if (!login) throw new Error('somebody else has the account')
  for (const id of people) await linked.tell(message(linked, id, login.address))
  await world.settle()
  const contact = (id: string, name: string, ...groups: string[]): Contact => ({
    login: login.id,
    address: linked.person(id),
    name,
    lists: ['forward'],
    groups,
  })
  const lists = (...contacts: Contact[]) => linked.tell({ kind: 'contacts', login: login.id, whole: true, contacts })
  /** What Romeo's home was last told after everything has calmed down, with the rooms by the names of whom they lead to. */
  const shelf = async () => {
    await timers.pass(1_000)
    await shelves.idle()
    await settled()
    const rooms = new Map<string, string>()
    for await (const { room, anchor } of world.stores.portals.all()) if (room) rooms.set(room.id, anchor.id)
    const last = home.shelves.at(-1)
    return (
      last && [
        last.chats.map(({ id }) => rooms.get(id)),
        ...last.groups.map(({ name, chats }) => [name, ...chats.map(({ id }) => rooms.get(id))]),
      ]
    )
  }
  return { ...world, login, contact, lists, shelf }
}

function message(linked: FakeNetwork, id: string, as: Address) {
  const conversation = { network: linked.id, id, as }
  return {
    kind: 'message',
    id: `said-by-${id}` as RemoteId,
    conversation,
    from: linked.person(id),
    content: plainText('Ay me'),
    sentAt: 1,
  } as const
}

describe('the chats of a user', () => {
  it('stand in the groups of the contact list, each by name, and those in none by themselves', async () => {
    const { contact, lists, shelf } = await chatsWith('juliet', 'nurse', 'tybalt')
    await lists(
      contact('juliet', 'Zuliet', 'Capulets'),
      contact('nurse', 'Nurse', 'Capulets', 'Old'),
      contact('peter', 'Peter', 'Old'),
    )
    expect(await shelf()).toEqual([['tybalt'], ['Capulets', 'nurse', 'juliet'], ['Old', 'nurse']])
  })

  it('are put in order once for all that changes within a second', async () => {
    const { contact, lists, shelf, home } = await chatsWith('juliet', 'nurse')
    for (const group of ['Friends', 'Foes', 'Capulets']) await lists(contact('juliet', 'Juliet', group))
    await shelf()
    expect(home.shelves).toHaveLength(1)
    expect(home.shelves[0]).toMatchObject({ user: { id: 'romeo' }, chair: { id: chairId }, groups: [{ name: 'Capulets' }] })
  })

  it('follow when somebody moves, and when a room comes or goes', async () => {
    const { contact, lists, shelf, linked, login, home, settle } = await chatsWith('juliet')
    await lists(contact('juliet', 'Juliet', 'Capulets'))
    expect(await shelf()).toEqual([[], ['Capulets', 'juliet']])
    await lists(contact('juliet', 'Juliet', 'Married'))
    expect(await shelf()).toEqual([[], ['Married', 'juliet']])
    await linked.tell(message(linked, 'nurse', login.address))
    await settle()
    expect(await shelf()).toEqual([['nurse'], ['Married', 'juliet']])
    const conversation = home.shelves.at(-1)?.groups[0]?.chats[0]
    if (!conversation) throw new Error('Juliet has no room')
    const by = home.person('romeo')
    await home.tell({ kind: 'conversation', change: 'left', conversation, by, with: linked.person('juliet') })
    expect(await shelf()).toEqual([['nurse']])
  })

  it('are put in order later where the home could not do it', async () => {
    const { home, timers, shelves, shelf } = await chatsWith('juliet')
    home.shelfRefusals.push(new Error('the homeserver is away'))
    await shelf()
    expect(home.shelves).toEqual([])
    await timers.pass(60_000)
    await shelves.idle()
    expect(await shelf()).toEqual([['juliet']])
  })

  it('do not wait for what is tried later', async () => {
    const { home, shelves, shelf, login } = await chatsWith('juliet')
    home.shelfRefusals.push(new Error('the homeserver is away'))
    await shelf()
    shelves.changed(login.address)
    expect(await shelf()).toEqual([['juliet']])
  })

  it('come back when the user asks', async () => {
    const { home, shelves, shelf, login } = await chatsWith('juliet')
    shelves.asked(login.address)
    shelves.changed(login.address)
    await shelf()
    expect(home.shelves).toMatchObject([{ isAsked: true }])
  })

  it('of a hosted user follow the list that the network keeps for them', async () => {
    const { hosted, home, settle, shelf, login, shelves } = await chatsWith()
    const chair = hosted.person('ghost:matrix:romeo')
    const address = hosted.person('juliet')
    hosted.lists.set(chair.id, [{ address, name: 'Juliet', lists: ['forward'], groups: ['Verona'] }])
    await hosted.tell(message(hosted, 'juliet', chair))
    await settle()
    expect(await shelf()).toEqual([[], ['Verona', 'juliet']])
    expect(home.shelves.at(-1)).toMatchObject({ chair })
    hosted.lists.set(chair.id, [{ address, name: 'Juliet', lists: ['forward'], groups: ['Capulets'] }])
    await hosted.tell({ kind: 'list', of: chair })
    expect(await shelf()).toEqual([[], ['Capulets', 'juliet']])
    shelves.changed(login.address)
    expect(await shelf()).toEqual([[]])
  })

  it('are all looked at after a start', async () => {
    const { shelves, shelf, home } = await chatsWith('juliet')
    await shelf()
    home.shelves.length = 0
    await shelves.allChanged()
    expect(await shelf()).toEqual([['juliet']])
  })

  it('go with the account when that is signed out for good', async () => {
    const { home, logins, login, shelf } = await chatsWith('juliet')
    await logins.unlink(login)
    await shelf()
    expect(home.removedShelves).toMatchObject([{ user: { id: 'romeo' }, chair: { id: chairId } }])
    expect(home.shelves).toEqual([])
  })
})
