// src/msn/client/web: we call the web services of a network (msnp-services.md, part A). It owns tokens, the address book and offline messages as
// a client sees them; what the documents look like is for msn/soap, and what they are good for is for the session.
// This file: one call over HTTP, bounded in time and size. No address, ticket or password gets into an error.

import type { Timers } from '../../../core/timers.ts'
import { ClientError } from '../errors.ts'
import { systemTimers } from '../timers.ts'
import { isInside } from './inside.ts'

/** As much of HTTP as is needed; the global `fetch` will do. */
export type Fetch = (url: string, options: FetchOptions) => Promise<Fetched>

export interface FetchOptions {
  readonly method: 'GET' | 'POST'
  readonly headers: Record<string, string>
  readonly body?: string
  readonly redirect: 'manual'
  readonly signal: AbortSignal
}

export interface Fetched {
  readonly status: number
  readonly headers: { get(name: string): string | null }
  readonly body?: (AsyncIterable<Uint8Array> & { cancel(): Promise<void> }) | null
}

export interface WebRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  /** Sent wherever the server sends us: it is the sign-in of some services. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  /** Whether we go where an answer sends us; otherwise that answer is the answer. */
  readonly follows: boolean
  /** Whether the text is wanted, too. */
  readonly reads: boolean
  /** How long the answer may be where much is expected, in bytes as they are after unpacking; 1 MiB otherwise. */
  readonly longest?: number
}

export interface WebAnswer {
  readonly status: number
  readonly headers: Fetched['headers']
  /** Empty when it was not wanted. */
  readonly text: string
}

/**
 * Calls a web service. Any status is an answer. Rejects with a ClientError: `connection-lost` when nobody answers within 30 s, `server-error`
 * when the answer is too long, or sends us on more than 5 times or to where `nextPlace` does not go.
 */
export type WebCall = (request: WebRequest) => Promise<WebAnswer>

/** For a whole call, in milliseconds. */
const patience = 30_000
const longestAnswer = 1024 * 1024
const mostRedirects = 5

/** Calls over HTTP. */
export function webCaller(fetch: Fetch, timers: Timers = systemTimers): WebCall {
  return async (request) => {
    const limit = new AbortController()
    const cancel = timers.after(patience, () => limit.abort())
    try {
      return await follow(fetch, request, limit.signal)
    } finally {
      cancel()
    }
  }
}

async function follow(fetch: Fetch, request: WebRequest, signal: AbortSignal): Promise<WebAnswer> {
  const start = placeOf(request.url)
  let place = start
  for (let redirects = 0; redirects <= mostRedirects; redirects++) {
    const answer = await visit(fetch, place, request, signal)
    const location = request.follows ? answer.headers.get('Location') : null
    if (answer.status < 300 || answer.status > 399 || location === null)
      return { status: answer.status, headers: answer.headers, text: await textOf(answer, place, request) }
    await dropped(answer)
    place = nextPlace(place, location)
  }
  throw new ClientError('server-error', `${start.host} sends us from one place to the next`)
}

async function visit(fetch: Fetch, url: URL, { method, headers, body }: WebRequest, signal: AbortSignal): Promise<Fetched> {
  try {
    return await fetch(url.href, {
      method,
      headers: { ...headers },
      ...(body !== undefined && { body }),
      redirect: 'manual',
      signal,
    })
  } catch (cause) {
    // What was thrown may quote a header, and with it a password: it is not passed on.
    throw new ClientError('connection-lost', `${url.host} cannot be reached over HTTP${reasonOf(cause)}`)
  }
}

async function textOf(answer: Fetched, { host }: URL, { reads, longest = longestAnswer }: WebRequest): Promise<string> {
  if (!reads || !answer.body) {
    await dropped(answer)
    return ''
  }
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of answer.body) {
      length += chunk.byteLength
      if (length > longest) break
      chunks.push(chunk)
    }
  } catch {
    throw new ClientError('connection-lost', `the answer of ${host} broke off`)
  }
  if (length > longest) throw new ClientError('server-error', `the answer of ${host} is longer than ${longest} bytes`)
  return new TextDecoder().decode(Buffer.concat(chunks))
}

async function dropped(answer: Fetched): Promise<void> {
  await answer.body?.cancel().catch(() => {})
}

/**
 * Where a service sends us. Throws `server-error`: what was asked for over HTTPS is not sent on in the clear, and nobody out there sends us to our
 * own machine or network.
 */
export function nextPlace(from: URL, location: string): URL {
  const next = URL.parse(location, from)
  if (!next) throw new ClientError('server-error', `${from.host} sends us to what is no web address`)
  const to = placeOf(next.href)
  if (from.protocol === 'https:' && to.protocol !== 'https:')
    throw new ClientError('server-error', `${from.host} wants what we send to it unprotected`)
  if (isInside(to) && !isInside(from)) throw new ClientError('server-error', `${from.host} sends us to what is only ours`)
  return to
}

function placeOf(address: string): URL {
  const url = URL.parse(address)
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new ClientError('server-error', 'the network names a web service at what is no web address')
  return url
}

/** The short name that the system has for what went wrong, such as ECONNREFUSED. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return /^[A-Z][A-Z0-9_]{2,40}$/.test(code) ? ` (${code})` : ''
}
