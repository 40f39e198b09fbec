// The codes of Messenger Plus!, which put looks into the words themselves: `[c=4]red[/c]`, `[c=1]from black to green[/c=3]`, `[b]`, and those that it
// took from IRC, as control characters or spelled with a middle dot: `·$4`, `·#`. Clients without Plus! show them; we turn them into looks.

import type { Run, Style } from '../../core/content.ts'
import { between, plusColor } from './plus-colors.ts'

type Look = 'bold' | 'italic' | 'underline' | 'strike'

const tagLooks: Readonly<Record<string, Look>> = { b: 'bold', i: 'italic', u: 'underline', s: 'strike' }
/** Each as Plus! writes it, as IRC does, and spelled. `reverse` is nothing that we can show. */
const toggleLooks: Readonly<Record<string, Look | 'reset' | 'reverse'>> = {
  '\u0002': 'bold',
  '·#': 'bold',
  '\u0005': 'italic',
  '\u001d': 'italic',
  '·&': 'italic',
  '\u001f': 'underline',
  '·@': 'underline',
  '\u0006': 'strike',
  '\u001e': 'strike',
  "·'": 'strike',
  '\u000f': 'reset',
  '·0': 'reset',
  '\u0016': 'reverse',
}

const ircColor = String.raw`\d{1,2}|#[0-9a-f]{6}|\(\d{1,3},\d{1,3},\d{1,3}\)`
const codeForm = new RegExp(
  [
    String.raw`\[(?<tag>[bius])\]`,
    String.raw`\[\/(?<end>[bius])\]`,
    String.raw`\[(?<paint>[ca])=(?<color>[#\w,]{1,20})\]`,
    String.raw`\[\/(?<unpaint>[ca])(?:=(?<last>[#\w,]{1,20}))?\]`,
    `(?:\u0003|·\\$)(?<ink>${ircColor})?(?:,(?:${ircColor}))?`,
    `(?<toggle>[\u0002\u0005\u0006\u000f\u0016\u001d-\u001f]|·[#&@']|(?<!\\p{N})·0(?!\\p{N}))`,
  ].join('|'),
  'giu',
)

/** So many gradients of a message are shown, in so many steps each; the others are of their first colour. */
const mostGradients = 16
const mostSteps = 24
/** So many stretches of a message have looks of their own. */
const mostRuns = 500

interface Paint {
  /** Absent where the colour is none that we know. */
  readonly from?: string
  /** Where it is a gradient. */
  to?: string
  /** In characters. */
  length: number
}

interface Piece {
  readonly text: string
  readonly style: Style
  readonly paint?: Paint
}

interface Options {
  /** How all of the text looks. */
  readonly style?: Style
  /** What is done to the words between the codes. */
  readonly read?: (words: string) => string
}

/** Text with its codes turned into looks. A code that means nothing (`[b]` that is never ended) stays as it is. Takes time in proportion to the text. */
export function runsFromPlus(text: string, { style = {}, read = (words) => words }: Options = {}): Run[] {
  const writer = new Writer(style)
  const codes = [...text.matchAll(codeForm)]
  const idle = unpaired(codes)
  let at = 0
  let words = ''
  for (const code of codes) {
    words += text.slice(at, code.index)
    at = code.index + code[0].length
    if (idle.has(code.index)) words += code[0]
    else {
      writer.write(read(words))
      words = ''
      writer.follow(code.groups ?? {})
    }
  }
  writer.write(read(words + text.slice(at)))
  return writer.runs()
}

/** Text without its codes, for what has no looks: names and personal messages. */
export function withoutPlus(text: string): string {
  return runsFromPlus(text)
    .map((run) => run.text)
    .join('')
}

/** Where codes are that belong to no other and may be no codes at all: `words[i]` is not italic, and `[a=b]` is no colour. */
function unpaired(codes: readonly RegExpExecArray[]): ReadonlySet<number> {
  const open: Record<string, number[]> = { b: [], i: [], u: [], s: [], c: [], a: [] }
  const alone = new Set<number>()
  for (const { index, groups } of codes) {
    const { tag, end, paint, color = '', unpaint } = groups ?? {}
    const begun = (tag ?? paint)?.toLowerCase()
    // What names a colour needs no end, for a name that was too long has lost it.
    const isSure = paint !== undefined && (/^\d+$/.test(color) || plusColor(color) !== undefined)
    if (begun !== undefined) open[begun]?.push(isSure ? -1 : index)
    if (end !== undefined && open[end.toLowerCase()]?.pop() === undefined) alone.add(index)
    if (unpaint !== undefined) open[unpaint.toLowerCase()]?.pop()
  }
  for (const index of Object.values(open).flat()) alone.add(index)
  return alone
}

/** Follows the codes and keeps what is written. */
class Writer {
  readonly #style: Style
  readonly #pieces: Piece[] = []
  /** How many tags of each look are open. */
  readonly #tags: Record<Look, number> = { bold: 0, italic: 0, underline: 0, strike: 0 }
  readonly #toggled = new Set<Look>()
  readonly #paints: Paint[] = []
  #ink: string | undefined
  #gradients = 0

  constructor(style: Style) {
    this.#style = style
  }

  write(text: string): void {
    if (text === '') return
    const paint = this.#paints.at(-1)
    const color = paint?.from ?? this.#ink
    const style: Style = { ...this.#style, ...this.#looks(), ...(color !== undefined && { color }) }
    this.#pieces.push({ text, style, ...(paint && { paint }) })
    if (paint) paint.length += graphemes(text).length
  }

  follow({ tag, end, paint, color = '', unpaint, last = '', ink, toggle }: Record<string, string | undefined>): void {
    if (tag !== undefined) this.#count(tag, 1)
    else if (end !== undefined) this.#count(end, -1)
    else if (paint !== undefined) this.#paint(paint, plusColor(color))
    else if (unpaint !== undefined) this.#unpaint(unpaint, plusColor(last))
    else if (toggle !== undefined) this.#toggle(toggleLooks[toggle] ?? 'reverse')
    else this.#ink = ink === undefined ? undefined : plusColor(ink)
  }

  runs(): Run[] {
    const runs: Run[] = []
    const written = new Map<Paint, number>()
    for (const piece of this.#pieces) {
      const { text, paint } = piece
      const begun = (paint && written.get(paint)) ?? 0
      for (const run of runs.length < mostRuns ? inSteps(piece, begun) : [plainly(text, this.#style)]) append(runs, run)
      if (paint) written.set(paint, begun + graphemes(text).length)
    }
    return runs
  }

  #looks(): Style {
    const worn = (Object.keys(this.#tags) as Look[]).filter((look) => this.#tags[look] > 0 || this.#toggled.has(look))
    return Object.fromEntries(worn.map((look) => [look, true]))
  }

  #count(tag: string, change: number): void {
    const look = tagLooks[tag.toLowerCase()]
    if (look) this.#tags[look] += change
  }

  /** Paint behind the text is nothing that we can show. */
  #paint(what: string, color: string | undefined): void {
    if (what.toLowerCase() === 'c') this.#paints.push({ ...(color !== undefined && { from: color }), length: 0 })
  }

  #unpaint(what: string, last: string | undefined): void {
    if (what.toLowerCase() !== 'c') return
    const paint = this.#paints.pop()
    if (!paint || last === undefined || last === paint.from || ++this.#gradients > mostGradients) return
    paint.to = last
  }

  #toggle(look: Look | 'reset' | 'reverse'): void {
    if (look === 'reset') {
      this.#toggled.clear()
      this.#ink = undefined
    } else if (look !== 'reverse' && !this.#toggled.delete(look)) this.#toggled.add(look)
  }
}

/** A piece as runs: one, or as many as its gradient has steps. `begun` is how many characters of the gradient are before it. */
function inSteps({ text, style, paint }: Piece, begun: number): Run[] {
  const { from, to, length = 0 } = paint ?? {}
  if (from === undefined || to === undefined) return [plainly(text, style)]
  const steps = Math.min(mostSteps, length)
  const runs: Run[] = []
  for (const [index, character] of graphemes(text).entries()) {
    const step = Math.floor(((begun + index) * steps) / length)
    append(runs, plainly(character, { ...style, color: between(from, to, steps === 1 ? 0 : step / (steps - 1)) }))
  }
  return runs
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' })

function graphemes(text: string): string[] {
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

function plainly(text: string, style: Style): Run {
  return Object.keys(style).length === 0 ? { text } : { text, style }
}

function append(runs: Run[], run: Run): void {
  const last = runs.at(-1)
  const isAlike = last && JSON.stringify(last.style ?? {}) === JSON.stringify(run.style ?? {})
  if (isAlike) runs[runs.length - 1] = { ...last, text: last.text + run.text }
  else runs.push(run)
}
