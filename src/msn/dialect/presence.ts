// What the versions of MSNP write differently, in one place. Each pair `writeX(dialect, value)` / `readX(dialect, command)` is one thing
// that is said; a reader gives undefined when the command is not of that form. Names are plain text here and escaped on the wire.
// Knows nothing of connections or of who is who. Follows msnp-core.md, sections 3 and 4, and section 8 where sources disagree.
//
// This file: presence (3.11).

import type { ClientId } from '../model/client-id.ts'
import { longClientId, plainClient, readClientId, shortClientId } from '../model/client-id.ts'
import type { Endpoint } from '../model/endpoint.ts'
import type { Personal } from '../model/personal.ts'
import type { StatusCode } from '../model/status.ts'
import { isStatusCode } from '../model/status.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { escapeArg, escapeFully, nameOr, unescapeArg } from '../wire/escape.ts'
import { writePersonal } from './personal.ts'

/** The network number of MSN itself; others are named from MSNP14 on. */
export const msnNetwork = 1

/** Somebody who is there, as others see them. */
export interface Sighting {
  readonly handle: string
  /** 1 where the dialect does not say. */
  readonly network: number
  readonly name: string
  readonly status: StatusCode
  /** What their client can do; no features where the dialect does not say (below 8). */
  readonly clientId: ClientId
  /** Their display picture, an `<msnobj …/>`; from MSNP9 on. */
  readonly object?: string
  /** The icon of a contact from another network; from MSNP14 on. */
  readonly icon?: string
}

/** What a client wants to be seen as. */
export interface StatusChange {
  readonly status: StatusCode
  readonly clientId?: ClientId
  readonly object?: string
}

/** Somebody by handle and network. */
export interface Who {
  readonly handle: string
  readonly network: number
}

/** `NLN`: somebody came online or changed. */
export function writeOnline(dialect: Dialect, sighting: Sighting): Command {
  return { verb: 'NLN', args: sightingArgs(dialect, sighting) }
}

/** `ILN`: somebody was there already; answers the first CHG or an ADD. MSNP18 has only NLN. */
export function writeAlreadyOnline(dialect: Dialect, trId: number, sighting: Sighting): Command {
  if (dialect >= 18) return writeOnline(dialect, sighting)
  return { verb: 'ILN', trId, args: sightingArgs(dialect, sighting) }
}

/** Reads NLN and ILN. */
export function readOnline(dialect: Dialect, command: Command): Sighting | undefined {
  const [status = '', ...rest] = command.args
  if (!isStatusCode(status)) return undefined
  const at = readWho(dialect, rest)
  if (!at) return undefined
  const [name, caps, object, icon] = at.rest
  const clientId = caps === undefined ? { flags: 0 } : readClientId(caps)
  if (!clientId) return undefined
  const seen: Sighting = { ...at.who, status, name: nameOr(name, at.who.handle), clientId }
  return { ...seen, ...objectOf(object), ...(icon === undefined || icon === '' ? {} : { icon }) }
}

/** `FLN`: somebody is gone, or hid. */
export function writeOffline(dialect: Dialect, who: Who): Command {
  const nothing = dialect >= 16 ? ['0:0'] : dialect >= 14 ? ['0'] : []
  return { verb: 'FLN', args: [...whoArgs(dialect, who), ...nothing] }
}

/** Reads FLN. */
export function readOffline(dialect: Dialect, command: Command): Who | undefined {
  return readWho(dialect, command.args)?.who
}

/** `CHG`: how a client wants to be seen. */
export function writeChange(dialect: Dialect, trId: number, change: StatusChange): Command {
  if (dialect < 8) return { verb: 'CHG', trId, args: [change.status] }
  const caps = idArg(dialect, change.clientId ?? plainClient)
  const object = dialect >= 9 && change.object !== undefined ? [escapeFully(change.object)] : []
  return { verb: 'CHG', trId, args: [change.status, caps, ...object] }
}

/** Reads CHG. The capabilities may be missing, and may have two numbers at every dialect (AMSN). */
export function readChange(command: Command): StatusChange | undefined {
  const [status = '', caps, object] = command.args
  if (!isStatusCode(status)) return undefined
  if (caps === undefined || caps === '') return { status }
  const clientId = readClientId(caps)
  if (!clientId) return undefined
  return { status, clientId, ...(object === caps ? {} : objectOf(object)) }
}

/** What a watcher is told about somebody beside their status. */
export interface PersonalOf {
  readonly personal: Personal
  readonly endpoints?: readonly Endpoint[]
  /** Whether it is the watcher, at another place. */
  readonly isOwn?: boolean
}

/** `UBX`: what somebody says about themselves, and where they are. From MSNP11 on. */
export function writePersonalOf(dialect: Dialect, who: Who, { personal, endpoints, isOwn }: PersonalOf): Command {
  return { verb: 'UBX', args: whoArgs(dialect, who), payload: writePersonal(dialect, personal, endpoints, isOwn) }
}

/** `UBX` without content, which tells a client of itself after it has signed in. From MSNP16 on. */
export function writeNothingOf(dialect: Dialect, who: Who): Command {
  return { verb: 'UBX', args: whoArgs(dialect, who), payload: new Uint8Array() }
}

/** Reads UBX: whose personal message it is; what it says stands in the payload. */
export function readPersonalOf(dialect: Dialect, command: Command): Who | undefined {
  return readWho(dialect, command.args)?.who
}

function sightingArgs(dialect: Dialect, sighting: Sighting): string[] {
  const name = escapeArg(sighting.name || sighting.handle)
  if (dialect < 8) return [sighting.status, sighting.handle, name]
  const caps = idArg(dialect, sighting.clientId)
  const icon = dialect >= 14 && dialect < 18 && sighting.icon !== undefined ? [sighting.icon] : []
  // An icon stands after the object, so "0" keeps the place where there is none.
  const object = sighting.object !== undefined ? [escapeFully(sighting.object)] : icon.length > 0 ? ['0'] : []
  const who = whoArgs(dialect, sighting)
  return [sighting.status, ...who, name, caps, ...(dialect >= 9 ? [...object, ...icon] : [])]
}

function idArg(dialect: Dialect, id: ClientId): string {
  return dialect >= 16 ? longClientId(id) : shortClientId(id)
}

function whoArgs(dialect: Dialect, { handle, network }: Who): string[] {
  if (dialect >= 18) return [`${network}:${handle}`]
  return dialect >= 14 ? [handle, String(network)] : [handle]
}

/** Tolerant: what follows the handle in 14 to 17 may be missing, and a circle's `;via=` and an endpoint's `;{guid}` are cut off. */
function readWho(dialect: Dialect, args: readonly string[]): { who: Who; rest: readonly string[] } | undefined {
  const [first = '', ...rest] = args
  if (dialect >= 18) {
    const match = /^(\d{1,3}):([^;]+)/.exec(first)
    return match?.[2] === undefined ? undefined : { who: { handle: match[2], network: Number(match[1]) }, rest }
  }
  const handle = first.replace(/;.*$/s, '')
  if (handle === '') return undefined
  if (dialect < 14) return { who: { handle, network: msnNetwork }, rest }
  const network = Number(rest[0] ?? msnNetwork)
  return Number.isSafeInteger(network) ? { who: { handle, network }, rest: rest.slice(1) } : undefined
}

/** No picture is nothing, `0` (PUR) or an empty element (ESC). */
function objectOf(argument: string | undefined): { object?: string } {
  if (argument === undefined || argument === '' || argument === '0') return {}
  const object = unescapeArg(argument)
  return /^<msnobj\s*\/>$/i.test(object) ? {} : { object }
}
