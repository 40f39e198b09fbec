// One case of the codec, run whole, in pieces, glued to others, and back.

import { describe, expect, it } from 'vitest'
import type { Command, Speaker } from '../../src/msn/wire/command.ts'
import { Decoder } from '../../src/msn/wire/decoder.ts'
import { encode } from '../../src/msn/wire/encoder.ts'

export interface CodecCase {
  readonly from: Speaker
  readonly dialect?: number
  readonly bytes: string | Uint8Array
  readonly command: Command
  /** What encoding gives, where the bytes are not canonical. */
  readonly encoded?: string
}

/** Declares the tests of one case: in one chunk, byte by byte, cut anywhere (inside a character too), glued, encoded back. */
export function codecCase(name: string, { from, dialect, bytes, command, encoded }: CodecCase): void {
  const whole = Buffer.from(bytes)
  const expected = plain(command)
  const ping: Command = { verb: from === 'client' ? 'PNG' : 'QNG', args: [] }
  const read = (chunks: Iterable<Uint8Array>) => decodeAll(from, dialect, chunks).map(plain)

  describe(name, () => {
    it('is read in one chunk', () => {
      expect(read([whole])).toEqual([expected])
    })

    it('is read byte by byte', () => {
      expect(read(singleBytes(whole))).toEqual([expected])
    })

    it('is read when cut in two anywhere, inside a character too', () => {
      for (let cut = 0; cut <= whole.length; cut++) {
        expect(read([whole.subarray(0, cut), whole.subarray(cut)]), `cut at ${cut}`).toEqual([expected])
      }
    })

    it('is read between two others in one chunk', () => {
      const glued = Buffer.concat([encode(ping), whole, encode(ping)])
      expect(read([glued])).toEqual([plain(ping), expected, plain(ping)])
    })

    it('is the same bytes when encoded', () => {
      expect(encode(command).toString('latin1')).toBe(Buffer.from(encoded ?? whole).toString('latin1'))
    })
  })
}

/** Every command of these chunks. */
export function decodeAll(from: Speaker, dialect: number | undefined, chunks: Iterable<Uint8Array>): Command[] {
  const decoder = new Decoder({ from })
  decoder.dialect = dialect
  const commands: Command[] = []
  for (const chunk of chunks) commands.push(...decoder.push(chunk))
  return commands
}

/** The same bytes, one to a chunk. */
export function* singleBytes(bytes: Uint8Array): Generator<Uint8Array> {
  for (const byte of bytes) yield Uint8Array.of(byte)
}

/** A command whose payload compares byte for byte, whatever kind of array holds it. */
export function plain({ payload, ...line }: Command): object {
  return payload ? { ...line, payload: Buffer.from(payload).toString('latin1') } : line
}

/** Text as the bytes of a payload. */
export function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}
