// Text in several styles for a network that knows one per message: the style where all share it, else light marks.

import type { Run } from '../../core/content.ts'
import type { Looks } from './im-format.ts'

/** The text of a whole message and the looks that all of it has. */
export interface Marked {
  readonly text: string
  readonly looks: Looks
}

const lookKeys = ['bold', 'italic', 'underline', 'strike', 'color', 'font'] as const satisfies readonly (keyof Looks)[]
const markOf = { bold: '*', italic: '_', strike: '~' } as const

/** Joins the runs. What all of them share becomes the looks; bold, italic and strike that only some have become `*`, `_` and `~`; code becomes `` ` ``; a link follows its text. */
export function markUp(runs: readonly Run[]): Marked {
  const visible = runs.filter((run) => run.text.trim() !== '')
  const looks: { -readonly [Key in keyof Looks]: Looks[Key] } = {}
  for (const key of lookKeys) copyShared(visible, key, looks)
  return { text: runs.map((run) => marked(run, looks)).join(''), looks }
}

function copyShared<Key extends keyof Looks>(
  runs: readonly Run[],
  key: Key,
  looks: { -readonly [K in keyof Looks]: Looks[K] },
): void {
  const value = runs[0]?.style?.[key]
  if (value !== undefined && runs.every((run) => run.style?.[key] === value)) looks[key] = value
}

function marked({ text, style }: Run, shared: Looks): string {
  if (!style || text.trim() === '') return text
  let marks = ''
  for (const [key, mark] of Object.entries(markOf)) {
    const effect = key as keyof typeof markOf
    if (style[effect] && !shared[effect]) marks += mark
  }
  if (style.code) marks += '`'
  const inside =
    marks === ''
      ? text
      : text
          .split('\n')
          .map((line) => wrapped(line, marks))
          .join('\n')
  return style.link && !isSame(text, style.link) ? linked(inside, style.link) : inside
}

/** Marks hug the words: space around them stays outside. */
function wrapped(line: string, marks: string): string {
  const words = line.trim()
  if (words === '') return line
  const start = line.indexOf(words)
  return line.slice(0, start) + marks + words + [...marks].reverse().join('') + line.slice(start + words.length)
}

function linked(text: string, link: string): string {
  const words = text.trimEnd()
  return `${words} (${link})${text.slice(words.length)}`
}

/** Whether the text of a link already says where it leads. */
function isSame(text: string, link: string): boolean {
  const bare = (address: string) =>
    address
      .trim()
      .replace(/^(https?:\/\/|mailto:)/i, '')
      .replace(/\/$/, '')
      .toLowerCase()
  return bare(text) === bare(link)
}
