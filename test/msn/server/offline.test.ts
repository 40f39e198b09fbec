import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { contactIn, putOn } from '../../../src/msn/server/book.ts'
import { Books } from '../../../src/msn/server/books.ts'
import type { Handle } from '../../../src/msn/server/handle.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

const juliet = 'juliet@example.com' as Handle
const romeo = 'romeo@example.com' as Handle
const mercutio = 'mercutio@verona.example' as Handle

let fixture: TestServer
const hosted: string[] = []

beforeEach(async () => {
  hosted.length = 0
  fixture = await startServer({
    offline: async (to, from, name, body) => hosted.push(`${from} (${name}) to ${to}: ${body}`) > 0,
  })
})
afterEach(() => fixture.stop())

const leave = (body: string, to = juliet, from = romeo) => fixture.server.offline.store(from, 'Romeo', to, { body })
const texts = async () => (await fixture.server.offline.list(juliet)).map((message) => message.text)
const change = (owner: Handle, list: 'AL' | 'BL', who: Handle) =>
  new Books(fixture.records, fixture.timers.clock).change(owner, (book) => putOn(book, list, who))

describe('a box', () => {
  test('keeps messages in the order in which they came, also within a millisecond', async () => {
    for (const text of ['But, soft!', 'what light', 'through yonder window']) expect(await leave(text)).toBe('stored')
    expect(await texts()).toEqual(['But, soft!', 'what light', 'through yonder window'])
  })

  test('gives a message whole, by its id in any case', async () => {
    await fixture.timers.pass(5000)
    await fixture.server.offline.store(romeo, 'Romeo', juliet, { body: 'café', runId: 'RUN', sequence: 7 })
    const [message] = await fixture.server.offline.list(juliet)
    expect(message).toMatchObject({ from: romeo, name: 'Romeo', receivedAt: 5000, runId: 'RUN', sequence: 7, text: 'café' })
    expect(message?.id).toMatch(/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/)
    expect(await fixture.server.offline.get(juliet, message?.id.toLowerCase() ?? '')).toEqual(message)
    expect(await fixture.server.offline.get(romeo, message?.id ?? '')).toBeUndefined()
  })

  test('forgets what was deleted, and only that', async () => {
    await leave('one')
    await leave('two')
    const [one] = await fixture.server.offline.list(juliet)
    const id = one?.id ?? ''
    expect(await fixture.server.offline.remove(romeo, [id])).toBe(0)
    expect(await fixture.server.offline.remove(juliet, [id, id.toLowerCase(), 'none'])).toBe(1)
    expect(await texts()).toEqual(['two'])
  })

  test('holds a hundred from one sender and two hundred in all', async () => {
    const fill = async (from: Handle) => {
      for (let count = 0; count < 100; count++) {
        if (count % 30 === 0) await fixture.timers.pass(60_000)
        expect(await leave('x', juliet, from)).toBe('stored')
      }
    }
    await fill(romeo)
    expect(await leave('x')).toBe('full')
    await fill('nurse@example.com' as Handle)
    expect(await leave('x', juliet, 'tybalt@example.com' as Handle)).toBe('full')
    await fixture.server.offline.remove(juliet, [(await fixture.server.offline.list(juliet))[0]?.id ?? ''])
    expect(await leave('x', juliet, 'tybalt@example.com' as Handle)).toBe('stored')
  })

  test('is there after a restart', async () => {
    await leave('Parting is such sweet sorrow')
    const again = await startServer({ records: fixture.records })
    expect(await again.server.offline.list(juliet)).toEqual(await fixture.server.offline.list(juliet))
    expect(await texts()).toEqual(['Parting is such sweet sorrow'])
    await again.stop()
  })

  test('is gone with its account', async () => {
    await leave('a secret')
    await fixture.server.accounts.remove(juliet)
    expect(await texts()).toEqual([])
  })
})

describe('nothing is stored', () => {
  afterEach(async () => expect(await texts()).toEqual([]))

  test('for somebody who has no account', async () => {
    expect(await leave('hello?', 'nobody@example.com' as Handle)).toBe('unknown')
  })

  test('for somebody who blocks the sender', async () => {
    await change(juliet, 'BL', romeo)
    expect(await leave('hear me')).toBe('blocked')
  })

  test('for somebody who hears only those they allow, until they do', async () => {
    const books = new Books(fixture.records, fixture.timers.clock)
    await books.change(juliet, (book) => ({ ...book, privacy: 'BL' }))
    expect(contactIn(await books.of(juliet), romeo)).toBeUndefined()
    expect(await leave('hear me')).toBe('blocked')
    await change(juliet, 'AL', romeo)
    expect(await leave('hear me')).toBe('stored')
    await fixture.server.accounts.remove(juliet)
  })

  test('that is empty or longer than 8 KiB', async () => {
    expect(await leave('')).toBe('full')
    expect(await leave('é'.repeat(4097))).toBe('full')
  })
})

test('who leaves more than thirty messages in a minute has to wait for the next', async () => {
  for (let count = 0; count < 30; count++) await leave('x')
  expect(await leave('x')).toBe('throttled')
  expect(await leave('x', juliet, 'nurse@example.com' as Handle)).toBe('stored')
  await fixture.timers.pass(60_000)
  expect(await leave('x')).toBe('stored')
})

describe('somebody hosted', () => {
  test('gets it through the gateway at once', async () => {
    expect(await leave('Good night', mercutio)).toBe('stored')
    expect(hosted).toEqual([`${romeo} (Romeo) to ${mercutio}: Good night`])
  })

  test('who blocks the sender does not', async () => {
    await change(mercutio, 'BL', romeo)
    expect(await leave('Good night', mercutio)).toBe('blocked')
    expect(hosted).toEqual([])
  })
})
