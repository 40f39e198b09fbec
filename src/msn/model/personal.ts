// The personal message and what is playing: the XML of UUX and UBX (msnp-core.md 3.13).

import { SaxesParser } from 'saxes'

/** What somebody says about themselves. An absent field keeps its value, an empty one clears it. */
export interface Personal {
  readonly message?: string
  /** Split by the two characters `\0`; kept as it came. */
  readonly media?: string
  /** From MSNP13 on. */
  readonly machineGuid?: string
}

const names: Readonly<Record<string, keyof Personal>> = { PSM: 'message', CurrentMedia: 'media', MachineGuid: 'machineGuid' }

/**
 * Reads the payload of UUX or UBX; an empty one says nothing. Endpoint documents (another root element) say nothing about the person.
 * Undefined when it is not XML, or has a DOCTYPE.
 */
export function readPersonal(payload: Uint8Array): Personal | undefined {
  if (payload.length === 0) return {}
  const found: { message?: string; media?: string; machineGuid?: string } = {}
  const path: string[] = []
  const parser = new SaxesParser()
  let broken = false
  const current = () => (path.length === 2 && path[0] === 'Data' ? names[path[1] ?? ''] : undefined)
  parser.on('error', () => {
    broken = true
  })
  parser.on('doctype', () => {
    broken = true
  })
  parser.on('opentag', (tag) => {
    path.push(tag.name)
    const field = current()
    if (field) found[field] = ''
  })
  parser.on('text', (text) => {
    const field = current()
    if (field) found[field] = (found[field] ?? '') + text
  })
  parser.on('closetag', () => {
    path.pop()
  })
  parser.write(Buffer.from(payload).toString('utf8')).close()
  return broken ? undefined : found
}

/** The payload; `PSM` and `CurrentMedia` always stand in it, as clients expect. */
export function writePersonal(personal: Personal): Buffer {
  const guid = personal.machineGuid === undefined ? '' : `<MachineGuid>${escaped(personal.machineGuid)}</MachineGuid>`
  const psm = escaped(personal.message ?? '')
  const media = escaped(personal.media ?? '')
  return Buffer.from(`<Data><PSM>${psm}</PSM><CurrentMedia>${media}</CurrentMedia>${guid}</Data>`)
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&apos;', '"': '&quot;' }

/** As text of an element. A character that XML forbids is left out. */
function escaped(text: string): string {
  const legal = text.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
  return legal.replace(/[&<>'"]/g, (char) => escapes[char] ?? char).replace(/\r/g, '&#13;')
}
