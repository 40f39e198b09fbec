// REM {trid} {list} {handle}[ {group}]; from MSNP10 on FL goes by GUID   (msnp-core.md 3.17)

import { readRemove, writeRemoved } from '../../dialect/edits.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { contactWithGuid } from '../book.ts'
import { CommandError, HangUp } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Takes somebody off a list or out of a group. */
export async function remove(session: NotificationSession, command: Command): Promise<Reply> {
  const { dialect, services } = session
  const removal = readRemove(dialect, command)
  if (!removal) throw new CommandError(errorCodes.invalidParameter)
  const { list, group } = removal
  if (list === 'RL' || (list === 'PL' && dialect < 10)) throw new HangUp(`REM from ${list}`)
  const known = removal.guid === undefined ? undefined : contactWithGuid(await services.books.of(session.handle), removal.guid)
  const handle = known?.handle ?? handleOf(removal.handle ?? '')
  if (!handle) throw new CommandError(errorCodes.notOnList)
  const { after } = await services.edits.take(session.handle, handle, { list, group })
  return [writeRemoved(dialect, trIdOf(command), String(after.serial), removal)]
}
