// The client-server API of our homeserver. No other file of the project calls it.
//
// matrix-appservice-bridge gives the clients of our ghosts; its listener is not used, because it answers a transaction before
// the events are safe, and its own sending is not, because it makes up a new transaction id each time (stack.md, section 2).

import { Writable } from 'node:stream'
import { AppServiceRegistration, Bridge, Logger as LibraryLogger } from 'matrix-appservice-bridge'
import { z } from 'zod'
import type { Logger } from '../core/log.ts'
import { HomeserverError, homeserverError } from './homeserver-error.ts'
import type { Registration } from './registration.ts'

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

interface Call {
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  /** How long to wait for the answer, in milliseconds. */
  readonly timeout?: number
}

const defaultTimeout = 30_000

/** A path below `/_matrix/client/v3/`; what is put in is escaped. */
export function clientPath(parts: TemplateStringsArray, ...holes: readonly string[]): string {
  const path = parts.map((part, index) => part + (index < holes.length ? encodeURIComponent(holes[index] ?? '') : '')).join('')
  return `/_matrix/client/v3/${path}`
}

/** Our homeserver, as seen by our bot and our ghosts. */
export class Homeserver {
  readonly #bridge: Bridge
  readonly #inFlight = new Set<Promise<unknown>>()

  constructor(options: { url: string; domain: string; registration: Registration; log: Logger }) {
    routeLibraryLog(options.log)
    const { id, url, as_token, hs_token, sender_localpart, namespaces } = options.registration
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

  /** Calls the homeserver as one of our accounts. Throws a HomeserverError. */
  async call(as: string, method: Method, path: string, call: Call = {}): Promise<unknown> {
    const client = this.#bridge.getIntent(as).matrixClient
    // The library writes into the query.
    const request = client.doRequest(method, path, { ...call.query }, call.body ?? null, call.timeout ?? defaultTimeout)
    this.#inFlight.add(request)
    try {
      return await request
    } catch (thrown) {
      throw homeserverError(`${method} ${path}`, thrown)
    } finally {
      this.#inFlight.delete(request)
    }
  }

  /** Calls, and reads the answer. Throws a HomeserverError, also when the answer is not of this form. */
  async ask<Answer>(form: z.ZodType<Answer>, as: string, method: Method, path: string, call: Call = {}): Promise<Answer> {
    const answer = form.safeParse(await this.call(as, method, path, call))
    if (!answer.success) throw new HomeserverError(`${method} ${path}`, { reason: 'an answer that is not understood' })
    return answer.data
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
