// CAL {trid} {handle}  →  CAL {trid} RINGING {session}; RNG to whoever is called   (msnp-core.md 4.1, 4.3)

import { writeJoined, writeRinging } from '../../dialect/board.ts'
import { looksOffline } from '../../model/status.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { issueBoardTicket } from '../board-ticket.ts'
import { admits } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { Showing, Whereabouts } from '../directory.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

/**
 * Calls somebody to this board. Throws 208 for what is no address, 215 for somebody who is here or on the way, and 217 for everybody who cannot be
 * called: offline, hidden, unknown, or unwilling, all alike.
 */
export async function call(session: SwitchboardSession, command: Command): Promise<Reply> {
  const handle = handleOf(command.args[0] ?? '')
  if (!handle) throw new CommandError(errorCodes.invalidHandle)
  const { board, services } = session
  const ringing = writeRinging(trIdOf(command), board.id)
  // From MSNP16 on clients call themselves first, to bring in their other endpoints.
  if (handle === session.who.handle && session.dialect >= 16) return [ringing, writeJoined(session.dialect, session.who)]
  if (board.has(handle)) throw new CommandError(errorCodes.alreadyThere)
  const { showing, dialect, session: rung } = await whereabouts(session, handle)
  if (board.has(handle) || board.expects(handle, rung, services.clock())) throw new CommandError(errorCodes.alreadyThere)
  const ticket = await issueBoardTicket(services.tickets, { ...showing, dialect, session: rung, board: board.id })
  board.called(handle, rung, services.clock())
  const { handle: caller, name } = session.who
  const advertised = services.advertised()
  const address = advertised === undefined ? {} : { address: advertised }
  const told = await services.directory.tell(handle, {
    kind: 'ring',
    session: board.id,
    ...address,
    ticket,
    handle: caller,
    name,
  })
  if (!told) throw notOnline()
  return [ringing]
}

/** Where somebody is who lets the caller call them. A hosted person who is nowhere is signed in first. */
async function whereabouts(session: SwitchboardSession, handle: Handle): Promise<Required<Whereabouts>> {
  const { books, directory, isHostedAddress, summon } = session.services
  let found = await directory.find(handle)
  if (!found?.showing && isHostedAddress(handle) && (await summon(handle))) found = await directory.find(handle)
  if (!isThere(found) || !admits(await books.of(handle), session.who.handle)) throw notOnline()
  return found
}

function isThere(whereabouts: Whereabouts | undefined): whereabouts is Whereabouts & { readonly showing: Showing } {
  return whereabouts?.showing !== undefined && !looksOffline(whereabouts.showing.status)
}

function notOnline(): CommandError {
  return new CommandError(errorCodes.notOnline)
}
