import { expect, test } from 'vitest'
import { contactLists, isListName, isOn, listBit, listNames, withList, withoutList } from '../../../src/msn/model/lists.ts'
import { codeOf, isStatusCode, looksOffline, statusOf } from '../../../src/msn/model/status.ts'

test('every status has a code that means it', () => {
  for (const status of ['online', 'idle', 'away', 'busy', 'brb', 'phone', 'lunch', 'offline'] as const)
    expect(statusOf(codeOf(status))).toBe(status)
})

test('hidden is offline to everybody else', () => {
  expect([looksOffline('HDN'), looksOffline('FLN'), looksOffline('IDL')]).toEqual([true, true, false])
  expect(statusOf('HDN')).toBe('offline')
})

test('what is no status or list is not taken for one', () => {
  for (const text of ['', 'nln', 'XXX', 'toString', '__proto__'])
    expect([isStatusCode(text), isListName(text)]).toEqual([false, false])
})

test('lists are bits', () => {
  expect(listNames.map((list) => listBit[list])).toEqual([1, 2, 4, 8, 16])
  expect(contactLists(1 | 2 | 8)).toEqual(['forward', 'allow', 'reverse'])
  expect(contactLists(4 | 16)).toEqual(['block', 'pending'])
  expect(withoutList(withList(0, 'BL'), 'BL')).toBe(0)
  expect(isOn(withList(1, 'RL'), 'RL')).toBe(true)
})
