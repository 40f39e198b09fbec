// What is shown now or never, at a pace that a homeserver can bear: of each matter only the newest is written, and nothing twice.

import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { Cancel, Timers } from '../core/timers.ts'
import { isFinal } from './homeserver-error.ts'

interface Options<Value> {
  /** Shows a value. Rejects with a HomeserverError. */
  write(key: string, value: Value): Promise<void>
  /** How far two writes for one key are apart at least, in milliseconds. */
  readonly apart: number
  /** How many writes there are in one second at most, for all keys together. */
  readonly perSecond: number
  /** How many keys are remembered at most; the one that was quiet longest is let go. */
  readonly most: number
  /** After how long a value is written once more, in milliseconds; absent: never. */
  readonly repeat?: number
  /** Whether a value is nothing to see: it is written only after another, and never repeated. */
  isNothing?(value: Value): boolean
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
}

interface Entry<Value> {
  wanted: Value
  /** What was written last, as JSON. */
  written?: string
  writtenAt: number
  isBusy: boolean
}

const second = 1000

/** Writes the newest of each key, soon. */
export class Newest<Value> {
  readonly #options: Options<Value>
  readonly #entries = new Map<string, Entry<Value>>()
  #isOpen = false
  #cancel: Cancel = () => {}
  #secondBegan = Number.NEGATIVE_INFINITY
  #inThisSecond = 0

  constructor(options: Options<Value>) {
    this.#options = options
  }

  /** Begins to write, with what was kept until now. */
  open(): void {
    this.#isOpen = true
    this.#work()
  }

  /** Drops everything and writes no more. */
  close(): void {
    this.#isOpen = false
    this.#entries.clear()
    this.#cancel()
  }

  /** Wants a value shown. Never throws. */
  show(key: string, value: Value): void {
    const entry = this.#entries.get(key)
    if (!entry && this.#options.isNothing?.(value)) return
    this.#entries.delete(key)
    this.#entries.set(key, entry ?? { wanted: value, writtenAt: Number.NEGATIVE_INFINITY, isBusy: false })
    if (entry) entry.wanted = value
    const [quietest] = this.#entries.keys()
    if (this.#entries.size > this.#options.most && quietest !== undefined) this.#entries.delete(quietest)
    this.#work()
  }

  #work(): void {
    this.#cancel()
    if (!this.#isOpen) return
    const now = this.#options.clock()
    let next = Number.POSITIVE_INFINITY
    // What is new goes before what is only repeated.
    for (const isNew of [true, false])
      for (const [key, entry] of this.#entries) {
        if (entry.isBusy || this.#isNew(entry) !== isNew) continue
        const due = this.#dueAt(entry)
        if (due === undefined) this.#letGo(key, entry, now)
        else if (due <= now && this.#mayWrite(now)) void this.#write(key, entry)
        else next = Math.min(next, due <= now ? this.#secondBegan + second : due)
      }
    if (next !== Number.POSITIVE_INFINITY) this.#cancel = this.#options.timers.after(Math.max(1, next - now), () => this.#work())
  }

  #isNew({ wanted, written }: Entry<Value>): boolean {
    return JSON.stringify(wanted) !== written
  }

  /** Undefined: there is nothing more to be written. */
  #dueAt(entry: Entry<Value>): number | undefined {
    const { apart, repeat, isNothing } = this.#options
    if (this.#isNew(entry)) return entry.writtenAt + apart
    return repeat === undefined || isNothing?.(entry.wanted) ? undefined : entry.writtenAt + repeat
  }

  /** What nobody asks about any more is forgotten, but not so soon that the next value would come too early. */
  #letGo(key: string, { writtenAt }: Entry<Value>, now: number): void {
    if (now >= writtenAt + this.#options.apart) this.#entries.delete(key)
  }

  #mayWrite(now: number): boolean {
    if (now - this.#secondBegan >= second) {
      this.#secondBegan = now
      this.#inThisSecond = 0
    }
    if (this.#inThisSecond >= this.#options.perSecond) return false
    this.#inThisSecond++
    return true
  }

  async #write(key: string, entry: Entry<Value>): Promise<void> {
    const { write, clock, log } = this.#options
    const { wanted } = entry
    entry.isBusy = true
    try {
      await write(key, wanted)
    } catch (error) {
      log.debug({ err: error, key }, 'a signal could not be shown')
      // It is news no more, so it is not pressed. What can never be shown is not repeated either.
      if (isFinal(error) && this.#entries.get(key) === entry && entry.wanted === wanted) this.#entries.delete(key)
    }
    entry.isBusy = false
    entry.written = JSON.stringify(wanted)
    entry.writtenAt = clock()
    this.#work()
  }
}
