// The payload of a MSG: header lines, an empty line, a body of bytes (msnp-core.md 5). Notifications have a second block of
// header lines as their body (5.9).
//
// Reading never fails: it is bounded by the payload, and what is no header line is passed over. A server that relays a message
// relays its bytes, not what was read here.

import { EncodeError } from './errors.ts'

/** Header lines in their order and with the case in which they stood. */
export type MimeHeaders = readonly (readonly [name: string, value: string])[]

export interface MimeMessage {
  readonly headers: MimeHeaders
  /** Shares memory with the payload. */
  readonly body: Uint8Array
}

const lineFeed = 0x0a
const headerName = /^[!-9;-~]+$/

/** Takes a payload apart. Line ends may be CRLF or LF; without an empty line all of it is headers. */
export function parseMime(payload: Uint8Array): MimeMessage {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const headers: [string, string][] = []
  let at = 0
  while (at < bytes.length) {
    const found = bytes.indexOf(lineFeed, at)
    const end = found === -1 ? bytes.length : found
    const line = bytes.toString('utf8', at, end).trimEnd()
    at = end + 1
    if (line === '') break
    const colon = line.indexOf(':')
    if (colon > 0) headers.push([line.slice(0, colon), line.slice(colon + 1).trimStart()])
  }
  return { headers, body: bytes.subarray(at) }
}

/** The value of the first header of that name, in any case. */
export function headerOf(headers: MimeHeaders, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return headers.find(([candidate]) => candidate.toLowerCase() === wanted)?.[1]
}

/** The content type without its parameters, in lower case: `text/plain`. Empty when there is none. */
export function mediaTypeOf(headers: MimeHeaders): string {
  return (headerOf(headers, 'Content-Type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

/**
 * Header lines as text, each with its CRLF: the body of a notification, or the start of a message.
 * @throws EncodeError when a name is not a header's, or a value holds a line break
 */
export function formatHeaders(headers: MimeHeaders): string {
  let text = ''
  for (const [name, value] of headers) {
    if (!headerName.test(name)) throw new EncodeError('a header name holds something other than visible ASCII')
    if (/[\r\n]/.test(value)) throw new EncodeError(`the value of ${name} holds a line break`)
    // The space stays when the value is empty: libpurple splits at ": " (msnp-core.md 5).
    text += `${name}: ${value}\r\n`
  }
  return text
}

/**
 * A message as payload.
 * @throws EncodeError as `formatHeaders`
 */
export function formatMime(headers: MimeHeaders, body: string | Uint8Array = ''): Buffer {
  const head = `${formatHeaders(headers)}\r\n`
  if (typeof body === 'string') return Buffer.from(head + body, 'utf8')
  return Buffer.concat([Buffer.from(head, 'utf8'), body])
}
