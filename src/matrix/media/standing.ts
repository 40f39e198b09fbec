// Whether what was sent still stands where it was sent: whoever takes a message back takes its file back, too, and so does who empties a room.

import { z } from 'zod'
import type { Chats } from '../chats.ts'
import type { Homeserver } from '../homeserver.ts'
import { clientPath } from '../homeserver.ts'
import { HomeserverError } from '../homeserver-error.ts'
import type { SharedMedia } from './links.ts'

// Of a message that was taken back, the homeserver keeps that it was there.
const standing = z.object({ content: z.record(z.string(), z.unknown()) })

interface Options {
  readonly homeserver: Pick<Homeserver, 'call'>
  readonly chats: Pick<Chats, 'ghostIn'>
  readonly bot: string
}

/** Asks the homeserver each time, so that nothing has to be remembered, and nothing can be missed. Throws a HomeserverError when it does not answer. */
export async function stands({ ref, room, event }: SharedMedia, { homeserver, chats, bot }: Options): Promise<boolean> {
  const as = (await chats.ghostIn(room)) ?? bot
  try {
    const answer = standing.safeParse(await homeserver.call(as, 'GET', clientPath`rooms/${room}/event/${event}`))
    return answer.success && JSON.stringify(answer.data.content).includes(JSON.stringify(ref))
  } catch (error) {
    if (error instanceof HomeserverError && (error.status === 403 || error.status === 404)) return false
    throw error
  }
}
