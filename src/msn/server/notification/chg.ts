// CHG {trid} {status} {capabilities} {picture}  →  the same; after the first: ILN for everybody who is there   (msnp-core.md 3.11)

import { randomInt } from 'node:crypto'
import { readChange } from '../../dialect/presence.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { watched } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'
import { alreadyThereLines, ownLines } from '../sightings.ts'

/** So long a client has to answer a challenge. */
const challengePatience = 50_000

/** The answer repeats the arguments as they came. */
export async function changeStatus(session: NotificationSession, command: Command): Promise<Reply> {
  const change = readChange(session.dialect, command)
  if (!change || change.status === 'FLN') throw new CommandError(errorCodes.invalidParameter)
  const { status: code, clientId, object } = change
  await session.show({ status: { code, clientId, object } })
  const echo: Command = { verb: 'CHG', trId: trIdOf(command), args: command.args }
  if (session.ready) return [echo]
  session.ready = true
  return [echo, ...(await whoIsThere(session, trIdOf(command))), ...ask(session)]
}

async function whoIsThere(session: NotificationSession, trId: number): Promise<Command[]> {
  const { dialect, handle, services } = session
  const there = await services.presence.visibleTo(handle, watched(await services.books.of(handle)))
  const { showing } = (await services.directory.find(handle)) ?? {}
  const own = showing ? ownLines(dialect, showing) : []
  return [...own, ...there.flatMap((showing) => alreadyThereLines(dialect, trId, showing))]
}

/** From MSNP6 on, where the operator wants it, a client has to prove that it is one (3.16). */
function ask(session: NotificationSession): Command[] {
  if (!session.services.challenge || session.dialect < 6) return []
  const digits = Array.from({ length: 20 }, () => randomInt(10)).join('')
  const cancel = session.services.timers.after(challengePatience, () => {
    session.peer.send({ verb: 'OUT', args: [] })
    session.peer.close()
  })
  session.challenge = { digits, cancel }
  return [{ verb: 'CHL', trId: 0, args: [digits] }]
}
