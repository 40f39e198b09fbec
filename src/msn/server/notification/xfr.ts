// XFR {trid} SB  →  XFR {trid} SB {host:port} CKI {ticket}   (msnp-core.md 3.19)

import { writeBoardTicket } from '../../dialect/board.ts'
import { looksOffline } from '../../model/status.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { issueBoardTicket } from '../board-ticket.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** A ticket to a new board; not for those who look offline (from MSNP13 on, and for hosted people, for them too), and no more than so many in a minute. */
export async function giveBoard(session: NotificationSession, command: Command): Promise<Reply> {
  if (command.args[0] !== 'SB') throw new CommandError(errorCodes.invalidParameter)
  const { dialect, services, number, handle, boardPace } = session
  const { showing, seats = [] } = (await services.directory.find(handle)) ?? {}
  const seat = seats.find((each) => each.session === number)
  const isHidden = showing !== undefined && looksOffline(showing.status)
  if (!showing || !seat || (isHidden && dialect < 13 && !session.peer.inProcess))
    throw new CommandError(errorCodes.notWhileHidden)
  const now = services.clock()
  if (!session.peer.inProcess && boardPace.wait(now) > 0) throw new CommandError(errorCodes.changingTooRapidly)
  boardPace.count(now)
  const ticket = await issueBoardTicket(services.tickets, { handle, name: showing.name, ...seat })
  return [writeBoardTicket(dialect, trIdOf(command), { address: services.boardAddress(session.peer), ticket })]
}
