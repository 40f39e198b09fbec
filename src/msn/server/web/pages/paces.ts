// A pace for each address that people come from.

import { isIPv6 } from 'node:net'
import { Pace } from '../../pace.ts'

/** So many are remembered; beyond that the oldest are forgotten. */
const mostRemembered = 10_000

export class Paces {
  readonly #times: number
  readonly #milliseconds: number
  readonly #paces = new Map<string, Pace>()

  /** So many times in so many milliseconds. */
  constructor(times: number, milliseconds: number) {
    this.#times = times
    this.#milliseconds = milliseconds
  }

  /** Counts one more from an address. False when it is too soon; then it does not count. */
  take(address: string, now: number): boolean {
    const who = networkOf(address)
    const pace = this.#paces.get(who) ?? new Pace(this.#times, this.#milliseconds)
    if (pace.wait(now) > 0) return false
    pace.count(now)
    this.#paces.delete(who)
    this.#paces.set(who, pace)
    for (const oldest of this.#paces.keys()) {
      if (this.#paces.size <= mostRemembered) break
      this.#paces.delete(oldest)
    }
    return true
  }
}

/** People have one IPv4 address, but a whole network of IPv6 addresses: its first 64 bits count. */
function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '')
  if (!isIPv6(plain)) return plain
  const [head = ''] = new URL(`http://[${plain.replace(/%.*$/, '')}]`).hostname.slice(1, -1).split('::')
  return head.split(':').slice(0, 4).join(':')
}
