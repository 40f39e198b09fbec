// VER {trid} MSNP12 MSNP11 CVR0  →  VER {trid} MSNP12   (msnp-core.md 3.2)

import { writeChosenVersion } from '../../dialect/sign-in.ts'
import type { Command } from '../../wire/command.ts'
import type { Dialect } from '../../wire/dialect.ts'
import { negotiate, versionReporting } from '../../wire/dialect.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** What this server speaks. */
const spokenDialects: readonly Dialect[] = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18]

/** Takes the highest dialect in common. A client with none is told so; if it wants to report its version, it may do that first. */
export function negotiateVersion(session: NotificationSession, command: Command): Reply {
  const chosen = negotiate(command.args, spokenDialects)
  const trId = trIdOf(command)
  if (chosen === versionReporting) {
    session.state = 'reporting'
    return [{ verb: 'VER', trId, args: [versionReporting] }]
  }
  if (chosen === undefined) {
    session.peer.send(writeChosenVersion(trId, undefined))
    session.peer.close()
    return silence
  }
  session.dialect = chosen
  session.state = 'versioned'
  return [writeChosenVersion(trId, chosen)]
}
