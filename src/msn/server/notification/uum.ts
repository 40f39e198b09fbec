// UUM {trid} {handle} {network} {type} {length} + message  →  nothing, or an error   (msnp-core.md 3.14; MSNP14 and later)
//
// Libpurple and AMSN leave offline messages in this way and in no other, without `Dest-Agent` (real-clients.md, 11).

import { readSaidBeside } from '../../dialect/notes.ts'
import { msnNetwork } from '../../dialect/presence.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { mediaTypeOf, parseMime } from '../../wire/mime.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence } from '../command-table.ts'
import { handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'
import type { Outcome } from '../offline.ts'

const text = '1'

/** What a sender is told; an answer that all is well does not exist. */
const refusals: Readonly<Record<Exclude<Outcome, 'stored'>, number>> = {
  unknown: errorCodes.notOnline,
  blocked: errorCodes.notOnline,
  full: errorCodes.listFull,
  throttled: errorCodes.changingTooRapidly,
}

/** Keeps a text for somebody; if they are there after all, they are told of it at once. Typing and nudges of the moment are let go. */
export async function leaveMessage(session: NotificationSession, command: Command): Promise<Reply> {
  const said = readSaidBeside(command)
  if (!said) throw new CommandError(errorCodes.invalidParameter)
  if (said.network !== msnNetwork) throw new CommandError(errorCodes.unroutable)
  if (said.type !== text) return silence
  const { headers, body } = parseMime(command.payload ?? new Uint8Array())
  if (mediaTypeOf(headers) !== 'text/plain') return silence
  const to = handleOf(said.handle)
  if (!to) throw new CommandError(errorCodes.invalidHandle)
  const { books, offline } = session.services
  const { name } = await books.of(session.handle)
  const outcome = await offline.store(session.handle, name, to, { body: Buffer.from(body).toString('utf8') })
  if (outcome !== 'stored') throw new CommandError(refusals[outcome])
  return silence
}
