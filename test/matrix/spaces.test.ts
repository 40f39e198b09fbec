// Spaces and direct chats on a homeserver that counts: what is not written, and what goes wrong.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Address } from '../../src/core/address.ts'
import { networkId } from '../../src/core/address.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import { silent } from '../../src/core/log.ts'
import type { Shelf } from '../../src/core/network.ts'
import { matrixConfig } from '../../src/matrix/config.ts'
import { MatrixNetwork } from '../../src/matrix/network.ts'
import { newToken } from '../../src/matrix/registration.ts'
import { MemoryRecords, MemoryTickets } from '../support/memory-stores.ts'
import { StubHomeserver } from '../support/stub-homeserver.ts'

const matrix = networkId('matrix')
const user: Address = { network: matrix, id: '@romeo:hs.test' }
const chair: Address = { network: networkId('msn'), id: 'romeo@verona.test' }
const hsToken = newToken()

let stub: StubHomeserver
let records: MemoryRecords
let network: MatrixNetwork
let sent: number

beforeEach(async () => {
  stub = await StubHomeserver.start()
  records = new MemoryRecords()
  sent = 0
  await open()
})

afterEach(async () => {
  await network.stop()
  await stub.stop()
})

async function open(more: object = {}): Promise<void> {
  const settings = { homeserver: stub.url, domain: 'hs.test', listen: { port: 0 }, asToken: newToken(), hsToken, ...more }
  const config = matrixConfig.parse(settings)
  const parts = { records, tickets: new MemoryTickets(Date.now), clock: Date.now, log: silent }
  network = new MatrixNetwork({ id: matrix, config, ghostNetworks: [networkId('msn')], ...parts })
  await network.start(async () => {})
}

async function restart(more: object = {}): Promise<void> {
  await network.stop()
  await open(more)
}

const room = (name: string): Conversation => ({ network: matrix, id: `!${name}:hs.test` })
const shelf = (chats: string[], groups: Record<string, string[]> = {}, more: Partial<Shelf> = {}): Shelf => ({
  ...{ user, chair, chats: chats.map(room) },
  groups: Object.entries(groups).map(([name, list]) => ({ name, chats: list.map(room) })),
  ...more,
})

/** What was written to Spaces and chats since, without what finds the way at the start. */
function written(): string[] {
  const calls = stub.writes.filter((call) => !call.includes('register') && !call.includes('ping') && !call.includes('profile'))
  stub.asked.length = 0
  return calls.filter((call) => !call.includes('upload'))
}

/** The homeserver tells who came into a room, or left it. */
async function pushes(where: string, membership: string, who = user.id): Promise<void> {
  const event = {
    ...{ type: 'm.room.member', event_id: `$pushed-${sent}`, room_id: where, sender: who, state_key: who },
    ...{ origin_server_ts: Date.now(), content: { membership } },
  }
  const answer = await fetch(`http://127.0.0.1:${network.port}/_matrix/app/v1/transactions/t${sent++}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${hsToken}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  })
  expect(answer.status).toBe(200)
}

/** The Space, as it was made. */
function spaceMade(): string {
  const child = stub.calls.find((call) => call.includes('/state/m.space.child/'))
  return /rooms\/(![^/]*)\//.exec(child ?? '')?.[1] ?? ''
}

describe('a Space', () => {
  it('is made with the first chat and not before, and costs nothing while nothing changes, also after a restart', async () => {
    await network.arrangeShelf(shelf([]))
    expect(written()).toEqual([])
    await network.arrangeShelf(shelf(['juliet'], { Friends: ['nurse'] }))
    expect(written().filter((call) => call === 'POST createRoom')).toHaveLength(2)
    await network.arrangeShelf(shelf(['juliet'], { Friends: ['nurse'] }))
    await restart()
    await network.arrangeShelf(shelf(['juliet'], { Friends: ['nurse'] }))
    expect(written()).toEqual([])
  })

  it('is written only where somebody moved', async () => {
    await network.arrangeShelf(shelf(['juliet', 'nurse', 'tybalt'], { Friends: ['mercutio'] }))
    written()
    await network.arrangeShelf(shelf(['juliet', 'tybalt'], { Friends: ['mercutio', 'nurse'] }))
    const calls = written()
    expect(calls).toHaveLength(4)
    for (const call of calls) expect(call).toContain('nurse')
  })

  it('that the user left is left alone until they ask', async () => {
    await network.arrangeShelf(shelf(['juliet']))
    const space = spaceMade()
    await pushes(space, 'leave')
    written()
    await network.arrangeShelf(shelf(['juliet', 'nurse']))
    await restart()
    await network.arrangeShelf(shelf(['juliet', 'nurse', 'tybalt']))
    expect(written()).toEqual([])
    await network.arrangeShelf(shelf(['juliet', 'nurse', 'tybalt'], {}, { isAsked: true }))
    expect(written()).toContain(`PUT rooms/${space}/state/m.room.member/${user.id}`)
    await network.arrangeShelf(shelf(['juliet']))
    expect(written().filter((call) => call.includes('m.space.child'))).toHaveLength(2)
  })

  it('that the user came back to by themselves is kept in order again', async () => {
    await network.arrangeShelf(shelf(['juliet']))
    const space = spaceMade()
    await pushes(space, 'leave')
    await pushes(space, 'join')
    written()
    await network.arrangeShelf(shelf(['juliet', 'nurse']))
    expect(written()).toContain(`PUT rooms/${space}/state/m.space.child/!nurse:hs.test`)
  })

  it('is kept in order when somebody leaves it whom the user had brought there', async () => {
    await network.arrangeShelf(shelf(['juliet']))
    const space = spaceMade()
    await pushes(space, 'leave', '@mercutio:hs.test')
    written()
    await network.arrangeShelf(shelf(['juliet', 'nurse']))
    expect(written()).toContain(`PUT rooms/${space}/state/m.space.child/!nurse:hs.test`)
  })

  it('stays left when somebody else comes into it', async () => {
    await network.arrangeShelf(shelf(['juliet']))
    const space = spaceMade()
    await pushes(space, 'leave')
    await pushes(space, 'join', '@mercutio:hs.test')
    written()
    await network.arrangeShelf(shelf(['juliet', 'nurse']))
    expect(written()).toEqual([])
  })

  it('that was made without our knowing is found again', async () => {
    stub.refuses = ({ method, path }) => (method === 'POST' && path === 'createRoom' ? { status: 502, body: {} } : undefined)
    await expect(network.arrangeShelf(shelf(['juliet']))).rejects.toMatchObject({ fate: 'retry' })
    stub.refuses = ({ path }) => {
      if (path === 'createRoom') return { status: 400, body: { errcode: 'M_ROOM_IN_USE', error: 'taken' } }
      return path.startsWith('directory/room/#nudge_space_') ? { status: 200, body: { room_id: '!found:hs.test' } } : undefined
    }
    written()
    await network.arrangeShelf(shelf(['juliet']))
    expect(written()).toContain('PUT rooms/!found:hs.test/state/m.space.child/!juliet:hs.test')
  })

  it('that is gone is made anew when the user asks', async () => {
    await network.arrangeShelf(shelf(['juliet']))
    const space = spaceMade()
    stub.refuses = ({ path }) =>
      path === `rooms/${space}/join` ? { status: 404, body: { errcode: 'M_NOT_FOUND', error: 'gone' } } : undefined
    written()
    await network.arrangeShelf(shelf(['juliet'], {}, { isAsked: true }))
    expect(written()).toContain('POST createRoom')
  })

  it('names its groups in one line, whatever they are called', async () => {
    await network.arrangeShelf(shelf([], { '\u202e\nold\u0000 friends ': ['juliet'], '': ['nurse'] }))
    const names = stub.asked.filter(({ path }) => path === 'createRoom').map(({ body }) => (body as { name: string }).name)
    expect(names.slice(1)).toEqual(['old friends', ''])
  })

  it('is taken away with what is in it', async () => {
    await network.arrangeShelf(shelf(['juliet'], { Friends: ['nurse'] }))
    const space = spaceMade()
    written()
    await network.removeShelf(user, chair)
    const calls = written()
    expect(calls).toContain(`POST rooms/${space}/leave`)
    expect(calls.filter((call) => call.endsWith('/kick'))).toHaveLength(2)
    await network.removeShelf(user, chair)
    expect(written()).toEqual([])
  })

  it('is not made where the operator wants none', async () => {
    await restart({ spaces: false })
    await network.arrangeShelf(shelf(['juliet']))
    expect(written()).toEqual([])
  })
})
