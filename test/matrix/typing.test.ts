import { expect, it } from 'vitest'
import { TypingWatch } from '../../src/matrix/typing.ts'

const room = '!verona'

it('tells who began and who stopped, and nothing twice', () => {
  const watch = new TypingWatch()
  expect(watch.changes({ room, users: ['@romeo:hs'] })).toEqual([{ user: '@romeo:hs', typing: true }])
  expect(watch.changes({ room, users: ['@romeo:hs'] })).toEqual([])
  expect(watch.changes({ room: '!mantua', users: ['@romeo:hs'] })).toEqual([{ user: '@romeo:hs', typing: true }])
  expect(watch.changes({ room, users: ['@tybalt:hs'] })).toEqual([
    { user: '@tybalt:hs', typing: true },
    { user: '@romeo:hs', typing: false },
  ])
  expect(watch.changes({ room, users: [] })).toEqual([{ user: '@tybalt:hs', typing: false }])
})
