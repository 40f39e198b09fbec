// HTML in which nothing that was put in can become markup.

/** A piece of HTML. Only the template `html` makes it. */
export class Markup {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  toString(): string {
    return this.#text
  }
}

type Part = Markup | string | number | undefined | readonly Part[]

/** A template of HTML: what stands in its holes is text and is escaped, but for pieces of HTML; lists are joined, and undefined is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((string, index) => `${string}${render(parts[index])}`).join(''))
}

function render(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Markup) return part.toString()
  return Array.isArray(part) ? part.map(render).join('') : escaped(String(part))
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }

/** Also a grave accent: Internet Explorer takes it for a quote. What no HTML may hold (control characters) is left out. */
function escaped(text: string): string {
  return text.replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/g, '').replace(/[&<>"'`]/g, (char) => escapes[char] ?? '&#96;')
}
