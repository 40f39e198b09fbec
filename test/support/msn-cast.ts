// Bare clients of the cast, further on than a fresh connection: signed in, or on a board.

import { ssoBlob } from '../../src/msn/auth/sso.ts'
import type { BareClient } from './bare-client.ts'
import type { TestServer } from './msn-server.ts'

/** Where somebody sits, at MSNP16 and later. */
export const place = '{1BE99E6D-1C6E-4BEA-8B3E-9C464006A774}'

/** Signs somebody in at MSNP8 or later and shows them online. */
export async function signedIn(fixture: TestServer, account: string, dialect = 12, guid = place): Promise<BareClient> {
  const line = await fixture.dial('NS')
  if (dialect < 15) return signIn(line, account, await fixture.ticketFor(account), dialect)
  await proven(fixture, line, account, dialect, guid)
  line.say('CHG 4 NLN 0:0')
  await line.hearOnly('CHG 4')
  await line.hearOnly('MSG Hotmail')
  return line
}

/** Signs somebody in at MSNP15 or later, up to and with the profile. */
export async function proven(
  fixture: TestServer,
  line: BareClient,
  account: string,
  dialect: number,
  guid = place,
): Promise<BareClient> {
  const { ticket, secret } = await fixture.keyFor(account)
  line.dialect = dialect
  line.say(`VER 1 MSNP${dialect}`)
  line.say(`USR 2 SSO I ${account}`)
  const nonce = (await line.hearOnly('USR 2')).split(' ')[5] ?? ''
  line.say(`USR 3 SSO S ${ticket.reveal()} ${ssoBlob(nonce, secret)}${dialect < 16 ? '' : ` ${guid}`}`)
  await line.hearOnly(dialect < 16 ? 'MSG Hotmail' : 'UBX')
  return line
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
  if (dialect >= 13) await client.hearOnly('MSG Hotmail')
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
