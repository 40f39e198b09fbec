// What is said, as MSN writes it, and back (msnp-core.md 5). Reading is tolerant and bounded; what we have no word for is undefined.

import type { Action, Media, Nudge, Quote, Run, Text, Utterance } from '../core/content.ts'
import type { Locale } from '../core/words.ts'
import { say } from '../core/words.ts'
import { mediaLine, quoteLine, reactionLine } from './content/around.ts'
import { drawn, spelled } from './content/emoticons.ts'
import { readImFormat, writeImFormat } from './content/im-format.ts'
import { markUp } from './content/marks.ts'
import { cleaned, pieces } from './content/pieces.ts'
import { runsFromPlus } from './content/plus.ts'
import type { MimeMessage } from './wire/mime.ts'
import { formatMime, headerOf, mediaTypeOf } from './wire/mime.ts'

/** Longer bodies are cut: no switchboard lets them pass. In bytes. */
const longestBody = 64 * 1024
/** How people say in plain text that they do something; many clients show it as that. */
const actionPrefix = '/me '
/** How people correct themselves where nothing can be changed. */
const editPrefix = '* '

/** What a payload of a switchboard says. Undefined for what Nudge has no word for: invitations, pictures, what clients tell each other. */
export function readContent(message: MimeMessage): Utterance | undefined {
  switch (mediaTypeOf(message.headers)) {
    case 'text/plain':
      return readText(message)
    case 'text/x-msnmsgr-datacast':
      return readDatacast(message)
    default:
      return undefined
  }
}

/** The payloads that say it, in order: several where a text is longer than one message may be, none when nothing of it can be shown. */
export function writeContent(content: Utterance, locale: Locale): Uint8Array[] {
  switch (content.kind) {
    case 'text':
      return writeText(content, above(content.about, locale))
    case 'action':
      return writeText({ kind: 'text', runs: content.runs }, above(content.about, locale) + actionPrefix)
    case 'edit':
      return writeText({ ...content.content, kind: 'text' }, editPrefix)
    case 'media':
      return writeText(captioned(content, locale), above(content.about, locale))
    case 'reaction':
      return writeText({ kind: 'text', runs: [{ text: reactionLine(content, locale) }] }, actionPrefix)
    case 'nudge':
      return [formatMime([...version, ['Content-Type', 'text/x-msnmsgr-datacast']], 'ID: 1\r\n\r\n')]
    case 'notice':
    case 'outcome':
      return writeText({ kind: 'text', runs: [{ text: say(content.phrase, locale) }] })
  }
}

const version = [['MIME-Version', '1.0']] as const

/** What stands in the lines above something said. */
function above(about: Quote | undefined, locale: Locale): string {
  return about ? `${spelled(cleaned(quoteLine(about, locale)))}\n` : ''
}

/** A file is a line with its link, below what is said along with it. */
function captioned(media: Media, locale: Locale): Text {
  const line: Run = { text: mediaLine(media, locale) }
  return { kind: 'text', runs: media.caption ? [...media.caption, { text: '\n' }, line] : [line] }
}

function writeText({ runs, rightToLeft }: Text, prefix = ''): Uint8Array[] {
  const { text, looks } = markUp(runs.map(written))
  if (text.trim() === '') return []
  const headers = [
    ...version,
    ['Content-Type', 'text/plain; charset=UTF-8'],
    ['X-MMS-IM-Format', writeImFormat({ looks, rightToLeft: rightToLeft === true })],
  ] as const
  return pieces(prefix + text).map((piece) => formatMime(headers, piece.replaceAll('\n', '\r\n')))
}

/** A run with emoji as MSN draws them, but for code, in which they would be none. */
function written(run: Run): Run {
  const text = cleaned(run.text)
  return { ...run, text: run.style?.code ? text : spelled(text) }
}

function readText({ headers, body }: MimeMessage): Text | Action | undefined {
  const text = decoded(body.subarray(0, longestBody), headerOf(headers, 'Content-Type') ?? '')
  const { looks, rightToLeft } = readImFormat(headerOf(headers, 'X-MMS-IM-Format') ?? '')
  const [first, ...more] = runsFromPlus(text, { style: looks, read: (words) => drawn(cleaned(words)) })
  if (!first) return undefined
  const doing = first.text.startsWith(actionPrefix) ? first.text.slice(actionPrefix.length) : undefined
  if (doing !== undefined && (doing !== '' || more.length > 0))
    return { kind: 'action', runs: doing === '' ? more : [{ ...first, text: doing }, ...more] }
  return { kind: 'text', runs: [first, ...more], ...(rightToLeft ? { rightToLeft: true as const } : {}) }
}

/** Nudges and actions are told by a number; winks and voice clips have to be fetched, which is not for here. */
function readDatacast({ body }: MimeMessage): Nudge | Action | undefined {
  const lines = cleaned(decoded(body.subarray(0, longestBody), 'charset=utf-8')).split('\n')
  const field = (name: string) => {
    const line = lines.find((candidate) => candidate.toLowerCase().startsWith(`${name}:`))
    return line?.slice(name.length + 1).trim()
  }
  if (field('id') === '1') return { kind: 'nudge' }
  const doing = field('data')
  return field('id') === '4' && doing ? { kind: 'action', runs: [{ text: doing }] } : undefined
}

/** Old clients name no charset and mean Latin-1, others name none and mean UTF-8: whatever is well formed as UTF-8 is taken for that (5.1). */
function decoded(body: Uint8Array, contentType: string): string {
  const charset = /charset="?([^\s;"]+)/i.exec(contentType)?.[1]
  try {
    return new TextDecoder(charset ?? 'utf-8', { fatal: charset === undefined }).decode(body)
  } catch {
    return new TextDecoder('windows-1252').decode(body)
  }
}
