import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { silent } from '../../src/core/log.ts'
import type { RoomEvent } from '../../src/matrix/events.ts'
import { Missed } from '../../src/matrix/missed.ts'
import { memoryStores } from '../support/memory-stores.ts'

const minute = 60_000

let now: number
let rooms: Map<string, string[]>
let taken: string[]
let isAway: boolean
/** A room that nobody can read. */
let broken: string
let missed: Missed
let stores: ReturnType<typeof memoryStores>
/** The homeserver's end of a connection, and ours. */
let theirs: Socket
let ours: Socket

function event(room: string, id: string): RoomEvent {
  return { type: 'm.room.message', event_id: id, room_id: room, sender: '@romeo:hs.test', origin_server_ts: 1, content: {} }
}

/** One who looks after what was missed, on the records there are. */
function makeMissed(): Missed {
  return new Missed({
    since: async (room, last) => {
      if (isAway || room === broken) throw new Error('nobody is there')
      const events = rooms.get(room) ?? []
      return events.slice(events.indexOf(last) + 1).map((id) => event(room, id))
    },
    take: async ({ event_id }) => {
      taken.push(event_id)
    },
    inTurn: (task) => task(),
    isWell: async () => !isAway,
    records: stores.records,
    clock: () => now,
    log: silent,
  })
}

beforeEach(async () => {
  now = 0
  stores = memoryStores()
  rooms = new Map()
  taken = []
  isAway = false
  broken = ''
  missed = makeMissed()
  const server = createServer((socket) => {
    ours = socket.on('error', () => {}).resume()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  theirs = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await once(server, 'connection')
  server.close()
  missed.watch(ours)
})

afterEach(async () => {
  theirs.destroy()
  await missed.stop()
})

async function hangsUp(): Promise<void> {
  const closed = once(ours, 'close')
  theirs.destroy()
  await closed
}

it('takes what was said in the chats of late when the homeserver ended in the midst of its work', async () => {
  rooms.set('!a', ['1', '2', '3', '4']).set('!b', ['5', '6'])
  missed.took(event('!a', '1'))
  missed.took(event('!b', '6'))
  missed.took(event('!a', '2'))
  await hangsUp()
  await missed.settle()
  expect(taken).toEqual(['3', '4'])
  await missed.settle()
  expect(taken).toEqual(['3', '4'])
})

it('lets nothing pass before that is known', async () => {
  rooms.set('!a', ['1', '2'])
  missed.took(event('!a', '1'))
  await hangsUp()
  isAway = true
  await expect(missed.settle()).rejects.toThrow('nobody is there')
  isAway = false
  await missed.settle()
  expect(taken).toEqual(['2'])
})

it('does not wait for ever for a room that cannot be read while all else can', async () => {
  rooms.set('!a', ['1', '2']).set('!b', ['5', '6'])
  missed.took(event('!a', '1'))
  missed.took(event('!b', '5'))
  await hangsUp()
  broken = '!a'
  await expect(missed.settle()).rejects.toThrow('nobody is there')
  now = 2 * minute
  await missed.settle()
  expect(taken).toEqual(['6'])
})

it('waits on for a homeserver that is away, however long that is', async () => {
  rooms.set('!a', ['1', '2'])
  missed.took(event('!a', '1'))
  await hangsUp()
  isAway = true
  await expect(missed.settle()).rejects.toThrow('nobody is there')
  now = 60 * minute
  await expect(missed.settle()).rejects.toThrow('nobody is there')
  isAway = false
  await missed.settle()
  expect(taken).toEqual(['2'])
})

it('asks nobody after a connection that was not used any more', async () => {
  rooms.set('!a', ['1', '2'])
  missed.took(event('!a', '1'))
  now = 2 * minute
  await hangsUp()
  await missed.settle()
  expect(taken).toEqual([])
})

it('reads after a start what came after the last event of the run before', async () => {
  rooms.set('!a', ['$1', '$2', '$3'])
  missed.took(event('!a', '$1'))
  await missed.stop()
  const next = makeMissed()
  await next.start()
  await next.settle()
  await next.stop()
  expect(taken).toEqual(['$2', '$3'])
})

it('keeps the first event of a busy room and the last, and not each between them', async () => {
  const update = vi.spyOn(stores.records, 'update')
  for (let number = 1; number <= 50; number++) missed.took(event('!a', `$${number}`))
  const kept = () => stores.records.get('matrix-last', '!a')
  await vi.waitFor(async () => expect(await kept()).toMatchObject({ event: '$1' }))
  await missed.stop()
  await vi.waitFor(async () => expect(await kept()).toMatchObject({ event: '$50' }))
  expect(update).toHaveBeenCalledTimes(2)
})

it('has nothing to read after its very first start', async () => {
  rooms.set('!a', ['$1'])
  await missed.start()
  await missed.settle()
  expect(taken).toEqual([])
})
