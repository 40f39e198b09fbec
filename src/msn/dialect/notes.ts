// What goes from one client to another past the boards: UUN and UBN, UUM (msnp-core.md 3.14). MSNP13 and later.

import { endpointId } from '../model/endpoint.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { bare, inSeat } from './board.ts'

/** Somebody and, from MSNP16 on, one place of theirs. */
export interface Place {
  readonly handle: string
  /** A GUID in small letters without braces. */
  readonly endpoint?: string | undefined
}

/** Reads `UUN` of a client: to whom, and what kind of thing it is (a number). Undefined where the place or the kind is none. */
export function readNote({ args: [to = '', type = ''] }: Command): (Place & { readonly type: string }) | undefined {
  const handle = bare(to)
  const place = to.slice(handle.length + 1)
  const endpoint = endpointId(place)
  if (!isNumber(type) || (place !== '' && endpoint === undefined)) return undefined
  return { handle, type, ...(endpoint === undefined ? {} : { endpoint }) }
}

/** `UUN … OK`. */
export function writeNoteTaken(trId: number): Command {
  return { verb: 'UUN', trId, args: ['OK'] }
}

/** `UBN`: the place of the sender is named from MSNP16 on. */
export function writeNoteFrom(dialect: Dialect, { handle, endpoint }: Place, type: string, payload: Uint8Array): Command {
  const sender = inSeat({ handle, endpoint: dialect >= 16 ? endpoint : undefined })
  return { verb: 'UBN', args: [sender, type], payload }
}

/** Reads `UUM` of a client: to whom, on which network, and what kind of message it is (1 text, 2 typing, 3 nudge). */
export function readSaidBeside({ args: [to = '', network = '', type = ''] }: Command): Beside | undefined {
  if (!isNumber(network) || !isNumber(type)) return undefined
  return { handle: bare(to), network: Number(network), type }
}

/** Something said past the boards: 1 text, 2 typing, 3 nudge. */
export interface Beside {
  readonly handle: string
  /** 1 MSN itself, 32 Yahoo. */
  readonly network: number
  readonly type: string
}

/** `UUM` of a client: the payload is that of a message on a board. */
export function writeSaidBeside(trId: number, { handle, network, type }: Beside, payload: Uint8Array): Command {
  return { verb: 'UUM', trId, args: [handle, String(network), type], payload }
}

/** Reads `UBM`: from whom, and to whom where that is said. Clients expect it in several forms, all of which are taken. */
export function readHeardBeside({ args }: Command): (Beside & { readonly to?: string }) | undefined {
  const [from = '', ...rest] = args
  const [, prefix, sender = ''] = /^(?:(\d{1,5}):)?(.*)$/s.exec(from) ?? []
  const type = rest.at(-1) ?? ''
  const network = prefix ?? rest[0] ?? ''
  if (!sender.includes('@') || !isNumber(network) || !isNumber(type)) return undefined
  const to = rest.find((argument) => argument.includes('@'))?.replace(/^\d{1,5}:/, '')
  return { handle: bare(sender), network: Number(network), type, ...(to !== undefined && { to: bare(to) }) }
}

function isNumber(text: string): boolean {
  return /^\d{1,5}$/.test(text)
}
