// Files as the homeserver has them or gets them from another: as our bot (authenticated media, client-server API 11.7.2), never by way of anybody
// to whom we are sent.

import { z } from 'zod'
import type { Homeserver } from '../homeserver.ts'
import type { MxcUri } from './uri.ts'

/** How long the homeserver may take to get a file from another, in milliseconds. */
const remotePatience = 20_000
/** How long it may say nothing, in milliseconds. */
const patience = 60_000
/** An answer that is no file: not more of it is read, in bytes. */
const longestRefusal = 16_384

const refusal = z.object({ errcode: z.string() })

/** A file, under way. */
export interface OpenFile {
  /** As its homeserver says; `application/octet-stream` where it says nothing. */
  readonly type: string
  /** In bytes; absent where the homeserver does not say. */
  readonly size?: number
  /** Ends with an error when it is cut short, or more than was allowed. */
  readonly bytes: AsyncIterable<Uint8Array>
  /** For whoever does not read it to its end. */
  close(): void
}

/** Why a file cannot be had. gone: there is none. too-large: more than is allowed. unreachable: not now. */
export type NoFile = 'gone' | 'too-large' | 'unreachable'

export class Files {
  readonly #homeserver: Pick<Homeserver, 'download'>
  /** In bytes. */
  readonly #largest: number

  constructor(homeserver: Pick<Homeserver, 'download'>, largest: number) {
    this.#homeserver = homeserver
    this.#largest = largest
  }

  /** Begins to get a file. Throws nothing. */
  async open({ server, id }: MxcUri): Promise<OpenFile | NoFile> {
    const abort = new AbortController()
    const place = `${encodeURIComponent(server)}/${encodeURIComponent(id)}`
    try {
      const answer = await this.#ask(`/_matrix/client/v1/media/download/${place}?timeout_ms=${remotePatience}`, abort)
      if (answer === 'unknown-path')
        // Homeservers of before 2024.
        return await this.#read(
          await this.#ask(`/_matrix/media/v3/download/${place}?timeout_ms=${remotePatience}&allow_redirect=false`, abort),
          abort,
        )
      return await this.#read(answer, abort)
    } catch {
      abort.abort()
      return 'unreachable'
    }
  }

  async #ask(path: string, abort: AbortController): Promise<Response | 'unknown-path'> {
    const late = setTimeout(() => abort.abort(), patience)
    try {
      const answer = await this.#homeserver.download(path, abort.signal)
      return answer.status === 404 && (await codeOf(answer)) === 'M_UNRECOGNIZED' ? 'unknown-path' : answer
    } finally {
      clearTimeout(late)
    }
  }

  async #read(answer: Response | 'unknown-path', abort: AbortController): Promise<OpenFile | NoFile> {
    if (answer === 'unknown-path' || answer.status === 404) return 'gone'
    const size = sizeOf(answer)
    if (answer.status !== 200 || !answer.body || (size !== undefined && size > this.#largest)) {
      abort.abort()
      return answer.status === 413 || (size !== undefined && size > this.#largest) ? 'too-large' : 'unreachable'
    }
    return {
      type: answer.headers.get('content-type') ?? 'application/octet-stream',
      ...(size !== undefined && { size }),
      bytes: bounded(answer.body, size ?? this.#largest, abort),
      close: () => abort.abort(),
    }
  }
}

/** The bytes of an answer, as long as they keep coming and there are not more than announced. */
async function* bounded(body: AsyncIterable<Uint8Array>, most: number, abort: AbortController): AsyncIterable<Uint8Array> {
  let count = 0
  let late = setTimeout(() => abort.abort(), patience)
  try {
    for await (const chunk of body) {
      clearTimeout(late)
      count += chunk.byteLength
      if (count > most) throw new RangeError('the homeserver sends more than it announced, or more than is allowed')
      yield chunk
      late = setTimeout(() => abort.abort(), patience)
    }
  } finally {
    clearTimeout(late)
    abort.abort()
  }
}

/** What the homeserver packs while it sends has no size that is known. */
function sizeOf({ headers }: Response): number | undefined {
  const length = headers.get('content-length')
  if (length === null || !/^\d{1,20}$/.test(length) || headers.has('content-encoding')) return undefined
  return Number(length)
}

async function codeOf(answer: Response): Promise<string | undefined> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > longestRefusal) return undefined
  }
  try {
    return refusal.safeParse(JSON.parse(text)).data?.errcode
  } catch {
    return undefined
  }
}
