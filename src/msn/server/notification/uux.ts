// UUX {trid} {length} + <Data>…</Data>  →  UUX {trid} 0; UBX for everybody who sees the owner, and from MSNP16 on for their other places   (msnp-core.md 3.13)

import { readPersonal, readPlace } from '../../dialect/personal.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** In bytes; everybody who watches gets a copy. */
const longestPersonal = 4096

/**
 * What is absent keeps its value; a document that cannot be read changes nothing. The answer comes before what the owner's places are told, as it
 * was recorded.
 */
export async function changePersonal(session: NotificationSession, command: Command): Promise<Reply> {
  const payload = command.payload ?? new Uint8Array()
  if (payload.length > longestPersonal) throw new CommandError(errorCodes.notExpected)
  const personal = readPersonal(payload)
  session.peer.send({ verb: 'UUX', trId: trIdOf(command), args: [], payload: new Uint8Array() })
  if (personal) await session.show({ personal, ...(session.dialect < 16 ? {} : { details: readPlace(payload) }) })
  return silence
}
