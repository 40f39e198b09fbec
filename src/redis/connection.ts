// Connections that outlive Redis: commands wait while it is away and are sent when it is back.
// A command whose answer was lost is sent again, so whatever is written here must be safe to do twice.

import { Redis } from 'ioredis'
import type { Logger } from '../core/log.ts'
import type { Secret } from '../core/secret.ts'

/** Where Redis listens: a unix socket, or a URL that may hold a password. */
export type RedisAddress = { readonly socket: string } | { readonly url: Secret }

/** Where Redis is, without its password. */
export function placeOf(address: RedisAddress): string {
  if ('socket' in address) return address.socket
  const url = URL.parse(address.url.reveal())
  return url ? `${url.host}${url.pathname}` : 'redis.url'
}

/** Opens connections to one Redis, and says once when it goes away and once when it is back. */
export class Connections {
  readonly #address: RedisAddress
  readonly #log: Logger
  readonly #open = new Set<Redis>()
  readonly #down = new Set<Redis>()

  constructor(address: RedisAddress, log: Logger) {
    this.#address = address
    this.#log = log
  }

  /** A connection of its own for whoever asks. Its errors are logged, not thrown. */
  connect(): Redis {
    // No automatic pipelining: it costs each answer half a millisecond and brought no throughput (docs/benchmarks.md).
    const options = { maxRetriesPerRequest: null, retryStrategy: pauseBefore, noDelay: true }
    const redis =
      'socket' in this.#address
        ? new Redis({ ...options, path: this.#address.socket })
        : new Redis(this.#address.url.reveal(), options)
    this.#watch(redis)
    return redis
  }

  /** Cuts every connection. */
  close(): void {
    for (const redis of this.#open) redis.disconnect()
  }

  #watch(redis: Redis): void {
    let error = 'the connection was closed'
    this.#open.add(redis)
    redis.on('error', (cause: Error) => {
      error = cause.message
    })
    redis.on('reconnecting', () => {
      if (this.#down.size === 0)
        this.#log.warn({ redis: placeOf(this.#address), error }, 'Redis is away; what needs it waits until it is back')
      this.#down.add(redis)
    })
    redis.on('ready', () => {
      if (this.#down.delete(redis) && this.#down.size === 0) this.#log.info({ redis: placeOf(this.#address) }, 'Redis is back')
    })
    redis.on('end', () => {
      this.#open.delete(redis)
      this.#down.delete(redis)
    })
  }
}

/** Milliseconds before the nth try to connect: soon at first, then about every second, never all at once. */
function pauseBefore(tries: number): number {
  return Math.min(25 * 2 ** Math.min(tries, 6), 1000) * (0.75 + Math.random() / 4)
}
