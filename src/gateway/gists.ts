// The beginning of what is said, kept so that it can be quoted, changed and taken back later. Of a text that is its first line and no more.

import type { Content, Quote } from '../core/content.ts'
import { wordsOf } from '../core/content.ts'
import type { Gist } from '../core/delivery.ts'
import type { MessageEvent } from '../core/event.ts'
import type { Place } from './portals.ts'
import { isHomeOf } from './portals.ts'

/** In characters. */
const longestLine = 120

/** The gist of a message as it was said. Undefined for what nobody quotes or changes. */
export function gistOf({ from, fromName, content }: MessageEvent, { user, portal, end }: Place): Gist | undefined {
  const line = lineOf(content)
  if (line === undefined) return undefined
  const isUser = end === 'room' ? isHomeOf(user, from) : from.id === portal.anchor.as.id
  return { by: from.id, line, ...(!isUser && { from: fromName || from.id }) }
}

/** The first line of something said, cut where it is long. Undefined where there are no words. */
export function lineOf(content: Content): string | undefined {
  switch (content.kind) {
    case 'text':
    case 'action':
      return firstLine(wordsOf(content))
    case 'media':
      return firstLine(content.name)
    case 'edit':
      return lineOf(content.content)
    default:
      return undefined
  }
}

/** What is quoted of a gist. */
export function quoteOf({ from, line }: Gist, how: Quote['how']): Quote {
  return { line, how, ...(from !== undefined && { from }) }
}

/** Without what cannot be seen or turns text around, and in one line. */
function firstLine(text: string): string | undefined {
  const lines = text.toWellFormed().split(/[\r\n\u2028\u2029]+/)
  const [line] = lines
    .map((one) =>
      one
        .replace(/[\p{Cc}\p{Bidi_Control}]+/gu, ' ')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter(Boolean)
  if (line === undefined) return undefined
  const characters = [...line]
  return characters.length <= longestLine ? line : `${characters.slice(0, longestLine - 1).join('')}…`
}
