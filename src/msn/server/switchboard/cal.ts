// CAL {trid} {handle}  →  CAL {trid} RINGING {session}; RNG to every place of whoever is called   (msnp-core.md 4.1, 4.3, 4.6)

import { writeJoined, writeRinging } from '../../dialect/board.ts'
import { looksOffline } from '../../model/status.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { issueBoardTicket } from '../board-ticket.ts'
import { admits } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { Seat, Showing, Whereabouts } from '../directory.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

/**
 * Calls somebody to this board. Throws 208 for what is no address, 215 for somebody who is here or on the way, 920 when the board is full, and 217
 * for everybody who cannot be called: offline, hidden, unknown, or unwilling, all alike; 713 instead for one who called in vain too often.
 */
export async function call(session: SwitchboardSession, command: Command): Promise<Reply> {
  const handle = handleOf(command.args[0] ?? '')
  if (!handle) throw new CommandError(errorCodes.invalidHandle)
  const { board } = session
  const ringing = writeRinging(trIdOf(command), board.id)
  // From MSNP16 on clients call themselves first, to bring in their other places.
  if (handle === session.who.handle && session.dialect >= 16) {
    await callOtherPlaces(session)
    return [ringing, writeJoined(session.dialect, session.who)]
  }
  if (board.has(handle)) throw new CommandError(errorCodes.alreadyThere)
  const { showing, seats } = (await whereabouts(session, handle)) ?? inVain(session)
  const now = session.services.clock()
  const numbers = seats.map((seat) => seat.session)
  if (board.has(handle) || board.expects(handle, numbers, now)) throw new CommandError(errorCodes.alreadyThere)
  if (board.isFull(now)) throw new CommandError(errorCodes.notAcceptingNewUsers)
  session.vainCalls.forget()
  board.called(handle, numbers, now)
  const told = await Promise.all(seats.map((seat) => ring(session, showing, seat)))
  if (!told.includes(true)) inVain(session)
  return [ringing]
}

/** Rings wherever else the caller is and not on the board yet. */
async function callOtherPlaces(session: SwitchboardSession): Promise<void> {
  const { board, who, services } = session
  const { showing, seats } = (await services.directory.find(who.handle)) ?? { seats: [] }
  const others = seats.filter((seat) => !board.hasSession(who.handle, seat.session))
  if (showing) await Promise.all(others.map((seat) => ring(session, showing, seat)))
}

/** Rings at one place, with a ticket for it alone; false when it is gone. */
async function ring(session: SwitchboardSession, { handle, name }: Showing, seat: Seat): Promise<boolean> {
  const { board, services, who } = session
  const ticket = await issueBoardTicket(services.tickets, { handle, name, ...seat, board: board.id })
  const address = services.advertised()
  const notice = { kind: 'ring', session: board.id, ticket, handle: who.handle, name: who.name } as const
  return services.directory.tell(handle, address === undefined ? notice : { ...notice, address }, seat.session)
}

/** Where somebody is who lets the caller call them; undefined for all others. A hosted person who is nowhere is signed in first. */
async function whereabouts(session: SwitchboardSession, handle: Handle): Promise<Required<Whereabouts> | undefined> {
  const { books, directory, isHostedAddress, strangers, summon } = session.services
  const isHosted = isHostedAddress(handle)
  if (!admits(await books.of(handle), session.who.handle)) return undefined
  if (isHosted && !(await strangers.admit(handle, session.who.handle))) return undefined
  let found = await directory.find(handle)
  if (!found?.showing && isHosted && (await summon(handle))) found = await directory.find(handle)
  return isThere(found) ? found : undefined
}

function isThere(whereabouts: Whereabouts | undefined): whereabouts is Required<Whereabouts> {
  return whereabouts?.showing !== undefined && !looksOffline(whereabouts.showing.status)
}

function inVain({ vainCalls, services }: SwitchboardSession): never {
  const now = services.clock()
  if (vainCalls.wait(now) > 0) throw new CommandError(errorCodes.tooActive)
  vainCalls.count(now)
  throw new CommandError(errorCodes.notOnline)
}
