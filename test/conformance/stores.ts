// What every implementation of the ports in core/stores.ts must do.

import { beforeEach, describe, expect, it } from 'vitest'
import type { Address, NetworkId } from '../../src/core/address.ts'
import type { Contact } from '../../src/core/contact.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { conversationKey } from '../../src/core/conversation.ts'
import type { DeliveryId } from '../../src/core/delivery.ts'
import type { RemoteId } from '../../src/core/event.ts'
import type { Ghost } from '../../src/core/ghost.ts'
import type { LoginId } from '../../src/core/login.ts'
import type { Anchor, PortalId } from '../../src/core/portal.ts'
import { Secret } from '../../src/core/secret.ts'
import type {
  Contacts,
  Dialogues,
  Ghosts,
  Logins,
  Messages,
  Outbox,
  Portals,
  Records,
  Remembered,
  Step,
  Tickets,
  Traces,
  Users,
} from '../../src/core/stores.ts'
import type { UserId } from '../../src/core/user.ts'
import { delivery } from '../support/deliveries.ts'

export interface Stores {
  readonly users: Users
  readonly logins: Logins
  readonly contacts: Contacts
  readonly ghosts: Ghosts
  readonly portals: Portals
  readonly messages: Messages
  readonly traces: Traces
  readonly dialogues: Dialogues
  readonly outbox: Outbox
  readonly records: Records
  readonly tickets: Tickets
}

export interface Bench {
  readonly stores: Stores
  /** Lets so many seconds pass for what is forgotten after a while. */
  pass(seconds: number): Promise<void>
}

const matrix = 'matrix' as NetworkId
const escargot = 'escargot' as NetworkId
const romeo: Address = { network: matrix, id: '@romeo:example.org' }
const mercutio: Address = { network: 'xmpp' as NetworkId, id: 'mercutio@example.net' }
const juliet: Address = { network: escargot, id: 'juliet@example.com' }
const romeoThere: Address = { network: escargot, id: 'romeo@example.com' }
const nobody = 'nobody' as UserId & LoginId & PortalId
const chat: Anchor = { network: escargot, id: juliet.id, as: romeoThere }
const room: Conversation = { network: matrix, id: '!room:example.org' }
const otherRoom: Conversation = { network: matrix, id: '!other:example.org' }

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = []
  for await (const item of items) all.push(item)
  return all
}

/** Runs the suite on whatever `open` gives; each test gets its own. */
export function storesConformance(open: () => Promise<Bench>): void {
  let bench: Bench
  let stores: Stores
  beforeEach(async () => {
    bench = await open()
    stores = bench.stores
  })

  describe('users', () => {
    it('makes one user per home, however many ask at the same time', async () => {
      const users = await Promise.all(Array.from({ length: 10 }, () => stores.users.at(romeo)))
      expect(new Set(users.map((user) => user.id)).size).toBe(1)
      expect(users[0]).toMatchObject({ homes: [romeo], locale: 'en' })
      expect(await stores.users.at(mercutio)).not.toEqual(users[0])
    })

    it('finds a user by home and by id, and nobody where nobody lives', async () => {
      const user = await stores.users.at(romeo)
      expect(await stores.users.find(romeo)).toEqual(user)
      expect(await stores.users.get(user.id)).toEqual(user)
      expect(await stores.users.find(mercutio)).toBeUndefined()
      expect(await stores.users.get(nobody)).toBeUndefined()
    })

    it('remembers where a user talks with the bot', async () => {
      const { id } = await stores.users.at(romeo)
      await stores.users.setManagement(id, room)
      expect(await stores.users.at(romeo)).toEqual({ id, homes: [romeo], locale: 'en', management: room })
    })
  })

  describe('users who are shut out', () => {
    it('are known to be, until they are let in again', async () => {
      const user = await stores.users.at(romeo)
      await stores.users.setBlocked(user.id, true)
      expect(await stores.users.find(romeo)).toEqual({ ...user, isBlocked: true })
      await stores.users.setBlocked(user.id, false)
      expect(await stores.users.get(user.id)).toEqual(user)
    })

    it('that do not exist stay so', async () => {
      await stores.users.setBlocked(nobody, true)
      expect(await stores.users.get(nobody)).toBeUndefined()
      expect(await collect(stores.users.all())).toEqual([])
    })

    it('are listed with all the others, each once', async () => {
      const [one, other] = [await stores.users.at(romeo), await stores.users.at(mercutio)]
      await stores.users.at(romeo)
      await stores.users.setBlocked(other.id, true)
      const users = await collect(stores.users.all())
      expect(users).toHaveLength(2)
      expect(users).toEqual(expect.arrayContaining([one, { ...other, isBlocked: true }]))
    })
  })

  describe('logins', () => {
    const password = { password: new Secret('wherefore') }

    it('keeps a login with its credentials', async () => {
      const user = await stores.users.at(romeo)
      const login = await stores.logins.save(user.id, romeoThere, password)
      expect(login).toMatchObject({ user: user.id, address: romeoThere, state: 'offline' })
      const id = login?.id ?? nobody
      expect(await stores.logins.get(id)).toEqual(login)
      expect(await stores.logins.find(romeoThere)).toEqual(login)
      expect(await stores.logins.of(user.id)).toEqual([login])
      expect(await collect(stores.logins.all())).toEqual([login])
      expect((await stores.logins.credentials(id))?.password.reveal()).toBe('wherefore')
    })

    it('replaces the credentials of a login that its user saves again', async () => {
      const user = await stores.users.at(romeo)
      const first = await stores.logins.save(user.id, romeoThere, password)
      await stores.logins.setState(first?.id ?? nobody, 'refused', { key: 'storage.fault' })
      const second = await stores.logins.save(user.id, romeoThere, { password: new Secret('art thou') })
      expect(second).toEqual({ id: first?.id, user: user.id, address: romeoThere, state: 'offline' })
      expect((await stores.logins.credentials(first?.id ?? nobody))?.password.reveal()).toBe('art thou')
      expect(await collect(stores.logins.all())).toHaveLength(1)
    })

    it('leaves the login of another user alone', async () => {
      const [one, other] = [await stores.users.at(romeo), await stores.users.at(mercutio)]
      const login = await stores.logins.save(one.id, romeoThere, password)
      expect(await stores.logins.save(other.id, romeoThere, { password: new Secret('stolen') })).toBeUndefined()
      expect((await stores.logins.credentials(login?.id ?? nobody))?.password.reveal()).toBe('wherefore')
      expect(await stores.logins.of(other.id)).toEqual([])
    })

    it('gives an address to one of two users who save it at the same time', async () => {
      const [one, other] = [await stores.users.at(romeo), await stores.users.at(mercutio)]
      const saved = await Promise.all([one, other].map((user) => stores.logins.save(user.id, romeoThere, password)))
      expect(saved.filter((login) => login !== undefined)).toHaveLength(1)
      expect(await collect(stores.logins.all())).toHaveLength(1)
    })

    it('keeps the state with its reason, and drops the reason with the state', async () => {
      const user = await stores.users.at(romeo)
      const id = (await stores.logins.save(user.id, romeoThere, password))?.id ?? nobody
      await stores.logins.setState(id, 'refused', { key: 'storage.fault' })
      expect(await stores.logins.get(id)).toMatchObject({ state: 'refused', reason: { key: 'storage.fault' } })
      await stores.logins.setState(id, 'online')
      const login = await stores.logins.get(id)
      expect(login?.state).toBe('online')
      expect(login).not.toHaveProperty('reason')
    })

    it('keeps since when a login is as it is, and whether its user knows, until it is otherwise', async () => {
      const user = await stores.users.at(romeo)
      const id = (await stores.logins.save(user.id, romeoThere, password))?.id ?? nobody
      await stores.logins.setState(id, 'reconnecting', undefined, { since: 1_000, isTold: true })
      expect(await stores.logins.get(id)).toMatchObject({ state: 'reconnecting', since: 1_000, isTold: true })
      await stores.logins.setState(id, 'online', undefined, { since: 2_000 })
      expect(await stores.logins.get(id)).toEqual({ id, user: user.id, address: romeoThere, state: 'online', since: 2_000 })
    })

    it('forgets a login with its credentials and contacts, and its state stays forgotten', async () => {
      const user = await stores.users.at(romeo)
      const id = (await stores.logins.save(user.id, romeoThere, password))?.id ?? nobody
      await stores.contacts.update(id, [{ login: id, address: juliet, name: 'Juliet', lists: ['forward'], groups: [] }])
      await stores.logins.remove(id)
      await stores.logins.setState(id, 'online')
      expect(await stores.logins.get(id)).toBeUndefined()
      expect(await stores.logins.find(romeoThere)).toBeUndefined()
      expect(await stores.logins.credentials(id)).toBeUndefined()
      expect(await stores.logins.of(user.id)).toEqual([])
      expect(await collect(stores.logins.all())).toEqual([])
      expect(await stores.contacts.of(id)).toEqual([])
    })
  })

  describe('contacts', () => {
    const login = 'l1' as LoginId
    const contact = (id: string, lists: Contact['lists'] = ['forward', 'allow']): Contact => ({
      login,
      address: { network: escargot, id },
      name: `Name of ${id}`,
      lists,
      groups: ['Verona'],
    })
    const names = async () => (await stores.contacts.of(login)).map((one) => one.address.id).sort()

    it('replaces a whole list', async () => {
      await stores.contacts.replace(login, [contact('a@example.com'), contact('b@example.com')])
      await stores.contacts.replace(login, [contact('b@example.com'), contact('c@example.com')])
      expect(await names()).toEqual(['b@example.com', 'c@example.com'])
      await stores.contacts.replace(login, [])
      expect(await names()).toEqual([])
    })

    it('writes those that changed and forgets one that is on no list', async () => {
      await stores.contacts.replace(login, [contact('a@example.com'), contact('b@example.com')])
      const asking: Contact = { ...contact('a@example.com', ['pending']), invitation: 'It is me' }
      await stores.contacts.update(login, [asking, contact('b@example.com', [])])
      expect(await stores.contacts.of(login)).toEqual([asking])
    })

    it('keeps the lists of two logins apart', async () => {
      await stores.contacts.replace(login, [contact('a@example.com')])
      expect(await stores.contacts.of('l2' as LoginId)).toEqual([])
    })
  })

  describe('ghosts', () => {
    const ghost: Ghost = { of: juliet, on: matrix, name: 'Juliet ♥' }

    it('keeps how a ghost looks, per network', async () => {
      await stores.ghosts.save({ ...ghost, name: 'Juliet' })
      await stores.ghosts.save(ghost)
      expect(await stores.ghosts.get(juliet, matrix)).toEqual(ghost)
      expect(await stores.ghosts.get(juliet, escargot)).toBeUndefined()
    })

    it('lists those of one network', async () => {
      await stores.ghosts.save(ghost)
      await stores.ghosts.save({ of: romeo, on: escargot, name: 'Romeo' })
      expect(await collect(stores.ghosts.on(matrix))).toEqual([ghost])
    })
  })

  describe('portals', () => {
    const user = 'u1' as UserId

    it('claims one portal per anchor, however many ask at the same time', async () => {
      const portals = await Promise.all(Array.from({ length: 20 }, () => stores.portals.claim(chat, user)))
      expect(new Set(portals.map((portal) => portal.id)).size).toBe(1)
      expect(await collect(stores.portals.all())).toEqual([portals[0]])
    })

    it('makes two portals of one contact seen from two accounts', async () => {
      const first = await stores.portals.claim(chat, user)
      const second = await stores.portals.claim({ ...chat, as: juliet }, user)
      expect(second.id).not.toBe(first.id)
    })

    it('is found by either end once a room is bound', async () => {
      const { id } = await stores.portals.claim(chat, user)
      expect(await stores.portals.find(room)).toBeUndefined()
      const portal = await stores.portals.bind(id, room)
      expect(portal).toEqual({ id, user, anchor: chat, room })
      expect(await stores.portals.get(id)).toEqual(portal)
      expect(await stores.portals.find(room)).toEqual({ portal, end: 'room' })
      expect(await stores.portals.find(chat)).toEqual({ portal, end: 'anchor' })
    })

    it('keeps the first room when a second is bound', async () => {
      const { id } = await stores.portals.claim(chat, user)
      await stores.portals.bind(id, room)
      expect(await stores.portals.bind(id, otherRoom)).toMatchObject({ room })
      expect(await stores.portals.find(otherRoom)).toBeUndefined()
    })

    it('lets one of many rooms win that are bound at the same time', async () => {
      const { id } = await stores.portals.claim(chat, user)
      const rooms = Array.from({ length: 10 }, (_, index) => ({ network: matrix, id: `!${index}:example.org` }))
      const results = await Promise.all(rooms.map((one) => stores.portals.bind(id, one)))
      expect(new Set(results.map((portal) => portal?.room?.id)).size).toBe(1)
      const found = await Promise.all(rooms.map((one) => stores.portals.find(one)))
      expect(found.filter((one) => one !== undefined)).toHaveLength(1)
    })

    it('replaces the room that it is told to replace, and no other', async () => {
      const { id } = await stores.portals.claim(chat, user)
      await stores.portals.bind(id, room)
      expect(await stores.portals.bind(id, otherRoom, { ...room, id: '!third:example.org' })).toMatchObject({ room })
      expect(await stores.portals.bind(id, otherRoom, room)).toMatchObject({ room: otherRoom })
      expect(await stores.portals.find(room)).toBeUndefined()
      expect(await stores.portals.find(otherRoom)).toMatchObject({ portal: { id } })
    })

    it('never binds a conversation that is an end of another portal', async () => {
      const first = await stores.portals.claim(chat, user)
      const second = await stores.portals.claim({ ...chat, as: juliet }, user)
      await stores.portals.bind(first.id, room)
      expect(await stores.portals.bind(second.id, room)).not.toHaveProperty('room')
      expect(await stores.portals.find(room)).toMatchObject({ portal: { id: first.id } })
    })

    it('unbinds the room that is bound, and no other', async () => {
      const { id } = await stores.portals.claim(chat, user)
      await stores.portals.bind(id, room)
      await stores.portals.unbind(id, otherRoom)
      expect(await stores.portals.get(id)).toMatchObject({ room })
      await stores.portals.unbind(id, room)
      expect(await stores.portals.get(id)).toEqual({ id, user, anchor: chat })
      expect(await stores.portals.find(room)).toBeUndefined()
    })

    it('remembers whether others speak through it, also when its room changes', async () => {
      const { id } = await stores.portals.claim(chat, user)
      await stores.portals.setRelays(id, true)
      await stores.portals.bind(id, room)
      await stores.portals.bind(id, otherRoom, room)
      expect(await stores.portals.find(otherRoom)).toEqual({
        portal: { id, user, anchor: chat, room: otherRoom, relays: true },
        end: 'room',
      })
      await stores.portals.setRelays(id, false)
      expect(await stores.portals.get(id)).toEqual({ id, user, anchor: chat, room: otherRoom })
    })

    it('that is removed is forgotten from either end, and its room is free for another', async () => {
      const { id } = await stores.portals.claim(chat, user)
      await stores.portals.bind(id, room)
      await stores.portals.remove(id)
      expect(await stores.portals.get(id)).toBeUndefined()
      expect(await stores.portals.find(room)).toBeUndefined()
      expect(await stores.portals.find(chat)).toBeUndefined()
      expect(await collect(stores.portals.all())).toEqual([])
      const again = await stores.portals.claim(chat, user)
      expect(again.id).not.toBe(id)
      expect(await stores.portals.bind(again.id, room)).toMatchObject({ room })
    })

    it('that nobody claimed can neither be removed nor be made to relay', async () => {
      await stores.portals.setRelays(nobody, true)
      await stores.portals.remove(nobody)
      expect(await stores.portals.get(nobody)).toBeUndefined()
    })

    it('knows nothing of a portal that nobody claimed', async () => {
      expect(await stores.portals.get(nobody)).toBeUndefined()
      expect(await stores.portals.bind(nobody, room)).toBeUndefined()
      expect(await stores.portals.find(room)).toBeUndefined()
    })
  })

  describe('messages', () => {
    it('knows what we sent, in the conversation that we sent it to', async () => {
      const id = '$event' as RemoteId
      await stores.messages.remember({ delivery: 'd1' as DeliveryId, sent: { conversation: room, id }, arrivedAt: 1 })
      expect(await stores.messages.isOurs(room, id)).toBe(true)
      expect(await stores.messages.isOurs(otherRoom, id)).toBe(false)
      expect(await stores.messages.isOurs(room, '$other' as RemoteId)).toBe(false)
    })

    const message: Remembered = {
      delivery: 'd1' as DeliveryId,
      sent: { conversation: chat, id: 'd1' as RemoteId },
      origin: { conversation: room, id: '$event' as RemoteId },
      gist: { by: romeo.id, from: 'Romeo', line: 'But soft! 🙂', of: '$first' as RemoteId },
      queuedAt: 1_000,
      arrivedAt: 2_000,
      steps: [{ at: 1_500, phrase: { key: 'msn.step-called', params: { name: 'Juliet' } } }],
    }

    it('finds a message under what either side calls it, just as it was remembered', async () => {
      await stores.messages.remember(message)
      expect(await stores.messages.find(room, '$event' as RemoteId)).toEqual(message)
      expect(await stores.messages.find(chat, 'd1' as RemoteId)).toEqual(message)
      expect(await stores.messages.find(otherRoom, '$event' as RemoteId)).toBeUndefined()
      expect(await stores.messages.find(room, 'd1' as RemoteId)).toBeUndefined()
    })

    it('does not take for ours what it only carried on', async () => {
      await stores.messages.remember(message)
      expect(await stores.messages.isOurs(room, '$event' as RemoteId)).toBe(false)
      expect(await stores.messages.isOurs(chat, 'd1' as RemoteId)).toBe(true)
    })

    it('finds a message of which nothing but its ids is known', async () => {
      const bare: Remembered = { delivery: 'd2' as DeliveryId, sent: message.sent, arrivedAt: 1 }
      await stores.messages.remember(bare)
      expect(await stores.messages.find(chat, 'd1' as RemoteId)).toEqual(bare)
    })

    it('remembers what was told by a delivery, the last of it', async () => {
      const told = 'outcome' as DeliveryId
      expect(await stores.messages.noticeOf(told)).toBeUndefined()
      await stores.messages.rememberNotice(told, { conversation: room, id: '$notice' as RemoteId })
      await stores.messages.rememberNotice(told, { conversation: room, id: '$newer' as RemoteId })
      expect(await stores.messages.noticeOf(told)).toEqual({ conversation: room, id: '$newer' })
    })
  })

  describe('traces', () => {
    const way = 'd1' as DeliveryId
    const step = (at: number): Step => ({ at, phrase: { key: 'trace.tried', params: { reason: 'Juliet is offline.' } } })

    it('keep the steps of a delivery in order', async () => {
      await stores.traces.note(way, step(1))
      await stores.traces.note(way, { at: 2, phrase: { key: 'trace.told' } })
      expect(await stores.traces.of(way)).toEqual([step(1), { at: 2, phrase: { key: 'trace.told' } }])
      expect(await stores.traces.of('d2' as DeliveryId)).toEqual([])
    })

    it('forget the oldest of too many steps', async () => {
      for (let at = 0; at < 60; at++) await stores.traces.note(way, step(at))
      expect((await stores.traces.of(way)).map(({ at }) => at)).toEqual(Array.from({ length: 50 }, (_, index) => index + 10))
    })
  })

  describe('dialogues', () => {
    const user = 'u1' as UserId
    const dialogue = {
      command: 'login',
      answers: { network: 'escargot' },
      in: conversationKey({ network: matrix, id: '!office' }),
      by: '$1' as RemoteId,
    }

    it('keeps the last word until it is ended', async () => {
      await stores.dialogues.set(user, { ...dialogue, answers: {} })
      await stores.dialogues.set(user, dialogue)
      expect(await stores.dialogues.get(user)).toEqual(dialogue)
      await stores.dialogues.end(user)
      expect(await stores.dialogues.get(user)).toBeUndefined()
    })

    it('forgets a talk that was left alone for ten minutes', async () => {
      await stores.dialogues.set(user, dialogue)
      await bench.pass(599)
      expect(await stores.dialogues.get(user)).toEqual(dialogue)
      await bench.pass(2)
      expect(await stores.dialogues.get(user)).toBeUndefined()
    })
  })

  describe('outbox', () => {
    it('takes a delivery once', async () => {
      expect(await stores.outbox.push(delivery('01-a-room', 'hi'))).toBe(true)
      expect(await stores.outbox.push(delivery('01-a-room', 'hi'))).toBe(false)
      expect(await stores.outbox.push(delivery('01-a-room', 'there'))).toBe(true)
    })

    it('gives back what waits, and where it stands', async () => {
      const [first, second] = [delivery('01-a-room', 'hi'), delivery('01-a-room', 'there')]
      for (const one of [first, second, delivery('02-b-room', 'elsewhere')]) await stores.outbox.push(one)
      expect(await stores.outbox.get(first.line, second.id)).toEqual(second)
      expect(await stores.outbox.placeOf(first.line, first.id)).toBe(0)
      expect(await stores.outbox.placeOf(first.line, second.id)).toBe(1)
      expect(await stores.outbox.get(second.line, 'unknown' as DeliveryId)).toBeUndefined()
      expect(await stores.outbox.placeOf(second.line, 'unknown' as DeliveryId)).toBeUndefined()
    })

    it('lets what waits be taken out, once', async () => {
      const [first, second] = [delivery('01-a-room', 'hi'), delivery('01-a-room', 'there')]
      for (const one of [first, second]) await stores.outbox.push(one)
      expect(await stores.outbox.cancel(first.line, first.id)).toEqual({ wasTold: false, wasTried: false })
      expect(await stores.outbox.cancel(first.line, first.id)).toBeUndefined()
      expect(await stores.outbox.placeOf(second.line, second.id)).toBe(0)
      expect(await stores.outbox.push(first)).toBe(false)
    })

    it('lets what waits be replaced in its place', async () => {
      const [first, second] = [delivery('01-a-room', 'hi'), delivery('01-a-room', 'there')]
      for (const one of [first, second]) await stores.outbox.push(one)
      const changed = { ...first, content: second.content, gist: { by: 'romeo', line: 'there' } }
      expect(await stores.outbox.replace(changed, 'change' as DeliveryId)).toBe(true)
      expect(await stores.outbox.get(first.line, first.id)).toEqual(changed)
      expect(await stores.outbox.placeOf(first.line, first.id)).toBe(0)
      expect(await stores.outbox.replace({ ...first, id: 'unknown' as DeliveryId }, 'other' as DeliveryId)).toBe(false)
    })

    it('lets what waits be replaced once for each change, which is not pushed any more', async () => {
      const first = delivery('01-a-room', 'hi')
      await stores.outbox.push(first)
      const [one, two] = [delivery('01-a-room', 'one'), delivery('01-a-room', 'two')]
      for (const { id, content } of [one, two, one]) expect(await stores.outbox.replace({ ...first, content }, id)).toBe(true)
      expect(await stores.outbox.get(first.line, first.id)).toMatchObject({ content: two.content })
      expect(await stores.outbox.push(one)).toBe(false)
      expect(await stores.outbox.changesOf(first.line, '$one' as RemoteId)).toEqual([])
    })

    it('takes the return of somebody for whom nobody waits', async () => {
      await expect(stores.outbox.returned(juliet)).resolves.toBeUndefined()
    })
  })

  describe('records', () => {
    const count = (current: unknown) => (typeof current === 'number' ? current + 1 : 1)

    it('makes, changes and removes a record', async () => {
      expect(await stores.records.get('account', 'juliet')).toBeUndefined()
      expect(await stores.records.update('account', 'juliet', () => ({ name: 'Juliet' }))).toEqual({ name: 'Juliet' })
      expect(await stores.records.update('account', 'juliet', (seen) => ({ seen }))).toEqual({ seen: { name: 'Juliet' } })
      expect(await stores.records.get('account', 'juliet')).toEqual({ seen: { name: 'Juliet' } })
      expect(await stores.records.update('account', 'juliet', () => undefined)).toBeUndefined()
      expect(await stores.records.get('account', 'juliet')).toBeUndefined()
    })

    it('loses none of many changes that are made at the same time', async () => {
      await Promise.all(Array.from({ length: 25 }, () => stores.records.update('counter', 'x', count)))
      expect(await stores.records.get('counter', 'x')).toBe(25)
    })

    it('lists every record of its noun once', async () => {
      const ids = Array.from({ length: 300 }, (_, index) => `id ${index}`)
      for (const id of ids) await stores.records.update('account', id, () => id)
      await stores.records.update('other', 'id 0', () => 'other')
      const found = await collect(stores.records.list('account'))
      expect(found.map(([id]) => id).sort()).toEqual([...ids].sort())
      expect(found.every(([id, record]) => id === record)).toBe(true)
    })

    it('gives nobody a way to change what is kept', async () => {
      const record = { lists: ['forward'] }
      await stores.records.update('account', 'juliet', () => record)
      record.lists.push('block')
      expect(await stores.records.get('account', 'juliet')).toEqual({ lists: ['forward'] })
    })
  })

  describe('tickets', () => {
    it('stand for their claim, for their purpose only', async () => {
      const token = await stores.tickets.issue('board', { who: 'juliet' }, 60)
      expect(token.length).toBeGreaterThanOrEqual(32)
      expect(await stores.tickets.check('board', token)).toEqual({ who: 'juliet' })
      expect(await stores.tickets.check('board', token)).toEqual({ who: 'juliet' })
      expect(await stores.tickets.check('sign-in', token)).toBeUndefined()
      expect(await stores.tickets.check('board', `${token}x`)).toBeUndefined()
    })

    it('are redeemed once, however many try at the same time', async () => {
      const token = await stores.tickets.issue('board', 'claim', 60)
      const claims = await Promise.all(Array.from({ length: 5 }, () => stores.tickets.redeem('board', token)))
      expect(claims.filter((claim) => claim !== undefined)).toEqual(['claim'])
      expect(await stores.tickets.check('board', token)).toBeUndefined()
    })

    it('run out', async () => {
      const token = await stores.tickets.issue('board', 'claim', 60)
      await bench.pass(61)
      expect(await stores.tickets.check('board', token)).toBeUndefined()
      expect(await stores.tickets.redeem('board', token)).toBeUndefined()
    })

    it('are never the same', async () => {
      const tokens = await Promise.all(Array.from({ length: 50 }, () => stores.tickets.issue('board', 'claim', 60)))
      expect(new Set(tokens).size).toBe(50)
    })
  })
}
