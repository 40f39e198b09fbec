// Chunks of version 1 put together, by the rule that rebuilds what every recorded client sent (msnp-p2p.md 5).

import { ProtocolError } from '../errors.ts'
import { flagsV1, type HandshakeV1, type HeaderV1, isSignal } from './header-v1.ts'
import type { MessageV1 } from './message-v1.ts'

export interface PartsOptions {
  /** Longest message that is put together, in bytes; files are passed on in pieces and have no bound here. */
  readonly maxMessage?: number
  /** Messages of which something is missing. */
  readonly maxUnfinished?: number
  /** How long an unfinished message is kept after its last chunk, and a finished one known, in milliseconds. */
  readonly patience?: number
}

/**
 * What a chunk led to.
 * message: a message is whole; it is to be acknowledged by this header, its first. Comes once for each message.
 * piece: the next bytes of a file, `at` their place; with `isLast` the file is whole, and to be acknowledged by this header.
 * gap: a file goes on further ahead than at the byte `at`, which we lack.
 * none: nothing yet, or nothing new.
 */
export type Arrival =
  | { readonly kind: 'message'; readonly header: HeaderV1 | HandshakeV1; readonly data: Uint8Array }
  | {
      readonly kind: 'piece'
      readonly header: HeaderV1
      readonly at: number
      readonly data: Uint8Array
      readonly isLast: boolean
    }
  | { readonly kind: 'gap'; readonly at: number }
  | { readonly kind: 'none' }

/** A message in memory, and which of its bytes are there: stretches in order, none touching the next. */
interface Collected {
  readonly header: HeaderV1
  data: Buffer
  readonly stretches: { start: number; end: number }[]
  touchedAt: number
}

/** A file, of which only the length of what came is known. */
interface Passed {
  readonly header: HeaderV1
  /** libpurple's offsets lag behind: its file is whatever comes, in that order. */
  readonly inOrderOfArrival: boolean
  length: number
  touchedAt: number
}

const none: Arrival = { kind: 'none' }
const mostStretches = 64
const mostFinished = 256
const smallestBuffer = 2048

/** The chunks that one peer sends us over one link. `now` is in milliseconds and never goes back. */
export class Parts {
  readonly #maxMessage: number
  readonly #maxUnfinished: number
  readonly #patience: number
  readonly #collected = new Map<string, Collected>()
  readonly #passed = new Map<string, Passed>()
  /** When each was finished; oldest first. */
  readonly #finished = new Map<string, number>()

  constructor({ maxMessage = 1024 * 1024, maxUnfinished = 8, patience = 60_000 }: PartsOptions = {}) {
    this.#maxMessage = maxMessage
    this.#maxUnfinished = maxUnfinished
    this.#patience = patience
  }

  /** Bytes held for messages that are not whole: never more than `maxMessage` for each of `maxUnfinished`. */
  get held(): number {
    let held = 0
    for (const { data } of this.#collected.values()) held += data.length
    return held
  }

  /**
   * Takes a chunk as it came from a switchboard or a direct connection. What comes back may share memory with it.
   * @throws ProtocolError when the chunk lies outside its message, the message is longer than the bound, or too many are unfinished;
   * the chunk is not taken, all else goes on
   */
  push({ header, payload }: MessageV1, now: number): Arrival {
    this.#forget(now)
    if ('nonce' in header || isSignal(header)) return { kind: 'message', header, data: payload }
    const key = `${header.sessionId} ${header.identifier}`
    if (payload.length === 0 || this.#finished.has(key)) return none
    return header.flags & flagsV1.file ? this.#pass(key, header, payload, now) : this.#collect(key, header, payload, now)
  }

  #collect(key: string, header: HeaderV1, payload: Uint8Array, now: number): Arrival {
    const known = this.#collected.get(key)
    const { totalSize } = known?.header ?? header
    if (totalSize > this.#maxMessage) throw new ProtocolError('payload-too-long', `a message has over ${this.#maxMessage} bytes`)
    const end = header.offset + payload.length
    checkWithin(end, totalSize)
    if (!known && payload.length === totalSize) {
      this.#finish(key, now)
      return { kind: 'message', header, data: payload }
    }
    const message = known ?? { header, data: Buffer.alloc(0), stretches: [], touchedAt: now }
    if (!known) {
      this.#makeRoom()
      this.#collected.set(key, message)
    }
    mark(message.stretches, header.offset, end)
    message.data = grown(message.data, end, totalSize)
    message.data.set(payload, header.offset)
    message.touchedAt = now
    const [first] = message.stretches
    if (!first || first.start > 0 || first.end < totalSize) return none
    this.#collected.delete(key)
    this.#finish(key, now)
    return { kind: 'message', header: message.header, data: message.data }
  }

  #pass(key: string, header: HeaderV1, payload: Uint8Array, now: number): Arrival {
    const known = this.#passed.get(key)
    const file = known ?? { header, inOrderOfArrival: header.length === 0, length: 0, touchedAt: now }
    const { totalSize } = file.header
    const offset = file.inOrderOfArrival ? file.length : header.offset
    const end = offset + payload.length
    checkWithin(end, totalSize)
    if (offset > file.length) return { kind: 'gap', at: file.length }
    const at = file.length
    if (end <= at) return none
    if (!known) {
      this.#makeRoom()
      this.#passed.set(key, file)
    }
    file.length = end
    file.touchedAt = now
    const isLast = end === totalSize
    if (isLast) {
      this.#passed.delete(key)
      this.#finish(key, now)
    }
    return { kind: 'piece', header: file.header, at, data: payload.subarray(at - offset), isLast }
  }

  #makeRoom(): void {
    if (this.#collected.size + this.#passed.size >= this.#maxUnfinished)
      throw new ProtocolError('payload-too-long', `more than ${this.#maxUnfinished} messages are unfinished`)
  }

  #finish(key: string, now: number): void {
    this.#finished.set(key, now)
    for (const oldest of this.#finished.keys()) {
      if (this.#finished.size <= mostFinished) break
      this.#finished.delete(oldest)
    }
  }

  #forget(now: number): void {
    const past = now - this.#patience
    for (const unfinished of [this.#collected, this.#passed])
      for (const [key, { touchedAt }] of unfinished) if (touchedAt < past) unfinished.delete(key)
    for (const [key, finishedAt] of this.#finished) {
      if (finishedAt >= past) break
      this.#finished.delete(key)
    }
  }
}

function checkWithin(end: number, totalSize: number): void {
  if (end > totalSize) throw new ProtocolError('bad-length', 'a chunk goes beyond the end of its message')
}

/** Space grows with what has arrived, not with what was announced. */
function grown(data: Buffer, needed: number, most: number): Buffer {
  if (needed <= data.length) return data
  const wider = Buffer.alloc(Math.min(most, Math.max(smallestBuffer, needed, data.length * 2)))
  data.copy(wider)
  return wider
}

/** Adds a stretch to those that are there, in order, joining those that touch. */
function mark(stretches: { start: number; end: number }[], start: number, end: number): void {
  const first = stretches.findIndex((stretch) => stretch.end >= start)
  const from = first === -1 ? stretches.length : first
  let to = from
  let joined = { start, end }
  for (let next = stretches[to]; next && next.start <= end; next = stretches[++to])
    joined = { start: Math.min(joined.start, next.start), end: Math.max(joined.end, next.end) }
  if (to === from && stretches.length >= mostStretches)
    throw new ProtocolError('bad-length', 'a message comes in too many scattered pieces')
  stretches.splice(from, to - from, joined)
}
