// One's own name and phone numbers, the names one gives others, and who may write: REA, PRP, SBP, BPR, BLP, GTC (msnp-core.md 3.17, 3.18).

import type { Privacy, Prompt, PropertyKey } from '../model/contact-list.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { escapeArg, unescapeArg } from '../wire/escape.ts'
import { withoutSerial } from './edits.ts'
import { valueIn } from './roster-reader.ts'

/** A value of one's own; an empty one clears it. */
export interface Property {
  readonly key: string
  readonly value: string
}

/** One's own name: `REA` below MSNP10, `PRP MFN` from 10 on. */
export function writeOwnName(dialect: Dialect, trId: number, handle: string, name: string): Command {
  if (dialect < 10) return { verb: 'REA', trId, args: [handle, escapeArg(name)] }
  return writeProperty(trId, { key: 'MFN', value: name })
}

/** The name that one gives somebody on the list: `REA` below MSNP10, `SBP MFN` from 10 to 12. */
export function writeContactName(dialect: Dialect, trId: number, who: { handle: string; guid: string }, name: string): Command {
  if (dialect < 10) return { verb: 'REA', trId, args: [who.handle, escapeArg(name)] }
  return { verb: 'SBP', trId, args: [who.guid, 'MFN', escapeArg(name)] }
}

/** The answer to a new name of one's own. */
export function writeOwnNameSet(dialect: Dialect, trId: number, serial: string, handle: string, name: string): Command {
  if (dialect < 10) return { verb: 'REA', trId, args: [serial, handle, escapeArg(name)] }
  return writePropertySet(dialect, trId, serial, { key: 'MFN', value: name })
}

/** Reads `REA` of a client, of oneself or of a contact. */
export function readRename(command: Command): { handle: string; name: string } | undefined {
  const [handle, name] = command.args
  return !handle || name === undefined ? undefined : { handle, name: unescapeArg(name) }
}

/** `PRP` of a client. MSNP5 and later. */
export function writeProperty(trId: number, { key, value }: Property): Command {
  return { verb: 'PRP', trId, args: value === '' ? [key] : [key, escapeArg(value)] }
}

/** Reads `PRP` of a client; a missing value clears. */
export function readProperty(command: Command): Property | undefined {
  const [key, value] = command.args
  return key === undefined ? undefined : { key, value: unescapeArg(value ?? '') }
}

/** `PRP` of the server. */
export function writePropertySet(dialect: Dialect, trId: number, serial: string, { key, value }: Property): Command {
  const stamp = dialect < 10 ? [serial] : []
  return { verb: 'PRP', trId, args: [...stamp, key, ...(value === '' ? [] : [escapeArg(value)])] }
}

/** Reads `PRP` of the server. */
export function readPropertySet(dialect: Dialect, command: Command): Property | undefined {
  return readProperty({ ...command, args: withoutSerial(dialect, command.args, 0) })
}

/** `BPR`: a value of somebody on the list, outside SYN. MSNP5 to 12. */
export function writePropertyOf(dialect: Dialect, serial: string, handle: string, { key, value }: Property): Command {
  const stamp = dialect < 10 ? [serial] : []
  return { verb: 'BPR', args: [...stamp, handle, key, ...(value === '' ? [] : [escapeArg(value)])] }
}

/** Reads BPR outside SYN, where it has a value. */
export function readPropertyOf(command: Command): { handle: string; key: PropertyKey; value: string } | undefined {
  const found = valueIn(command.args)
  return found?.handle === undefined ? undefined : { handle: found.handle, key: found.key, value: found.value }
}

/** Reads `BLP` of a client. */
export function readPrivacy(command: Command): Privacy | undefined {
  const [privacy] = command.args
  return privacy === 'AL' || privacy === 'BL' ? privacy : undefined
}

/** Reads `GTC` of a client. */
export function readPrompt(command: Command): Prompt | undefined {
  const [prompt] = command.args
  return prompt === 'A' || prompt === 'N' ? prompt : undefined
}

/** `BLP` or `GTC` of the server. */
export function writeSettingSet(
  dialect: Dialect,
  verb: 'BLP' | 'GTC',
  trId: number,
  serial: string,
  value: Privacy | Prompt,
): Command {
  return { verb, trId, args: dialect < 10 ? [serial, value] : [value] }
}
