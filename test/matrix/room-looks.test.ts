import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { silent } from '../../src/core/log.ts'
import { Accounts } from '../../src/matrix/accounts.ts'
import { Chats } from '../../src/matrix/chats.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { Homeserver } from '../../src/matrix/homeserver.ts'
import { Pictures } from '../../src/matrix/pictures.ts'
import { newToken, registrationOf } from '../../src/matrix/registration.ts'
import { RoomLooks } from '../../src/matrix/room-looks.ts'
import { Rooms } from '../../src/matrix/rooms.ts'
import { ManualTimers } from '../support/manual-timers.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'

const bot = '@msnbot:hs.test'
const romeo = '@romeo:hs.test'
const juliet = '@msn_juliet=40example.com:hs.test'
const nurse = '@msn_nurse=40example.com:hs.test'
const room = '!balcony:hs.test'

let stub: StubHomeserver
let homeserver: Homeserver
let records: MemoryRecords
let timers: ManualTimers
let accounts: Accounts
let chats: Chats
let looks: RoomLooks

function open({ names = true } = {}): void {
  const parts = { homeserver, records, bot, log: silent }
  accounts = new Accounts({ ...parts, pictures: new Pictures(parts), nameFor: () => undefined })
  chats = new Chats(records)
  const isOurs = (userId: string) => userId === bot || userId.startsWith('@msn_')
  looks = new RoomLooks({
    ...{ ...parts, accounts, chats, rooms: new Rooms(homeserver), names, isOurs },
    ...{ clock: timers.clock, timers },
  })
}

beforeEach(async () => {
  stub = await StubHomeserver.start()
  const config = matrixConfig.parse({ homeserver: stub.url, domain: 'hs.test', asToken: newToken(), hsToken: newToken() })
  const registration = registrationOf(config, [networkId('msn')])
  homeserver = new Homeserver({ url: stub.url, domain: 'hs.test', registration, clock: Date.now, log: silent })
  await homeserver.open()
  records = new MemoryRecords()
  timers = new ManualTimers()
  open()
  await accounts.show(juliet, { name: 'Juliet' })
  await chats.remember(room, juliet)
  stub.asked.length = 0
})

afterEach(async () => {
  await looks.stop()
  await homeserver.close()
  await stub.stop()
})

/** What was written into the room since, after so much time. */
async function written(milliseconds = 0): Promise<unknown[]> {
  await timers.pass(milliseconds)
  await looks.idle()
  const asked = stub.asked.filter(({ method, path }) => method === 'PUT' && path.startsWith('rooms/'))
  stub.asked.length = 0
  return asked.map(({ body }) => body)
}

const chosen = (type: string, content: Record<string, unknown>, sender = romeo) =>
  looks.saw({ type, event_id: '$1', room_id: room, sender, state_key: '', origin_server_ts: 0, content })

describe('the room of a chat', () => {
  it('bears the name of its ghost, once, also after a restart', async () => {
    looks.show(room)
    looks.show(room)
    expect(await written()).toEqual([{ name: 'Juliet' }])
    open()
    looks.show(room)
    expect(await written()).toEqual([])
    expect(stub.calls).toEqual([])
  })

  it('soon bears the name of somebody whom nobody had met before, and each further one after a minute', async () => {
    await accounts.show(juliet, { name: 'juliet@example.com' })
    looks.show(room)
    expect(await written()).toEqual([{ name: 'juliet@example.com' }])
    await accounts.show(juliet, { name: 'Juliet Capulet' })
    looks.show(room)
    expect(await written()).toEqual([{ name: 'Juliet Capulet' }])
    await accounts.show(juliet, { name: 'Juliet Montague' })
    looks.show(room)
    expect(await written(59_000)).toEqual([])
    expect(await written(2_000)).toEqual([{ name: 'Juliet Montague' }])
  })

  it('has the personal message as its topic, and of many in a minute only the newest', async () => {
    looks.show(room)
    await written()
    for (const message of ['', 'Ay me!', 'O Romeo']) await looks.says(juliet, message)
    expect(await written(2_000)).toEqual([{ topic: 'O Romeo' }])
    for (let second = 0; second < 50; second++) {
      await looks.says(juliet, `now ${second}`)
      await timers.pass(1_000)
    }
    expect(await written()).toEqual([])
    expect(await written(10_000)).toEqual([{ topic: 'now 49' }])
  })

  it('does not lose its topic while somebody signs in, who says nothing of themselves for a moment', async () => {
    await looks.says(juliet, 'Ay me!')
    await written(2_000)
    open()
    await looks.says(juliet, '')
    await looks.ghostChanged(juliet)
    await looks.says(juliet, 'Ay me!')
    expect(await written(10_000)).toEqual([])
  })

  it('costs nothing for the message of somebody who shares no room with anybody', async () => {
    for (let count = 0; count < 100; count++) await looks.says(`@msn_friend${count}:hs.test`, `${count}`)
    await timers.pass(10_000)
    expect(stub.calls).toEqual([])
    expect(timers.waiting).toBe(0)
  })

  it('keeps what the user chose, until they take it away', async () => {
    looks.show(room)
    await written()
    await chosen('m.room.name', { name: 'My lady' })
    await accounts.show(juliet, { name: 'Juliet Montague' })
    await looks.ghostChanged(juliet)
    expect(await written(60_000)).toEqual([])
    await chosen('m.room.name', { name: '' })
    expect(await written()).toEqual([{ name: 'Juliet Montague' }])
  })

  it('keeps what was there before us', async () => {
    stub.refuses = ({ method, path }) =>
      method === 'GET' && path.endsWith('m.room.name') ? { status: 200, body: { name: 'The orchard' } } : undefined
    await looks.says(juliet, 'Ay me!')
    expect(await written(2_000)).toEqual([{ topic: 'Ay me!' }])
  })

  it('takes nothing that we wrote ourselves for a choice, and no name that is none', async () => {
    await chosen('m.room.name', { name: 'Juliet' }, juliet)
    await chosen('m.room.name', { name: ['no', 'name'] })
    looks.show(room)
    expect(await written()).toEqual([{ name: 'Juliet' }])
  })

  it('is tried again when the homeserver could not', async () => {
    stub.refuses = ({ path }) => (path.endsWith('m.room.name/') ? { status: 502, body: {} } : undefined)
    looks.show(room)
    await written()
    stub.refuses = () => undefined
    expect(await written(60_000)).toEqual([{ name: 'Juliet' }])
  })

  it('has a topic alone where the operator wants no names', async () => {
    open({ names: false })
    looks.show(room)
    await looks.says(juliet, 'Ay me!')
    expect(await written(2_000)).toEqual([{ topic: 'Ay me!' }])
  })

  it('of several ghosts of whom nothing is known is left as it is', async () => {
    await chats.remember(room, bot)
    await chats.came(room, juliet)
    looks.show(room)
    expect(await written(2_000)).toEqual([])
  })
})

describe('the room of a chat of several', () => {
  /** The room as it was made, under the names of those in it then. */
  beforeEach(async () => {
    await accounts.show(nurse, { name: 'Nurse' })
    await chats.remember(room, bot)
    await chats.gather(room, [juliet, nurse])
    stub.refuses = ({ method, path }) =>
      method === 'GET' && path.endsWith('m.room.name') ? { status: 200, body: { name: 'Juliet, Nurse' } } : undefined
    looks.show(room)
    await looks.idle()
    stub.asked.length = 0
  })

  it('bears the names that those in it go by now, also after a restart', async () => {
    looks.show(room)
    expect(await written()).toEqual([])
    await accounts.show(juliet, { name: 'Juliet Montague' })
    await looks.ghostChanged(juliet)
    expect(await written()).toEqual([{ name: 'Juliet Montague, Nurse' }])
    open()
    await accounts.show(nurse, { name: 'Angelica' })
    await looks.ghostChanged(nurse)
    expect(await written()).toEqual([{ name: 'Juliet Montague, Angelica' }])
  })

  it('bears the names of those who came, and not of those who went', async () => {
    await chats.went(room, juliet)
    await chats.came(room, juliet)
    looks.show(room)
    expect(await written()).toEqual([{ name: 'Nurse, Juliet' }])
    await chats.went(room, juliet)
    looks.show(room)
    expect(await written(60_000)).toEqual([{ name: 'Nurse' }])
    await accounts.show(juliet, { name: 'Juliet Montague' })
    await looks.ghostChanged(juliet)
    expect(await written(60_000)).toEqual([])
  })

  it('keeps the name that the user gave it, and has nobody’s message as its topic', async () => {
    await chosen('m.room.name', { name: 'The square' })
    await accounts.show(juliet, { name: 'Juliet Montague' })
    await looks.ghostChanged(juliet)
    await looks.says(juliet, 'Ay me!')
    expect(await written(60_000)).toEqual([])
  })
})

describe('the rooms of a ghost', () => {
  it('are those that it came into, and not those that it left', async () => {
    await chats.remember('!street:hs.test', juliet)
    expect(await chats.roomsOf(juliet)).toEqual([room, '!street:hs.test'])
    await chats.forget(room)
    expect(await chats.roomsOf(juliet)).toEqual(['!street:hs.test'])
    open()
    expect(await chats.roomsOf(juliet)).toEqual(['!street:hs.test'])
    await chats.remember('!street:hs.test', bot)
    expect(await chats.roomsOf(juliet)).toEqual([])
  })
})
