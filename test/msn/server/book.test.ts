import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Records } from '../../../src/core/stores.ts'
import { isOn } from '../../../src/msn/model/lists.ts'
import type { Book } from '../../../src/msn/server/book.ts'
import {
  addedBy,
  addGroup,
  admits,
  contactIn,
  emptyBook,
  hostedBook,
  nameFor,
  putInGroup,
  putOn,
  removedBy,
  removeGroup,
  renameOwner,
  shows,
  takeOff,
  watchers,
} from '../../../src/msn/server/book.ts'
import { Books } from '../../../src/msn/server/books.ts'
import { CommandError } from '../../../src/msn/server/command-error.ts'
import { type Handle, handleOf } from '../../../src/msn/server/handle.ts'
import { MemoryRecords } from '../../support/memory-stores.ts'

const [juliet, romeo] = ['juliet@example.com', 'romeo@example.com'].map((text) => handleOf(text) as Handle) as [Handle, Handle]
const empty = emptyBook(juliet)
const listsOf = (book: Book) => contactIn(book, romeo)?.lists ?? 0

describe('whoever added the owner', () => {
  test('waits until they are allowed or blocked, and then is on the reverse list', () => {
    const pending = addedBy(empty, romeo, 'Romeo')
    expect(listsOf(pending)).toBe(16)
    expect(listsOf(putOn(pending, 'FL', romeo))).toBe(17)
    expect(listsOf(putOn(pending, 'AL', romeo))).toBe(2 | 8)
    expect(listsOf(putOn(pending, 'BL', romeo))).toBe(4 | 8)
    expect(listsOf(putOn(pending, 'RL', romeo))).toBe(8)
  })

  test('does not wait where the owner answered before', () => {
    expect(listsOf(addedBy(putOn(empty, 'AL', romeo), romeo, 'Romeo'))).toBe(2 | 8)
    expect(listsOf(addedBy(putOn(empty, 'BL', romeo), romeo, 'Romeo'))).toBe(4 | 8)
  })

  test('is forgotten when they take the owner off again, as far as the owner does not have them', () => {
    expect(contactIn(removedBy(addedBy(empty, romeo, 'Romeo'), romeo), romeo)).toBeUndefined()
    expect(listsOf(removedBy(addedBy(putOn(empty, 'FL', romeo), romeo, 'Romeo'), romeo))).toBe(1)
  })

  test('alone can be put on the reverse list: nobody else is told how the owner is', () => {
    expect(putOn(empty, 'RL', romeo)).toBe(empty)
    const friend = putOn(empty, 'FL', romeo)
    expect(putOn(friend, 'RL', romeo)).toBe(friend)
  })

  test('the same twice is the same as once', () => {
    const once = addedBy(empty, romeo, 'Romeo')
    expect(addedBy(once, romeo, 'Romeo')).toBe(once)
    expect(removedBy(empty, romeo)).toBe(empty)
    const answered = putOn(once, 'RL', romeo)
    expect(putOn(answered, 'RL', romeo)).toBe(answered)
    expect(takeOff(answered, 'PL', romeo)).toBe(answered)
  })

  test('who is taken off Pending still has the owner on their list, and is off it when they say so', () => {
    const answered = takeOff(addedBy(empty, romeo, 'Romeo'), 'PL', romeo)
    expect(listsOf(answered)).toBe(8)
    expect(watchers(answered)).toEqual([romeo])
    expect(contactIn(removedBy(answered, romeo), romeo)).toBeUndefined()
  })
})

test('a book that is full takes nobody new, and strangers do not notice', () => {
  let full = empty
  for (let number = 0; number < 1000; number++) full = putOn(full, 'BL', handleOf(`stranger${number}@example.com`) as Handle)
  expect(() => putOn(full, 'FL', romeo)).toThrow(expect.objectContaining({ code: 210 }))
  expect(addedBy(full, romeo, 'Romeo')).toBe(full)
})

test('who may see and call the owner', () => {
  const closed: Book = { ...empty, privacy: 'BL' }
  expect([admits(empty, romeo), admits(putOn(empty, 'BL', romeo), romeo)]).toEqual([true, false])
  expect([admits(closed, romeo), admits(putOn(closed, 'AL', romeo), romeo)]).toEqual([false, true])
})

test('strangers may call a hosted owner, but see them only once they are allowed', () => {
  const hosted = hostedBook(empty)
  expect([admits(hosted, romeo), shows(hosted, romeo)]).toEqual([true, false])
  const asked = addedBy(hosted, romeo, 'Romeo')
  expect([admits(asked, romeo), shows(asked, romeo)]).toEqual([true, false])
  const [allowed, blocked] = [putOn(asked, 'AL', romeo), putOn(asked, 'BL', romeo)]
  expect([admits(allowed, romeo), shows(allowed, romeo)]).toEqual([true, true])
  expect([admits(blocked, romeo), shows(blocked, romeo)]).toEqual([false, false])
})

test('a group that goes takes nobody with it', () => {
  const grouped = putInGroup(addGroup(putOn(empty, 'FL', romeo), 'Montagues'), romeo, '1')
  expect(contactIn(grouped, romeo)?.groups).toHaveLength(1)
  expect(contactIn(removeGroup(grouped, '1'), romeo)).toMatchObject({ lists: 1, groups: [] })
  expect(addGroup(removeGroup(addGroup(grouped, 'Capulets'), '1'), 'Others').groups.map(({ number }) => number)).toEqual([2, 3])
})

test('names are bounded as they stand on the wire', () => {
  expect(() => renameOwner(empty, 'é'.repeat(65))).toThrow(CommandError)
  expect(renameOwner(empty, 'é'.repeat(64)).name).toHaveLength(64)
  expect(nameFor(empty, '🌹'.repeat(40)).name).toBe('🌹'.repeat(32))
  expect(nameFor(empty, '').name).toBe(juliet)
})

test('whatever is done, nobody is on AL and BL, waits and is answered, or is on no list', () => {
  const list = fc.constantFrom('FL', 'AL', 'BL', 'RL')
  const step = fc.oneof(
    list.map((name) => (book: Book) => putOn(book, name, romeo)),
    fc.constantFrom('FL', 'AL', 'BL', 'PL').map((name) => (book: Book) => takeOff(book, name, romeo)),
    fc.constant((book: Book) => addedBy(book, romeo, 'Romeo')),
    fc.constant((book: Book) => removedBy(book, romeo)),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      let book = empty
      for (const change of steps) {
        try {
          book = change(book)
        } catch (error) {
          expect(error).toBeInstanceOf(CommandError)
        }
        const contact = contactIn(book, romeo)
        if (!contact) continue
        expect(contact.lists).toBeGreaterThan(0)
        expect(isOn(contact.lists, 'AL') && isOn(contact.lists, 'BL')).toBe(false)
        expect(isOn(contact.lists, 'PL') && isOn(contact.lists, 'RL')).toBe(false)
      }
    }),
  )
})

describe('a kept book', () => {
  test('is read back whole, and counts its changes', async () => {
    const books = new Books(new MemoryRecords(), () => 5)
    const { before, after } = await books.change(juliet, (book) => addGroup(putOn(book, 'FL', romeo, 'Romeo'), 'Montagues'))
    expect([before.serial, after.serial, after.changedAt]).toEqual([1, 2, 5])
    expect(await books.of(juliet)).toEqual(after)
  })

  test('is as it was when a change is refused or changes nothing', async () => {
    const records = new MemoryRecords()
    const books = new Books(records, () => 5)
    await expect(books.change(juliet, (book) => takeOff(book, 'FL', romeo))).rejects.toMatchObject({ code: 216 })
    await books.change(juliet, (book) => book)
    expect(await records.get('books', juliet)).toBeUndefined()
  })

  test('is changed without an error where only somebody slower would have been refused', async () => {
    const records = new MemoryRecords()
    const books = new Books(records, () => 5)
    await books.change(juliet, (book) => putOn(book, 'FL', romeo))
    const contested: Records = {
      get: (noun, id) => records.get(noun, id),
      list: (noun) => records.list(noun),
      // What is seen first is not there any more.
      update: async (noun, id, change) => {
        change(undefined)
        return records.update(noun, id, change)
      },
    }
    const { after } = await new Books(contested, () => 5).change(juliet, (book) => takeOff(book, 'FL', romeo))
    expect(contactIn(after, romeo)).toBeUndefined()
    expect(await books.of(juliet)).toEqual(after)
  })

  test('of somebody hosted is known by the address alone', async () => {
    const records = new MemoryRecords()
    await new Books(records, () => 5).change(juliet, (book) => addedBy(book, romeo, 'Romeo'))
    const books = new Books(
      records,
      () => 5,
      (handle) => handle === juliet,
    )
    const { after } = await books.change(juliet, (book) => putOn(book, 'FL', romeo))
    expect(after).toMatchObject({ hosted: true, privacy: 'BL' })
    expect(await records.get('books', juliet)).not.toHaveProperty('hosted')
  })

  test('that was damaged is an error, not a guess', async () => {
    const records = new MemoryRecords()
    await records.update('books', juliet, () => ({ name: 1 }))
    await expect(new Books(records, () => 5).of(juliet)).rejects.toThrow()
  })
})
