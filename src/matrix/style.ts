// Stretches of text with a look, as the content of both directions is made of.

import type { Run, Style } from '../core/content.ts'

/** Adds text to a list of runs, to the last one where it looks the same. */
export function appendRun(runs: Run[], text: string, style: Style): void {
  if (text === '') return
  const last = runs.at(-1)
  if (last && sameStyle(last.style ?? {}, style)) runs[runs.length - 1] = { ...last, text: last.text + text }
  else runs.push(Object.keys(style).length === 0 ? { text } : { text, style })
}

/** Whether two stretches look alike. */
function sameStyle(a: Style, b: Style): boolean {
  return (
    a.bold === b.bold &&
    a.italic === b.italic &&
    a.underline === b.underline &&
    a.strike === b.strike &&
    a.code === b.code &&
    a.color === b.color &&
    a.font === b.font &&
    a.link === b.link
  )
}

/** Runs without spaces and line breaks at their two ends. */
export function trimRuns(runs: readonly Run[]): Run[] {
  const trimmed: Run[] = []
  const words = runs.map((run) => run.text).join('')
  const end = words.trimEnd().length
  const start = words.length - words.trimStart().length
  let at = 0
  for (const run of runs) {
    const text = run.text.slice(Math.max(0, start - at), Math.max(0, end - at))
    appendRun(trimmed, text, run.style ?? {})
    at += run.text.length
  }
  return trimmed
}

/** Text without what no network can carry: lone surrogates and control characters other than tab and line break. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, '')
}

const linkSchemes = new Set(['http:', 'https:', 'ftp:', 'mailto:', 'magnet:', 'xmpp:', 'tel:'])
const longestLink = 2048

/** A link that may be shown to people; undefined when it leads nowhere that a person should be led. */
export function safeLink(target: string): string | undefined {
  if (target.length > longestLink || !URL.canParse(target)) return undefined
  const { protocol, host } = new URL(target)
  // A mention of somebody; its text is the name.
  if (host === 'matrix.to') return undefined
  return linkSchemes.has(protocol) ? target : undefined
}
