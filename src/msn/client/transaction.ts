// A request and its reply meet here, by TrID (msnp-core.md 1.3).

import type { Cancel, Timers } from '../../core/timers.ts'
import type { Command } from '../wire/command.ts'
import { isErrorVerb } from '../wire/verbs.ts'
import { ClientError, errorReply } from './errors.ts'

interface Transaction {
  readonly verb: string
  /** Verbs that answer the request besides its own. */
  readonly answers: readonly string[]
  readonly resolve: (reply: Command) => void
  readonly seen: ((reply: Command) => void) | undefined
  readonly reject: (error: Error) => void
  readonly cancel: Cancel
}

export interface ReplyOptions {
  /** Verbs that answer besides the request's own. */
  readonly answers?: readonly string[]
  /** How long to wait, in milliseconds; 30 s unless told otherwise. */
  readonly within?: number
  /** Called with the reply at once, before the commands that came along with it are looked at. */
  readonly seen?: (reply: Command) => void
}

const patience = 30_000
const largestTrId = 0xffff_ffff

/** The requests of one connection that wait for their reply. Each is removed on every way out: reply, error, time-out, end of the connection. */
export class Transactions {
  readonly #pending = new Map<number, Transaction>()
  readonly #timers: Timers
  #last = 0

  constructor(timers: Timers) {
    this.#timers = timers
  }

  /** How many wait. */
  get size(): number {
    return this.#pending.size
  }

  /** A fresh TrID: 1, 2, 3 …; never 0, which a server takes for "on its own account". */
  next(): number {
    this.#last = this.#last === largestTrId ? 1 : this.#last + 1
    return this.#last
  }

  /** Waits for the reply to a request. Rejects with the ClientError of a numeric reply, and with `connection-lost` when there is none. */
  reply(trId: number, verb: string, { answers = [], within = patience, seen }: ReplyOptions = {}): Promise<Command> {
    return new Promise((resolve, reject) => {
      const cancel = this.#timers.after(within, () => {
        this.#pending.delete(trId)
        reject(new ClientError('connection-lost', `no answer to ${verb} within ${within / 1000} s`, { sent: true }))
      })
      this.#pending.set(trId, { verb, answers, resolve, reject, cancel, seen })
    })
  }

  /** Waits until `done`. Rejects with the ClientError of a numeric reply that came before, and with `connection-lost` when neither came. */
  async objection(trId: number, verb: string, done: Promise<void>): Promise<void> {
    try {
      await Promise.race([this.reply(trId, verb), done])
    } finally {
      this.#pending.get(trId)?.cancel()
      this.#pending.delete(trId)
    }
  }

  /** Gives a command to the request that it answers. False when it answers none: an ILN carries the TrID of the CHG that caused it. */
  settle(command: Command): boolean {
    if (command.trId === undefined) return false
    const transaction = this.#pending.get(command.trId)
    if (!transaction) return false
    const isError = isErrorVerb(command.verb)
    if (!isError && command.verb !== transaction.verb && !transaction.answers.includes(command.verb)) return false
    this.#pending.delete(command.trId)
    transaction.cancel()
    if (isError) transaction.reject(errorReply(Number(command.verb), transaction.verb))
    else {
      transaction.seen?.(command)
      transaction.resolve(command)
    }
    return true
  }

  /** Nothing will be answered any more. */
  end(error: Error): void {
    const transactions = [...this.#pending.values()]
    this.#pending.clear()
    for (const transaction of transactions) {
      transaction.cancel()
      transaction.reject(error)
    }
  }
}
