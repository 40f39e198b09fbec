// What the web services of MSN say, both ways: each pair `writeX` / `readX` is one document, shared by the client, which asks, and the server,
// which answers. Knows nothing of HTTP or of who is who. Follows msnp-services.md, part A.
//
// This file: XML itself. Read with a library; a DOCTYPE, and with it every entity of one's own, is refused.

import { SaxesParser } from 'saxes'

/** One element. Names are without their prefix: clients choose prefixes freely, and namespaces never decide here. */
export interface Element {
  readonly name: string
  /** By name without prefix. */
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  /** The text right inside, without that of children; not trimmed. */
  readonly text: string
}

/** Deeper documents are refused, and those with more elements and attributes unless the reader expects them. */
const deepest = 64
const usualElements = 20_000

interface Growing extends Element {
  readonly attributes: Record<string, string>
  readonly children: Growing[]
  text: string
}

/** Reads a document: its root. Undefined when it is not well formed, has a DOCTYPE, or is too deep or too large. */
export function parseXml(xml: string, mostElements = usualElements): Element | undefined {
  const parser = new SaxesParser()
  const path: Growing[] = []
  let root: Growing | undefined
  let count = 0
  const give = (text: string) => {
    const inside = path.at(-1)
    if (inside) inside.text += text
  }
  // The first fault ends it: the parser would go on, and a fault for each character costs seconds.
  const refuse = () => {
    throw new Refusal()
  }
  const countOne = () => {
    if (++count > mostElements) refuse()
  }
  parser.on('error', refuse)
  parser.on('doctype', refuse)
  parser.on('text', give)
  parser.on('cdata', give)
  parser.on('attribute', countOne)
  parser.on('opentag', ({ name, attributes }) => {
    countOne()
    if (path.length >= deepest) refuse()
    const element: Growing = { name: local(name), attributes: {}, children: [], text: '' }
    for (const [key, value] of Object.entries(attributes)) element.attributes[local(key)] = value
    path.at(-1)?.children.push(element)
    root ??= element
    path.push(element)
  })
  parser.on('closetag', () => {
    path.pop()
  })
  try {
    parser.write(xml).close()
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
  return root
}

/** Gets out of the parser. */
class Refusal extends Error {}

/** The child of this name, or the one that this path of names leads to. */
export function childOf(element: Element | undefined, ...path: readonly string[]): Element | undefined {
  let found = element
  for (const name of path) found = found?.children.find((child) => child.name === name)
  return found
}

/** Every child of this name. */
export function childrenOf(element: Element | undefined, name: string): readonly Element[] {
  return element?.children.filter((child) => child.name === name) ?? []
}

/** The trimmed text at the end of a path of names. Undefined when there is no such element. */
export function textOf(element: Element | undefined, ...path: readonly string[]): string | undefined {
  return childOf(element, ...path)?.text.trim()
}

/** The first element of this name anywhere below (or itself), in the order of the document. */
export function findIn(element: Element | undefined, name: string): Element | undefined {
  if (!element || element.name === name) return element
  for (const child of element.children) {
    const found = findIn(child, name)
    if (found) return found
  }
  return undefined
}

/** Text that is markup already. Made by `tag` and `escapeXml` alone, so that nothing gets into a document unescaped. */
export type Xml = string & { readonly __xml: never }

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#13;',
}

/** Text as it stands inside an element or an attribute. A character that XML forbids is left out. */
export function escapeXml(text: string): Xml {
  const legal = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
  return legal.replace(/[&<>"'\r]/g, (char) => escapes[char] ?? char) as Xml
}

/** What an element may hold: markup, a list of it, or nothing. Text must be escaped first: `escapeXml`. */
export type Inside = Xml | readonly Inside[] | undefined

/**
 * An element, written without white space between its children: one client crashes on that (real-clients.md). `name` may have a prefix, which
 * `attributes` may declare; attribute values are escaped here. An empty element has both its tags.
 */
export function tag(name: string, inside?: Inside, attributes: Readonly<Record<string, string | undefined>> = {}): Xml {
  const said = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeXml(value)}"`))
  return `<${name}${said.join('')}>${flat(inside)}</${name}>` as Xml
}

/** An element that holds text. */
export function textTag(name: string, text: string | number | boolean): Xml {
  return tag(name, escapeXml(String(text)))
}

/** A whole document. */
export function xmlDocument(root: Xml): string {
  return `<?xml version="1.0" encoding="utf-8"?>${root}`
}

function flat(inside: Inside): string {
  if (inside === undefined) return ''
  return typeof inside === 'string' ? inside : inside.map(flat).join('')
}

function local(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}
