// BLP {trid} AL|BL, GTC {trid} A|N   (msnp-core.md 3.9, 3.17). The value that is set already is answered like any other: msn-pecan says its own at every sign-in.

import { readPrivacy, readPrompt, writeSettingSet } from '../../dialect/settings.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** BLP: who may see and call the owner. */
export async function setPrivacy(session: NotificationSession, command: Command): Promise<Reply> {
  const privacy = readPrivacy(command)
  if (!privacy) throw new CommandError(errorCodes.invalidParameter)
  const { books, edits, presence } = session.services
  const { before, after } = await books.change(session.handle, (book) => (book.privacy === privacy ? book : { ...book, privacy }))
  if (before.privacy !== privacy) {
    await presence.revealToAll(session.handle)
    await edits.tellPlaces(session.handle, session.number)
  }
  return [writeSettingSet(session.dialect, 'BLP', trIdOf(command), String(after.serial), privacy)]
}

/** GTC: whether the owner's client asks when somebody adds them. */
export async function setPrompt(session: NotificationSession, command: Command): Promise<Reply> {
  const prompt = readPrompt(command)
  if (!prompt) throw new CommandError(errorCodes.invalidParameter)
  const { after } = await session.services.books.change(session.handle, (book) =>
    book.prompt === prompt ? book : { ...book, prompt },
  )
  return [writeSettingSet(session.dialect, 'GTC', trIdOf(command), String(after.serial), prompt)]
}
