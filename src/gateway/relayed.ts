// What somebody says who has no account on the other network, in the words of whoever carries it there.

import type { Action, Text, Utterance } from '../core/content.ts'
import type { Locale } from '../core/words.ts'
import { say } from '../core/words.ts'

/** In characters. */
const longestName = 40

/** What stands before the words of somebody else. */
interface Prefixes {
  readonly said: string
  readonly did: string
  readonly sent: string
  readonly nudged: string
  reacted(emoji: string): string
}

/** "Nurse: Madam!": what she said, as read by those who see it said by somebody else. */
export function asRelayed(content: Utterance, name: string, locale: Locale): Utterance {
  return prefixed(content, {
    said: say({ key: 'relay.said', params: { name } }, locale),
    did: say({ key: 'relay.did', params: { name } }, locale),
    sent: say({ key: 'relay.sent', params: { name } }, locale),
    nudged: say({ key: 'relay.nudged', params: { name } }, locale),
    reacted: (emoji) => say({ key: 'relay.reacted', params: { name, emoji } }, locale),
  })
}

/** Something said, with who said it before it; looks are kept. */
export function prefixed(content: Utterance, prefixes: Prefixes): Utterance {
  switch (content.kind) {
    case 'text':
    case 'action':
      return prefixedWords(content, prefixes)
    case 'edit':
      return { ...content, content: prefixedWords(content.content, prefixes) }
    case 'media':
      return { ...content, caption: content.caption ? [{ text: prefixes.said }, ...content.caption] : [{ text: prefixes.sent }] }
    case 'reaction':
      return { ...about(content), kind: 'text', runs: [{ text: prefixes.reacted(content.emoji) }] }
    case 'nudge':
      return { kind: 'text', runs: [{ text: prefixes.nudged }] }
    case 'notice':
    case 'outcome':
      return content
  }
}

/** A name as it may stand before words on another network: on one line, in the direction of the line, and not longer than they are. */
export function shownName(name: string): string {
  const clean = name
    .replace(/[\s\p{Z}]+/gu, ' ')
    .replace(/\p{C}/gu, '')
    .trim()
  const letters = [...clean]
  return letters.length > longestName ? `${letters.slice(0, longestName - 1).join('')}…` : clean
}

function prefixedWords(content: Text | Action, { said, did }: Prefixes): Text {
  const { runs } = content
  if (content.kind === 'text') return { ...content, runs: [{ text: said }, ...runs] }
  return { ...about(content), kind: 'text', runs: [{ text: did }, ...runs] }
}

function about({ about: quote }: Pick<Text, 'about'>): Pick<Text, 'about'> {
  return quote ? { about: quote } : {}
}
