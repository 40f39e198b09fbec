import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Status } from '../../src/core/signal.ts'
import { readEvent, readMembership, readPresence } from '../../src/matrix/events.ts'
import { presenceBody, presenceOf } from '../../src/matrix/presence.ts'

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

  it('comes back as it went, as far as Matrix has words for it', () => {
    const statuses: Status[] = ['online', 'idle', 'offline']
    for (const status of statuses) expect(presenceOf(presenceBody({ status }))).toEqual({ status })
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
