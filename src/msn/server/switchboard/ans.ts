// ANS {trid} {handle}[;{guid}] {ticket} {session}  →  IRO for everybody who is there, ANS {trid} OK; from MSNP16 on JOI of oneself   (msnp-core.md 4.1, 4.6)

import { writeJoined } from '../../dialect/board.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { redeemBoardTicket } from '../board-ticket.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { handleOf } from '../handle.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

/** Somebody who was called comes. Throws 911 where handle, ticket and board do not belong together or the board is no more, and for a second time. */
export async function answer(session: SwitchboardSession, command: Command): Promise<Reply> {
  if (session.state === 'joined') throw new CommandError(errorCodes.authenticationFailed)
  const [said = '', ticket = '', id = ''] = command.args
  const comer = await redeemBoardTicket(session.services.tickets, ticket)
  const board = session.boards.find(id)
  if (!comer || !board || comer.board !== id || comer.handle !== handleOf(said) || !session.peer.isOpen) {
    throw new CommandError(errorCodes.authenticationFailed, { hangUp: true })
  }
  const there = session.join(comer, board, trIdOf(command))
  const own = comer.endpoint === undefined ? [] : [writeJoined(comer.dialect, comer)]
  return [...there, { verb: 'ANS', trId: trIdOf(command), args: ['OK'] }, ...own]
}
