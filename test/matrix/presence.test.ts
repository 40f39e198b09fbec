import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readEvent, readMembership, readPresence, readReceipts } from '../../src/matrix/events.ts'
import { presenceBody, presenceOf } from '../../src/matrix/presence.ts'
import { statusOf } from '../../src/matrix/shown-status.ts'

const update = (content: object) => ({ type: 'm.presence', sender: '@romeo:hs.test', content })

describe('presence on Matrix', () => {
  it.each([
    ['online', 'online'],
    ['unavailable', 'idle'],
    ['offline', 'offline'],
    ['busy', 'busy'],
    ['org.matrix.msc3026.busy', 'busy'],
    ['dancing', 'idle'],
    ['constructor', 'idle'],
  ])('%s is %s', (presence, status) => {
    expect(presenceOf({ presence })).toEqual({ status })
  })

  it('carries the status message, without what no network can carry', () => {
    const read = readPresence(update({ presence: 'online', status_msg: '  in\u0007 Mantua\u0000 ', last_active_ago: 7 }))
    expect(read).toEqual({ user: '@romeo:hs.test', presence: 'online', statusMessage: '  in\u0007 Mantua\u0000 ' })
    expect(read && presenceOf(read)).toEqual({ status: 'online', message: 'in Mantua' })
    expect(presenceOf({ presence: 'online', statusMessage: 'x'.repeat(9_999) }).message).toHaveLength(500)
  })

  it.each([
    [{ status: 'online' }, { presence: 'online' }],
    [
      { status: 'online', message: 'O Romeo' },
      { presence: 'online', status_msg: 'O Romeo' },
    ],
    [{ status: 'idle' }, { presence: 'unavailable' }],
    [{ status: 'away' }, { presence: 'unavailable', status_msg: 'Away' }],
    [{ status: 'busy' }, { presence: 'online', status_msg: 'Busy' }],
    [
      { status: 'phone', message: 'to the nurse' },
      { presence: 'online', status_msg: 'On the phone: to the nurse' },
    ],
    [{ status: 'brb' }, { presence: 'unavailable', status_msg: 'Be right back' }],
    [{ status: 'lunch' }, { presence: 'unavailable', status_msg: 'Out to lunch' }],
    [{ status: 'offline', message: 'left long ago' }, { presence: 'offline' }],
  ] as const)('of a contact who is %j is shown as %j', (presence, body) => {
    expect(presenceBody(presence, { knowsBusy: false })).toEqual(body)
  })

  it('says busy where the homeserver knows the word', () => {
    const busy = { presence: 'org.matrix.msc3026.busy', status_msg: 'Busy' }
    expect(presenceBody({ status: 'busy' }, { knowsBusy: true })).toEqual(busy)
    expect(presenceBody({ status: 'phone' }, { knowsBusy: true })).toMatchObject({ status_msg: 'On the phone' })
    expect(presenceBody({ status: 'online' }, { knowsBusy: true })).toEqual({ presence: 'online' })
  })

  it('has a personal message without what no network can carry, and no endless one', () => {
    const message = `a\u0007b\u202e${'x'.repeat(9_999)}`
    const shown = presenceBody({ status: 'online', message }, { knowsBusy: false }).status_msg ?? ''
    expect(shown).toHaveLength(500)
    expect(shown).not.toContain('\u0007')
  })

  it('stands in a profile with an emoji, in 256 bytes, and with nothing to say not at all', () => {
    expect(statusOf({ status: 'phone' })).toEqual({ text: 'On the phone', emoji: '📞' })
    expect(statusOf({ status: 'online', message: 'O Romeo' })).toEqual({ text: 'O Romeo', emoji: '💬' })
    for (const status of ['online', 'idle', 'offline'] as const) expect(statusOf({ status })).toBeNull()
    expect(statusOf({ status: 'offline', message: 'gone' })).toBeNull()
    const long = statusOf({ status: 'online', message: '🌹'.repeat(200) })
    expect(long?.text).toBe('🌹'.repeat(64))
  })

  it('is read from whatever comes without a fault', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (value, content) => {
        for (const event of [value, { ...update({}), content }]) {
          const read = readPresence(event)
          if (read) expect(presenceOf(read).status).toBeTypeOf('string')
        }
      }),
    )
  })
})

describe('a read receipt', () => {
  it('says who reads, publicly or for themselves', () => {
    const content = {
      $a: { 'm.read': { '@romeo:hs.test': { ts: 1 } }, 'm.read.private': { '@mercutio:hs.test': {} } },
      $b: { 'm.read': { 'no user': {} }, 'm.fully_read': { '@nurse:hs.test': {} } },
      $c: 'nothing',
    }
    expect(readReceipts({ type: 'm.receipt', room_id: '!r', content })).toEqual(['@romeo:hs.test', '@mercutio:hs.test'])
  })

  it('is read from whatever comes without a fault', () => {
    fc.assert(
      fc.property(fc.anything(), fc.anything(), (value, content) => {
        for (const event of [value, { type: 'm.receipt', content }, { type: 'm.receipt', content: { $a: content } }])
          for (const reader of readReceipts(event)) expect(reader).toMatch(/^@/)
      }),
    )
  })
})

describe('a change of membership', () => {
  const event = (content: object, more: object = {}) =>
    readEvent({
      ...{ type: 'm.room.member', event_id: '$1', room_id: '!r', sender: '@romeo:hs.test', state_key: '@romeo:hs.test' },
      ...{ origin_server_ts: 1, content, ...more },
    })

  it('says what it was before, where the homeserver does', () => {
    const declined = event({ membership: 'leave' }, { unsigned: { age: 5, prev_content: { membership: 'invite' } } })
    expect(declined && readMembership(declined)).toEqual({ now: 'leave', before: 'invite' })
    const joined = event({ membership: 'join', displayname: 'Romeo' }, { unsigned: { age: 5 } })
    expect(joined && readMembership(joined)).toEqual({ now: 'join', name: 'Romeo' })
  })

  it('is read from whatever comes without a fault', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (content, unsigned) => {
        const read = event(content, { unsigned })
        expect(read).toBeDefined()
        if (read) expect(readMembership(read)?.now ?? '').toBeTypeOf('string')
      }),
    )
  })
})
