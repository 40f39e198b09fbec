// The contact list of an account as it crosses the wire in one piece (msnp-core.md 3.9).

import type { ListBits } from './lists.ts'

/** AL: whoever is not blocked may contact me. BL: only those whom I allowed. */
export type Privacy = 'AL' | 'BL'

/** A: ask me when somebody adds me. N: do not. */
export type Prompt = 'A' | 'N'

export const propertyKeys = ['PHH', 'PHW', 'PHM', 'MOB', 'MBE', 'WWE', 'HSB', 'MFN'] as const

/** What a contact publishes besides a name: phone numbers at home, at work, mobile, and whether the mobile takes pages. */
export type PropertyKey = (typeof propertyKeys)[number]

export type Properties = Readonly<Partial<Record<PropertyKey, string>>>

/** Somebody on an account's lists. */
export interface ListEntry {
  readonly handle: string
  /** The name as the list keeps it; the handle where there is none. */
  readonly name: string
  readonly lists: ListBits
  /** From MSNP10 on, and only on FL. */
  readonly guid?: string
  /** Ids of groups: numbers in MSNP7 to 9, GUIDs from 10 on. */
  readonly groups: readonly string[]
  readonly properties: Properties
  /** The number of their network; absent: MSN itself. Nobody is on two of them under the same address. */
  readonly network?: number
  /** What they wrote who wait for an answer; only the contact services tell it. */
  readonly invitation?: string
}

export interface Group {
  /** A number in MSNP7 to 9, a GUID from 10 on. */
  readonly id: string
  readonly name: string
}

/** The whole list. */
export interface Roster {
  readonly entries: readonly ListEntry[]
  readonly groups: readonly Group[]
  readonly privacy: Privacy
  readonly prompt: Prompt
  /** The account's own: its name (MFN, from MSNP10 on) and phone numbers. */
  readonly properties: Properties
}

/** Which state of the list somebody knows. Below MSNP10 a serial number, in `list` and `settings` alike; from 10 on two timestamps. */
export interface ListStamp {
  readonly list: string
  readonly settings: string
}

/** The stamp of somebody who knows nothing yet. */
export const unknownList: ListStamp = { list: '0', settings: '0' }

/** Whether some text names a property. */
export function isPropertyKey(text: string): text is PropertyKey {
  return (propertyKeys as readonly string[]).includes(text)
}
