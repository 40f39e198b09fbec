// OUT  →  the connection ends   (msnp-core.md 3.20)

import { type Reply, silence } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/**
 * Goodbye; the official servers just closed. Chats end with it: msn-pecan leaves its boards open when it signs out, and what was said there
 * would count as delivered and be seen by nobody.
 */
export function signOut({ services, number, peer }: NotificationSession): Reply {
  services.leaveBoards(number)
  peer.close()
  return silence
}
