// ADD {trid} {list} {handle} {name}[ {group}]   (MSNP2 to 9)
// ADC {trid} {list} N={handle} F={name} C={guid} {group}   (MSNP10 to 12; msnp-core.md 3.17)

import { readAdd, writeAdded } from '../../dialect/edits.ts'
import { writePropertyOf } from '../../dialect/settings.ts'
import type { ListName } from '../../model/lists.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { contactIn, contactWithGuid } from '../book.ts'
import { CommandError, HangUp } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { contactOf } from '../edits.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'
import { alreadyThereLines } from '../sightings.ts'

/** Puts somebody on a list or into a group, and tells how they are where they are new. */
export async function add(session: NotificationSession, command: Command): Promise<Reply> {
  const { dialect, services } = session
  const addition = readAdd(dialect, command)
  if (!addition) throw new CommandError(errorCodes.invalidParameter)
  const { list, group, guid, name } = addition
  if (list === 'PL' || (list === 'RL' && dialect < 10)) throw new HangUp(`${command.verb} to ${list}`)
  const handle = await whom(session, list, addition.handle, guid)
  const { after, isNew } = await services.edits.put(session.handle, handle, {
    list,
    name,
    group: dialect < 10 && group === '0' ? undefined : group,
  })
  const contact = contactIn(after, handle)
  const said = { ...addition, ...(isNew && dialect >= 10 && contact ? { guid: contact.guid, name: contact.name } : {}) }
  const reply = writeAdded(dialect, trIdOf(command), String(after.serial), said)
  if (!isNew) return [reply]
  return session.tellHowOthersAre(async () => [reply, ...(await howTheyAre(session, handle, trIdOf(command), after.serial))])
}

/** Their phone numbers, where the client knows of such, and how they show themselves. */
async function howTheyAre(session: NotificationSession, handle: Handle, trId: number, serial: number): Promise<Reply> {
  const { dialect, services } = session
  const { presence } = services
  const phones = dialect >= 5 ? await presence.phonesOf(handle, session.handle) : {}
  const numbers = Object.entries(phones).map(([key, value]) => writePropertyOf(dialect, String(serial), handle, { key, value }))
  const showing = await presence.visible(handle, session.handle)
  return showing ? [...numbers, ...alreadyThereLines(dialect, trId, showing)] : numbers
}

/** Whom an addition means. Throws 201 for what is no address and for the owner's own, 205 (208 from MSNP10 on) for somebody who does not exist. */
async function whom(
  session: NotificationSession,
  list: ListName,
  text: string | undefined,
  guid: string | undefined,
): Promise<Handle> {
  const { books, edits } = session.services
  if (text === undefined) {
    const known = contactWithGuid(await books.of(session.handle), guid ?? '')
    if (!known) throw new CommandError(errorCodes.invalidHandle)
    return known.handle
  }
  const handle = contactOf(session.handle, handleOf(text))
  if (list === 'RL' || (await edits.exists(handle))) return handle
  throw new CommandError(session.dialect < 10 ? errorCodes.noSuchUser : errorCodes.invalidHandle)
}
