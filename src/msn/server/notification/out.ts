// OUT  →  the connection ends   (msnp-core.md 3.20)

import { type Reply, silence } from '../command-table.ts'
import type { Peer } from '../peer.ts'

/** Goodbye; the official servers just closed. */
export function leave({ peer }: { readonly peer: Peer }): Reply {
  peer.close()
  return silence
}
