// What waits in somebody's box, without the text: `Mail-Data` in the messages of the notification server, and what GetMetadata answers
// (msnp-services.md A16.1, A16.2).

import { readEncodedWords, writeEncodedWord } from './encoded-word.ts'
import type { Element, Xml } from './xml.ts'
import { childOf, childrenOf, parseXml, tag, textOf, textTag } from './xml.ts'

/** One message that waits. */
export interface MailSummary {
  /** Opaque; a GUID in capitals on the official servers. */
  readonly id: string
  readonly from: string
  readonly fromName: string
  /** Of the whole mail, in bytes. */
  readonly size: number
  /** Milliseconds since 1970; absent in the notice of one that arrives now. */
  readonly at?: number
}

/** In the notice of one that arrives, and where those are that waited before. */
const arrivalFolder = '.!!OIM'
const boxFolder = '00000000-0000-0000-0000-000000000009'
/** More are not listed in a message: the client asks GetMetadata. */
const mostListed = 25
/** What the official servers said; no client does anything with it. */
const quota = tag('Q', [textTag('QTM', 409600), textTag('QNM', 204800)])
/** More are not read. */
const mostRead = 1000

/** The value of `Mail-Data` in the first mail notice of a session: everything that waits, or `too-large`. */
export function writeInitialMailData(waiting: readonly MailSummary[]): string {
  if (waiting.length > mostListed) return 'too-large'
  return writeBox('MD', waiting)
}

/** The value of `Mail-Data` when a message arrives. */
export function writeArrivedMailData({ at: _, ...mail }: MailSummary): string {
  return tag('MD', writeMail(mail, arrivalFolder))
}

/** Everything that waits as an element of that name, as GetMetadata answers it. */
export function writeBox(name: string, waiting: readonly MailSummary[], attributes: Readonly<Record<string, string>> = {}): Xml {
  const counts = tag('E', [textTag('I', waiting.length), textTag('IU', waiting.length), textTag('O', 0), textTag('OU', 0)])
  return tag(name, [counts, quota, waiting.map((mail) => writeMail(mail, boxFolder))], attributes)
}

/** What stands in `Mail-Data`. Undefined for what is neither XML nor `too-large`: then nothing is known. */
export function readMailData(value: string): readonly MailSummary[] | 'too-large' | undefined {
  if (value.trim() === 'too-large') return 'too-large'
  const root = parseXml(value)
  return root?.name === 'MD' ? readBox(root) : undefined
}

/** The messages in an element `MD`. Those without an id or a sender, and what is no message for a messenger, are passed over. */
export function readBox(box: Element): readonly MailSummary[] {
  return childrenOf(box, 'M').slice(0, mostRead).flatMap(readMail)
}

function writeMail({ id, from, fromName, size, at }: MailSummary, folder: string): Xml {
  return tag('M', [
    textTag('T', 11),
    textTag('S', 6),
    at === undefined ? undefined : textTag('RT', new Date(at).toISOString()),
    textTag('RS', 0),
    textTag('SZ', size),
    textTag('E', from),
    textTag('I', id),
    textTag('F', folder),
    textTag('N', writeEncodedWord(fromName)),
    textTag('SU', ' '),
  ])
}

function readMail(mail: Element): MailSummary[] {
  const id = textOf(mail, 'I')
  const from = textOf(mail, 'E')
  if (!id || !from) return []
  const size = Number(textOf(mail, 'SZ'))
  const at = Date.parse(textOf(mail, 'RT') ?? '')
  return [
    {
      id,
      from,
      fromName: readEncodedWords(childOf(mail, 'N')?.text ?? '').trim() || from,
      size: Number.isSafeInteger(size) && size >= 0 ? size : 0,
      ...(at >= 0 && { at }),
    },
  ]
}
