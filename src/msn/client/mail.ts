// Messages that were left for us while we were away: the server announces them, we fetch each, and delete it there only once it is safe here
// (msnp-services.md A16, msnp-core.md 5.9).

import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Timers } from '../../core/timers.ts'
import type { MailSummary } from '../soap/mail-data.ts'
import { readMailData } from '../soap/mail-data.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { headerOf, mediaTypeOf, parseMime } from '../wire/mime.ts'
import { MessageRefused } from './errors.ts'
import { keyOf } from './handle.ts'
import type { IncomingMessage } from './session-options.ts'
import { within } from './timers.ts'
import type { OfflineBox, OfflineMail, OfflineNote } from './web-ports.ts'

export interface MailOptions {
  readonly box: OfflineBox
  readonly timers: Timers
  readonly clock: Clock
  readonly log: Logger
  /** Resolves once the message is safe. */
  readonly deliver: (message: IncomingMessage) => Promise<void>
  /** What was delivered or refused in this session, kept over reconnects: when it could not be deleted, it is announced again. */
  readonly settled: SettledMail
}

/** Ids of messages that need not be delivered any more. */
export class SettledMail {
  readonly #ids = new Map<string, 'delivered' | 'refused'>()

  get(id: string): 'delivered' | 'refused' | undefined {
    return this.#ids.get(id)
  }

  set(id: string, end: 'delivered' | 'refused'): void {
    this.#ids.set(id, end)
    const [oldest] = this.#ids.keys()
    if (this.#ids.size > mostSettled && oldest !== undefined) this.#ids.delete(oldest)
  }
}

const mostSettled = 5000
/** In milliseconds. */
const betweenTries = 30_000
const mostTries = 5
const farewell = 8000
/** So long what somebody says waits for what they left before. In milliseconds. */
const precedence = 30_000

/** Both kinds of notice: of what waited when we came, and of what arrives now. */
const notices: ReadonlySet<string> = new Set(['text/x-msmsgsinitialmdatanotification', 'text/x-msmsgsoimnotification'])

/** What one notice announced. */
interface Batch {
  /** Undefined while nobody knows from whom it is. */
  senders: ReadonlySet<string> | undefined
  /** Resolves when nobody has to wait for it any more. */
  readonly over: Promise<void>
}

export class Mail {
  readonly #options: MailOptions
  readonly #batches = new Set<Batch>()
  #running: Promise<void> = Promise.resolve()
  #ended = false
  readonly #end = Promise.withResolvers<void>()

  constructor(options: MailOptions) {
    this.#options = options
  }

  /** Takes a message of the server's. Nothing waits for what it announces. */
  notice({ headers, body }: MimeMessage): void {
    if (!notices.has(mediaTypeOf(headers))) return
    const waiting = readMailData(headerOf(parseMime(body).headers, 'Mail-Data') ?? '')
    if (waiting === undefined || waiting.length === 0) return
    const notes = waiting === 'too-large' ? undefined : waiting.map(noteOf)
    const collected = Promise.withResolvers<void>()
    const batch: Batch = {
      senders: notes && sendersOf(notes),
      over: within(this.#options.timers, precedence, Promise.race([collected.promise, this.#end.promise])),
    }
    this.#batches.add(batch)
    void batch.over.then(() => this.#batches.delete(batch))
    this.#running = this.#running.then(() => this.#collect(notes, batch)).then(collected.resolve)
  }

  /** Resolves when what was left by somebody has been told, or does not come within 30 s: what they say now comes after it. */
  async before(from: string): Promise<void> {
    const sender = keyOf(from)
    const earlier = [...this.#batches].filter(({ senders }) => senders?.has(sender) ?? true)
    await Promise.all(earlier.map(({ over }) => over))
  }

  /** Collects no more; what was not delivered stays where it is. Resolves when what was delivered is deleted, or after 8 s. */
  async end(): Promise<void> {
    this.#ended = true
    this.#end.resolve()
    await within(this.#options.timers, farewell, this.#running)
  }

  /** `announced` is absent when there was too much to announce. Never rejects. */
  async #collect(announced: readonly OfflineNote[] | undefined, batch: Batch): Promise<void> {
    const { box, settled } = this.#options
    if (this.#ended) return
    const notes = announced ?? (await this.#patiently(() => box.list())) ?? []
    batch.senders = sendersOf(notes)
    const mails: OfflineMail[] = []
    for (const note of notes) {
      const end = settled.get(note.id)
      if (end === 'delivered') await this.#remove(note.id)
      if (end !== undefined || this.#ended) continue
      const mail = await this.#patiently(() => box.get(note.id))
      if (mail) mails.push({ ...note, ...mail, fromName: mail.fromName ?? note.fromName, sentAt: mail.sentAt ?? note.sentAt })
    }
    for (const mail of inOrder(mails)) if (!this.#ended) await this.#take(mail)
  }

  async #take(mail: OfflineMail): Promise<void> {
    const { deliver, settled, clock } = this.#options
    const message = messageOf(mail, clock())
    const end = await this.#patiently(async () => {
      try {
        await deliver(message)
        return 'delivered' as const
      } catch (error) {
        if (!(error instanceof MessageRefused)) throw error
        return 'refused' as const
      }
    })
    if (end === undefined) return
    settled.set(mail.id, end)
    if (end === 'delivered') await this.#remove(mail.id)
  }

  async #remove(id: string): Promise<void> {
    await this.#patiently(() => this.#options.box.remove([id]))
  }

  /** Tries a step several times, once when the session has ended. Undefined when it never worked: the server keeps what is not deleted. */
  async #patiently<T>(step: () => Promise<T>): Promise<T | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        return await step()
      } catch (error) {
        this.#options.log.info(
          { error: error instanceof Error ? error.message : '' },
          'msn: a message that was left for us could not be fetched',
        )
        if (tries >= mostTries || this.#ended) return undefined
        await within(this.#options.timers, betweenTries, this.#end.promise)
      }
    }
  }
}

function sendersOf(notes: readonly OfflineNote[]): ReadonlySet<string> {
  return new Set(notes.map(({ from }) => keyOf(from)))
}

function noteOf({ id, from, fromName, at }: MailSummary): OfflineNote {
  return { id, from, fromName, sentAt: at }
}

function messageOf({ id, from, fromName, text, sentAt }: OfflineMail, now: number): IncomingMessage {
  const account = keyOf(from)
  return {
    // The same each time: one that could not be deleted on the server is fetched again after the next sign-in.
    id: createHash('sha256').update(`${id} ${account} ${sentAt}`).digest('base64url'),
    peer: account,
    participants: [account],
    from: account,
    fromName: fromName ?? account,
    message: { headers: [['Content-Type', 'text/plain; charset=UTF-8']], body: Buffer.from(text) },
    receivedAt: now,
    offline: true,
    ...(sentAt !== undefined && { sentAt }),
  }
}

/** What belongs together in the order in which it was counted, the earliest first. */
export function inOrder(mails: readonly OfflineMail[]): OfflineMail[] {
  const runs = new Map<string, OfflineMail[]>()
  for (const mail of mails) {
    const run = `${keyOf(mail.from)} ${mail.runId?.toLowerCase() ?? mail.id}`
    runs.set(run, [...(runs.get(run) ?? []), mail])
  }
  const time = ({ sentAt = 0 }: OfflineMail) => sentAt
  const begun = (run: readonly OfflineMail[]) => Math.min(...run.map(time))
  for (const run of runs.values()) run.sort((a, b) => (a.sequence ?? 0) - (b.sequence ?? 0) || time(a) - time(b))
  return [...runs.values()].sort((a, b) => begun(a) - begun(b)).flat()
}
