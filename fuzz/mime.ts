// What is said on a board: MIME and the formats inside it. Any payload is content or nothing, quickly, and what is made of it can be said again.

import { isDeepStrictEqual } from 'node:util'
import { readContent, writeContent } from '../src/msn/content.ts'
import { EncodeError } from '../src/msn/wire/errors.ts'
import { formatMime, type MimeMessage, parseMime } from '../src/msn/wire/mime.ts'
import { commandsOf } from './corpus.ts'
import { Finding, type Target } from './target.ts'

/** Milliseconds that a payload of a board may take to read: they are at most 1664 bytes. */
const patience = 250
const longest = 1664

export function mimeTarget(): Target {
  const corpus = [...commandsOf('client'), ...commandsOf('server')].filter(
    (bytes) => bytes.includes('\r\n\r\n') || bytes.includes('<'),
  )
  const payloads = corpus.map((bytes) => bytes.subarray(bytes.indexOf('\r\n') + 2)).filter(({ length }) => length > 0)
  return {
    name: 'mime',
    round: (dice) => check(dice.mutate(dice.pick(payloads), payloads).subarray(0, longest)),
  }
}

/** Slow is what is slow each time: a machine that does something else for a moment is no finding. */
function check(input: Buffer): void {
  const times = [timed(input)]
  while (times.length < 3 && (times.at(-1) ?? 0) > patience) times.push(timed(input))
  const fastest = Math.min(...times)
  if (fastest > patience) throw new Finding(`reading a message takes ${Math.round(fastest)} ms`, input)
}

function timed(input: Buffer): number {
  const began = performance.now()
  try {
    const message = parseMime(input)
    rewrite(message, input)
    const content = readContent(message)
    if (content) for (const piece of writeContent(content, 'en')) parseMime(piece)
  } catch (error) {
    throw error instanceof Finding ? error : new Finding('reading a message throws', input, error)
  }
  return performance.now() - began
}

/** What can be written at all is read as it was. */
function rewrite(message: MimeMessage, input: Buffer): void {
  try {
    const again = parseMime(formatMime(message.headers, message.body))
    if (!isDeepStrictEqual(again.headers, message.headers))
      throw new Finding('headers are written otherwise than they were read', input)
  } catch (error) {
    // Names and values that no line can hold.
    if (!(error instanceof EncodeError)) throw error
  }
}
