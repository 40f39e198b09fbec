// How Matrix spells people: the only place that knows that Juliet on MSN is `@msn_juliet=40example.com:our.hs`.

import type { Address, Name, Naming, NetworkId } from '../core/address.ts'

/** A user id is at most 255 bytes long, with the "@" and the domain (Matrix specification, appendix 4.2.1). */
const longestUserId = 255

const plainCharacter = /^[a-z0-9.-]$/
const ghostForm = /^([a-z][a-z0-9]{0,15})_((?:[a-z0-9._-]|=[0-9a-f]{2})+)$/

/** An id of another network in the letters of a user id: `a-z 0-9 . _ -` as they are, every other byte of its UTF-8 as `=hh`. */
export function escapeId(id: string): string {
  let escaped = ''
  for (const byte of Buffer.from(id, 'utf8')) {
    const character = String.fromCharCode(byte)
    escaped += plainCharacter.test(character) || character === '_' ? character : `=${byte.toString(16).padStart(2, '0')}`
  }
  return escaped
}

/** The id that was escaped; undefined when `escapeId` would not have written it so. */
export function unescapeId(escaped: string): string | undefined {
  const bytes = escaped.replace(/=([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  const id = Buffer.from(bytes, 'latin1').toString('utf8')
  return escapeId(id) === escaped ? id : undefined
}

/** The user id of the ghost of somebody elsewhere; undefined when it would be longer than Matrix allows. */
export function ghostUserId(person: Address, domain: string): string | undefined {
  if (person.id === '' || !person.id.isWellFormed()) return undefined
  const userId = `@${person.network}_${escapeId(person.id)}:${domain}`
  return Buffer.byteLength(userId) <= longestUserId ? userId : undefined
}

/** Whom a user id stands for, if it is a ghost of one of these networks. */
export function personBehind(userId: string, domain: string, networks: readonly NetworkId[]): Address | undefined {
  const name = splitUserId(userId)
  if (name?.host !== domain || Buffer.byteLength(userId) > longestUserId) return undefined
  const [, prefix, escaped] = ghostForm.exec(name.local) ?? []
  const network = networks.find((each) => each === prefix)
  const id = escaped === undefined ? undefined : unescapeId(escaped)
  return network === undefined || id === undefined ? undefined : { network, id }
}

/** The server of a user id; undefined when it is none. */
export function serverOf(userId: string): string | undefined {
  return splitUserId(userId)?.host
}

/** How the people of a homeserver are spelled: `@romeo:hs.test` is romeo, at home on hs.test. */
export function naming(domain: string): Naming {
  return {
    split(id: string): Name | undefined {
      const name = splitUserId(id)
      if (!name) return undefined
      return name.host === domain ? { local: name.local } : name
    },
    join(name: Name): string {
      return `@${name.local}:${name.host ?? domain}`
    },
  }
}

function splitUserId(userId: string): { local: string; host: string } | undefined {
  const colon = userId.indexOf(':')
  if (!userId.startsWith('@') || colon < 2 || colon === userId.length - 1) return undefined
  return { local: userId.slice(1, colon), host: userId.slice(colon + 1) }
}

/** The address by which every client finds a room, through the server of somebody who is in it. */
export function roomLink(room: string, member: string): string {
  return `https://matrix.to/#/${encodeURIComponent(room)}?via=${encodeURIComponent(serverOf(member) ?? '')}`
}
