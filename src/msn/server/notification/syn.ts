// SYN {trid} {what the client has}  →  the whole list, whatever it has
// LST {trid} {list}  →  one list (MSNP2 to 7)   (msnp-core.md 3.9)

import { readSync, writeList, writeRoster } from '../../dialect/roster.ts'
import type { ListEntry, Roster } from '../../model/contact-list.ts'
import { isListName, isOn } from '../../model/lists.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import type { Book } from '../book.ts'
import { rosterOf, stampOf } from '../books.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { Handle } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'

/** "Nothing has changed" is never said: msn-pecan takes it for an error. From MSNP13 on the list is kept by the contact services. */
export async function synchronise(session: NotificationSession, command: Command): Promise<Reply> {
  const { dialect, services, handle } = session
  if (dialect >= 13) throw new CommandError(errorCodes.commandDisabled)
  if (!readSync(dialect, command)) throw new CommandError(errorCodes.syntaxError)
  const book = await services.books.of(handle)
  return writeRoster(dialect, trIdOf(command), stampOf(dialect, book), await rosterWithPhones(session, book))
}

/** Nobody waits in PL before MSNP10, so there is no such list. */
export async function tellList(session: NotificationSession, command: Command): Promise<Reply> {
  const [list = ''] = command.args
  if (!isListName(list) || list === 'PL') throw new CommandError(errorCodes.invalidParameter)
  const book = await session.services.books.of(session.handle)
  const roster = await rosterWithPhones(session, book)
  return writeList(session.dialect, trIdOf(command), stampOf(session.dialect, book).list, list, roster)
}

/** Phone numbers of contacts are known from MSNP5 on. */
async function rosterWithPhones({ dialect, handle, services }: NotificationSession, book: Book): Promise<Roster> {
  const roster = rosterOf(dialect, book)
  if (dialect < 5) return roster
  const withPhones = async (entry: ListEntry): Promise<ListEntry> => {
    if (!isOn(entry.lists, 'FL')) return entry
    return { ...entry, properties: await services.presence.phonesOf(entry.handle as Handle, handle) }
  }
  return { ...roster, entries: await Promise.all(roster.entries.map(withPhones)) }
}
