// Whatever arrives and however it is cut: commands or a ProtocolError, the same ones each time, within the bound.

import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Command, Speaker } from '../../../src/msn/wire/command.ts'
import { Decoder } from '../../../src/msn/wire/decoder.ts'
import { newestDialect, oldestDialect } from '../../../src/msn/wire/dialect.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { ProtocolError } from '../../../src/msn/wire/errors.ts'
import { trace } from '../../../src/msn/wire/trace.ts'
import { formOf, isSpoken, verbsOf } from '../../../src/msn/wire/verbs.ts'
import { plain, singleBytes } from '../../support/codec-case.ts'
import { streamsOf } from './streams.ts'

const tight = { maxLine: 64, maxPayload: 128 }
const wide = { maxLine: 4096, maxPayload: 4096 }

const speaker = fc.constantFrom<Speaker>('client', 'server')
const dialect = fc.option(fc.integer({ min: oldestDialect, max: newestDialect }), { nil: undefined })
const sizes = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 20 })

describe('any bytes', () => {
  const word = fc.oneof(
    fc.constantFrom('OK', '0', '1', '5', '99', '4294967296', 'a@b', ''),
    fc.string({ unit: 'binary', maxLength: 8 }),
  )
  const scrap = fc.constantFrom('\r', '\n', ' ', '\r\n', '\r\n\r\n', 'MSG 1 N five\r\n').map((text) => Buffer.from(text))
  const blank = fc.constantFrom('\n', '\r\n').map((text) => Buffer.from(text))

  /** A speaker and what it might say: mostly commands of its own, with a wrong one or plain noise among them. */
  const speech = speaker.chain((from) => {
    const verbs = [...verbsOf(from), '911', '241', 'XYZ']
    const takesPayload = (verb: string) => formOf(from, verb, undefined).payload !== 'never'
    const line = fc
      .tuple(fc.constantFrom(...verbs.filter((verb) => !takesPayload(verb))), fc.array(word, { maxLength: 6 }))
      .map(([verb, words]) => Buffer.from(`${[verb, ...words].join(' ')}\r\n`))
    const framed = fc
      .tuple(fc.constantFrom(...verbs.filter(takesPayload)), fc.array(word, { maxLength: 4 }), fc.uint8Array({ maxLength: 60 }))
      .map(([verb, words, payload]) => Buffer.concat([Buffer.from(`${[verb, ...words, payload.length].join(' ')}\r\n`), payload]))
    const part = fc.oneof(
      { weight: 8, arbitrary: line },
      { weight: 8, arbitrary: framed },
      { weight: 2, arbitrary: blank },
      { weight: 1, arbitrary: scrap },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }) },
    )
    return fc.record({
      from: fc.constant(from),
      bytes: fc.array(part, { maxLength: 12, size: 'max' }).map((parts) => Buffer.concat(parts)),
    })
  })

  it('give the same commands and the same error however they are cut, and never more than the bound is held', () => {
    fc.assert(
      fc.property(speech, dialect, sizes, fc.constantFrom(tight, wide), ({ from, bytes }, spoken, cuts, bounds) => {
        const whole = listen(from, spoken, [bytes], bounds)
        expect(listen(from, spoken, cut(bytes, cuts), bounds)).toEqual(whole)
        expect(listen(from, spoken, singleBytes(bytes), bounds)).toEqual(whole)
      }),
      { numRuns: 500 },
    )
  })

  it('give only commands that can be encoded, read back alike, and traced', () => {
    fc.assert(
      fc.property(speech, dialect, ({ from, bytes }, spoken) => {
        for (const command of heard(from, spoken, bytes)) {
          const again = heard(from, spoken, encode(command))
          expect(again.map(plain)).toEqual([plain(command)])
          expect(trace(from, command).startsWith(from === 'client' ? 'C: ' : 'S: ')).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('recordings, mutated', () => {
  const folder = new URL('../../traces/', import.meta.url)
  const streams = readdirSync(folder)
    .filter((file) => file.endsWith('.pcap'))
    .flatMap((file) => streamsOf(new URL(file, folder)))
    .filter(({ bytes }) => bytes.length > 0 && bytes.length < 6000)
  const mutation = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('flip', 'drop', 'double', 'digit', 'break'),
    byte: fc.integer({ min: 0, max: 255 }),
  })

  it('give commands or a ProtocolError, the same ones in pieces', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...streams),
        fc.array(mutation, { minLength: 1, maxLength: 6 }),
        sizes,
        (stream, changes, cuts) => {
          const bytes = changes.reduce(mutate, stream.bytes)
          expect(listen(stream.from, stream.dialect, cut(bytes, cuts), wide)).toEqual(
            listen(stream.from, stream.dialect, [bytes], wide),
          )
        },
      ),
      { numRuns: 200 },
    )
  })

  function mutate(bytes: Buffer, { at, kind, byte }: { at: number; kind: string; byte: number }): Buffer {
    const place = at % bytes.length
    const before = bytes.subarray(0, place)
    const after = bytes.subarray(place + 1)
    if (kind === 'drop') return bytes.length > 1 ? Buffer.concat([before, after]) : bytes
    if (kind === 'double') return Buffer.concat([before, bytes.subarray(place, place + byte), bytes.subarray(place)])
    if (kind === 'digit') return Buffer.concat([before, Buffer.from(String(byte % 10)), after])
    if (kind === 'break') return Buffer.concat([before, Buffer.from('\r\n'), after])
    return Buffer.concat([before, Uint8Array.of(byte), after])
  }
})

describe('any command', () => {
  const arg = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((text) => !/[ \r\n]/.test(text))
  const written = fc
    .tuple(speaker, fc.integer({ min: oldestDialect, max: newestDialect }))
    .chain(([from, spoken]) =>
      fc.record({
        from: fc.constant(from),
        spoken: fc.constant(spoken),
        verb: fc.constantFrom(...verbsOf(from).filter((verb) => isSpoken(from, verb, spoken)), 'XYZ'),
        trId: fc.integer({ min: 0, max: 0xff_ff_ff_ff }),
        serial: fc.nat().map(String),
        args: fc.array(arg, { maxLength: 5 }),
        payload: fc.uint8Array({ maxLength: 200 }),
        withPayload: fc.boolean(),
      }),
    )
    .map(({ from, spoken, verb, trId, serial, args, payload, withPayload }) => {
      const form = formOf(from, verb, spoken)
      const hasPayload = form.payload === 'always' || (form.payload === 'numbered' && withPayload)
      const words = form.trId === 'before-serial' ? [serial, ...unambiguous(args)] : hasPayload ? args : unambiguous(args)
      const line: Command = form.trId === 'none' ? { verb, args: words } : { verb, trId, args: words }
      return { from, spoken, command: hasPayload ? { ...line, payload } : line }
    })

  it('is the same after encoding and decoding', () => {
    fc.assert(
      fc.property(written, ({ from, spoken, command }) => {
        expect(heard(from, spoken, encode(command)).map(plain)).toEqual([plain(command)])
      }),
      { numRuns: 1000 },
    )
  })

  /** Without a payload, an empty last argument is dropped, and a number there would be a length. */
  function unambiguous(args: string[]): string[] {
    return [...args, 'OK']
  }
})

it('reads a stream of single bytes in time linear in its length', () => {
  const decoder = new Decoder({ from: 'client', maxLine: 8192, maxPayload: 1 << 22 })
  let copies = 0
  let last = 0
  const push = (byte: number) => {
    decoder.push(Uint8Array.of(byte))
    if (decoder.held !== last) copies++
    last = decoder.held
  }
  for (const byte of Buffer.from('MSG 1 A 4194304\r\n')) push(byte)
  for (let count = 0; count < 1 << 20; count++) push(0x78)
  expect(copies, 'how often the buffer was moved').toBeLessThan(40)
})

/** What a decoder makes of these chunks, in a form that compares; checks the bound after each. */
function listen(from: Speaker, spoken: number | undefined, chunks: Iterable<Uint8Array>, bounds: typeof wide): unknown[] {
  const decoder = new Decoder({ from, ...bounds })
  decoder.dialect = spoken
  const said: unknown[] = []
  try {
    for (const chunk of chunks) {
      for (const command of decoder.push(chunk)) said.push(plain(command))
      expect(decoder.held).toBeLessThanOrEqual(bounds.maxLine + bounds.maxPayload)
    }
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
    said.push(`${error.code}: ${error.message}`)
  }
  return said
}

/** The commands before the first error. */
function heard(from: Speaker, spoken: number | undefined, bytes: Uint8Array): Command[] {
  const decoder = new Decoder({ from, ...wide })
  decoder.dialect = spoken
  const commands: Command[] = []
  try {
    for (const command of decoder.push(bytes)) commands.push(command)
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
  return commands
}

function* cut(bytes: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  let turn = 0
  for (let at = 0; at < bytes.length; turn++) {
    const length = Math.max(lengths[turn % lengths.length] ?? 1, turn % lengths.length === 0 ? 1 : 0)
    yield bytes.subarray(at, at + length)
    at += length
  }
}
