// What the tests of rooms ask again and again, from the side of the user.

import type { MatrixUser, SeenEvent } from '../../support/matrix-user.ts'
import { domains } from '../../support/world.ts'

export const bot = `@msnbot:${domains.matrix}`

/** Switches encryption on. */
export const encryption = { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } }

/** Who a user is on our own MSN server. */
export function addressOf(user: MatrixUser): string {
  return `${user.userId.slice(1).split(':')[0]}@matrix.${domains.msn}`
}

/** How somebody comes into a room, or goes. */
export function member(who: string, membership: string) {
  return (event: SeenEvent) =>
    event.type === 'm.room.member' && event.state_key === who && event.content['membership'] === membership
}

/** A room of a user's own. */
export async function makeRoom(user: MatrixUser, body: object): Promise<string> {
  return String((await user.call('POST', 'createRoom', body))['room_id'])
}

/** Everybody who is in a room. */
export async function membersOf(user: MatrixUser, room: string): Promise<string[]> {
  return Object.keys((await user.call('GET', `rooms/${encodeURIComponent(room)}/joined_members`))['joined'] as object).sort()
}
