// Messages for people who are not there: kept until their client has fetched and deleted them (msnp-services.md A16). One record each, so that
// nothing is rewritten when another comes. This is the only place where the server keeps what somebody said.

import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Clock } from '../../core/clock.ts'
import type { Records } from '../../core/stores.ts'
import type { OfflineMessage } from '../model/offline-message.ts'
import { inOrder, longestOfflineText } from '../model/offline-message.ts'
import { writeOimMail } from '../soap/oim-mail.ts'
import type { Accounts } from './accounts.ts'
import { admits } from './book.ts'
import type { Books } from './books.ts'
import type { Directory } from './directory.ts'
import type { Handle } from './handle.ts'
import type { WaitingMail } from './notice.ts'

/** Messages that may wait for one person, and how many of them from one sender, so that nobody fills a box alone. */
const mostWaiting = 200
const mostOfOne = 100
/** Messages that one sender may leave in a minute. */
const mostInMinute = 30
const minute = 60_000
/** In characters, as much as any name is elsewhere. */
const longestName = 129

const record = z.strictObject({
  id: z.string(),
  from: z.string(),
  name: z.string(),
  receivedAt: z.number(),
  runId: z.string().optional(),
  sequence: z.int(),
  text: z.string(),
})

/** What somebody leaves, as their client wrote it: what a sender counts is absent where it does not. */
export interface Left {
  readonly runId?: string | undefined
  readonly sequence?: number | undefined
  readonly body: string
}

/**
 * What became of a message. `stored`: it is safe. `unknown`: there is nobody of that address. `blocked`: they do not hear this sender.
 * `full`: they have too much waiting, or the text is empty or too long. `throttled`: the sender is too fast.
 */
export type Outcome = 'stored' | 'unknown' | 'blocked' | 'full' | 'throttled'

interface Parts {
  readonly records: Records
  readonly accounts: Accounts
  readonly books: Books
  readonly directory: Directory
  readonly clock: Clock
  isHostedAddress(email: string): boolean
  /** Hands a message to somebody hosted, who is always reached through the gateway. False when they do not hear the sender. */
  deliverToHosted(to: Handle, from: Handle, fromName: string, body: string): Promise<boolean>
}

export class OfflineMessages {
  readonly #parts: Parts
  /** Every message gets a millisecond of its own, so that their order is kept. */
  #last = 0
  #minute = 0
  readonly #thisMinute = new Map<Handle, number>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Leaves a message for somebody. When this says `stored` it is safe, and those of their clients that are signed in have been told. */
  async store(from: Handle, fromName: string, to: Handle, left: Left): Promise<Outcome> {
    const { accounts, books, isHostedAddress } = this.#parts
    if (left.body === '' || Buffer.byteLength(left.body) > longestOfflineText) return 'full'
    if (!this.#takes(from)) return 'throttled'
    const isHosted = isHostedAddress(to)
    if (!isHosted && !(await accounts.exists(to))) return 'unknown'
    if (!admits(await books.of(to), from)) return 'blocked'
    if (isHosted) return (await this.#parts.deliverToHosted(to, from, fromName, left.body)) ? 'stored' : 'blocked'
    return this.#keep(from, fromName, to, left)
  }

  /** Everything that waits for somebody, in the order in which it is to be read. */
  async list(to: Handle): Promise<OfflineMessage[]> {
    const found: OfflineMessage[] = []
    for await (const [, message] of this.#parts.records.list(nounOf(to))) found.push(parse(message))
    return found.sort(inOrder)
  }

  /** One message that waits for somebody. */
  async get(to: Handle, id: string): Promise<OfflineMessage | undefined> {
    const message = await this.#parts.records.get(nounOf(to), id.toUpperCase())
    return message === undefined ? undefined : parse(message)
  }

  /** Forgets messages that somebody has fetched, and tells their clients; ids that are none are passed over. Gives how many there were. */
  async remove(to: Handle, ids: readonly string[]): Promise<number> {
    let count = 0
    for (const id of new Set(ids.map((each) => each.toUpperCase()))) if (await forget(this.#parts.records, to, id)) count++
    if (count > 0) await this.#parts.directory.tell(to, { kind: 'mail-deleted', count })
    return count
  }

  async #keep(from: Handle, fromName: string, to: Handle, { runId, sequence = 1, body }: Left): Promise<Outcome> {
    const waiting = await this.list(to)
    if (waiting.length >= mostWaiting || waiting.filter((message) => message.from === from).length >= mostOfOne) return 'full'
    const message: OfflineMessage = {
      id: randomUUID().toUpperCase(),
      from,
      name: [...fromName].slice(0, longestName).join(''),
      receivedAt: this.#now(),
      ...(runId !== undefined && { runId }),
      sequence,
      text: body,
    }
    await this.#parts.records.update(nounOf(to), message.id, () => message)
    await this.#parts.directory.tell(to, { kind: 'mail', message: summaryOf(to, message) })
    return 'stored'
  }

  #now(): number {
    this.#last = Math.max(this.#parts.clock(), this.#last + 1)
    return this.#last
  }

  #takes(from: Handle): boolean {
    const now = Math.floor(this.#parts.clock() / minute)
    if (now !== this.#minute) this.#thisMinute.clear()
    this.#minute = now
    const count = (this.#thisMinute.get(from) ?? 0) + 1
    this.#thisMinute.set(from, count)
    return count <= mostInMinute
  }
}

/** A message without its text, as its recipient is told of it. */
export function summaryOf(to: Handle, message: OfflineMessage): WaitingMail {
  const { id, from, name, receivedAt } = message
  const size = Buffer.byteLength(writeOimMail(to, message))
  return { id, from: from as Handle, fromName: name, at: receivedAt, size }
}

/** Forgets everything that waits for somebody, because their account is gone. */
export async function forgetOfflineMessages(records: Records, to: Handle): Promise<void> {
  const ids: string[] = []
  for await (const [id] of records.list(nounOf(to))) ids.push(id)
  for (const id of ids) await forget(records, to, id)
}

async function forget(records: Records, to: Handle, id: string): Promise<boolean> {
  let found = false
  await records.update(nounOf(to), id, (current) => {
    found = current !== undefined
    return undefined
  })
  return found
}

function nounOf(to: Handle): string {
  return `offline/${to}`
}

function parse(message: unknown): OfflineMessage {
  return record.parse(message) as OfflineMessage
}
