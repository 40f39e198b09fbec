// What MSN has nothing like, as a line of plain words: what is answered, a smiley put to something, a file by its link.

import type { Media, Quote, Reaction } from '../../core/content.ts'
import type { Locale, Phrase } from '../../core/words.ts'
import { say } from '../../core/words.ts'

const kilo = 1024
const mega = kilo * kilo

/** The line that stands above an answer: the beginning of what it answers, or of the thread in which it is said. */
export function quoteLine({ from: name, line, how }: Quote, locale: Locale): string {
  if (how === 'answer')
    return name === undefined
      ? say({ key: 'msn.quote-own', params: { line } }, locale)
      : say({ key: 'msn.quote', params: { name, line } }, locale)
  return name === undefined
    ? say({ key: 'msn.thread-own', params: { line } }, locale)
    : say({ key: 'msn.thread', params: { name, line } }, locale)
}

/** "reacted 👍 to …": follows `/me`. */
export function reactionLine({ emoji, about }: Reaction, locale: Locale): string {
  if (!about) return say({ key: 'msn.reacted-earlier', params: { emoji } }, locale)
  return say({ key: 'msn.reacted', params: { emoji, line: about.line } }, locale)
}

/** "Picture: balcony.jpg (1.2 MB) https://…" */
export function mediaLine({ what, name, size, link }: Media, locale: Locale): string {
  const named = say({ key: kinds[what], params: { name } }, locale)
  const sized = size === undefined ? named : `${named} (${say(sizeOf(size), locale)})`
  return link === undefined ? sized : `${sized} ${link}`
}

const kinds = {
  image: 'msn.image',
  video: 'msn.video',
  audio: 'msn.audio',
  voice: 'msn.voice',
  sticker: 'msn.sticker',
  file: 'msn.file',
} as const satisfies Record<Media['what'], Phrase['key']>

/** A size as people say it. */
function sizeOf(bytes: number): Phrase {
  if (bytes < kilo) return { key: 'msn.bytes', params: { size: bytes } }
  if (bytes < mega) return { key: 'msn.kilobytes', params: { size: Math.round(bytes / kilo) } }
  return { key: 'msn.megabytes', params: { size: Math.round((bytes / mega) * 10) / 10 } }
}
