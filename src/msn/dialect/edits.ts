// Changes of the contact list: ADD and ADC, REM, and the groups ADG, RMG, REG (msnp-core.md 3.17). MSNP2 to 12.
// Every answer below MSNP10 carries the serial number that the list has afterwards. A transaction id of 0 tells of what others did.

import type { Group } from '../model/contact-list.ts'
import { isListName, type ListName } from '../model/lists.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { escapeArg, nameOr, unescapeArg } from '../wire/escape.ts'

/** Somebody is put on a list, or (from MSNP10 on by `guid` alone) into a group. */
export interface Addition {
  readonly list: ListName
  readonly handle?: string
  readonly name?: string
  readonly guid?: string
  readonly group?: string
  /** Where it is not MSN itself; nothing of a command. */
  readonly network?: number
}

/** Somebody is taken off a list, or out of a group. From MSNP10 on FL goes by `guid`, everything else by `handle`. */
export interface Removal {
  readonly list: ListName
  readonly handle?: string
  readonly guid?: string
  readonly group?: string
}

/** The verb that adds. */
export function addVerb(dialect: Dialect): 'ADD' | 'ADC' {
  return dialect < 10 ? 'ADD' : 'ADC'
}

/** `ADD` or `ADC` of a client. */
export function writeAdd(dialect: Dialect, trId: number, addition: Addition): Command {
  return { verb: addVerb(dialect), trId, args: [addition.list, ...additionArgs(dialect, addition)] }
}

/** Reads `ADD` or `ADC` of a client. */
export function readAdd(dialect: Dialect, command: Command): Addition | undefined {
  return command.verb === addVerb(dialect) ? readAddition(dialect, command.args) : undefined
}

/** `ADD` or `ADC` of the server. */
export function writeAdded(dialect: Dialect, trId: number, serial: string, addition: Addition): Command {
  const stamp = dialect < 10 ? [serial] : []
  return { verb: addVerb(dialect), trId, args: [addition.list, ...stamp, ...additionArgs(dialect, addition)] }
}

/** Reads `ADD` or `ADC` of the server. */
export function readAdded(dialect: Dialect, command: Command): Addition | undefined {
  return command.verb === addVerb(dialect) ? readAddition(dialect, withoutSerial(dialect, command.args, 1)) : undefined
}

/** `REM` of a client. */
export function writeRemove(dialect: Dialect, trId: number, removal: Removal): Command {
  return { verb: 'REM', trId, args: [removal.list, ...removalArgs(dialect, removal)] }
}

/** Reads `REM` of a client. */
export function readRemove(dialect: Dialect, command: Command): Removal | undefined {
  return readRemoval(dialect, command.args)
}

/** `REM` of the server. */
export function writeRemoved(dialect: Dialect, trId: number, serial: string, removal: Removal): Command {
  const stamp = dialect < 10 ? [serial] : []
  return { verb: 'REM', trId, args: [removal.list, ...stamp, ...removalArgs(dialect, removal)] }
}

/** Reads `REM` of the server. */
export function readRemoved(dialect: Dialect, command: Command): Removal | undefined {
  return readRemoval(dialect, withoutSerial(dialect, command.args, 1))
}

/** `ADG` of a client: a group of this name. MSNP7 to 12. */
export function writeAddGroup(dialect: Dialect, trId: number, name: string): Command {
  return { verb: 'ADG', trId, args: dialect < 10 ? [escapeArg(name), '0'] : [escapeArg(name)] }
}

/** Reads `ADG` of a client: the name. */
export function readAddGroup(command: Command): string | undefined {
  const [name] = command.args
  return name === undefined ? undefined : unescapeArg(name)
}

/** `ADG` of the server. */
export function writeGroupAdded(dialect: Dialect, trId: number, serial: string, { id, name }: Group): Command {
  return { verb: 'ADG', trId, args: dialect < 10 ? [serial, escapeArg(name), id, '0'] : [escapeArg(name), id] }
}

/** Reads `ADG` of the server: the id, wherever a server puts it (section 8). */
export function readGroupAdded(dialect: Dialect, command: Command): Pick<Group, 'id'> | undefined {
  const id = dialect < 10 ? command.args[2] : command.args.find(isGuid)
  return id === undefined ? undefined : { id }
}

/** `RMG` of a client. */
export function writeRemoveGroup(trId: number, id: string): Command {
  return { verb: 'RMG', trId, args: [id] }
}

/** Reads `RMG` of a client: the id; MSN 7.0 may send the name in its place. */
export function readRemoveGroup(command: Command): string | undefined {
  const [id] = command.args
  return id === undefined ? undefined : unescapeArg(id)
}

/** `RMG` of the server. */
export function writeGroupRemoved(dialect: Dialect, trId: number, serial: string, id: string): Command {
  return { verb: 'RMG', trId, args: dialect < 10 ? [serial, id] : [id] }
}

/** `REG` of a client: another name for a group. */
export function writeRenameGroup(dialect: Dialect, trId: number, { id, name }: Group): Command {
  return { verb: 'REG', trId, args: dialect < 10 ? [id, escapeArg(name), '0'] : [id, escapeArg(name)] }
}

/** Reads `REG` of a client. */
export function readRenameGroup(command: Command): Group | undefined {
  const [id, name] = command.args
  return id === undefined || name === undefined ? undefined : { id, name: unescapeArg(name) }
}

/** `REG` of the server. */
export function writeGroupRenamed(dialect: Dialect, trId: number, serial: string, { id, name }: Group): Command {
  return { verb: 'REG', trId, args: dialect < 10 ? [serial, id, escapeArg(name), '0'] : [id, escapeArg(name)] }
}

const guidForm = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether some text is a GUID, without braces. */
function isGuid(text: string): boolean {
  return guidForm.test(text)
}

function additionArgs(dialect: Dialect, { handle, name, guid, group }: Addition): string[] {
  const groups = group === undefined ? [] : [group]
  if (dialect < 10) return [handle ?? '', escapeArg(name || (handle ?? '')), ...(dialect >= 7 ? groups : [])]
  const named = [
    ...(handle === undefined ? [] : [`N=${handle}`]),
    ...(name === undefined ? [] : [`F=${escapeArg(name)}`]),
    ...(guid === undefined ? [] : [`C=${guid}`]),
  ]
  return [...named, ...groups]
}

function readAddition(dialect: Dialect, [list = '', ...args]: readonly string[]): Addition | undefined {
  if (!isListName(list)) return undefined
  if (dialect < 10) {
    const [handle, name, group] = args
    if (!handle) return undefined
    return { list, handle, name: nameOr(name, handle), ...(group === undefined ? {} : { group }) }
  }
  const named = (letter: string) => args.find((arg) => arg.startsWith(`${letter}=`))?.slice(2)
  const [handle, name, guid] = [named('N'), named('F'), named('C')]
  const group = args.find((arg) => !/^[A-Z]=/.test(arg))
  if (!handle && !guid) return undefined
  return {
    list,
    ...(handle ? { handle } : {}),
    ...(name === undefined ? {} : { name: unescapeArg(name) }),
    ...(guid ? { guid } : {}),
    ...(group ? { group } : {}),
  }
}

function removalArgs(dialect: Dialect, { list, handle, guid, group }: Removal): string[] {
  const who = dialect >= 10 && list === 'FL' ? (guid ?? handle) : handle
  return [who ?? '', ...(group === undefined || dialect < 7 ? [] : [group])]
}

function readRemoval(dialect: Dialect, [list = '', who = '', group]: readonly string[]): Removal | undefined {
  if (!isListName(list) || who === '') return undefined
  const groups = group === undefined || group === '' ? {} : { group }
  if (dialect >= 10 && list === 'FL' && isGuid(who)) return { list, guid: who, ...groups }
  return { list, handle: who.replace(/^N=/, ''), ...groups }
}

/** The arguments without the serial number that stands at `at` below MSNP10. */
export function withoutSerial(dialect: Dialect, args: readonly string[], at: number): readonly string[] {
  return dialect < 10 ? args.filter((_, index) => index !== at) : args
}
