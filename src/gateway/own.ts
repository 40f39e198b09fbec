// What a user said with another client of theirs, as our bot tells it in the portal.

import type { Utterance } from '../core/content.ts'
import type { Locale } from '../core/words.ts'
import { say } from '../core/words.ts'

/** "You: Hist!" for what the reader said; looks are kept. */
export function asYourOwn(content: Utterance, locale: Locale): Utterance {
  switch (content.kind) {
    case 'text':
      return { ...content, runs: [{ text: say({ key: 'own.said' }, locale) }, ...content.runs] }
    case 'action':
      return { kind: 'text', runs: [{ text: say({ key: 'own.did' }, locale) }, ...content.runs] }
    case 'nudge':
      return { kind: 'notice', phrase: { key: 'own.nudged' } }
    case 'edit':
      return { kind: 'text', runs: [{ text: say({ key: 'own.said' }, locale) }, ...content.content.runs] }
    case 'media':
    case 'reaction':
    case 'notice':
    case 'outcome':
      return content
  }
}
