// One line of MSNP, taken apart (msnp-core.md 1.2, 1.3).

import type { Command, Speaker } from './command.ts'
import { ProtocolError } from './errors.ts'
import { formOf, type TrIdPlace } from './verbs.ts'

/** A line without its payload, and how many bytes of payload follow; `undefined`: none do, not even an empty one. */
export interface Line {
  readonly verb: string
  readonly trId: number | undefined
  readonly args: readonly string[]
  readonly payloadLength: number | undefined
}

const verbShape = /^[A-Z0-9]{3}$/
const numberShape = /^[0-9]{1,10}$/
const largestTrId = 0xff_ff_ff_ff

/**
 * Takes a line, given without its line end, apart. Empty arguments at its end are dropped, so that to
 * readers an empty last argument is a missing one; inner ones are kept.
 * @throws ProtocolError `bad-line`, `bad-length`
 */
export function parseLine(text: string, from: Speaker, dialect: number | undefined): Line {
  const words = text.split(' ')
  const verb = words[0] ?? ''
  if (!verbShape.test(verb)) throw new ProtocolError('bad-line', 'a line does not start with a verb')
  if (text.includes('\r')) throw new ProtocolError('bad-line', `a ${verb} line holds a carriage return`)
  while (words.length > 1 && words.at(-1) === '') words.pop()

  const form = formOf(from, verb, dialect)
  const trId = hasTrId(form.trId, words) ? Number(words[1]) : undefined
  const args = words.slice(trId === undefined ? 1 : 2)
  if (form.payload === 'never') return { verb, trId, args, payloadLength: undefined }

  const last = args.at(-1)
  if (last !== undefined && numberShape.test(last)) {
    args.pop()
    return { verb, trId, args, payloadLength: Number(last) }
  }
  if (form.payload === 'always') throw new ProtocolError('bad-length', `${verb} does not end with the length of its payload`)
  return { verb, trId, args, payloadLength: undefined }
}

/** A line and its payload as a command; what is absent is not a key of it. */
export function commandOf({ verb, trId, args }: Line, payload?: Uint8Array): Command {
  if (trId === undefined) return payload ? { verb, args, payload } : { verb, args }
  return payload ? { verb, trId, args, payload } : { verb, trId, args }
}

/** Whether a number can be a transaction id (msnp-core.md 1.2). */
export function isTrId(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= largestTrId
}

function hasTrId(place: TrIdPlace, words: readonly string[]): boolean {
  if (place === 'none' || !isNumber(words[1]) || !isTrId(Number(words[1]))) return false
  return place !== 'before-serial' || isNumber(words[2])
}

function isNumber(word: string | undefined): boolean {
  return word !== undefined && numberShape.test(word)
}
