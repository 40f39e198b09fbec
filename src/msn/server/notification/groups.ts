// ADG {trid} {name}, RMG {trid} {id}, REG {trid} {id} {name}   (msnp-core.md 3.17, section 8 for the answers; MSNP7 to 12)

import {
  readAddGroup,
  readRemoveGroup,
  readRenameGroup,
  writeGroupAdded,
  writeGroupRemoved,
  writeGroupRenamed,
} from '../../dialect/edits.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { addGroup, groupIn, removeGroup, renameGroup } from '../book.ts'
import { groupId } from '../books.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Makes a group. */
export async function makeGroup(session: NotificationSession, command: Command): Promise<Reply> {
  const name = readAddGroup(command) ?? ''
  const { after } = await session.services.books.change(session.handle, (book) => addGroup(book, name))
  const made = after.groups.find((group) => group.name === name)
  if (!made) throw new CommandError(errorCodes.internalError)
  const group = { id: groupId(session.dialect, made), name }
  return [writeGroupAdded(session.dialect, trIdOf(command), String(after.serial), group)]
}

/** Forgets a group. MSN 7.0 may name it where its id should stand. */
export async function dropGroup(session: NotificationSession, command: Command): Promise<Reply> {
  const said = readRemoveGroup(command) ?? ''
  const { before, after } = await session.services.books.change(session.handle, (book) => {
    return removeGroup(book, groupIn(book, said) ? said : (book.groups.find(({ name }) => name === said)?.guid ?? said))
  })
  const gone = before.groups.find((group) => !after.groups.some(({ guid }) => guid === group.guid))
  const id = gone ? groupId(session.dialect, gone) : said
  return [writeGroupRemoved(session.dialect, trIdOf(command), String(after.serial), id)]
}

/** Gives a group another name. */
export async function nameGroup(session: NotificationSession, command: Command): Promise<Reply> {
  const group = readRenameGroup(command)
  if (!group) throw new CommandError(errorCodes.syntaxError)
  const { after } = await session.services.books.change(session.handle, (book) => renameGroup(book, group.id, group.name))
  return [writeGroupRenamed(session.dialect, trIdOf(command), String(after.serial), group)]
}
