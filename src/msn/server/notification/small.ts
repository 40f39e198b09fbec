// URL, SND, SDC, FND: what clients ask for and this server has little to say to   (msnp-core.md 3.18)

import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** URL: there are no mail box and no account pages; the site id must stand there from MSNP5 on. */
export function giveUrl(session: NotificationSession, command: Command): Reply {
  const page = `http://${session.services.domain}/`
  return [{ verb: 'URL', trId: trIdOf(command), args: [page, page, '1'] }]
}

/** SND and SDC ask for an invitation by e-mail, which nobody sends; clients only want to hear OK. */
export function ignoreInvitation(_session: NotificationSession, command: Command): Reply {
  return [{ verb: command.verb, trId: trIdOf(command), args: ['OK'] }]
}

/** FND searched a directory that was closed in 2003. */
export function refuseSearch(): Reply {
  throw new CommandError(errorCodes.commandDisabled)
}
