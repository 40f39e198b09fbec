// What is said in Matrix: the content of an `m.room.message`. What is read from it is in content/.

import type { Action, Outcome, Run, Text, Utterance } from '../core/content.ts'
import { wordsOf } from '../core/content.ts'
import type { DeliveryId } from '../core/delivery.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import { marked } from './content/direction.ts'
import { emphasised } from './content/emphasis.ts'
import { escapeMarkup, htmlFromRuns } from './html.ts'
import { turning } from './names.ts'
import { cleanText, safeLink } from './style.ts'

/** The key under which our delivery id stands in what we send. */
export const deliveryKey = 'dev.nudge.delivery'

/** HTML doubles a message; with more than this, the plain text has to do. In bytes, as the event has them. */
const largestHtml = 24_000
/** An event can have 64 KiB, with all that stands around the text. */
const largestBody = 32_000
const cutMark = ' […]'

/** Whom a message is to wake: their user ids. */
export type Mentioned = readonly string[]

/** The content of an `m.room.message` that says this. */
export function toMatrix(content: Utterance, delivery: DeliveryId, mentioned: Mentioned = []): Record<string, unknown> {
  // Where nobody is meant, that is said: without it, "@room" in somebody's text would wake everybody.
  const mentions = mentioned.length > 0 ? { user_ids: mentioned } : {}
  return { ...messageOf(content, mentioned), 'm.mentions': mentions, [deliveryKey]: delivery }
}

function messageOf(content: Utterance, mentioned: Mentioned): Record<string, unknown> {
  switch (content.kind) {
    case 'text':
      return written('m.text', content)
    case 'action':
      return written('m.emote', content)
    case 'edit': {
      const { kind, runs } = content.content
      return written(kind === 'action' ? 'm.emote' : 'm.text', { runs: [{ text: '* ' }, ...runs] })
    }
    case 'media': {
      const name = content.link === undefined ? content.name : `${content.name}: ${content.link}`
      return written('m.text', { runs: [{ text: name }, ...(content.caption ? [{ text: '\n' }, ...content.caption] : [])] })
    }
    case 'reaction':
      return written('m.emote', { runs: [{ text: content.emoji }] })
    case 'nudge':
      return nudge(mentioned)
    case 'notice':
      return notice(content.phrase)
    case 'outcome':
      return outcome(content)
  }
}

/** What is said of a message: in answer to it, or in the place of what was said of it before. */
function outcome({ of, phrase, instead }: Outcome): Record<string, unknown> {
  const told = notice(phrase)
  if (instead === undefined) return { ...told, 'm.relates_to': { 'm.in_reply_to': { event_id: of } } }
  return {
    ...told,
    body: say({ key: 'matrix.changed', params: { words: told.body } }),
    'm.new_content': { ...told, 'm.mentions': {} },
    'm.relates_to': { rel_type: 'm.replace', event_id: instead },
  }
}

/** A sentence of ours. Names in it cannot turn it around. */
function notice(phrase: Phrase) {
  return written('m.notice', { runs: emphasised(say(phrase).replace(turning, '')) })
}

/** An emote, because clients tell nobody of notices; with the names of those whom it is to wake. */
function nudge(mentioned: Mentioned): Record<string, unknown> {
  if (mentioned.length === 0) return { msgtype: 'm.emote', body: say({ key: 'matrix.nudge' }) }
  const sentence = (names: readonly string[]) => say({ key: 'matrix.nudge-to', params: { name: names.join(', ') } })
  const pill = (user: string) => `<a href="https://matrix.to/#/${encodeURIComponent(user)}">${escapeMarkup(localpart(user))}</a>`
  return {
    msgtype: 'm.emote',
    body: sentence(mentioned.map(localpart)),
    format: 'org.matrix.custom.html',
    formatted_body: sentence(mentioned.map(pill)),
  }
}

function localpart(user: string): string {
  return user.slice(1).split(':')[0] ?? ''
}

function written(msgtype: string, { runs, rightToLeft }: Pick<Text | Action, 'runs'> & Pick<Text, 'rightToLeft'>) {
  const clean = runs.map((run) => ({ ...run, text: cleanText(run.text) }))
  const shown = rightToLeft ? marked(clean) : clean
  const body = wordsOf({ kind: 'text', runs: shown })
  const plain = { msgtype, body: fitting(body) }
  if (plain.body !== body || !(rightToLeft || shown.some(looksSpecial))) return plain
  const html = rightToLeft ? `<div dir="rtl">${htmlFromRuns(shown)}</div>` : htmlFromRuns(shown)
  return size(html) > largestHtml ? plain : { ...plain, format: 'org.matrix.custom.html', formatted_body: html }
}

/** Text that an event can hold; what is left out is marked. No network sends so much in one message, but a hostile server may. */
function fitting(text: string): string {
  let kept = text
  while (size(kept) > largestBody) kept = kept.slice(0, Math.floor((kept.length * largestBody) / size(kept)) - 1).toWellFormed()
  return kept === text ? text : kept + cutMark
}

/** How large a text is in an event, in bytes. */
function size(text: string): number {
  return Buffer.byteLength(JSON.stringify(text))
}

/** Whether a run has a look that Matrix can show. A client makes bare links clickable by itself. */
function looksSpecial(run: Run): boolean {
  const { bold, italic, underline, strike, code, color, font, link } = run.style ?? {}
  const isHiddenLink = link !== undefined && link !== run.text && safeLink(link) !== undefined
  return Boolean(bold || italic || underline || strike || code || color || font || isHiddenLink)
}
