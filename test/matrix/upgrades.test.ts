// A room that goes on as another, when something breaks in the midst of it: the homeserver sends the event again, and it is gone on from there.

import { afterEach, beforeEach, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import type { NetworkEvent } from '../../src/core/event.ts'
import type { PortalId } from '../../src/core/portal.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import type { MatrixNetwork } from '../../src/matrix/network.ts'
import { newToken } from '../../src/matrix/registration.ts'
import { MemoryRecords } from '../support/memory-stores.ts'
import type { Asked } from '../support/stub-homeserver.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'
import { julietsGhost, Lines, makeNetwork } from './stage.ts'

const romeo = { network: networkId('matrix'), id: '@romeo:hs.test' }
const next = '!next:hs.test'

let stub: StubHomeserver
let network: MatrixNetwork
let hsToken: string
let room: string
let told: NetworkEvent[]
/** How often the store is away before it is there. */
let refusals: number
/** The next call of this form finds the homeserver busy. */
let busyFor: RegExp | undefined

beforeEach(async () => {
  stub = await StubHomeserver.start()
  hsToken = newToken()
  told = []
  refusals = 0
  busyFor = undefined
  const listen = { port: 0 }
  const config = matrixConfig.parse({ homeserver: stub.url, domain: 'hs.test', listen, asToken: newToken(), hsToken })
  const lines = new Lines()
  network = makeNetwork(config, new MemoryRecords(), lines)
  await network.start(async (event) => {
    if (event.kind === 'moved' && refusals-- > 0) throw new Error('the store is away')
    told.push(event)
  })
  await lines.line(/reach each other/)
  room = (await network.open({ portal: 'portal' as PortalId, as: julietsGhost, user: romeo })).id
  stub.refuses = answers
  stub.asked.length = 0
})

afterEach(async () => {
  await network.stop()
  await stub.stop()
})

/** The homeserver of two rooms, the second of which says that it continues the first. */
function answers({ method, path }: Asked): { status: number; body: unknown } | undefined {
  if (busyFor?.test(`${method} ${path}`)) {
    busyFor = undefined
    return { status: 502, body: {} }
  }
  const ok = (body: unknown) => ({ status: 200, body })
  const create = { predecessor: { room_id: room, event_id: '$last' } }
  if (path === `rooms/${next}/state/m.room.create/` || path === `rooms/${next}/state/m.room.create`)
    return ok({ type: 'm.room.create', event_id: '$first', content: create })
  if (path === `rooms/${room}/event/$last`) return ok({ event_id: '$last' })
  if (path === `rooms/${room}/joined_members`) return ok({ joined: { [julietsGhost.id]: {}, [romeo.id]: {} } })
  return undefined
}

async function pushTombstone(): Promise<number> {
  const tombstone = {
    ...{ type: 'm.room.tombstone', event_id: '$last', room_id: room, sender: romeo.id, state_key: '' },
    ...{ origin_server_ts: Date.now(), content: { body: 'gone on', replacement_room: next } },
  }
  const answer = await fetch(`http://127.0.0.1:${network.port}/_matrix/app/v1/transactions/${stub.asked.length}-x`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${hsToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [tombstone] }),
  })
  return answer.status
}

const kinds = () => told.map((event) => (event.kind === 'conversation' ? event.change : event.kind))
const saidInOld = () => stub.calls.filter((call) => call.startsWith(`PUT rooms/${room}/send/`))

it('is followed once, however often it is told', async () => {
  expect(await pushTombstone()).toBe(200)
  expect(await pushTombstone()).toBe(200)
  expect(kinds()).toEqual(['moved'])
  expect(saidInOld()).toEqual([])
  expect(stub.calls).toContain(`POST rooms/${room}/leave`)
})

it('is followed after all where the store was away, and nobody is told that the chat has ended', async () => {
  refusals = 1
  expect(await pushTombstone()).toBe(503)
  expect(await pushTombstone()).toBe(200)
  expect(kinds()).toEqual(['moved'])
  expect(saidInOld()).toEqual([])
  expect(stub.calls).toContain(`POST rooms/${room}/leave`)
})

it('is left for good after all where the homeserver was busy when it had been followed', async () => {
  busyFor = /^PUT rooms\/!next:hs\.test\/state\/m\.bridge/
  expect(await pushTombstone()).toBe(503)
  expect(await pushTombstone()).toBe(200)
  expect(new Set(kinds())).toEqual(new Set(['moved']))
  expect(saidInOld()).toEqual([])
  expect(stub.calls).toContain(`POST rooms/${room}/leave`)
})
