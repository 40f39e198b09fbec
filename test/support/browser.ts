// A browser, as far as our pages need one: it keeps cookies, sends forms as they stand on the page, and minds that pages are well formed.

import { Parser } from 'htmlparser2'

/** Elements that have no end. */
const empty = new Set(['meta', 'link', 'br', 'input', 'hr', 'img', '!doctype'])

export interface Seen {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** What is read on it, without markup. */
  readonly words: string
  /** Every element, by name and attributes. */
  readonly elements: readonly { readonly name: string; readonly attributes: Readonly<Record<string, string>> }[]
}

export class Browser {
  readonly #origin: string
  readonly #headers: Readonly<Record<string, string>>
  #cookie: string | undefined

  constructor(origin: string, headers: Readonly<Record<string, string>> = {}) {
    this.#origin = origin
    this.#headers = headers
  }

  async open(path: string): Promise<Seen> {
    return this.#take(await fetch(`${this.#origin}${path}`, { headers: this.#sent(), redirect: 'manual' }))
  }

  /** Opens a page and sends its form, with some of its fields filled in. */
  async send(path: string, fields: Readonly<Record<string, string>>): Promise<Seen> {
    return this.resend(await this.open(path), fields)
  }

  /** Sends the form of a page that is open. */
  async resend({ elements }: Seen, fields: Readonly<Record<string, string>>): Promise<Seen> {
    const form = elements.find(({ name }) => name === 'form')
    if (!form) throw new Error('there is no form on this page')
    const body = new URLSearchParams()
    for (const { name, attributes } of elements)
      if (name === 'input' && attributes['name'] && attributes['type'] !== 'checkbox')
        body.set(attributes['name'], attributes['value'] ?? '')
    for (const [name, value] of Object.entries(fields)) body.set(name, value)
    const { action = '' } = form.attributes
    return this.#take(
      await fetch(`${this.#origin}${action}`, { method: 'POST', headers: this.#sent(), body, redirect: 'manual' }),
    )
  }

  #sent(): Record<string, string> {
    return { ...this.#headers, ...(this.#cookie !== undefined && { Cookie: this.#cookie }) }
  }

  async #take(response: Response): Promise<Seen> {
    const [cookie] = response.headers.getSetCookie()
    if (cookie !== undefined) this.#cookie = cookie.split(';', 1)[0]
    const text = await response.text()
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true
    return { status: response.status, headers: response.headers, text, ...(isPage ? read(text) : { words: text, elements: [] }) }
  }
}

/** Reads a page. Throws when an element is not closed, or one is closed that was not open. */
export function read(page: string): Pick<Seen, 'words' | 'elements'> {
  const elements: { name: string; attributes: Record<string, string> }[] = []
  const open: string[] = []
  let words = ''
  const parser = new Parser(
    {
      onopentag: (name, attributes, implied) => {
        if (implied) throw new Error(`<${name}> is only implied`)
        elements.push({ name, attributes })
        open.push(name)
      },
      onclosetag: (name, implied) => {
        if (implied && !empty.has(name)) throw new Error(`<${name}> is not closed`)
        if (open.pop() !== name) throw new Error(`</${name}> closes nothing`)
      },
      ontext: (text) => {
        words += text
      },
    },
    { decodeEntities: true },
  )
  parser.end(page)
  if (open.length > 0) throw new Error(`open at the end: ${open.join()}`)
  return { elements, words: words.replace(/\s+/g, ' ') }
}
