// One connection to a notification server or a switchboard that is carried by HTTP, seen from its client's end (msnp-core.md 6). Every exchange
// brings what the client says, and takes what has been said to it.

import { randomBytes, randomInt } from 'node:crypto'
import type { Duplex } from 'node:stream'
import type { Cancel, Timers } from '../../../core/timers.ts'

/** Milliseconds. Who says nothing for so long, not even a poll, is gone. */
const longestSilence = 60_000
/** Milliseconds that a client's commands may take to be read. */
const readPatience = 30_000
/** In bytes; what is more waits for the next exchange. */
const largestAnswer = 256 * 1024

/** What an exchange brings back. */
export interface Exchanged {
  readonly bytes: Uint8Array
  /** The connection is over, and nothing comes any more. */
  readonly isOver: boolean
}

export class Tunnel {
  /** The part of the id before the dot, which stays: 20 digits. */
  readonly key: string
  readonly #stream: Duplex
  readonly #timers: Timers
  readonly #closed: () => void
  #turn = ''
  #exchanges = 0
  #isBusy = false
  #isOver = false
  #isClosed = false
  #silence: Cancel = () => {}
  #wake: () => void = () => {}

  /** `closed` is called once, when the client has heard that it is over, or is gone. */
  constructor(stream: Duplex, timers: Timers, closed: () => void) {
    this.key = `1${(randomBytes(8).readBigUInt64BE() % 10n ** 19n).toString().padStart(19, '0')}`
    this.#stream = stream
    this.#timers = timers
    this.#closed = closed
    this.#watch()
    stream.on('readable', () => {
      if (stream.readableLength > 0) this.#wake()
      else stream.read()
    })
    stream.on('error', () => this.#end())
    stream.on('end', () => this.#end())
    stream.on('close', () => this.#end())
  }

  /** How often the client was heard of. */
  get exchanges(): number {
    return this.#exchanges
  }

  /** The id for the next request: another one after every answer. */
  nextId(): string {
    this.#turn = String(randomInt(100_000_000, 1_000_000_000))
    return `${this.key}.${this.#turn}`
  }

  /** Whether this is the id that was given last, and its answer has been sent. */
  isOpenTo(id: string): boolean {
    return !this.#isBusy && id === `${this.key}.${this.#turn}`
  }

  /**
   * Brings what the client says and waits so many milliseconds for something to be said to it, or until `gone`, which says that nobody waits for
   * the answer any more; then nothing is taken. One at a time.
   */
  async exchange(said: Uint8Array, patience: number, gone: AbortSignal): Promise<Exchanged> {
    this.#isBusy = true
    this.#exchanges++
    this.#silence()
    try {
      if (said.length > 0) await this.#say(said)
      if (this.#stream.readableLength === 0 && !this.#isOver && patience > 0) await this.#somethingSaid(patience, gone)
      // What is said in one breath goes in one answer, the end with it.
      await breath()
      const bytes = gone.aborted ? new Uint8Array() : this.#take()
      await breath()
      const isOver = this.#isOver && this.#stream.readableLength === 0
      if (isOver) this.close()
      return { bytes, isOver }
    } finally {
      this.#isBusy = false
      if (!this.#isClosed) this.#watch()
    }
  }

  /** Hangs up. */
  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#silence()
    this.#stream.end()
    this.#stream.destroy()
    this.#closed()
  }

  async #say(said: Uint8Array): Promise<void> {
    if (this.#isOver || this.#stream.writableEnded) return
    await new Promise<void>((resolve) => {
      const cancel = this.#timers.after(readPatience, () => this.close())
      const done = () => {
        cancel()
        this.#stream.off('close', done)
        resolve()
      }
      this.#stream.once('close', done)
      this.#stream.write(said, done)
    })
  }

  async #somethingSaid(patience: number, gone: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      const cancel = this.#timers.after(patience, () => this.#wake())
      this.#wake = () => {
        cancel()
        gone.removeEventListener('abort', this.#wake)
        this.#wake = () => {}
        resolve()
      }
      gone.addEventListener('abort', this.#wake)
    })
  }

  #take(): Uint8Array {
    const chunks: Uint8Array[] = []
    let left = largestAnswer
    while (left > 0 && this.#stream.readableLength > 0) {
      const chunk: Buffer | null = this.#stream.read(Math.min(left, this.#stream.readableLength))
      if (!chunk) break
      chunks.push(chunk)
      left -= chunk.length
    }
    // An end is only noticed by who reads up to it.
    if (this.#stream.readableLength === 0) this.#stream.read()
    return Buffer.concat(chunks)
  }

  #watch(): void {
    this.#silence = this.#timers.after(longestSilence, () => this.close())
  }

  #end(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#stream.end()
    this.#wake()
  }
}

/** Until everything that is to happen at once has happened. */
function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
