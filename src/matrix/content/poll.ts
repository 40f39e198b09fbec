// Polls as lines of text (Matrix specification, client-server API 11.43; before that MSC3381, which clients still send).

import { z } from 'zod'
import type { Action, Text } from '../../core/content.ts'
import { plainText } from '../../core/content.ts'
import type { RemoteId } from '../../core/event.ts'
import { say } from '../../core/words.ts'
import { cleanText } from '../style.ts'

/** The specification allows so many answers. */
const mostAnswers = 20
const longestQuestion = 1000
const longestAnswer = 200

/** A text of extensible events: `m.text` with its forms, or what came before. */
const extensible = z.object({
  'm.text': z
    .array(z.object({ body: z.string() }))
    .optional()
    .catch(undefined),
  'org.matrix.msc1767.text': z.string().optional().catch(undefined),
  body: z.string().optional().catch(undefined),
})
const answer = extensible.extend({
  'm.id': z.string().max(255).optional().catch(undefined),
  id: z.string().max(255).optional().catch(undefined),
})
const poll = z.object({ question: extensible, answers: z.array(z.unknown()) })
const start = z.union([
  z.object({ 'm.poll': poll }).transform((content) => content['m.poll']),
  z.object({ 'org.matrix.msc3381.poll.start': poll }).transform((content) => content['org.matrix.msc3381.poll.start']),
])
const chosen = z.array(z.string()).max(1000)
const reference = z.object({ 'm.relates_to': z.object({ event_id: z.string().startsWith('$').max(255) }) })
const response = z.union([
  reference
    .extend({ 'm.selections': chosen })
    .transform((content) => ({ of: eventOf(content), chosen: content['m.selections'] })),
  reference
    .extend({ 'org.matrix.msc3381.poll.response': z.object({ answers: chosen }) })
    .transform((content) => ({ of: eventOf(content), chosen: content['org.matrix.msc3381.poll.response'].answers })),
])

/** What is asked in a poll. */
export interface Poll {
  readonly question: string
  readonly answers: readonly { readonly id: string; readonly text: string }[]
}

/** Reads what begins a poll; undefined when it has not the form of that. */
export function readPoll(content: unknown): Poll | undefined {
  const asked = start.safeParse(content).data
  if (!asked) return undefined
  const answers = asked.answers.slice(0, mostAnswers).flatMap((value) => {
    const read = answer.safeParse(value).data
    const id = read?.['m.id'] ?? read?.id
    return read && id !== undefined ? [{ id, text: words(read, longestAnswer) }] : []
  })
  const question = words(asked.question, longestQuestion)
  return question === '' && answers.length === 0 ? undefined : { question, answers }
}

/** A poll in one line, its answers numbered. */
export function pollText({ question, answers }: Poll): Text {
  const list = answers.map(({ text }, index) => `${index + 1}) ${text}`).join(' ')
  return plainText(say({ key: 'matrix.poll', params: { question, answers: list } }))
}

/** In which poll somebody chose what; undefined when it has not the form of that. */
export function readVote(content: unknown): { readonly of: RemoteId; readonly chosen: readonly string[] } | undefined {
  return response.safeParse(content).data
}

/** What somebody chose, in one line; undefined where that is nothing that was asked. */
export function voteText({ answers }: Poll, chosen: readonly string[]): Action | undefined {
  const wanted = new Set(chosen)
  const list = answers.flatMap(({ id, text }, index) => (wanted.has(id) ? [`${index + 1}) ${text}`] : []))
  if (list.length === 0) return undefined
  return { kind: 'action', runs: [{ text: say({ key: 'matrix.vote', params: { answers: list.join(', ') } }) }] }
}

/** What the end of a poll says of itself, such as which answer won. */
export function pollEndText(content: unknown): Text {
  const read = extensible.safeParse(content).data
  const told = read ? words(read, longestQuestion) : ''
  return plainText(told === '' ? say({ key: 'matrix.poll-ended' }) : told)
}

function words(text: z.infer<typeof extensible>, longest: number): string {
  const found = text['m.text']?.[0]?.body ?? text['org.matrix.msc1767.text'] ?? text.body ?? ''
  return [
    ...cleanText(found.slice(0, 4 * longest))
      .replace(/\s+/g, ' ')
      .trim(),
  ]
    .slice(0, longest)
    .join('')
}

function eventOf(content: z.infer<typeof reference>): RemoteId {
  return content['m.relates_to'].event_id as RemoteId
}
