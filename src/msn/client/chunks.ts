// Messages that came in pieces, put together again (msnp-core.md 4.7). A piece may end inside a character, so bytes are joined.

import type { Cancel, Timers } from '../../core/timers.ts'
import type { MimeHeaders, MimeMessage } from '../wire/mime.ts'
import { headerOf } from '../wire/mime.ts'

interface Growing {
  readonly headers: MimeHeaders
  readonly parts: (Uint8Array | undefined)[]
  missing: number
  bytes: number
  cancel: Cancel
}

/** Of one message. Longer ones are not put together. */
const mostChunks = 64
const mostBytes = 64 * 1024
/** That grow at the same time on one board. */
const mostGrowing = 16
/** How long the pieces of one message may take, in milliseconds. */
const patience = 60_000

export class Chunks {
  readonly #timers: Timers
  readonly #growing = new Map<string, Growing>()

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** Takes what somebody sent. Gives it when it is whole: at once when it was never cut, undefined while pieces are missing. */
  take(from: string, message: MimeMessage): MimeMessage | undefined {
    const id = headerOf(message.headers, 'Message-ID')
    const count = numberIn(message.headers, 'Chunks')
    const index = numberIn(message.headers, 'Chunk')
    if (id === undefined || (count === undefined && index === undefined)) return message
    const key = `${from}\n${id}`
    if (count !== undefined) return this.#begin(key, count, message)
    const growing = this.#growing.get(key)
    return growing && this.#add(key, growing, index ?? 0, message.body)
  }

  /** Drops what is not whole. */
  end(): void {
    for (const key of [...this.#growing.keys()]) this.#drop(key)
  }

  #begin(key: string, count: number, { headers, body }: MimeMessage): MimeMessage | undefined {
    if (count <= 1) return { headers, body }
    this.#drop(key)
    if (count > mostChunks || this.#growing.size >= mostGrowing) return undefined
    const cancel = this.#timers.after(patience, () => this.#drop(key))
    const growing: Growing = { headers, parts: new Array(count).fill(undefined), missing: count, bytes: 0, cancel }
    this.#growing.set(key, growing)
    return this.#add(key, growing, 0, body)
  }

  #add(key: string, growing: Growing, index: number, body: Uint8Array): MimeMessage | undefined {
    if (index >= growing.parts.length || growing.parts[index]) return undefined
    growing.bytes += body.length
    if (growing.bytes > mostBytes) {
      this.#drop(key)
      return undefined
    }
    growing.parts[index] = body
    growing.missing--
    if (growing.missing > 0) return undefined
    this.#drop(key)
    return { headers: growing.headers, body: Buffer.concat(growing.parts.map((part) => part ?? new Uint8Array())) }
  }

  #drop(key: string): void {
    this.#growing.get(key)?.cancel()
    this.#growing.delete(key)
  }
}

function numberIn(headers: MimeHeaders, name: string): number | undefined {
  const text = headerOf(headers, name)
  return text !== undefined && /^\d{1,4}$/.test(text) ? Number(text) : undefined
}
