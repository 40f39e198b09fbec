// XFR {trid} SB  →  XFR {trid} SB {host:port} CKI {ticket}   (msnp-core.md 3.19)

import { writeBoardTicket } from '../../dialect/board.ts'
import { looksOffline } from '../../model/status.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { issueBoardTicket } from '../board-ticket.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** A ticket to a new board; not for those who look offline. */
export async function giveBoard(session: NotificationSession, command: Command): Promise<Reply> {
  if (command.args[0] !== 'SB') throw new CommandError(errorCodes.invalidParameter)
  const { dialect, services, number, handle } = session
  const { showing, seats = [] } = (await services.directory.find(handle)) ?? {}
  const clientId = seats.find((seat) => seat.session === number)?.clientId
  if (!showing || !clientId || looksOffline(showing.status)) throw new CommandError(errorCodes.notWhileHidden)
  const ticket = await issueBoardTicket(services.tickets, { ...showing, clientId, dialect, session: number })
  return [writeBoardTicket(dialect, trIdOf(command), { address: services.boardAddress(session.peer), ticket })]
}
