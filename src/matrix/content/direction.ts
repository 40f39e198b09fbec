// Which way a text runs. Matrix has no word for it: clients go by the first letter (`dir="auto"`), so that a mark before it decides.

import type { Run } from '../../core/content.ts'

/** A letter from right to left that nobody sees. */
const mark = '\u200f'

/** The scripts that run from right to left. */
const scripts = ['Hebrew', 'Arabic', 'Syriac', 'Thaana', 'Nko', 'Samaritan', 'Mandaic', 'Adlam', 'Hanifi_Rohingya']
const rightToLeft = new RegExp(`[${mark}\u061c${scripts.map((script) => `\\p{Script=${script}}`).join('')}]`, 'u')
const decisive = /[\u200e\u200f\u061c\p{L}]/u

/** Whether a text runs from right to left, as a client shows it: its first letter does. */
export function isRightToLeft(runs: readonly Run[]): boolean {
  const first = decisive.exec(runs.map((run) => run.text).join(''))
  return first !== null && rightToLeft.test(first[0])
}

/** Runs that every client shows from right to left. */
export function marked(runs: readonly Run[]): readonly Run[] {
  return isRightToLeft(runs) ? runs : [{ text: mark }, ...runs]
}

/** Runs without the mark before them. */
export function withoutMarks(runs: readonly Run[]): readonly Run[] {
  const [first, ...more] = runs
  if (!first?.text.startsWith(mark)) return runs
  const text = first.text.slice(mark.length)
  return text === '' ? more : [{ ...first, text }, ...more]
}
