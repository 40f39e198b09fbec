// ADL {trid} {length} + <ml>…</ml>  →  ADL {trid} OK
// RML {trid} {length} + <ml>…</ml>  →  RML {trid} OK
// FQY {trid} {length} + <ml>…</ml>  →  FQY {trid} {length} + <ml>…</ml>   (msnp-core.md 3.10; MSNP13 and later)
//
// The lists are kept by the contact services, and a client that changes one tells us as well, before or after: what is so already is no error.

import { type Listed, type Listing, readListing, writeListing, writeListingTaken } from '../../dialect/listing.ts'
import { msnNetwork } from '../../dialect/presence.ts'
import { isOn, type ListName, listBit } from '../../model/lists.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { contactIn } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { contactOf } from '../edits.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'
import { alreadyThereLines } from '../sightings.ts'

type OwnList = Extract<ListName, 'FL' | 'AL' | 'BL'>

/** Somebody here, and on which lists. */
interface Wish {
  readonly handle: Handle
  readonly lists: readonly OwnList[]
}

/** AL and BL first, so that somebody who comes on FL is told the truth at once. */
const ownLists: readonly OwnList[] = ['BL', 'AL', 'FL']
const ownBits = listBit.FL | listBit.AL | listBit.BL
/** Circles, which do not exist here. */
const circleNetwork = 9
/** Clients ask about 150 at a time, and change one. */
const mostPeople = 200

/** ADL. With `l="1"` it says with whom the session begins, maybe in several parts: whatever stands there is no news, and nothing is made of it. */
export async function addListed(session: NotificationSession, command: Command): Promise<Reply> {
  const trId = trIdOf(command)
  const { initial, people } = read(session, command)
  if (initial) return [writeListingTaken('ADL', trId)]
  const wishes = await wishesIn(session, people)
  for (const { handle, lists } of wishes) for (const list of lists) await put(session, handle, list)
  return session.tellHowOthersAre(async () => [writeListingTaken('ADL', trId), ...(await whoIsThere(session, trId, wishes))])
}

/** RML. */
export async function removeListed(session: NotificationSession, command: Command): Promise<Reply> {
  const { people } = read(session, command)
  const { edits } = session.services
  for (const { handle, lists } of await wishesIn(session, people, false))
    for (const list of lists)
      await edits.take(session.handle, handle, { list, by: session.number }).catch(passOver(errorCodes.notOnList))
  return [writeListingTaken('RML', trIdOf(command))]
}

/** FQY: on which network somebody is. Those who are nowhere are left out; 208 when that is everybody. */
export async function findListed(session: NotificationSession, command: Command): Promise<Reply> {
  const { people } = read(session, command)
  const found: Listed[] = []
  for (const { handle: text } of people) {
    const handle = handleOf(text)
    if (handle && (await session.services.edits.exists(handle))) found.push({ handle: text, network: msnNetwork })
  }
  if (found.length === 0) throw new CommandError(errorCodes.invalidHandle)
  return [writeListing('FQY', trIdOf(command), { initial: false, people: found })]
}

/**
 * Throws 241 and hangs up when it is no listing, says what only the server may, or names too many; 240 when there is nobody in it. Each person
 * counts as something that is asked for.
 */
function read(session: NotificationSession, { payload = new Uint8Array() }: Command): Listing {
  const listing = readListing(payload)
  if (!listing || listing.people.some(({ lists = 0 }) => (lists & ~ownBits) !== 0))
    throw new CommandError(errorCodes.invalidListPayload, { hangUp: true })
  const { initial, people } = listing
  if (initial) return listing
  if (people.length === 0) throw new CommandError(errorCodes.emptyDomain)
  if (people.length > mostPeople) throw new CommandError(errorCodes.invalidListPayload, { hangUp: true })
  session.asksMore(people.length - 1)
  return listing
}

/**
 * Whom a listing means; telephones are passed over. Throws 204 for other networks (933 for circles), 201 for what is no address or the owner's own,
 * 241 where no list is named, and 208 for somebody who does not exist; nothing is changed then.
 */
async function wishesIn(session: NotificationSession, people: readonly Listed[], mustExist = true): Promise<Wish[]> {
  const wishes: Wish[] = []
  for (const { handle: text, lists = 0, network = msnNetwork } of people) {
    if (text.startsWith('tel:')) continue
    if (network === circleNetwork) throw new CommandError(errorCodes.invalidContactList)
    if (network !== msnNetwork) throw new CommandError(errorCodes.unroutable)
    if (lists === 0) throw new CommandError(errorCodes.invalidListPayload, { hangUp: true })
    const handle = contactOf(session.handle, handleOf(text))
    if (mustExist && !(await session.services.edits.exists(handle))) throw new CommandError(errorCodes.invalidHandle)
    wishes.push({ handle, lists: ownLists.filter((list) => isOn(lists, list)) })
  }
  return wishes
}

/** From MSNP13 on the server takes somebody off the opposite list by itself. */
async function put({ handle: owner, number: by, services }: NotificationSession, handle: Handle, list: OwnList): Promise<void> {
  const { books, edits } = services
  const opposite = ({ AL: 'BL', BL: 'AL', FL: undefined } as const)[list]
  if (opposite && isOn(contactIn(await books.of(owner), handle)?.lists ?? 0, opposite))
    await edits.take(owner, handle, { list: opposite, by }).catch(passOver(errorCodes.notOnList))
  await edits.put(owner, handle, { list, by }).catch(passOver(errorCodes.alreadyThere))
}

/** How those are whom the owner has on FL now, since the client waits for it; nothing before the first CHG. */
async function whoIsThere(session: NotificationSession, trId: number, wishes: readonly Wish[]): Promise<Command[]> {
  if (!session.ready) return []
  const lines: Command[] = []
  for (const { handle } of wishes.filter(({ lists }) => lists.includes('FL'))) {
    const showing = await session.services.presence.visible(handle, session.handle)
    if (showing) lines.push(...alreadyThereLines(session.dialect, trId, showing))
  }
  return lines
}

/** What becomes of an error that says that things are so already. */
function passOver(code: number): (error: unknown) => void {
  return (error) => {
    if (!(error instanceof CommandError) || error.code !== code) throw error
  }
}
