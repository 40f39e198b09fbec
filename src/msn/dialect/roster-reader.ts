// Reads what follows SYN, line by line, and knows when it is over (msnp-core.md 3.9).

import type { Group, ListEntry, ListStamp, Privacy, Prompt, PropertyKey, Roster } from '../model/contact-list.ts'
import { isPropertyKey, unknownList } from '../model/contact-list.ts'
import { isListName, type ListBits, listBit } from '../model/lists.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import { nameOr, unescapeArg } from '../wire/escape.ts'
import { noGroup } from './roster.ts'

interface Line {
  readonly handle: string
  readonly name: string
  readonly lists: ListBits
  readonly guid?: string
  readonly groups: readonly string[]
}

type Values = Partial<Record<PropertyKey, string>>

/** Collects the answer to a SYN. Feed it every command; it says which were its own. */
export class RosterReader {
  readonly #dialect: Dialect
  readonly #lines = new Map<string, Line>()
  readonly #values = new Map<string, Values>()
  readonly #groups: Group[] = []
  readonly #own: Values = {}
  #stamp: ListStamp = unknownList
  #privacy: Privacy = 'AL'
  #prompt: Prompt = 'A'
  #begun = false
  #done = false
  #expected = { entries: 0, groups: 0 }
  #seen = { entries: 0, groups: 0 }
  #last: string | undefined

  constructor(dialect: Dialect) {
    this.#dialect = dialect
  }

  /** Whether everything has come. A server may count wrong, so give up after some seconds without a line. */
  get done(): boolean {
    return this.#done
  }

  /** The state of the list that the server named. */
  get stamp(): ListStamp {
    return this.#stamp
  }

  /** What has come so far. */
  get roster(): Roster {
    const entries = [...this.#lines.values()].map((line): ListEntry => {
      return { ...line, properties: { ...this.#values.get(line.handle) } }
    })
    const { MFN: name, ...phones } = this.#own
    const properties = name === undefined ? phones : { ...phones, MFN: name }
    return { entries, groups: [...this.#groups], privacy: this.#privacy, prompt: this.#prompt, properties }
  }

  /** Takes a command if it is part of the answer. A line that makes no sense is taken and counted, but says nothing. */
  take(command: Command): boolean {
    if (!this.#begun) return command.verb === 'SYN' && this.#begin(command)
    if (command.verb === 'BPR') return this.#takeContactProperty(command.args)
    // Settings may follow the last thing that is counted: an empty list is over with its first line.
    if (this.#done && (this.#dialect < 8 || !['GTC', 'BLP', 'PRP'].includes(command.verb))) return false
    // From MSNP8 on these carry no transaction id within the answer; with one they answer something else.
    if (this.#dialect >= 8 && command.trId !== undefined) return false
    switch (command.verb) {
      case 'GTC':
        this.#prompt = command.args.at(-1) === 'N' ? 'N' : 'A'
        return true
      case 'BLP':
        this.#privacy = command.args.at(-1) === 'BL' ? 'BL' : 'AL'
        return true
      case 'PRP':
        return this.#takeOwnProperty(command.args)
      case 'LSG':
        return this.#takeGroup(command.args)
      case 'LST':
        return this.#dialect < 8 ? this.#takePlace(command.args) : this.#takeEntry(command.args)
      default:
        return false
    }
  }

  #begin({ args }: Command): boolean {
    const [list = '0', settings = list] = args
    const stamps = this.#dialect < 10 ? 1 : 2
    this.#stamp = { list, settings: stamps === 1 ? list : settings }
    this.#begun = true
    if (this.#dialect < 8) return true
    // Without counts nothing has changed, and nothing follows.
    this.#expected = { entries: Number(args[stamps] ?? 0), groups: Number(args[stamps + 1] ?? 0) }
    this.#check()
    return true
  }

  #check(): void {
    if (this.#dialect < 8) return
    this.#done = this.#seen.entries >= this.#expected.entries && this.#seen.groups >= this.#expected.groups
  }

  #takeGroup(args: readonly string[]): boolean {
    this.#seen.groups += 1
    const at = this.#dialect < 8 ? 3 : 0
    const [first, second] = args.slice(at, at + 2)
    const [id, name] = this.#dialect < 10 ? [first, second] : [second, first]
    if (id !== undefined && id !== noGroup.id) this.#groups.push({ id, name: unescapeArg(name ?? '') })
    this.#check()
    return true
  }

  /** MSNP2 to 7: `{list} {serial} {index} {count} {handle} {name} {groups}`; RL is the last list. */
  #takePlace([list = '', , index, count, handle, name, groups]: readonly string[]): boolean {
    if (isListName(list) && handle !== undefined) {
      this.#merge({ handle, name: nameOr(name, handle), lists: listBit[list], groups: groupIds(groups) })
    }
    this.#done = list === 'RL' && index === count
    return true
  }

  /** MSNP8 to 12. */
  #takeEntry(args: readonly string[]): boolean {
    this.#seen.entries += 1
    const line = this.#dialect < 10 ? plainEntry(args) : namedEntry(this.#dialect, args)
    if (line) this.#merge(line)
    this.#check()
    return true
  }

  #merge(line: Line): void {
    const known = this.#lines.get(line.handle)
    const groups = line.groups.length > 0 ? line.groups : (known?.groups ?? [])
    this.#lines.set(line.handle, { ...known, ...line, groups, lists: line.lists | (known?.lists ?? 0) })
    this.#last = line.handle
  }

  #takeOwnProperty(args: readonly string[]): boolean {
    const found = valueIn(args)
    if (found) this.#own[found.key] = found.value
    return true
  }

  /** Names its contact below MSNP8 (not with ESC), and belongs to the LST before it from 8 on. */
  #takeContactProperty(args: readonly string[]): boolean {
    const found = valueIn(args)
    if (this.#done && found?.handle !== undefined) return false
    const handle = found?.handle ?? this.#last
    if (found && handle !== undefined) this.#values.set(handle, { ...this.#values.get(handle), [found.key]: found.value })
    return true
  }
}

/** A property, wherever it begins in the line, and the handle before it. Undefined when there is none, or no value. */
export function valueIn(args: readonly string[]): { key: PropertyKey; value: string; handle?: string } | undefined {
  const at = args.findIndex(isPropertyKey)
  const key = args[at]
  const value = args[at + 1]
  if (key === undefined || !isPropertyKey(key) || value === undefined || value === '') return undefined
  const before = at > 0 ? args[at - 1] : undefined
  return { key, value: unescapeArg(value), ...(before?.includes('@') ? { handle: before } : {}) }
}

function plainEntry([handle, name, bits, groups]: readonly string[]): Line | undefined {
  if (handle === undefined || handle === '') return undefined
  return { handle, name: nameOr(name, handle), lists: Number(bits ?? 0) & 31, groups: groupIds(groups) }
}

function namedEntry(dialect: Dialect, args: readonly string[]): Line | undefined {
  const named = (letter: string) => args.find((arg) => arg.startsWith(`${letter}=`))?.slice(2)
  const handle = named('N')
  if (handle === undefined || handle === '') return undefined
  const guid = named('C')
  const at = args.findIndex((arg) => /^\d+$/.test(arg))
  const groups = args[at + (dialect >= 12 ? 2 : 1)]
  const line = { handle, name: nameOr(named('F'), handle), lists: Number(args[at] ?? 0) & 31, groups: groupIds(groups) }
  return guid === undefined ? line : { ...line, guid }
}

function groupIds(text: string | undefined): string[] {
  return (text ?? '').split(',').filter((id) => id !== '' && id !== noGroup.id)
}
