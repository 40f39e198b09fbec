// What users say of themselves in their profiles (MSC4426). The homeserver does not push it, so we look when somebody is about.

import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { serverOf } from './address.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { Recent } from './recent.ts'

/** How long what was found is good, in milliseconds. */
const fresh = 60_000

const remembered = 10_000

const status = z.object({ text: z.string().max(1024), emoji: z.string().max(128).catch('') })
const anyStatus = status.optional().catch(undefined)
const profile = z.object({ 'm.status': anyStatus, 'org.matrix.msc4426.status': anyStatus })

interface Parts {
  readonly homeserver: Pick<Homeserver, 'call'>
  readonly bot: string
  readonly clock: Clock
  readonly log: Logger
}

interface Found {
  readonly text: string
  readonly at: number
}

export class ProfileStatuses {
  readonly #parts: Parts
  readonly #found = new Recent<Found>(remembered)

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** What somebody said when we last looked; empty: nothing, or nothing is known. */
  of(user: string): string {
    return this.#found.get(user)?.text ?? ''
  }

  /** Looks what somebody says now, if we did not just look. Gives whether that is news. Never rejects; people on other servers say nothing. */
  async look(user: string): Promise<boolean> {
    const { homeserver, bot, clock, log } = this.#parts
    const before = this.#found.get(user)
    const now = clock()
    if (serverOf(user) !== serverOf(bot) || (before && now - before.at < fresh)) return false
    this.#found.set(user, { text: before?.text ?? '', at: now })
    try {
      const text = wordsIn(await homeserver.call(bot, 'GET', clientPath`profile/${user}`))
      this.#found.set(user, { text, at: now })
      return text !== (before?.text ?? '')
    } catch (error) {
      log.debug({ err: error }, 'the profile of a user could not be read')
      return false
    }
  }
}

/** The words of a status, or its emoji where there are none. */
function wordsIn(answer: unknown): string {
  const read = profile.safeParse(answer).data
  const said = read?.['m.status'] ?? read?.['org.matrix.msc4426.status']
  return said ? said.text.trim() || said.emoji.trim() : ''
}
