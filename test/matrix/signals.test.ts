import { beforeEach, describe, expect, it } from 'vitest'
import type { RemoteId } from '../../src/core/event.ts'
import { silent } from '../../src/core/log.ts'
import type { MatrixConfig } from '../../src/matrix/config.ts'
import { Outcomes } from '../../src/matrix/outcomes.ts'
import { ShownStatus, statusFields } from '../../src/matrix/shown-status.ts'
import { ShownTyping } from '../../src/matrix/shown-typing.ts'
import { ManualTimers } from '../support/manual-timers.ts'
import { MemoryRecords } from '../support/memory-stores.ts'

let timers: ManualTimers
let calls: { as: string; method: string; path: string; body: unknown }[]
let parts: ConstructorParameters<typeof ShownTyping>[0] & { timers: ManualTimers }

beforeEach(() => {
  timers = new ManualTimers()
  calls = []
  const call = async (as: string, method: string, path: string, { body }: { body?: object } = {}) => {
    calls.push({ as, method, path: decodeURIComponent(path).replace('/_matrix/client/v3/', ''), body })
  }
  parts = { homeserver: { call }, timers, clock: timers.clock, log: silent }
})

const juliet = '@msn_juliet:hs.test'
const bot = '@msnbot:hs.test'

describe('a ghost that types', () => {
  it('is shown so, and again only shortly before it would be forgotten', async () => {
    const typing = new ShownTyping(parts)
    for (let second = 0; second < 20; second += 5) {
      typing.show('!r', juliet, true)
      await timers.pass(5_000)
    }
    expect(calls.map(({ body }) => body)).toEqual([
      { typing: true, timeout: 15_000 },
      { typing: true, timeout: 15_000 },
    ])
  })

  it('is shown to have stopped once it has spoken, and only if it was shown typing', async () => {
    const typing = new ShownTyping(parts)
    typing.show('!r', juliet, false)
    typing.show('!r', juliet, true)
    typing.show('!other', juliet, false)
    typing.show('!r', juliet, false)
    typing.show('!r', juliet, false)
    await timers.pass(20_000)
    expect(calls.map(({ path, body }) => [path, body])).toEqual([
      [`rooms/!r/typing/${juliet}`, { typing: true, timeout: 15_000 }],
      [`rooms/!r/typing/${juliet}`, { typing: false }],
    ])
    typing.show('!r', juliet, true)
    await timers.pass(16_000)
    typing.show('!r', juliet, false)
    expect(calls).toHaveLength(3)
  })
})

describe('the status in the profile of a ghost', () => {
  it('is written in the fields that the homeserver has, kept, and not written again after a restart', async () => {
    const records = new MemoryRecords()
    const shows = async (status: 'online' | 'phone' | 'offline', fields: typeof statusFields | readonly [] = statusFields) => {
      const shown = new ShownStatus({ ...parts, records })
      shown.show(juliet, { status })
      shown.open(fields)
      await timers.pass(1_000)
      shown.close()
      return calls.splice(0).map(({ method, path, body }) => [method, path, body])
    }
    expect(await shows('phone', [])).toEqual([])
    const status = { text: 'On the phone', emoji: '📞' }
    expect(await shows('phone')).toEqual([
      ['PUT', `profile/${juliet}/m.status`, { 'm.status': status }],
      ['PUT', `profile/${juliet}/org.matrix.msc4426.status`, { 'org.matrix.msc4426.status': status }],
    ])
    expect(await shows('phone')).toEqual([])
    expect((await shows('offline')).map(([method]) => method)).toEqual(['DELETE', 'DELETE'])
    expect(await shows('online')).toEqual([])
  })
})

describe('that a message arrived', () => {
  const outcomes = (show: MatrixConfig['outcomes']) => new Outcomes({ ...parts, bot, show })
  const event = (number: number) => `$${number}` as RemoteId

  it('is a read receipt of the bot, and a hundred messages in a second cost two', async () => {
    const shown = outcomes('receipt')
    for (let number = 0; number < 100; number++) {
      shown.arrived('!r', event(number))
      await timers.pass(10)
    }
    await timers.pass(5_000)
    expect(calls.map(({ as, path }) => [as, path])).toEqual([
      [bot, 'rooms/!r/receipt/m.read/$0'],
      [bot, 'rooms/!r/receipt/m.read/$99'],
    ])
  })

  it('is shown in every room, at a pace', async () => {
    const shown = outcomes('receipt')
    for (let room = 0; room < 12; room++) shown.arrived(`!${room}`, event(1))
    await timers.pass(0)
    expect(calls).toHaveLength(5)
    await timers.pass(5_000)
    expect(new Set(calls.map(({ path }) => path)).size).toBe(12)
  })

  it('is a tick where that was chosen, and why not is one, too', async () => {
    const shown = outcomes('status')
    shown.arrived('!r', event(1))
    shown.told('!r', { kind: 'outcome', of: event(2), state: 'waiting', phrase: { key: 'delivery.unreachable' } })
    shown.told('!r', { kind: 'outcome', of: event(3), state: 'failed', phrase: { key: 'delivery.unreachable' } })
    shown.told('!r', { kind: 'outcome', of: event(4), state: 'cancelled', phrase: { key: 'delivery.unreachable' } })
    await timers.pass(0)
    const relation = (id: string) => ({ rel_type: 'm.reference', event_id: id })
    const why = { reason: 'm.foreign_network_error', message: 'the other network cannot be reached at the moment.' }
    expect(calls.map(({ body }) => body)).toEqual([
      { network: 'nudge', 'm.relates_to': relation('$1'), status: 'SUCCESS' },
      { network: 'nudge', 'm.relates_to': relation('$2'), status: 'PENDING', ...why },
      { network: 'nudge', 'm.relates_to': relation('$3'), status: 'FAIL_PERMANENT', ...why },
    ])
    expect(calls.every(({ path }) => path.startsWith('rooms/!r/send/com.beeper.message_send_status/'))).toBe(true)
  })

  it.each([
    ['both', 2],
    ['none', 0],
  ] as const)('is shown by %s in %i ways', async (show, ways) => {
    outcomes(show).arrived('!r', event(1))
    await timers.pass(0)
    expect(calls).toHaveLength(ways)
  })
})
