// ADD {trid} {list} {handle} {name}[ {group}]   (MSNP2 to 9)
// ADC {trid} {list} N={handle} F={name} C={guid} {group}   (MSNP10 to 12; msnp-core.md 3.17)

import { readAdd, writeAdded } from '../../dialect/edits.ts'
import type { ListName } from '../../model/lists.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import type { Book } from '../book.ts'
import { addedBy, admits, contactIn, contactWithGuid, putInGroup, putOn } from '../book.ts'
import { CommandError, HangUp } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Puts somebody on a list or into a group. */
export async function add(session: NotificationSession, command: Command): Promise<Reply> {
  const { dialect, services } = session
  const addition = readAdd(dialect, command)
  if (!addition) throw new CommandError(errorCodes.invalidParameter)
  const { list, group, guid } = addition
  if (list === 'PL' || (list === 'RL' && dialect < 10)) throw new HangUp(`${command.verb} to ${list}`)
  const handle = await whom(session, list, addition.handle, guid)
  const { before, after } = await services.books.change(session.handle, (book) => {
    return grouped(book, handle, list, addition.name, dialect < 10 && group === '0' ? undefined : group)
  })
  const contact = contactIn(after, handle)
  const isNew = list === 'FL' && (contactIn(before, handle)?.lists ?? 0) % 2 === 0
  const said = { ...addition, ...(isNew && dialect >= 10 && contact ? { guid: contact.guid, name: contact.name } : {}) }
  const reply = writeAdded(dialect, trIdOf(command), String(after.serial), said)
  if (admits(before, handle) !== admits(after, handle)) await services.presence.reveal(session.handle, handle)
  return isNew ? [reply, ...(await introduce(session, handle, trIdOf(command)))] : [reply]
}

/** Whom an addition means. Throws 201 for what is no address and for the owner's own, 205 (208 from MSNP10 on) for somebody who does not exist. */
async function whom(
  session: NotificationSession,
  list: ListName,
  text: string | undefined,
  guid: string | undefined,
): Promise<Handle> {
  const { accounts, books, isHostedAddress } = session.services
  if (text === undefined) {
    const known = contactWithGuid(await books.of(session.handle), guid ?? '')
    if (!known) throw new CommandError(errorCodes.invalidHandle)
    return known.handle
  }
  const handle = handleOf(text)
  if (!handle || handle === session.handle) throw new CommandError(errorCodes.invalidParameter)
  if (list === 'RL' || isHostedAddress(handle) || (await accounts.exists(handle))) return handle
  throw new CommandError(session.dialect < 10 ? errorCodes.noSuchUser : errorCodes.invalidHandle)
}

/** On the list, and in the group if one is named; who is on FL already is only put into the group. */
function grouped(
  book: Book,
  handle: Handle,
  list: Exclude<ListName, 'PL'>,
  name: string | undefined,
  group: string | undefined,
): Book {
  const isThere = list === 'FL' && (contactIn(book, handle)?.lists ?? 0) % 2 === 1
  if (group === undefined) return putOn(book, list, handle, name)
  return putInGroup(isThere ? book : putOn(book, list, handle, name), handle, group)
}

/** Tells somebody that they were added, and the one who did how they are. */
async function introduce(session: NotificationSession, handle: Handle, trId: number): Promise<Reply> {
  const { books, directory, presence, isHostedAddress, summon } = session.services
  const { before, after } = await books.change(handle, (book) => addedBy(book, session.handle, session.name))
  if (before.serial !== after.serial) {
    await directory.tell(handle, { kind: 'added', handle: session.handle, name: session.name, serial: after.serial })
  }
  if (isHostedAddress(handle) && !(await directory.find(handle))) void summon(handle)
  const showing = await presence.visible(handle, session.handle)
  return showing ? session.alreadyThere(trId, showing) : []
}
