// Bare clients of the cast, further on than a fresh connection: signed in, or on a board.

import type { BareClient } from './bare-client.ts'
import type { TestServer } from './msn-server.ts'

/** Signs somebody in at MSNP12 (or lower) and shows them online. */
export async function signedIn(fixture: TestServer, account: string, dialect = 12): Promise<BareClient> {
  return signIn(await fixture.dial('NS'), account, await fixture.ticketFor(account), dialect)
}

/** Signs somebody hosted in, in-process. */
export async function hosted(fixture: TestServer, account: string, name = 'Mercutio'): Promise<BareClient> {
  return signIn(fixture.dialInside('NS'), account, await fixture.server.hostedTicket(account, name))
}

export async function signIn(client: BareClient, account: string, ticket: string, dialect = 12): Promise<BareClient> {
  client.dialect = dialect
  client.say(`VER 1 MSNP${dialect}`)
  client.say(`USR 2 TWN I ${account}`)
  await client.hearOnly('USR 2')
  client.say(`USR 3 TWN S ${ticket}`)
  await client.hearOnly('MSG Hotmail')
  client.say('CHG 4 NLN 0')
  await client.hearOnly('CHG 4')
  return client
}

/** A board of somebody's own. `line` is where it is spoken. */
export async function openBoard(
  fixture: TestServer,
  notification: BareClient,
  account: string,
  line?: BareClient,
): Promise<BareClient> {
  notification.say('XFR 90 SB')
  const ticket = (await notification.hearOnly('XFR 90')).split(' ')[5]
  const board = line ?? (await fixture.dial('SB'))
  board.say(`USR 1 ${account} ${ticket}`)
  await board.hearOnly('USR 1 OK')
  return board
}

/** Brings somebody to a board; gives their end of it. */
export async function bring(board: BareClient, account: string, notification: BareClient, line: BareClient): Promise<BareClient> {
  board.say(`CAL 91 ${account}`)
  const [, session, , , ticket] = (await notification.hearOnly('RNG')).split(' ')
  line.say(`ANS 1 ${account} ${ticket} ${session}`)
  await line.hearOnly('ANS 1 OK')
  await board.hearOnly('JOI')
  return line
}
