// CHG {trid} {status} {capabilities} {picture}  →  the same; after the first: ILN for everybody who is there   (msnp-core.md 3.11)

import { randomInt } from 'node:crypto'
import { readChange } from '../../dialect/presence.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { watched } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import { waitingMessage } from '../mail-messages.ts'
import type { NotificationSession } from '../notification-session.ts'
import { summaryOf } from '../offline.ts'
import { alreadyThereLines, ownLines } from '../sightings.ts'

/** So long a client has to answer a challenge. */
const challengePatience = 50_000

/** The answer repeats the arguments as they came, and comes before what the owner's places are told, as it was recorded. */
export async function changeStatus(session: NotificationSession, command: Command): Promise<Reply> {
  const change = readChange(command)
  if (!change || change.status === 'FLN') throw new CommandError(errorCodes.invalidParameter)
  const { status: code, clientId, object } = change
  const echo: Command = { verb: 'CHG', trId: trIdOf(command), args: command.args }
  if (session.ready) session.peer.send(echo)
  await session.show({ status: { code, clientId, object } })
  if (session.ready) return silence
  session.ready = true
  await session.tellHowOthersAre(async () => [echo, ...(await whoIsThere(session, trIdOf(command)))])
  return [...(await whatWaits(session)), ...ask(session)]
}

async function whoIsThere(session: NotificationSession, trId: number): Promise<Command[]> {
  const { dialect, handle, services } = session
  const there = await services.presence.visibleTo(handle, watched(await services.books.of(handle)))
  const { showing } = (await services.directory.find(handle)) ?? {}
  const own = showing ? ownLines(dialect, showing) : []
  return [...own, ...there.flatMap((showing) => alreadyThereLines(dialect, trId, showing))]
}

/** Official clients from MSNP13 on are told even that nothing waits for them. */
async function whatWaits({ dialect, handle, peer, services }: NotificationSession): Promise<Command[]> {
  if (dialect < 11 || peer.inProcess) return []
  const waiting = await services.offline.list(handle)
  return waiting.length === 0 && dialect < 13 ? [] : [waitingMessage(waiting.map((message) => summaryOf(handle, message)))]
}

/** From MSNP6 on, where the operator wants it, a client has to prove that it is one (3.16). */
function ask(session: NotificationSession): Command[] {
  if (!session.services.challenge || session.dialect < 6) return []
  return question(session)
}

/** CHL from a client asks for the question; one that was asked already is asked again. */
export function askOnRequest(session: NotificationSession): Reply {
  return question(session)
}

function question(session: NotificationSession): Command[] {
  if (session.challenge) return [{ verb: 'CHL', trId: 0, args: [session.challenge.digits] }]
  const digits = Array.from({ length: 20 }, () => randomInt(10)).join('')
  const cancel = session.services.timers.after(challengePatience, () => {
    session.peer.send({ verb: 'OUT', args: [] })
    session.peer.close()
  })
  session.challenge = { digits, cancel }
  return [{ verb: 'CHL', trId: 0, args: [digits] }]
}
