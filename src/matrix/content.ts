// What is said, from Matrix and into it.

import type { Action, Run, Text, Utterance } from '../core/content.ts'
import { wordsOf } from '../core/content.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { MessageContent } from './events.ts'
import { htmlFromRuns, runsFromHtml } from './html.ts'
import { appendRun, cleanText, safeLink, trimRuns } from './style.ts'

/** The key under which our delivery id stands in what we send. */
export const deliveryKey = 'dev.nudge.delivery'

/** More than an event can hold (64 KiB) is not looked at. */
const longestText = 65_536

/** HTML doubles a message; with more than this, the plain text has to do. */
const longestHtml = 24_000

/** What a message came to: something said, nothing worth carrying on, or a phrase that says why it cannot be carried on. */
export type Read = Text | Action | Phrase | undefined

/** Reads a message. An `m.notice` is what a bot says, and not carried on. */
export function fromMatrix(message: MessageContent): Read {
  if (message['m.relates_to']?.rel_type === 'm.replace') return { key: 'matrix.edit' }
  switch (message.msgtype) {
    case 'm.text':
    case 'm.emote':
      return readText(message)
    case 'm.notice':
      return undefined
    default:
      return { key: 'matrix.unsupported' }
  }
}

function readText(message: MessageContent): Read {
  if (message.body.length > longestText || (message.formatted_body?.length ?? 0) > longestText) return { key: 'matrix.too-long' }
  const runs = runsOf(message)
  if (runs.length === 0) return undefined
  return message.msgtype === 'm.emote' ? { kind: 'action', runs } : { kind: 'text', runs }
}

function runsOf(message: MessageContent): Run[] {
  if (message.format === 'org.matrix.custom.html' && message.formatted_body !== undefined) {
    const runs = runsFromHtml(message.formatted_body)
    if (runs.length > 0) return runs
  }
  const plain: Run[] = []
  appendRun(plain, cleanText(wordsWithoutQuote(message)), {})
  return trimRuns(plain)
}

/** What a message says; a reply without the quotation that older clients put before it (Matrix specification, client-server API 11.38.1). */
export function wordsWithoutQuote({ body, 'm.relates_to': relation }: MessageContent): string {
  const isQuoting = relation?.['m.in_reply_to'] !== undefined && body.startsWith('> ')
  return isQuoting ? body.replace(/^(?:>[^\n]*(?:\n|$))+\n?/, '') : body
}

/** The content of an `m.room.message` that says this. */
export function toMatrix(content: Utterance, delivery: DeliveryId, locale: Locale = 'en'): Record<string, unknown> {
  // No mention is ever meant: without this, "@room" in somebody's text would wake everybody.
  return { ...messageOf(content, locale), 'm.mentions': {}, [deliveryKey]: delivery }
}

function messageOf(content: Utterance, locale: Locale): Record<string, unknown> {
  switch (content.kind) {
    case 'text':
      return written('m.text', content)
    case 'action':
      return written('m.emote', content)
    case 'edit':
      return messageOf(content.content, locale)
    case 'media':
      return { msgtype: 'm.text', body: content.link === undefined ? content.name : `${content.name}: ${content.link}` }
    case 'reaction':
      return { msgtype: 'm.emote', body: content.emoji }
    case 'nudge':
      return { msgtype: 'm.emote', body: say({ key: 'matrix.nudge' }, locale) }
    case 'notice':
      return { msgtype: 'm.notice', body: say(content.phrase, locale) }
    case 'outcome':
      return { ...replyTo(content.of), msgtype: 'm.notice', body: say(content.phrase, locale) }
  }
}

/** The part of a message that makes it an answer to another. */
function replyTo(event: string): Record<string, unknown> {
  return { 'm.relates_to': { 'm.in_reply_to': { event_id: event } } }
}

function written(msgtype: string, content: Text | Action): Record<string, unknown> {
  const runs = content.runs.map((run) => ({ ...run, text: cleanText(run.text) }))
  const plain = { msgtype, body: wordsOf({ kind: 'text', runs }) }
  if (!runs.some(looksSpecial)) return plain
  const html = htmlFromRuns(runs)
  return html.length > longestHtml ? plain : { ...plain, format: 'org.matrix.custom.html', formatted_body: html }
}

/** Whether a run has a look that Matrix can show. A client makes bare links clickable by itself. */
function looksSpecial(run: Run): boolean {
  const { bold, italic, underline, strike, code, color, link } = run.style ?? {}
  const isHiddenLink = link !== undefined && link !== run.text && safeLink(link) !== undefined
  return Boolean(bold || italic || underline || strike || code || color || isHiddenLink)
}
