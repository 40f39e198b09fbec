// REA {trid} {handle} {name} (MSNP2 to 9), PRP {trid} {key} {value} (5+), SBP {trid} {guid} {key} {value} (10 to 12)   (msnp-core.md 3.17, 3.18)

import { readProperty, readRename, writeOwnNameSet, writePropertySet } from '../../dialect/settings.ts'
import type { PropertyKey } from '../../model/contact-list.ts'
import { isPropertyKey } from '../../model/contact-list.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { unescapeArg } from '../../wire/escape.ts'
import type { Book } from '../book.ts'
import { contactWithGuid, renameContact, renameOwner } from '../book.ts'
import { CommandError, HangUp } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import { handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'

/** In bytes. */
const longestValue = 95

/** REA: the owner's own name, or what the owner calls somebody. */
export async function rename(session: NotificationSession, command: Command): Promise<Reply> {
  const renaming = readRename(command)
  const handle = handleOf(renaming?.handle ?? '')
  if (!renaming || !handle) throw new CommandError(errorCodes.invalidParameter)
  if (handle === session.handle) return renameSelf(session, command, renaming.name)
  const { after } = await session.services.books.change(session.handle, (book) => renameContact(book, handle, renaming.name))
  return [writeOwnNameSet(session.dialect, trIdOf(command), String(after.serial), handle, renaming.name)]
}

/** PRP: the owner's name (from MSNP10 on) or a phone number. */
export async function setProperty(session: NotificationSession, command: Command): Promise<Reply> {
  const property = readProperty(command)
  if (!property || property.key.length > 3) throw new HangUp('PRP with a long key')
  const { key, value } = property
  if (!isPropertyKey(key) || (key === 'MFN' && session.dialect < 10)) throw new CommandError(errorCodes.notExpected)
  if (key === 'MFN') return renameSelf(session, command, value)
  if (Buffer.byteLength(value) > longestValue) throw new HangUp('PRP with a long value')
  const { before, after } = await session.services.books.change(session.handle, (book) => withProperty(book, key, value))
  if (before.properties[key] !== after.properties[key])
    await session.services.presence.announceProperty(session.handle, key, value)
  return [writePropertySet(session.dialect, trIdOf(command), String(after.serial), property)]
}

/** SBP: what the owner calls somebody. The other keys are what the client found out about a contact's phone, and only said back. */
export async function setContactProperty(session: NotificationSession, command: Command): Promise<Reply> {
  const [guid = '', key, value = ''] = command.args
  const { books } = session.services
  const contact = contactWithGuid(await books.of(session.handle), guid)
  if (!contact) throw new CommandError(errorCodes.invalidHandle)
  if (key === 'MFN') await books.change(session.handle, (book) => renameContact(book, contact.handle, unescapeArg(value)))
  return [{ verb: 'SBP', trId: trIdOf(command), args: command.args }]
}

/** The answer comes before what the owner's places are told. */
async function renameSelf(session: NotificationSession, command: Command, name: string): Promise<Reply> {
  const { after } = await session.services.books.change(session.handle, (book) => renameOwner(book, name))
  session.peer.send(writeOwnNameSet(session.dialect, trIdOf(command), String(after.serial), session.handle, name))
  await session.show({ name })
  return silence
}

function withProperty(book: Book, key: PropertyKey, value: string): Book {
  const { [key]: _before, ...others } = book.properties
  return { ...book, properties: value === '' ? others : { ...others, [key]: value } }
}
