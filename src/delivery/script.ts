// A Lua script that Redis runs in one step.

import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

export class Script {
  readonly #lua: string
  readonly #sha: string

  constructor(lua: string) {
    this.#lua = lua
    this.#sha = createHash('sha1').update(lua).digest('hex')
  }

  /** Runs it by its hash; Redis is given the text when it does not have it (at first, and after a restart). */
  async run(redis: Redis, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown> {
    try {
      return await redis.evalsha(this.#sha, keys.length, ...keys, ...args)
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error
      return redis.eval(this.#lua, keys.length, ...keys, ...args)
    }
  }
}
