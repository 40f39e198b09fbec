// The codec: bytes that are nearly MSNP. It gives commands or a ProtocolError and nothing else, holds no more than it may, does not care how
// the bytes were cut, and writes what it read so that reading it again gives the same.

import { isDeepStrictEqual } from 'node:util'
import type { Command, Speaker } from '../src/msn/wire/command.ts'
import { Decoder } from '../src/msn/wire/decoder.ts'
import { newestDialect, oldestDialect } from '../src/msn/wire/dialect.ts'
import { encode } from '../src/msn/wire/encoder.ts'
import { ProtocolError } from '../src/msn/wire/errors.ts'
import { commandsOf, recordedStreamsOf } from './corpus.ts'
import type { Dice } from './dice.ts'
import { Finding, type Target } from './target.ts'

const limits = { maxLine: 1024, maxPayload: 4096 }
/** Bytes that are no UTF-8 are written as U+FFFD, which is three. */
const wider = { maxLine: 4096, maxPayload: 4096 }

export function codecTarget(): Target {
  const corpora = { client: corpusOf('client'), server: corpusOf('server') }
  return {
    name: 'codec',
    round: (dice) => {
      const from: Speaker = dice.pick(['client', 'server'])
      const corpus = corpora[from]
      const input = dice.chance(50) ? dice.bytes(dice.below(3000)) : dice.mutate(sequence(dice, corpus), corpus)
      const dialect = dice.chance(8) ? undefined : oldestDialect + dice.below(newestDialect - oldestDialect + 1)
      check(from, dialect, input, dice)
    },
  }
}

function corpusOf(speaker: Speaker): Buffer[] {
  return [...commandsOf(speaker), ...recordedStreamsOf(speaker)]
}

function sequence(dice: Dice, corpus: readonly Buffer[]): Buffer {
  return Buffer.concat(Array.from({ length: 1 + dice.below(5) }, () => dice.pick(corpus).subarray(0, 8000)))
}

function check(from: Speaker, dialect: number | undefined, input: Buffer, dice: Dice): void {
  const whole = read(from, dialect, [input], input)
  const inPieces = read(from, dialect, dice.cut(input), input)
  if (!isDeepStrictEqual(whole, inPieces)) throw new Finding('what is read depends on how it is cut', input)
  const bytes = Buffer.concat(whole.commands.map((command) => writable(command, input)))
  const again = read(from, dialect, [bytes], input, wider)
  if (!isDeepStrictEqual(again.commands, whole.commands)) throw new Finding('what was read is written otherwise', input)
}

function read(from: Speaker, dialect: number | undefined, pieces: readonly Buffer[], input: Buffer, most = limits) {
  const decoder = new Decoder({ from, ...most })
  decoder.dialect = dialect
  const commands: Command[] = []
  try {
    for (const piece of pieces) {
      for (const command of decoder.push(piece)) commands.push(command)
      if (decoder.held > 2 * (most.maxLine + most.maxPayload)) throw new Finding('the decoder holds too much', input)
    }
    return { commands, broken: false }
  } catch (error) {
    if (error instanceof ProtocolError) return { commands, broken: true }
    throw error instanceof Finding ? error : new Finding('the decoder throws what is no ProtocolError', input, error)
  }
}

function writable(command: Command, input: Buffer): Uint8Array {
  try {
    return encode(command)
  } catch (error) {
    throw new Finding('what was read cannot be written', input, error)
  }
}
