// USR {trid} {handle}[;{guid}] {ticket}  →  USR {trid} OK {handle as it was said} {name}   (msnp-core.md 4.1)

import { writeEntered } from '../../dialect/board.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { redeemBoardTicket } from '../board-ticket.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { handleOf } from '../handle.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

/** Somebody opens a new board. Throws 911 for a ticket that is not theirs, and for a second time. */
export async function enter(session: SwitchboardSession, command: Command): Promise<Reply> {
  if (session.state === 'joined') throw new CommandError(errorCodes.authenticationFailed)
  const [said = '', ticket = ''] = command.args
  const comer = await redeemBoardTicket(session.services.tickets, ticket)
  if (!comer || comer.board !== undefined || comer.handle !== handleOf(said) || !session.peer.isOpen) {
    throw new CommandError(errorCodes.authenticationFailed, { hangUp: true })
  }
  session.join(comer, session.boards.open(), trIdOf(command))
  return [writeEntered(trIdOf(command), said, comer.name)]
}
