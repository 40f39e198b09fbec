// An offline message as mail: what GetMessage hands out (msnp-services.md A16.2).

import type { OfflineMessage } from '../model/offline-message.ts'
import type { MimeHeaders } from '../wire/mime.ts'
import { formatMime, headerOf, mediaTypeOf, parseMime } from '../wire/mime.ts'
import { decodeText, quotedBytes, readEncodedWords, writeEncodedWord } from './encoded-word.ts'

/** What a reader finds in the mail. The id stands only in the metadata. */
export interface OimMail {
  readonly from?: string
  readonly name?: string
  /** Milliseconds since 1970; absent where no header says. */
  readonly sentAt?: number
  readonly runId?: string
  readonly sequence: number
  readonly text: string
}

/** In characters; what follows in a header of anybody's is not looked at. */
const longestHeader = 1000

/**
 * The mail of a message to somebody. Line ends are LF, as an XML reader leaves them: MSNPSharp 3.1 looks for the empty line in that form, and
 * an escaped CR would stay. Lines of the body are at most 76 long.
 */
export function writeOimMail(to: string, message: OfflineMessage): string {
  const { from, name, receivedAt, runId, sequence, text, id } = message
  const headers: [string, string][] = [
    ['From', `${writeEncodedWord(name)} <${from}>`],
    ['To', to],
    ['Subject', ''],
    ['X-OIM-originatingSource', '127.0.0.1'],
    ['X-OIMProxy', 'MSNMSGR'],
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/plain; charset=UTF-8'],
    ['Content-Transfer-Encoding', 'base64'],
    ['X-OIM-Message-Type', 'OfflineMessage'],
    ['X-OIM-Run-Id', `{${runId ?? id}}`],
    ['X-OIM-Sequence-Num', String(sequence)],
    ['Message-ID', `<${id}@oim.messenger.msn.com>`],
    ['X-OriginalArrivalTime', arrival(receivedAt)],
    ['Date', pacific(receivedAt)],
    ['Return-Path', 'ndr@oim.messenger.msn.com'],
  ]
  return formatMime(headers, base64Lines(text)).toString().replaceAll('\r\n', '\n')
}

/** Base64 of text in lines of at most 76, each but the last with its CRLF. */
export function base64Lines(text: string): string {
  return Buffer.from(text)
    .toString('base64')
    .replace(/.{76}(?=.)/g, '$&\r\n')
}

/** Reads a mail, as any server or mail system writes it. Never fails: what is missing is absent, and the text may be empty. */
export function readOimMail(mail: string): OimMail {
  const { headers, body } = parseMime(Buffer.from(unfolded(mail)))
  const [, written = '', from] = /^(.*?)\s*<([^<>\s]+)>\s*$/.exec((headerOf(headers, 'From') ?? '').slice(0, longestHeader)) ?? []
  const name = readEncodedWords(written.replace(/^"(.*)"$/, '$1'))
  const sentAt = timeOf(headers)
  const runId = runIdIn(headers)
  return {
    ...(from !== undefined && { from }),
    ...(name !== '' && { name }),
    ...(sentAt !== undefined && { sentAt }),
    ...(runId !== undefined && { runId }),
    sequence: sequenceIn(headers),
    text: textOfPart(headers, body),
  }
}

/** The conversation that a message belongs to: a GUID without braces. */
export function runIdIn(headers: MimeHeaders): string | undefined {
  return /[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}/i.exec(headerOf(headers, 'X-OIM-Run-Id') ?? '')?.[0]
}

/** Its place in the conversation; 1 where no header says. */
export function sequenceIn(headers: MimeHeaders): number {
  const number = Number(headerOf(headers, 'X-OIM-Sequence-Num') ?? 1)
  return Number.isSafeInteger(number) && number > 0 ? number : 1
}

/** The text of a mail or of one part of it, by its encoding and charset. Of several parts the first that is plain text. */
export function textOfPart(headers: MimeHeaders, body: Uint8Array): string {
  const type = (headerOf(headers, 'Content-Type') ?? '').slice(0, longestHeader)
  if (mediaTypeOf(headers).startsWith('multipart/')) return textOfParts(type, Buffer.from(body).toString('latin1'))
  const charset = parameter(type, 'charset') ?? 'utf-8'
  const encoding = headerOf(headers, 'Content-Transfer-Encoding')?.trim().toLowerCase()
  const bytes = decodeBody(encoding, body)
  return decodeText(bytes, charset) ?? Buffer.from(bytes).toString('utf8')
}

function textOfParts(type: string, body: string): string {
  const boundary = parameter(type, 'boundary')
  if (!boundary) return ''
  for (const part of body.split(`--${boundary}`).slice(1)) {
    const { headers, body: inner } = parseMime(Buffer.from(part.replace(/^\r?\n/, '').replace(/\r?\n$/, ''), 'latin1'))
    // Parts inside of parts are not looked into.
    const media = mediaTypeOf(headers)
    if (media === 'text/plain' || (media === '' && inner.length > 0)) return textOfPart(headers, inner)
  }
  return ''
}

function decodeBody(encoding: string | undefined, body: Uint8Array): Uint8Array {
  if (encoding === 'base64') return Buffer.from(Buffer.from(body).toString('latin1'), 'base64')
  if (encoding === 'quoted-printable')
    return quotedBytes(
      Buffer.from(body)
        .toString('latin1')
        .replace(/=\r?\n/g, ''),
    )
  return body
}

function parameter(value: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*("([^"]*)"|[^;\\s]+)`, 'i').exec(value)
  return found?.[2] ?? found?.[1]
}

/** Headers that go on in the next line are put on one line; the body stays. */
function unfolded(mail: string): string {
  const end = /\r?\n\r?\n/.exec(mail)?.index ?? mail.length
  return mail.slice(0, end).replace(/\r?\n[ \t]+/g, ' ') + mail.slice(end)
}

/** Between 1601, where Windows begins to count, and 1970. */
const windowsEpoch = 11_644_473_600_000n
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** When the message arrived: as the servers of old stamp it, else the date that the sender's mail bears; no stamp that counts from nothing. */
function timeOf(headers: MimeHeaders): number | undefined {
  return [arrivalIn(headers), Date.parse(headerOf(headers, 'Date') ?? '')].find((time = -1) => time >= 0)
}

function arrivalIn(headers: MimeHeaders): number | undefined {
  const stamp = headerOf(headers, 'X-OriginalArrivalTime') ?? ''
  const [, high, low] = /FILETIME=\[([0-9A-F]{8}):([0-9A-F]{8})\]/i.exec(stamp) ?? []
  if (high !== undefined && low !== undefined) return Number(BigInt(`0x${high}${low}`) / 10_000n - windowsEpoch)
  const [, day, clock, fraction] = /^(\d{1,2} \w{3} \d{4}) (\d{2}:\d{2}:\d{2})(?:\.0*(\d{1,3}))? \(UTC\)/.exec(stamp) ?? []
  return day === undefined ? undefined : Date.parse(`${day} ${clock} GMT`) + Number(fraction ?? 0)
}

/** `06 Sep 2007 04:42:12.0000 (UTC) FILETIME=[01C7F041:12345678]`: milliseconds with four digits. */
function arrival(time: number): string {
  const date = new Date(time)
  const ticks = ((BigInt(time) + windowsEpoch) * 10_000n).toString(16).toUpperCase().padStart(16, '0')
  const milliseconds = String(date.getUTCMilliseconds()).padStart(4, '0')
  return `${dayAndClock(date, 2)}.${milliseconds} (UTC) FILETIME=[${ticks.slice(0, 8)}:${ticks.slice(8)}]`
}

/** As the official servers stood in the Pacific zone; here it is always winter there. */
function pacific(time: number): string {
  return `${dayAndClock(new Date(time - 8 * 3_600_000), 1)} -0800`
}

function dayAndClock(date: Date, digits: number): string {
  const day = String(date.getUTCDate()).padStart(digits, '0')
  return `${day} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()} ${date.toISOString().slice(11, 19)}`
}
