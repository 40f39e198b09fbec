// The words of a message with their looks.

import type { Action, Run, Text } from '../../core/content.ts'
import type { MessageContent } from '../events.ts'
import { runsFromHtml } from '../html.ts'
import { appendRun, cleanText, trimRuns } from '../style.ts'
import { isRightToLeft, withoutMarks } from './direction.ts'

/** More than an event can hold (64 KiB) is not looked at. */
const longestText = 65_536

/** Whether a message has more words than we read. */
export function isTooLong({ body, formatted_body: html = '' }: Pick<MessageContent, 'body' | 'formatted_body'>): boolean {
  return body.length > longestText || html.length > longestText
}

/** What a message says; undefined where it has no words. */
export function readWords(message: MessageContent): Text | Action | undefined {
  const runs = runsOf(message)
  if (runs.length === 0) return undefined
  if (message.msgtype === 'm.emote') return { kind: 'action', runs }
  return { kind: 'text', runs: withoutMarks(runs), ...(isRightToLeft(runs) && { rightToLeft: true as const }) }
}

/** The words of a message, where it has any. */
export function runsOf(message: MessageContent): Run[] {
  if (message.format === 'org.matrix.custom.html' && message.formatted_body !== undefined) {
    const runs = runsFromHtml(message.formatted_body)
    if (runs.length > 0) return runs
  }
  return plainRuns(wordsWithoutQuote(message))
}

/** Text in no particular style, cleaned. */
export function plainRuns(text: string): Run[] {
  const plain: Run[] = []
  appendRun(plain, cleanText(text), {})
  return trimRuns(plain)
}

/** What a message says; a reply without the quotation that older clients put before it (Matrix specification, client-server API 11.38.1). */
export function wordsWithoutQuote({ body, 'm.relates_to': relation }: MessageContent): string {
  const isQuoting = relation?.['m.in_reply_to'] !== undefined && body.startsWith('> ')
  return isQuoting ? body.replace(/^(?:>[^\n]*(?:\n|$))+\n?/, '') : body
}
