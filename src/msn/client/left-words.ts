// What we leave for a contact who is not there: by the notification server itself at MSNP18, by web service before (msnp-core.md 3.14,
// msnp-services.md A16.3).

import { randomUUID } from 'node:crypto'
import { writeSaidBeside } from '../dialect/notes.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { formatMime, mediaTypeOf, parseMime } from '../wire/mime.ts'
import { keyOf } from './handle.ts'
import type { NotificationServer } from './notification.ts'
import type { OfflineBox } from './web-ports.ts'

/** The first dialect in which the notification server takes them. */
const firstDirect = 18
/** To MSN itself, and as text. */
const asText = { network: 1, type: '1' }
/** Contacts of whom we know what we left for them. */
const mostRuns = 1000

interface Run {
  readonly id: string
  sequence: number
}

export class LeftWords {
  readonly #server: NotificationServer
  readonly #box: OfflineBox | undefined
  readonly #name: () => string
  readonly #runs = new Map<string, Run>()

  /** `name` gives the name that the reader shall see. */
  constructor(server: NotificationServer, box: OfflineBox | undefined, name: () => string) {
    this.#server = server
    this.#box = box
    this.#name = name
  }

  /** Whether this can be left for somebody: words can, where the server keeps them. */
  takes(payload: Uint8Array): boolean {
    const isKept = this.#server.dialect >= firstDirect || this.#box !== undefined
    return isKept && mediaTypeOf(parseMime(payload).headers) === 'text/plain'
  }

  /** Leaves something for somebody. Resolves when the server keeps it. Rejects with a ClientError, `contact-offline` when it will not. */
  async leave(to: string, payload: Uint8Array): Promise<void> {
    const message = parseMime(payload)
    if (this.#server.dialect >= firstDirect) return this.#say(to, message)
    const run = this.#runWith(to)
    const words = Buffer.from(message.body).toString('utf8')
    await this.#box?.store({ to, name: this.#name(), text: words, runId: run.id, sequence: run.sequence })
    run.sequence++
  }

  /** A server out there keeps it only when it says whom it is for (msnp-core.md 7.2). */
  async #say(to: string, { headers, body }: MimeMessage): Promise<void> {
    const payload = formatMime([...headers, ['Dest-Agent', 'client']], body)
    await this.#server.say((trId) => writeSaidBeside(trId, { handle: to, ...asText }, payload))
  }

  #runWith(to: string): Run {
    const key = keyOf(to)
    const run = this.#runs.get(key) ?? { id: randomUUID(), sequence: 1 }
    this.#runs.set(key, run)
    const [oldest] = this.#runs.keys()
    if (this.#runs.size > mostRuns && oldest !== undefined) this.#runs.delete(oldest)
    return run
  }
}
