// Which version a new room has, and what that means for its powers.

import { z } from 'zod'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { isFinal } from './homeserver-error.ts'

/** The first version in which whoever made a room has all power, and must not be named among the powers (MSC4289). */
const firstWithCreators = 12
/** The same under the name that it had on trial. */
const trialWithCreators = 'org.matrix.hydra.'

const capabilities = z.object({
  capabilities: z.object({ 'm.room_versions': z.object({ default: z.string().min(1).max(32) }) }),
})

/** Whether those who made a room of this version stand above all powers, and may not be among them. */
export function hasCreators(version: string): boolean {
  if (version.startsWith(trialWithCreators)) return true
  return /^\d{1,4}$/.test(version) && Number(version) >= firstWithCreators
}

/** The versions that our homeserver has. */
export class RoomVersions {
  readonly #homeserver: Homeserver
  readonly #bot: string
  #usual: Promise<string | undefined> | undefined

  constructor(homeserver: Homeserver, bot: string) {
    this.#homeserver = homeserver
    this.#bot = bot
  }

  /** The version in which the homeserver makes rooms; undefined where it does not say. Asked once. Throws a HomeserverError. */
  usual(): Promise<string | undefined> {
    this.#usual ??= this.#ask().catch((error: unknown) => {
      this.#usual = undefined
      throw error
    })
    return this.#usual
  }

  async #ask(): Promise<string | undefined> {
    try {
      const answer = capabilities.safeParse(await this.#homeserver.call(this.#bot, 'GET', clientPath`capabilities`))
      return answer.data?.capabilities['m.room_versions'].default
    } catch (error) {
      // A homeserver without capabilities is older than creators.
      if (isFinal(error)) return undefined
      throw error
    }
  }
}
