// MSNSLP, the text with which sessions are offered, answered and ended; it looks like SIP (msnp-p2p.md 6).
//
// Not kept of what is read: the address in a request line (libpurple writes its own there; To and From are right), headers that
// nothing here needs, and Content-Length, which some count wrong: the bytes that are there count.

import { EncodeError, ProtocolError } from '../errors.ts'
import { formatHeaders, headerOf, type MimeHeaders, parseMime } from '../mime.ts'
import { bufferOf, parseUnsigned } from './integers.ts'
import { formatPeerAddress, type PeerAddress, parsePeerAddress } from './peer-address.ts'

interface SlpRest {
  readonly to: PeerAddress
  readonly from: PeerAddress
  /** A GUID in braces; an answer bears that of its request. An ACK has none. */
  readonly branch?: string
  readonly cseq: number
  /** What joins the messages of one call: a GUID in braces. */
  readonly callId: string
  readonly contentType: string
  /** The lines of the body. */
  readonly fields: MimeHeaders
}

export interface SlpRequest extends SlpRest {
  /** INVITE, BYE, ACK; any other is not to be answered. */
  readonly method: string
}

export interface SlpAnswer extends SlpRest {
  readonly status: number
  readonly phrase: string
}

/** How a request is answered (the table of msnp-p2p.md 6). */
export const slpAnswers = {
  ok: { status: 200, phrase: 'OK' },
  notFound: { status: 404, phrase: 'Not Found' },
  noSuchCall: { status: 481, phrase: 'No Such Call' },
  failed: { status: 500, phrase: 'Internal Error' },
  declined: { status: 603, phrase: 'Decline' },
  unacceptable: { status: 606, phrase: 'Unacceptable' },
} as const

/** What a body is about (msnp-p2p.md 6). */
export const slpTypes = {
  session: 'application/x-msnmsgr-sessionreqbody',
  close: 'application/x-msnmsgr-sessionclosebody',
  failure: 'application/x-msnmsgr-session-failure-respbody',
  transportRequest: 'application/x-msnmsgr-transreqbody',
  transportAnswer: 'application/x-msnmsgr-transrespbody',
} as const

/** Longest message in bytes (msnp-p2p.md 23). */
const longestSlp = 64 * 1024
const version = 'MSNSLP/1.0'
const requestLine = /^([A-Z]{1,16}) MSNMSGR:\S* MSNSLP\/1\.\d$/i
const answerLine = /^MSNSLP\/1\.\d (\d{3})(?: (.*))?$/i
const addressShape = /^<msnmsgr:([^<>]*)>$/i
const branchShape = /;\s*branch=([^\s;]+)/i

/**
 * Reads a message, with or without the NUL at its end.
 * @throws ProtocolError when it is none, lacks To, From or Call-ID, or is longer than 64 KiB
 */
export function readSlp(bytes: Uint8Array): SlpRequest | SlpAnswer {
  if (bytes.length > longestSlp) throw new ProtocolError('payload-too-long', `an MSNSLP message has over ${longestSlp} bytes`)
  const text = bufferOf(bytes)
  const end = text.indexOf('\n')
  const line = text.toString('utf8', 0, end === -1 ? text.length : end).trimEnd()
  const { headers, body } = parseMime(text.subarray(end === -1 ? text.length : end + 1))
  const rest = readRest(headers, body)
  const [, method] = requestLine.exec(line) ?? []
  if (method !== undefined) return { method: method.toUpperCase(), ...rest }
  const [, status, phrase = ''] = answerLine.exec(line) ?? []
  if (status === undefined) throw new ProtocolError('bad-line', 'an MSNSLP message starts with neither request nor answer')
  return { status: Number(status), phrase, ...rest }
}

/**
 * The bytes of a message, the NUL at its end included.
 * @throws EncodeError when something would not stay on its line
 */
export function writeSlp(message: SlpRequest | SlpAnswer): Buffer {
  const { to, from, branch, cseq, callId, contentType, fields } = message
  const body = `${formatHeaders(fields)}\r\n\0`
  const headers: (readonly [string, string])[] = [
    ['To', `<msnmsgr:${formatPeerAddress(to)}>`],
    ['From', `<msnmsgr:${formatPeerAddress(from)}>`],
  ]
  if (branch !== undefined) headers.push(['Via', `${version}/TLP ;branch=${branch}`])
  // Official clients write a space behind the number.
  headers.push(['CSeq', `${cseq} `], ['Call-ID', callId], ['Max-Forwards', '0'])
  headers.push(['Content-Type', contentType], ['Content-Length', String(Buffer.byteLength(body))])
  return Buffer.from(`${startLine(message)}\r\n${formatHeaders(headers)}\r\n${body}`)
}

/** The answer to a request: to whom it came from, in the same call and branch. */
export function slpAnswer(
  request: SlpRequest,
  answer: { readonly status: number; readonly phrase: string },
  contentType: string,
  fields: MimeHeaders,
): SlpAnswer {
  const { to, from, branch, cseq, callId } = request
  const { status, phrase } = answer
  const via = branch === undefined ? {} : { branch }
  return { status, phrase, to: from, from: to, ...via, cseq: cseq + 1, callId, contentType, fields }
}

/** The session that a body names, if it does; else its Call-ID tells. */
export function sessionIdOf({ fields }: SlpRequest | SlpAnswer): number | undefined {
  return parseUnsigned(headerOf(fields, 'SessionID'))
}

function readRest(headers: MimeHeaders, body: Uint8Array): SlpRest {
  const callId = headerOf(headers, 'Call-ID')
  if (!callId) throw new ProtocolError('bad-line', 'an MSNSLP message has no Call-ID')
  const branch = branchShape.exec(headerOf(headers, 'Via') ?? '')?.[1]
  return {
    to: readAddress(headers, 'To'),
    from: readAddress(headers, 'From'),
    ...(branch === undefined ? {} : { branch }),
    cseq: parseUnsigned(headerOf(headers, 'CSeq')) ?? 0,
    callId,
    contentType: headerOf(headers, 'Content-Type') ?? '',
    fields: parseMime(body.at(-1) === 0 ? body.subarray(0, -1) : body).headers,
  }
}

function readAddress(headers: MimeHeaders, name: string): PeerAddress {
  const address = addressShape.exec(headerOf(headers, name) ?? '')?.[1]
  if (!address) throw new ProtocolError('bad-line', `the ${name} of an MSNSLP message is missing or no address`)
  return parsePeerAddress(address)
}

function startLine(message: SlpRequest | SlpAnswer): string {
  if ('method' in message) {
    if (!/^[A-Z]{1,16}$/.test(message.method)) throw new EncodeError('a method is not in capital letters')
    return `${message.method} MSNMSGR:${formatPeerAddress(message.to)} ${version}`
  }
  const { status, phrase } = message
  if (!Number.isInteger(status) || status < 100 || status > 999) throw new EncodeError('a status is no number of three digits')
  if (/[\r\n]/.test(phrase)) throw new EncodeError('the phrase of a status holds a line break')
  return `${version} ${status} ${phrase}`
}
