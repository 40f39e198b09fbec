// What opens a switchboard: who comes, in which dialect, and to which board (msnp-core.md 3.19). Good once, for two minutes.

import { z } from 'zod'
import type { Tickets } from '../../core/stores.ts'
import type { ClientId } from '../model/client-id.ts'
import type { Handle } from './handle.ts'
import { ticketPurpose } from './services.ts'

const lifetime = 120

const claimForm = z.strictObject({
  handle: z.string(),
  name: z.string(),
  dialect: z.int(),
  session: z.int(),
  flags: z.int(),
  extended: z.int().optional(),
  endpoint: z.string().optional(),
  board: z.string().optional(),
})

/** Who comes to a board. `board` is the one that they were called to; absent for a new one. */
export interface Comer {
  readonly handle: Handle
  readonly name: string
  readonly dialect: number
  /** The number of the notification session that got the ticket. */
  readonly session: number
  readonly clientId: ClientId
  /** Which of their places they come from, a GUID in small letters without braces; MSNP16 and later have one. */
  readonly endpoint?: string
  readonly board?: string
}

/** A ticket for somebody. */
export function issueBoardTicket(tickets: Tickets, comer: Comer): Promise<string> {
  const { handle, name, dialect, session, clientId, endpoint, board } = comer
  return tickets.issue(ticketPurpose.board, { handle, name, dialect, session, ...clientId, endpoint, board }, lifetime)
}

/** Whom a ticket lets in; it is used up. Undefined for one that is none. */
export async function redeemBoardTicket(tickets: Tickets, token: string): Promise<Comer | undefined> {
  const claim = claimForm.safeParse(await tickets.redeem(ticketPurpose.board, token))
  if (!claim.success) return undefined
  const { handle, name, dialect, session, flags, extended, endpoint, board } = claim.data
  const clientId = extended === undefined ? { flags } : { flags, extended }
  return {
    ...{ handle: handle as Handle, name, dialect, session, clientId },
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(board === undefined ? {} : { board }),
  }
}
