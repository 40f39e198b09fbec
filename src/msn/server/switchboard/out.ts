// OUT  →  the connection ends, and the others hear BYE   (msnp-core.md 4.5)

import { type Reply, silence } from '../command-table.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

/** Somebody leaves a board. */
export function leave({ peer }: SwitchboardSession): Reply {
  peer.close()
  return silence
}
