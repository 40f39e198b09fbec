import { describe, expect, test } from 'vitest'
import { addedBy, putOn } from '../../../src/msn/server/book.ts'
import { Books } from '../../../src/msn/server/books.ts'
import { type Handle, handleOf } from '../../../src/msn/server/handle.ts'
import { Strangers } from '../../../src/msn/server/strangers.ts'
import { listening } from '../../support/log.ts'
import { MemoryRecords } from '../../support/memory-stores.ts'

const [romeo, juliet, nurse, tybalt, nobody] = [
  'romeo@verona.example',
  'juliet@example.com',
  'nurse@example.com',
  'tybalt@example.com',
  'nobody@verona.example',
].map((text) => handleOf(text)) as [Handle, Handle, Handle, Handle, Handle]
const day = 24 * 60 * 60_000

function gate(most: number, mostOfOne = 100) {
  let now = 5 * day
  const records = new MemoryRecords()
  const clock = () => now
  const books = new Books(records, clock, (handle) => handle === romeo)
  const { log, said } = listening()
  const strangers = new Strangers({ records, books, most, mostOfOne, welcomes: (handle) => handle !== nobody, clock, log })
  return { records, books, said, strangers, pass: (milliseconds: number) => (now += milliseconds) }
}

describe('strangers who turn to somebody hosted', () => {
  test('are so many in a day and no more, and the log says so', async () => {
    const { strangers, said, pass } = gate(2)
    for (const who of [juliet, nurse, juliet]) expect(await strangers.admit(romeo, who)).toBe(true)
    expect(await strangers.admit(romeo, tybalt)).toBe(false)
    expect(said).toMatchObject([{ level: 'warn', message: expect.stringContaining('too many strangers') }])
    expect(await strangers.admit(romeo, nurse)).toBe(true)
    pass(day)
    expect(await strangers.admit(romeo, tybalt)).toBe(true)
  })

  test('are strangers no longer once they asked, or were answered', async () => {
    const { strangers, books } = gate(0)
    expect(await strangers.admit(romeo, juliet)).toBe(false)
    await books.change(romeo, (book) => addedBy(book, juliet, 'Juliet'))
    await books.change(romeo, (book) => putOn(book, 'FL', nurse))
    for (const who of [juliet, nurse]) expect(await strangers.admit(romeo, who)).toBe(true)
  })

  test('are counted for each hosted person alone, and not for addresses of nobody', async () => {
    const { strangers, records } = gate(1)
    expect(await strangers.admit(romeo, juliet)).toBe(true)
    expect(await strangers.admit(tybalt, nurse)).toBe(true)
    expect(await strangers.admit(nobody, nurse)).toBe(false)
    expect(await records.get('strangers', nobody)).toBeUndefined()
  })

  test('turn to so many in a day and no more', async () => {
    const { strangers, pass } = gate(20, 2)
    const [one, two, three] = ['one', 'two', 'three'].map((name) => handleOf(`${name}@verona.example`)) as [
      Handle,
      Handle,
      Handle,
    ]
    for (const hosted of [one, two, one]) expect(await strangers.admit(hosted, juliet)).toBe(true)
    expect(await strangers.admit(three, juliet)).toBe(false)
    expect(await strangers.admit(three, nurse)).toBe(true)
    pass(day)
    expect(await strangers.admit(three, juliet)).toBe(true)
  })

  test('are all new where what was kept cannot be read', async () => {
    const { strangers, records } = gate(1)
    await records.update('strangers', romeo, () => ({ day: 'today' }))
    expect(await strangers.admit(romeo, juliet)).toBe(true)
  })
})
