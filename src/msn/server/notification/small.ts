// URL, SND, SDC, FND, IMS, PAG, PGD, VAS, PUT, DEL, SDG: what clients ask for and this server has little to say to   (msnp-core.md 3.18)

import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** URL: there is no mail box, but a password can be changed; the site id must stand there from MSNP5 on. */
export function giveUrl(session: NotificationSession, command: Command): Reply {
  const start = `http://${session.services.domain}/`
  const page = command.args[0] === 'PASSWORD' ? `${start}password` : start
  return [{ verb: 'URL', trId: trIdOf(command), args: [page, start, '1'] }]
}

/** SND and SDC ask for an invitation by e-mail, which nobody sends; clients only want to hear OK. */
export function ignoreInvitation(_session: NotificationSession, command: Command): Reply {
  return [{ verb: command.verb, trId: trIdOf(command), args: ['OK'] }]
}

/** IMS: WebTV turns calls off, and on again, without another status. */
export function takeCalls(session: NotificationSession, command: Command): Reply {
  const [wish = ''] = command.args
  if (wish !== 'ON' && wish !== 'OFF') throw new CommandError(errorCodes.invalidParameter)
  session.takesCalls = wish === 'ON'
  return [{ verb: 'IMS', trId: trIdOf(command), args: ['0', wish] }]
}

/** PAG (gone with MSNP9) and PGD: nobody has a telephone here. */
export function refusePage({ dialect }: NotificationSession, { verb }: Command): Reply {
  throw new CommandError(verb === 'PAG' && dialect >= 9 ? errorCodes.notExpected : errorCodes.changingTooRapidly)
}

/** VAS reports somebody to nobody, and is not answered. */
export function ignoreReport(): Reply {
  return silence
}

/** PUT, DEL and SDG are for circles, of which there are none. */
export function refuseCircle(): Reply {
  throw new CommandError(errorCodes.invalidContactList)
}

/** FND searched a directory that was closed in 2003. */
export function refuseSearch(): Reply {
  throw new CommandError(errorCodes.commandDisabled)
}
