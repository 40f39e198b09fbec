// INF {trid}  →  INF {trid} MD5   (msnp-core.md 3.2; MSNP2 to 7)

import { writeWaysIn } from '../../dialect/sign-in.ts'
import type { Command } from '../../wire/command.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Names the ways in. */
export function tellWaysIn(_session: NotificationSession, command: Command): Reply {
  return [writeWaysIn(trIdOf(command))]
}
