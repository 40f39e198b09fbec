// Whom a session wants, from MSNP13 on: ADL, RML and FQY carry people in XML, put together by domain (msnp-core.md 3.10). The list itself is kept
// by the contact services.

import type { ListBits } from '../model/lists.ts'
import type { Element, Xml } from '../soap/xml.ts'
import { childrenOf, parseXml, tag } from '../soap/xml.ts'
import type { Command } from '../wire/command.ts'
import { escapeArg, unescapeArg } from '../wire/escape.ts'
import { msnNetwork } from './presence.ts'

/** One person in a listing. */
export interface Listed {
  /** An address, or `tel:` and a number. */
  readonly handle: string
  /** A sum of list bits; absent in FQY. */
  readonly lists?: ListBits
  /** The number of their network; absent where nobody said it, as in the question of an FQY. */
  readonly network?: number
  /** Their name, where the server tells of somebody. */
  readonly name?: string
}

/** People with their lists. */
export interface Listing {
  /** Whether this is (a part of) the list with which a session begins. */
  readonly initial: boolean
  readonly people: readonly Listed[]
}

export type ListingVerb = 'ADL' | 'RML' | 'FQY'

/** `ADL`, `RML` or `FQY` with people: of a client; of a server as the answer to FQY, or under TrID 0 for what others did. */
export function writeListing(verb: ListingVerb, trId: number, listing: Listing): Command {
  return { verb, trId, args: [], payload: Buffer.from(listingXml(listing)) }
}

/** How many bytes a listing takes. */
export function sizeOfListing(listing: Listing): number {
  return Buffer.byteLength(listingXml(listing))
}

/** `ADL … OK` or `RML … OK`. */
export function writeListingTaken(verb: Exclude<ListingVerb, 'FQY'>, trId: number): Command {
  return { verb, trId, args: ['OK'] }
}

/**
 * Reads the payload of ADL, RML or FQY, from either side. Undefined when it is not XML of this form: a person without name or domain, lists or a
 * network that are no number (241). One of several groups without anybody in it is passed over.
 */
export function readListing(payload: Uint8Array): Listing | undefined {
  const root = parseXml(Buffer.from(payload).toString('utf8'))
  if (root?.name !== 'ml') return undefined
  const people: Listed[] = []
  for (const group of root.children) {
    if (group.name !== 'd' && group.name !== 't') continue
    const domain = group.name === 'd' ? (group.attributes['n'] ?? '') : undefined
    for (const person of childrenOf(group, 'c')) {
      const listed = readListed(person, domain)
      if (!listed) return undefined
      people.push(listed)
    }
  }
  return { initial: root.attributes['l'] === '1', people }
}

/** Domains stand in the order of their first person. */
function listingXml({ initial, people }: Listing): Xml {
  const domains = new Map<string, Xml[]>()
  for (const person of people) {
    const at = person.handle.lastIndexOf('@')
    const domain = at < 0 ? '' : person.handle.slice(at + 1)
    const inside = domains.get(domain) ?? []
    inside.push(personXml(person, at < 0 ? person.handle : person.handle.slice(0, at)))
    domains.set(domain, inside)
  }
  const groups = [...domains].map(([domain, inside]) => (domain === '' ? tag('t', inside) : tag('d', inside, { n: domain })))
  return tag('ml', groups, initial ? { l: '1' } : {})
}

function personXml({ lists, network, name }: Listed, n: string): Xml {
  const attributes = {
    n,
    l: lists === undefined ? undefined : String(lists),
    t: network === undefined ? undefined : String(network),
    f: name === undefined ? undefined : escapeArg(name),
  }
  return tag('c', undefined, attributes)
}

/** `domain` is absent for phone numbers. */
function readListed({ attributes: { n, l, t, f } }: Element, domain: string | undefined): Listed | undefined {
  if (!n || domain === '' || !isNumber(l) || !isNumber(t)) return undefined
  return {
    handle: domain === undefined ? n : `${n}@${domain}`,
    ...(l === undefined ? {} : { lists: Number(l) }),
    ...(t === undefined ? {} : { network: Number(t) }),
    ...(f === undefined ? {} : { name: unescapeArg(f) }),
  }
}

function isNumber(text: string | undefined): boolean {
  return text === undefined || /^\d{1,5}$/.test(text)
}

/** Somebody with these lists, as a client says it: on MSN itself, or on another network. */
export function listedWith(handle: string, lists: ListBits, network = msnNetwork): Listed {
  return handle.startsWith('tel:') ? { handle, lists } : { handle, lists, network }
}
