// What names a picture, an emoticon or a wink (msnp-core.md 3.12): one XML-like empty element.

import { createHash } from 'node:crypto'

export interface MsnObject {
  /** The handle of whoever has the bytes; whom one asks for them. */
  readonly creator: string
  /** In bytes. */
  readonly size: number
  /** 2 emoticon, 3 display picture, 8 wink, 11 voice clip … */
  readonly type: number
  readonly location: string
  /** Base64 of a UTF-16LE name. */
  readonly friendly: string
  /** Base64 of the SHA-1 of the bytes: the key under which the bytes are known. */
  readonly sha1d: string
  /** Base64 of the SHA-1 of the other fields; some objects have none, and wild ones have wrong ones. */
  readonly sha1c?: string
}

const attribute = /([A-Za-z0-9]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/** Reads an object, its attributes in any order and in either quotes. Undefined without creator, size, type and SHA1D, which clients need. */
export function readMsnObject(xml: string): MsnObject | undefined {
  if (!/^\s*<msnobj\s/i.test(xml)) return undefined
  const found = new Map<string, string>()
  for (const [, name = '', double, single] of xml.matchAll(attribute))
    found.set(name.toLowerCase(), plain(double ?? single ?? ''))
  const creator = found.get('creator')
  const sha1d = found.get('sha1d')
  const size = Number(found.get('size') ?? Number.NaN)
  const type = Number(found.get('type') ?? Number.NaN)
  if (creator === undefined || sha1d === undefined || !Number.isSafeInteger(size) || !Number.isSafeInteger(type)) return undefined
  const sha1c = found.get('sha1c')
  const object = { creator, size, type, location: found.get('location') ?? '0', friendly: found.get('friendly') ?? 'AAA=', sha1d }
  return sha1c === undefined ? object : { ...object, sha1c }
}

/** The element; SHA1C is computed where the object has none. */
export function writeMsnObject(object: MsnObject): string {
  const { creator, size, type, location, friendly, sha1d } = object
  const fields = { Creator: creator, Size: size, Type: type, Location: location, Friendly: friendly, SHA1D: sha1d }
  const written = Object.entries({ ...fields, SHA1C: object.sha1c ?? sha1c(object) })
  return `<msnobj ${written.map(([name, value]) => `${name}="${escaped(String(value))}"`).join(' ')}/>`
}

/** The check sum over an object's fields. */
export function sha1c(object: MsnObject): string {
  const { creator, size, type, location, friendly, sha1d } = object
  const text = `Creator${creator}Size${size}Type${type}Location${location}Friendly${friendly}SHA1D${sha1d}`
  return createHash('sha1').update(text).digest('base64')
}

/** The check sum over an object's bytes. */
export function sha1d(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('base64')
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' }

function plain(text: string): string {
  return text.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => entities[entity] ?? entity)
}

function escaped(text: string): string {
  return text.replace(/[<>"&]/g, (char) => ({ '<': '&lt;', '>': '&gt;', '"': '&quot;', '&': '&amp;' })[char] ?? char)
}
