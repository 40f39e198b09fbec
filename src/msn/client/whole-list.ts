// The list with which a session begins from MSNP13 on: read from the contact services, and told to the notification server (msnp-core.md 3.10).

import type { Listed } from '../dialect/listing.ts'
import { listedWith, sizeOfListing, writeListing } from '../dialect/listing.ts'
import type { ListEntry, Roster } from '../model/contact-list.ts'
import { listBit } from '../model/lists.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import type { NotificationServer } from './notification.ts'

/** Of one ADL, as clients of old cut it. In bytes, and in people. */
const longestListing = 7500
const mostPeople = 150
/** What a client may say of somebody: FL, AL and BL. */
const ours = listBit.FL | listBit.AL | listBit.BL
/** 218: it is so already. */
const sameAsBefore = 218

/** Tells the server who may write to us, and whom this session wants. Rejects with a ClientError. */
export async function tellWholeList(server: NotificationServer, roster: Roster): Promise<void> {
  try {
    await server.request((trId) => ({ verb: 'BLP', trId, args: [roster.privacy] }))
  } catch (error) {
    if (!(error instanceof ClientError && error.number === sameAsBefore)) throw error
  }
  await tellList(server, roster.entries)
}

/** Tells the server whom this session wants; each piece is answered before the next. Rejects with a ClientError. */
export async function tellList(server: NotificationServer, entries: readonly ListEntry[]): Promise<void> {
  for (const people of piecesOf(listedIn(entries)))
    await server.request((trId) => writeListing('ADL', trId, { initial: true, people }))
}

/** Nobody is told twice, and nobody both allowed and blocked: some servers refuse the whole for that. */
function listedIn(entries: readonly ListEntry[]): Listed[] {
  const listed = new Map<string, Listed>()
  for (const { handle, lists, network } of entries) {
    const bits = lists & ours
    const told = (bits & listBit.BL) === 0 ? bits : bits & ~listBit.AL
    if (told !== 0) listed.set(keyOf(handle), listedWith(handle, told, network))
  }
  return [...listed.values()]
}

/** The people in pieces that a server takes; one piece without anybody when there is nobody. */
export function piecesOf(people: readonly Listed[]): Listed[][] {
  const pieces: Listed[][] = [[]]
  for (const person of people) {
    const piece = pieces.at(-1) ?? []
    const isFull = piece.length >= mostPeople || sizeOfListing({ initial: true, people: [...piece, person] }) > longestListing
    if (isFull && piece.length > 0) pieces.push([person])
    else piece.push(person)
  }
  return pieces
}
