// The HTML of Matrix (org.matrix.custom.html) as runs, and runs as HTML. What is not understood leaves its text and nothing else.

import { Parser } from 'htmlparser2'
import type { Run, Style } from '../core/content.ts'
import { appendRun, cleanText, safeLink, trimRuns } from './style.ts'

/** Looks and quotes nested deeper than this are not followed. */
const deepest = 50
const deepestQuote = 4

/** Elements whose text is not for the reader. `mx-reply` repeats the message that is answered. */
const hidden = new Set(['mx-reply', 'script', 'style', 'title', 'head', 'template', 'noscript', 'iframe', 'textarea', 'xmp'])

/** Elements that stand on lines of their own, and how many line breaks part them from their surroundings. */
const blocks = new Map(
  Object.entries({
    address: 1,
    article: 1,
    blockquote: 2,
    caption: 1,
    dd: 1,
    details: 1,
    div: 1,
    dl: 1,
    dt: 1,
    h1: 2,
    h2: 2,
    h3: 2,
    h4: 2,
    h5: 2,
    h6: 2,
    hr: 1,
    li: 1,
    ol: 1,
    p: 2,
    pre: 2,
    section: 1,
    summary: 1,
    table: 1,
    tr: 1,
    ul: 1,
  }),
)

const looks = new Map<string, Style>(
  Object.entries({
    b: { bold: true },
    strong: { bold: true },
    h1: { bold: true },
    h2: { bold: true },
    h3: { bold: true },
    h4: { bold: true },
    h5: { bold: true },
    h6: { bold: true },
    th: { bold: true },
    i: { italic: true },
    em: { italic: true },
    u: { underline: true },
    ins: { underline: true },
    s: { strike: true },
    del: { strike: true },
    strike: { strike: true },
    code: { code: true },
    tt: { code: true },
    pre: { code: true },
  }),
)

/** The name of a font, the first one where there are several. */
const fontForm = /^\s*([\p{L}\p{N}][\p{L}\p{N} ._-]{0,31})/u

type Attributes = Readonly<Record<string, string>>

/** Reads the HTML of a message. Never throws; the text is at most a few times as long as the HTML. */
export function runsFromHtml(html: string): Run[] {
  const writer = new Writer()
  const parser = new Parser({
    onopentag: (name, attributes) => writer.open(name, attributes),
    onclosetag: (name) => writer.close(name),
    ontext: (text) => writer.text(text),
  })
  parser.end(html)
  return writer.runs()
}

/** Lays the text of elements out in lines. */
class Writer {
  readonly #runs: Run[] = []
  readonly #styles: Style[] = []
  readonly #lists: { next: number | undefined }[] = []
  #hiddenDepth = 0
  #preDepth = 0
  #quoteDepth = 0
  /** Line breaks that are due before the next text. */
  #due = 0
  /** The number of line breaks that the text now ends with; at the beginning, as many as one likes. */
  #breaks = Number.POSITIVE_INFINITY
  /** A space that is due before the next text of the line, in the look that it was written in. */
  #spaceDue: Style | undefined
  /** What is due before the first text of an item of a list. */
  #bulletDue = ''

  open(name: string, attributes: Attributes): void {
    if (hidden.has(name)) this.#hiddenDepth++
    this.#styles.push(this.#styles.length < deepest ? { ...this.#style, ...lookOf(name, attributes) } : this.#style)
    if (this.#hiddenDepth > 0) return
    this.#startBlock(name)
    if (name === 'br') this.#breakLine()
    else if (name === 'hr') this.#write('———')
    else if (name === 'img') this.text(attributes['alt'] ?? attributes['title'] ?? '')
    else if (name === 'td' || name === 'th') this.#spaceDue = this.#style
    else if (name === 'pre') this.#preDepth++
    else if (name === 'blockquote') this.#quoteDepth++
    else if (name === 'ul') this.#lists.push({ next: undefined })
    else if (name === 'ol') this.#lists.push({ next: firstNumber(attributes['start']) })
    else if (name === 'li') this.#bulletDue = this.#bullet()
  }

  close(name: string): void {
    this.#styles.pop()
    if (hidden.has(name)) {
      this.#hiddenDepth--
      return
    }
    if (this.#hiddenDepth > 0) return
    if (name === 'pre') this.#preDepth--
    else if (name === 'blockquote') this.#quoteDepth--
    else if (name === 'ul' || name === 'ol') this.#lists.pop()
    else if (name === 'li') this.#bulletDue = ''
    this.#startBlock(name)
  }

  text(raw: string): void {
    if (this.#hiddenDepth > 0) return
    if (this.#preDepth > 0) {
      const [first = '', ...more] = cleanText(raw).split('\n')
      this.#write(first)
      for (const line of more) {
        this.#breakLine()
        this.#write(line)
      }
      return
    }
    const parts = cleanText(raw).split(/[ \t\n\f]+/)
    for (const [index, part] of parts.entries()) {
      if (index > 0) this.#spaceDue = this.#style
      this.#write(part.replaceAll('\u00a0', ' '))
    }
  }

  runs(): Run[] {
    return trimRuns(this.#runs)
  }

  get #style(): Style {
    return this.#styles.at(-1) ?? {}
  }

  #startBlock(name: string): void {
    const breaks = blocks.get(name)
    if (breaks === undefined) return
    // Within a list, paragraphs do not need air.
    this.#due = Math.max(this.#due, this.#lists.length > 0 ? 1 : breaks)
    this.#spaceDue = undefined
  }

  #breakLine(): void {
    this.#flushDue()
    this.#append('\n', {})
    this.#breaks++
    this.#spaceDue = undefined
  }

  #write(text: string): void {
    if (text === '') return
    this.#flushDue()
    const startsLine = this.#breaks > 0
    if (startsLine && this.#quoteDepth > 0) this.#append('> '.repeat(Math.min(this.#quoteDepth, deepestQuote)), {})
    else if (!startsLine && this.#spaceDue) this.#append(' ', this.#spaceDue)
    this.#append(this.#bulletDue, {})
    this.#append(text, this.#style)
    this.#bulletDue = ''
    this.#spaceDue = undefined
    this.#breaks = 0
  }

  #flushDue(): void {
    const missing = Math.max(0, this.#due - this.#breaks)
    if (missing > 0) this.#append('\n'.repeat(missing), {})
    this.#breaks += missing
    this.#due = 0
  }

  #append(text: string, style: Style): void {
    appendRun(this.#runs, text, style)
  }

  #bullet(): string {
    const list = this.#lists.at(-1)
    const indent = '  '.repeat(Math.min(Math.max(0, this.#lists.length - 1), 8))
    if (list?.next === undefined) return `${indent}• `
    return `${indent}${list.next++}. `
  }
}

function lookOf(name: string, attributes: Attributes): Style {
  if (name === 'a') {
    const link = safeLink(attributes['href'] ?? '')
    return link === undefined ? {} : { link }
  }
  if (name === 'font' || name === 'span') {
    const color = /^#([0-9a-f]{6})$/i.exec(attributes['data-mx-color'] ?? attributes['color'] ?? '')?.[1]
    const font = fontForm.exec(attributes['face'] ?? '')?.[1]
    return { ...(color !== undefined && { color: color.toLowerCase() }), ...(font !== undefined && { font }) }
  }
  return looks.get(name) ?? {}
}

function firstNumber(start: string | undefined): number {
  const number = Number(start ?? 1)
  return Number.isSafeInteger(number) && Math.abs(number) < 1_000_000 ? number : 1
}

/** Runs as the HTML of Matrix. Nothing that was said can end the element that it stands in. */
export function htmlFromRuns(runs: readonly Run[]): string {
  let before = '\n'
  const parts = runs.map(({ text, style }, index) => {
    const html = dress(escapeText(text, before, runs[index + 1]?.text[0]), style ?? {})
    before = text.at(-1) ?? before
    return html
  })
  return parts.join('')
}

function dress(html: string, style: Style): string {
  let dressed = html
  if (style.code) dressed = `<code>${dressed}</code>`
  if (style.strike) dressed = `<del>${dressed}</del>`
  if (style.underline) dressed = `<u>${dressed}</u>`
  if (style.italic) dressed = `<em>${dressed}</em>`
  if (style.bold) dressed = `<strong>${dressed}</strong>`
  const attributes = fontAttributes(style)
  if (attributes !== '') dressed = `<font${attributes}>${dressed}</font>`
  const link = style.link === undefined ? undefined : safeLink(style.link)
  if (link !== undefined) dressed = `<a href="${escapeMarkup(link)}">${dressed}</a>`
  return dressed
}

/** The face is not in the list of what clients have to show (client-server API 11.3.1); those that do not know it leave it out. */
function fontAttributes({ color, font }: Style): string {
  const face = font === undefined ? undefined : fontForm.exec(font)?.[1]
  return [
    color !== undefined && /^[0-9a-f]{6}$/.test(color) ? ` data-mx-color="#${color}" color="#${color}"` : '',
    face === undefined ? '' : ` face="${escapeMarkup(face.trim())}"`,
  ].join('')
}

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

export function escapeMarkup(text: string): string {
  return text.replace(/[&<>"']/g, (character) => markup[character] ?? '')
}

/** Text in HTML. Of spaces, those that HTML would drop are kept, for which the neighbours of the text have to be known. */
function escapeText(text: string, before: string, after: string | undefined): string {
  const isDropped = (at: number) => /[ \n]/.test(text[at - 1] ?? before) || (text[at + 1] ?? after ?? '\n') === '\n'
  const spaced = text.replace(/ /g, (space, at: number) => (isDropped(at) ? '\u00a0' : space))
  return escapeMarkup(spaced).replaceAll('\u00a0', '&nbsp;').replaceAll('\n', '<br>')
}
