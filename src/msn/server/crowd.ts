// Who is connected: so many in all, and so many from one address.

import type { Duplex } from 'node:stream'
import type { Logger } from '../../core/log.ts'
import { addressBlock } from './address-block.ts'

export interface CrowdOptions {
  readonly most: number
  readonly mostPerAddress: number
  readonly log: Logger
}

export class Crowd {
  readonly #options: CrowdOptions
  readonly #byPlace = new Map<string, number>()
  #size = 0
  /** Whether the last one was refused: a crowd at the door is logged once. */
  #isRefusing = false

  constructor(options: CrowdOptions) {
    this.#options = options
  }

  /** Lets a connection in until it closes. Where there is no room it is closed without a word: false. */
  admit(socket: Duplex & { readonly remoteAddress?: string | undefined }): boolean {
    const address = socket.remoteAddress
    if (address === undefined || !this.enter(address)) {
      socket.destroy()
      return false
    }
    socket.once('close', () => this.leave(address))
    return true
  }

  /** Lets somebody in, if there is room; whoever was let in has to `leave`. */
  enter(address: string): boolean {
    const { most, mostPerAddress, log } = this.#options
    const place = addressBlock(address)
    const here = this.#byPlace.get(place) ?? 0
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
    this.#byPlace.set(place, here + 1)
    return true
  }

  leave(address: string): void {
    const place = addressBlock(address)
    const left = (this.#byPlace.get(place) ?? 0) - 1
    this.#size--
    if (left > 0) this.#byPlace.set(place, left)
    else this.#byPlace.delete(place)
  }
}
