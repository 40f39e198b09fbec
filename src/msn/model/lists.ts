// The five lists of an account as bits (msnp-core.md 3.9). FL, AL and BL are the user's to edit; RL and PL the server's.

import type { ContactList } from '../../core/contact.ts'

export type ListName = 'FL' | 'AL' | 'BL' | 'RL' | 'PL'

/** A sum of list bits. */
export type ListBits = number

/** FL my contacts, AL allowed, BL blocked, RL who has me, PL who added me and waits for an answer (10+). */
export const listBit: Readonly<Record<ListName, number>> = { FL: 1, AL: 2, BL: 4, RL: 8, PL: 16 }

/** The lists in the order in which the old transfer sends them. */
export const listNames = Object.keys(listBit) as readonly ListName[]

const meanings: Readonly<Record<ListName, ContactList>> = {
  FL: 'forward',
  AL: 'allow',
  BL: 'block',
  RL: 'reverse',
  PL: 'pending',
}

/** Whether some text names a list. */
export function isListName(text: string): text is ListName {
  return Object.hasOwn(listBit, text)
}

/** Whether a contact with these bits is on a list. */
export function isOn(bits: ListBits, list: ListName): boolean {
  return (bits & listBit[list]) !== 0
}

/** The bits with a list added. */
export function withList(bits: ListBits, list: ListName): ListBits {
  return bits | listBit[list]
}

/** The bits with a list taken away. */
export function withoutList(bits: ListBits, list: ListName): ListBits {
  return bits & ~listBit[list]
}

/** The names of the lists of a sum of bits, as the rest of the gateway calls them. */
export function contactLists(bits: ListBits): ContactList[] {
  return listNames.filter((list) => isOn(bits, list)).map((list) => meanings[list])
}
