// The whole contact list in one go: SYN and what follows it, MSNP2 to 12 (msnp-core.md 3.9).

import type { Group, ListEntry, ListStamp, Properties, PropertyKey, Roster } from '../model/contact-list.ts'
import { isOn, type ListBits, type ListName, listBit } from '../model/lists.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { escapeArg } from '../wire/escape.ts'

/** The group of those who are in no group; it must be listed first in MSNP7 to 9, and does not exist from 10 on. */
export const noGroup: Group = { id: '0', name: 'Other Contacts' }

const oldOrder: readonly ListName[] = ['FL', 'AL', 'BL', 'RL']
const ownPhones: readonly PropertyKey[] = ['PHH', 'PHW', 'PHM', 'MOB', 'MBE']
/** What a contact's own properties are to those who may see them. */
export const contactPhones: readonly PropertyKey[] = ['PHH', 'PHW', 'PHM', 'MOB']

/** `SYN` of a client: which state of the list it knows. */
export function writeSync(dialect: Dialect, trId: number, known: ListStamp): Command {
  return { verb: 'SYN', trId, args: dialect < 10 ? [known.list] : [known.list, known.settings] }
}

/** Reads `SYN` of a client. */
export function readSync(dialect: Dialect, command: Command): ListStamp | undefined {
  const [list, settings] = command.args
  if (list === undefined || list === '') return undefined
  return { list, settings: dialect < 10 ? list : (settings ?? '0') }
}

/** The answer to SYN: the reply and every line after it, in the order that clients count on. */
export function writeRoster(dialect: Dialect, trId: number, stamp: ListStamp, roster: Roster): Command[] {
  return dialect < 8 ? oldRoster(dialect, trId, stamp.list, roster) : countedRoster(dialect, trId, stamp, roster)
}

function oldRoster(dialect: Dialect, trId: number, serial: string, roster: Roster): Command[] {
  const settings: Command[] = [
    { verb: 'SYN', trId, args: [serial] },
    { verb: 'GTC', trId, args: [serial, roster.prompt] },
    { verb: 'BLP', trId, args: [serial, roster.privacy] },
  ]
  const phones =
    dialect < 5 ? [] : ownPhones.map((key) => ({ verb: 'PRP', trId, args: [serial, ...property(key, roster.properties)] }))
  const groups = dialect < 7 ? [] : groupsOf(dialect, roster)
  const groupLines = groups.map(({ id, name }, index): Command => {
    return { verb: 'LSG', trId, args: [serial, String(index + 1), String(groups.length), id, escapeArg(name), '0'] }
  })
  return [...settings, ...phones, ...groupLines, ...oldOrder.flatMap((list) => writeList(dialect, trId, serial, list, roster))]
}

/** One list, each entry with its place; an empty one says so in a line of its own. The answer to `LST` of a client, too. MSNP2 to 7. */
export function writeList(dialect: Dialect, trId: number, serial: string, list: ListName, roster: Roster): Command[] {
  const entries = roster.entries.filter((entry) => isOn(bitsFor(dialect, entry.lists), list))
  if (entries.length === 0) return [{ verb: 'LST', trId, args: [list, serial, '0', '0'] }]
  return entries.flatMap((entry, index) => {
    const place = [list, serial, String(index + 1), String(entries.length)]
    const groups = dialect >= 7 && list === 'FL' ? [entry.groups.join(',') || noGroup.id] : []
    const line: Command = { verb: 'LST', trId, args: [...place, entry.handle, nameArg(entry), ...groups] }
    if (dialect < 5 || list !== 'FL') return [line]
    const phones = contactPhones.map((key): Command => {
      return { verb: 'BPR', args: [serial, entry.handle, ...property(key, entry.properties)] }
    })
    return [line, ...phones]
  })
}

function countedRoster(dialect: Dialect, trId: number, stamp: ListStamp, roster: Roster): Command[] {
  const stamps = dialect < 10 ? [stamp.list] : [stamp.list, stamp.settings]
  const groups = groupsOf(dialect, roster)
  return [
    { verb: 'SYN', trId, args: [...stamps, String(roster.entries.length), String(groups.length)] },
    { verb: 'GTC', args: [roster.prompt] },
    { verb: 'BLP', args: [roster.privacy] },
    ...propertyLines('PRP', dialect < 10 ? ownPhones : ['MFN', ...ownPhones], roster.properties),
    ...groups.map(({ id, name }): Command => {
      return { verb: 'LSG', args: dialect < 10 ? [id, escapeArg(name), '0'] : [escapeArg(name), id] }
    }),
    ...roster.entries.flatMap((entry) => [
      { verb: 'LST', args: entryArgs(dialect, entry) },
      ...(isOn(entry.lists, 'FL') ? propertyLines('BPR', contactPhones, entry.properties) : []),
    ]),
  ]
}

function entryArgs(dialect: Dialect, entry: ListEntry): string[] {
  const onForward = isOn(entry.lists, 'FL')
  const bits = String(bitsFor(dialect, entry.lists))
  if (dialect < 10) return [entry.handle, nameArg(entry), bits, ...(onForward ? [entry.groups.join(',') || noGroup.id] : [])]
  const guid = onForward && entry.guid !== undefined ? [`C=${entry.guid}`] : []
  // The network stands before the groups and is read without a look (PEC).
  const network = dialect >= 12 ? ['1'] : []
  const groups = onForward && entry.groups.length > 0 ? [entry.groups.join(',')] : []
  return [`N=${entry.handle}`, `F=${nameArg(entry)}`, ...guid, bits, ...network, ...groups]
}

/** Before MSNP10 nobody knows PL: whoever waits for an answer is in RL and in neither AL nor BL. */
function bitsFor(dialect: Dialect, bits: ListBits): ListBits {
  if (dialect >= 10 || !isOn(bits, 'PL')) return bits
  return (bits & ~listBit.PL) | listBit.RL
}

function groupsOf(dialect: Dialect, roster: Roster): readonly Group[] {
  return dialect < 10 ? [noGroup, ...roster.groups] : roster.groups
}

function nameArg(entry: ListEntry): string {
  return escapeArg(entry.name || entry.handle)
}

/** A property that always has a line; the value may be missing, but for the two that are yes or no. */
function property(key: PropertyKey, properties: Properties): string[] {
  const value = properties[key] ?? (key === 'MOB' || key === 'MBE' ? 'N' : '')
  return value === '' ? [key] : [key, escapeArg(value)]
}

function propertyLines(verb: 'PRP' | 'BPR', keys: readonly PropertyKey[], properties: Properties): Command[] {
  return keys.flatMap((key) => {
    const value = properties[key]
    return value === undefined || value === '' ? [] : [{ verb, args: [key, escapeArg(value)] }]
  })
}
