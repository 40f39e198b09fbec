// What goes from one client to another past the boards: UUN and UBN, UUM (msnp-core.md 3.14). MSNP13 and later.

import { endpointId } from '../model/endpoint.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { bare } from './board.ts'

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
  const sender = dialect >= 16 && endpoint !== undefined ? `${handle};{${endpoint}}` : handle
  return { verb: 'UBN', args: [sender, type], payload }
}

/** Reads `UUM` of a client: to whom, on which network, and what kind of message it is (1 text, 2 typing, 3 nudge). */
export function readSaidBeside({
  args: [to = '', network = '', type = ''],
}: Command): { readonly handle: string; readonly network: number; readonly type: string } | undefined {
  if (!isNumber(network) || !isNumber(type)) return undefined
  return { handle: bare(to), network: Number(network), type }
}

function isNumber(text: string): boolean {
  return /^\d{1,5}$/.test(text)
}
