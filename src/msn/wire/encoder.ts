// The writing half of the codec: a command and its payload in one piece, because some peers only survive that
// (msnp-core.md 1.1).

import type { Command } from './command.ts'
import { EncodeError } from './errors.ts'
import { isTrId } from './line.ts'

const verbShape = /^[A-Z0-9]{3}$/
const separator = /[ \r\n]/

/**
 * A command as bytes, to be written in one write. The length of the payload is counted in bytes and put last. An empty last
 * argument is written as a trailing space, which readers drop.
 * @throws EncodeError when the verb, the TrID or an argument cannot stand on a line; free text has to be escaped first
 */
export function encode(command: Command): Buffer {
  const line = lineOf(command)
  return command.payload === undefined ? Buffer.from(`${line}\r\n`, 'utf8') : withPayload(line, command.payload)
}

/**
 * The line of a command without its end: for one that is said again and again with other payloads.
 * @throws EncodeError as `encode`
 */
export function lineOf({ verb, trId, args }: Command): string {
  if (!verbShape.test(verb)) throw new EncodeError('a verb is not three capital letters or digits')
  let line = verb
  if (trId !== undefined) {
    if (!isTrId(trId)) throw new EncodeError(`the TrID of a ${verb} is not a whole number of 32 bits`)
    line += ` ${trId}`
  }
  for (const [index, arg] of args.entries()) {
    if (separator.test(arg)) throw new EncodeError(`argument ${index} of a ${verb} holds a space or a line break; escape it`)
    if (!arg.isWellFormed()) throw new EncodeError(`argument ${index} of a ${verb} holds half a surrogate pair`)
    line += ` ${arg}`
  }
  return line
}

/** A line as `lineOf` gave it, with a payload. */
export function withPayload(line: string, payload: Uint8Array): Buffer {
  const head = `${line} ${payload.length}\r\n`
  const start = Buffer.byteLength(head, 'utf8')
  const bytes = Buffer.allocUnsafe(start + payload.length)
  bytes.write(head, 'utf8')
  bytes.set(payload, start)
  return bytes
}
