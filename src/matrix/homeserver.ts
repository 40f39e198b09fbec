// The client-server API of our homeserver. No other file of the project calls it.
//
// matrix-appservice-bridge gives the clients of our ghosts; its listener is not used, because it answers a transaction before
// the events are safe, and its own sending is not, because it makes up a new transaction id each time (stack.md, section 2).

import { Writable } from 'node:stream'
import { AppServiceRegistration, Bridge, Logger as LibraryLogger } from 'matrix-appservice-bridge'
import { z } from 'zod'
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { Secret } from '../core/secret.ts'
import { HomeserverError, homeserverError } from './homeserver-error.ts'
import { Pauses } from './pauses.ts'
import type { Registration } from './registration.ts'

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

export interface Call {
  readonly query?: Readonly<Record<string, string>>
  /** JSON, or bytes. */
  readonly body?: object
  /** What the bytes are: `image/png`. */
  readonly type?: string
  /** How long to wait for the answer, in milliseconds. */
  readonly timeout?: number
}

/** A call as one account. */
type Caller = (method: Method, path: string, call: Call) => Promise<unknown>

const defaultTimeout = 30_000

/** A path below `/_matrix/client/v3/`; what is put in is escaped. */
export function clientPath(parts: TemplateStringsArray, ...holes: readonly string[]): string {
  const path = parts.map((part, index) => part + (index < holes.length ? encodeURIComponent(holes[index] ?? '') : '')).join('')
  return `/_matrix/client/v3/${path}`
}

interface Options {
  readonly url: string
  readonly domain: string
  readonly registration: Registration
  readonly clock: Clock
  readonly log: Logger
}

/** Our homeserver, as seen by our bot and our ghosts. */
export class Homeserver {
  readonly #bridge: Bridge
  readonly #url: string
  readonly #token: Secret
  readonly #pauses: Pauses
  readonly #inFlight = new Set<Promise<unknown>>()
  #lent: (userId: string) => Caller | undefined = () => undefined

  constructor(options: Options) {
    routeLibraryLog(options.log)
    this.#url = options.url
    this.#pauses = new Pauses(options.clock)
    const { id, url, as_token, hs_token, sender_localpart, namespaces } = options.registration
    this.#token = new Secret(as_token)
    const registration = AppServiceRegistration.fromObject({ id, url, as_token, hs_token, sender_localpart, namespaces })
    this.#bridge = new Bridge({
      homeserverUrl: options.url,
      domain: options.domain,
      registration,
      disableStores: true,
      escapeUserIds: false,
      // Never called: the library is given no events.
      controller: { onEvent: () => {} },
      intentOptions: { clients: { dontCheckPowerLevel: true, dontJoin: true } },
    })
  }

  /** Makes ready for calls; calls nobody. */
  async open(): Promise<void> {
    await this.#bridge.initialise()
  }

  /** From now on accounts that are not ours may be called as, too, where `lent` has a way to do so. */
  lend(lent: (userId: string) => Caller | undefined): void {
    this.#lent = lent
  }

  /** Whether an account is one that its owner lends us. */
  isLent(userId: string): boolean {
    return this.#lent(userId) !== undefined
  }

  /** Calls the homeserver as one of our accounts, or as one that is lent to us. Throws a HomeserverError. */
  async call(as: string, method: Method, path: string, call: Call = {}): Promise<unknown> {
    const what = `${method} ${path}`
    this.#pauses.check(as, what)
    const request = this.#lent(as)?.(method, path, call) ?? this.#callAsOurs(as, method, path, call)
    this.#inFlight.add(request)
    try {
      return await request
    } catch (error) {
      if (error instanceof HomeserverError) this.#pauses.failed(as, what, error)
      throw error
    } finally {
      this.#inFlight.delete(request)
    }
  }

  async #callAsOurs(as: string, method: Method, path: string, call: Call): Promise<unknown> {
    const client = this.#bridge.getIntent(as).matrixClient
    const { query, body = null, timeout = defaultTimeout, type } = call
    try {
      // The library writes into the query.
      return await client.doRequest(method, path, { ...query }, body, timeout, false, type)
    } catch (thrown) {
      throw homeserverError(`${method} ${path}`, thrown)
    }
  }

  /** Calls, and reads the answer. Throws a HomeserverError, also when the answer is not of this form. */
  async ask<Answer>(form: z.ZodType<Answer>, as: string, method: Method, path: string, call: Call = {}): Promise<Answer> {
    const answer = form.safeParse(await this.call(as, method, path, call))
    if (!answer.success) throw new HomeserverError(`${method} ${path}`, { reason: 'an answer that is not understood' })
    return answer.data
  }

  /** Gets a file as our bot: the answer as it comes, whatever it says. Nobody is followed to elsewhere. Rejects when nobody answers. */
  download(path: string, signal: AbortSignal): Promise<Response> {
    const headers = { authorization: `Bearer ${this.#token.reveal()}` }
    return fetch(`${this.#url}${path}`, { headers, redirect: 'manual', signal })
  }

  /** Resolves when no call is in flight. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#inFlight)
    await this.#bridge.close()
  }
}

const libraryLine = z.object({ module: z.string().catch('?'), message: z.string().catch('') })

/** The library has one logger for the whole process; what it says is of use for finding faults only, since we report errors ourselves. */
function routeLibraryLog(log: Logger): void {
  if (!log.isLevelEnabled('debug')) {
    LibraryLogger.configure({ console: 'off' })
    return
  }
  const lines = new Writable({
    write(chunk: Buffer, _encoding, done) {
      const { module, message } = readLine(chunk)
      log.debug({ module }, message)
      done()
    },
  })
  LibraryLogger.root.configureLogging({ json: true }, lines)
}

function readLine(chunk: Buffer): z.infer<typeof libraryLine> {
  try {
    return libraryLine.parse(JSON.parse(chunk.toString('utf8')))
  } catch {
    return { module: '?', message: 'a line that is not JSON' }
  }
}
