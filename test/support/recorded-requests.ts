// What real clients asked of the web services, with holes for who asks and about whom.

import { readFileSync } from 'node:fs'
import { escapeXml } from '../../src/msn/soap/xml.ts'

/** A recorded request, its holes filled; escaped as the clients do. Throws for a hole that nobody fills. */
export function recorded(name: string, holes: Readonly<Record<string, string>> = {}): string {
  const text = readFileSync(new URL(`../traces/http/${name}.xml`, import.meta.url), 'utf8')
  return text.replace(/\{(\w+)\}/g, (hole, key: string) => {
    const value = holes[key]
    if (value === undefined) throw new Error(`${name} has ${hole}, and nothing to fill it with`)
    return escapeXml(value)
  })
}
