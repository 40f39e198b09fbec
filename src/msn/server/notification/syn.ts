// SYN {trid} {what the client has}  →  the whole list, whatever it has   (msnp-core.md 3.9)

import { readSync, writeRoster } from '../../dialect/roster.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { rosterOf, stampOf } from '../books.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** "Nothing has changed" is never said: msn-pecan takes it for an error. From MSNP13 on the list is kept by the contact services. */
export async function synchronise(session: NotificationSession, command: Command): Promise<Reply> {
  if (session.dialect >= 13) throw new CommandError(errorCodes.commandDisabled)
  if (!readSync(session.dialect, command)) throw new CommandError(errorCodes.syntaxError)
  const book = await session.services.books.of(session.handle)
  return writeRoster(session.dialect, trIdOf(command), stampOf(session.dialect, book), rosterOf(session.dialect, book))
}
