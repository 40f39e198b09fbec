import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Chunks } from '../../../src/msn/client/chunks.ts'
import type { MimeMessage } from '../../../src/msn/wire/mime.ts'
import { ManualTimers } from '../../support/manual-timers.ts'

const type = ['Content-Type', 'text/plain; charset=UTF-8'] as const
const first = (id: string, count: number, body: string | Uint8Array): MimeMessage => {
  return { headers: [type, ['Message-ID', id], ['Chunks', String(count)]], body: Buffer.from(body) }
}
const next = (id: string, index: number, body: string | Uint8Array): MimeMessage => {
  return {
    headers: [
      ['Message-ID', id],
      ['Chunk', String(index)],
    ],
    body: Buffer.from(body),
  }
}
const text = (message: MimeMessage | undefined) => message && Buffer.from(message.body).toString()

describe('a message in pieces', () => {
  it('is put together in whatever order the later pieces come, also where a cut falls inside a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.array(fc.nat(), { minLength: 1, maxLength: 8 }),
        (said, cuts) => {
          const bytes = Buffer.from(said)
          const at = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length]
          const parts = at.slice(1).map((end, index) => bytes.subarray(at[index], end))
          const chunks = new Chunks(new ManualTimers())
          let whole = chunks.take('romeo', first('{1}', parts.length, parts[0] ?? ''))
          for (let index = parts.length - 1; index > 0; index--) {
            expect(whole).toBeUndefined()
            whole = chunks.take('romeo', next('{1}', index, parts[index] ?? ''))
          }
          expect(text(whole)).toBe(said)
          expect(whole?.headers[0]).toEqual(type)
        },
      ),
    )
  })

  it('is kept apart from others, of the same sender and of the same name', () => {
    const chunks = new Chunks(new ManualTimers())
    chunks.take('romeo', first('{1}', 2, 'a'))
    chunks.take('romeo', first('{2}', 2, 'b'))
    chunks.take('tybalt', first('{1}', 2, 'c'))
    expect(text(chunks.take('tybalt', next('{1}', 1, 'C')))).toBe('cC')
    expect(text(chunks.take('romeo', next('{2}', 1, 'B')))).toBe('bB')
    expect(text(chunks.take('romeo', next('{1}', 1, 'A')))).toBe('aA')
  })

  it('is dropped after a minute, and leaves nothing behind', async () => {
    const timers = new ManualTimers()
    const chunks = new Chunks(timers)
    chunks.take('romeo', first('{1}', 2, 'a'))
    await timers.pass(60_000)
    expect(chunks.take('romeo', next('{1}', 1, 'b'))).toBeUndefined()
    chunks.take('romeo', first('{1}', 2, 'a'))
    chunks.end()
    expect(timers.waiting).toBe(0)
  })

  it('is not put together when it would be too long, of too many pieces, or one of too many', () => {
    const timers = new ManualTimers()
    const chunks = new Chunks(timers)
    chunks.take('romeo', first('{long}', 2, Buffer.alloc(40_000)))
    expect(chunks.take('romeo', next('{long}', 1, Buffer.alloc(40_000)))).toBeUndefined()
    chunks.take('romeo', first('{many}', 65, ''))
    expect(timers.waiting).toBe(0)
    for (let index = 0; index < 20; index++) chunks.take('romeo', first(`{${index}}`, 2, ''))
    expect(timers.waiting).toBe(16)
  })

  it('ignores pieces that nobody announced, repeats, and numbers that are out of range', () => {
    const chunks = new Chunks(new ManualTimers())
    expect(chunks.take('romeo', next('{1}', 1, 'b'))).toBeUndefined()
    chunks.take('romeo', first('{1}', 2, 'a'))
    for (const index of [0, 2, 9999]) expect(chunks.take('romeo', next('{1}', index, 'x'))).toBeUndefined()
    expect(text(chunks.take('romeo', next('{1}', 1, 'b')))).toBe('ab')
  })

  it('passes on at once what was never cut', () => {
    const whole = { headers: [type], body: Buffer.from('hi') }
    expect(new Chunks(new ManualTimers()).take('romeo', whole)).toBe(whole)
    expect(text(new Chunks(new ManualTimers()).take('romeo', first('{1}', 1, 'hi')))).toBe('hi')
  })
})
