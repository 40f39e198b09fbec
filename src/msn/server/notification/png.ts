// PNG  →  QNG, from MSNP9 on QNG {seconds}   (msnp-core.md 3.15)

import { writePong } from '../../dialect/sign-in.ts'
import type { Reply } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Until the next ping; some clients leave when it is 5 or less. */
const pingSeconds = 50

/** Here we are. */
export function pong(session: NotificationSession): Reply {
  return [writePong(session.dialect, pingSeconds)]
}
