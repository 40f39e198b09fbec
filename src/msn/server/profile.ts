// The profile that a client is sent right after USR OK (msnp-core.md 3.8). Some load their contacts only once they have it.

import type { Clock } from '../../core/clock.ts'
import { writeSaid } from '../dialect/board.ts'
import { swapPort } from '../model/client-port.ts'
import { memberId } from '../model/member-id.ts'
import type { Command } from '../wire/command.ts'
import { formatHeaders } from '../wire/mime.ts'
import type { Handle } from './handle.ts'
import type { Peer } from './peer.ts'

/** The message, from `Hotmail` as clients insist. */
export function profileMessage(dialect: number, handle: Handle, ticket: string, peer: Peer, clock: Clock): Command {
  const [high, low] = memberId(handle)
  const { remote, remotePort } = peer.addresses
  const headers: [string, string][] = [
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/x-msmsgsprofile; charset=UTF-8'],
    ['LoginTime', String(Math.floor(clock() / 1000))],
    ['EmailEnabled', '0'],
    ['MemberIdHigh', String(high)],
    ['MemberIdLow', String(low)],
    ['lang_preference', '1033'],
    ['preferredEmail', handle],
    ['country', ''],
    ['PostalCode', ''],
    ['Gender', ''],
    ['Kid', '0'],
    ['Age', ''],
    ['Birthday', ''],
    ['Wallet', ''],
    ['Flags', '1027'],
    ['sid', '507'],
    ['kv', '11'],
    ['MSPAuth', ticket],
  ]
  if (dialect >= 8)
    headers.push(['ClientIP', (remote ?? '127.0.0.1').replace(/^::ffff:/, '')], ['ClientPort', String(swapPort(remotePort ?? 0))])
  if (dialect >= 10) headers.push(['ABCHMigrated', '1'])
  if (dialect >= 16) headers.push(['MPOPEnabled', '1'])
  return writeSaid({ handle: 'Hotmail', name: 'Hotmail' }, Buffer.from(`${formatHeaders(headers)}\r\n`))
}
