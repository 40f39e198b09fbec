// UUN {trid} {handle}[;{guid}] {type} {length} + anything  →  UUN {trid} OK; UBN for whom it is   (msnp-core.md 3.14; MSNP13 and later)

import { readNote, writeNoteTaken } from '../../dialect/notes.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { admits } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Words for one's own places: `goawyplzthxbye`, `gtfo`. */
const control = '4'
/** In bytes. What stands here are words from one program to another. */
const longest = 8192

/** Passes it on untouched. Whoever does not hear the sender, or is not there, looks like everybody else: the answer is OK. */
export async function passNote(session: NotificationSession, command: Command): Promise<Reply> {
  const note = readNote(command)
  const to = handleOf(note?.handle ?? '')
  if (!note || !to) throw new CommandError(errorCodes.invalidParameter)
  const { payload = new Uint8Array() } = command
  if (payload.length > longest) throw new CommandError(errorCodes.messageTooLong)
  const { handle, endpoint: sender, services } = session
  const isOwn = to === handle
  const reply = [writeNoteTaken(trIdOf(command))]
  if (!isOwn && (note.type === control || !admits(await services.books.of(to), handle))) return reply
  await services.directory.tell(to, {
    kind: 'note',
    handle,
    ...(sender === undefined ? {} : { sender }),
    ...(note.endpoint === undefined ? {} : { endpoint: note.endpoint }),
    ...(isOwn && sender !== undefined && note.endpoint === undefined ? { by: sender } : {}),
    type: note.type,
    payload: Buffer.from(payload).toString('latin1'),
  })
  return reply
}
