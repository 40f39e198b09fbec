// Who is connected: so many in all, and so many from one address.

import type { Logger } from '../../core/log.ts'

export interface CrowdOptions {
  readonly most: number
  readonly mostPerAddress: number
  readonly log: Logger
}

export class Crowd {
  readonly #options: CrowdOptions
  readonly #byAddress = new Map<string, number>()
  #size = 0
  /** Whether the last one was refused: a crowd at the door is logged once. */
  #isRefusing = false

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  /** Lets somebody in, if there is room; whoever was let in has to `leave`. */
  enter(address: string): boolean {
    const { most, mostPerAddress, log } = this.#options
    const here = this.#byAddress.get(address) ?? 0
    const isFull = this.#size >= most
    if (isFull || here >= mostPerAddress) {
      if (!this.#isRefusing)
        log.warn(
          { connections: this.#size, fromOne: here },
          `msn server: too many connections${isFull ? '' : ' from one address'}`,
        )
      this.#isRefusing = true
      return false
    }
    this.#isRefusing = false
    this.#size++
    this.#byAddress.set(address, here + 1)
    return true
  }

  leave(address: string): void {
    const left = (this.#byAddress.get(address) ?? 0) - 1
    this.#size--
    if (left > 0) this.#byAddress.set(address, left)
    else this.#byAddress.delete(address)
  }
}
