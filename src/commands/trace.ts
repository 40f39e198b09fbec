// trace: what happened to a message, step by step, with the time of each.

import type { Step } from '../core/stores.ts'
import type { Locale } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Command } from './command.ts'

export const trace: Command = {
  async run({ user, conversation, about }, desk) {
    const steps = await desk.steps(user, conversation, about)
    if (!steps) return { say: [{ key: about ? 'trace.unknown' : 'trace.nothing' }] }
    const lines = steps.map((step, index) => lineOf(step, steps[index - 1], user.locale))
    return { say: [{ key: 'trace.steps', params: { steps: lines.join('\n') } }] }
  },
}

/** The time in UTC, for whoever compares it with a log, and how long it took since the step before. */
function lineOf({ at, phrase }: Step, before: Step | undefined, locale: Locale): string {
  const params = { time: new Date(at).toISOString().slice(0, 23).replace('T', ' '), step: say(phrase, locale) }
  if (!before) return say({ key: 'trace.first', params }, locale)
  return say({ key: 'trace.step', params: { ...params, took: Math.max(0, at - before.at) } }, locale)
}
