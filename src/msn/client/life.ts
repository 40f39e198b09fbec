// The life of a session: signing in, staying, and coming back when the connection ended, with the state in which it is.
//
//   offline ──▶ connecting ──▶ online ◀──▶ reconnecting
//                   │             │
//                   ▼             ▼
//                refused      displaced        (both until somebody connects again)

import { randomUUID } from 'node:crypto'
import type { LoginState } from '../../core/login.ts'
import type { Timers } from '../../core/timers.ts'
import type { Phrase } from '../../core/words.ts'
import { BackOff } from './back-off.ts'
import type { ContactBook } from './contact-book.ts'
import { Dialler, type Place } from './dialler.ts'
import { endpointOf } from './endpoint.ts'
import { Entrance } from './entrance.ts'
import { ClientError } from './errors.ts'
import { SettledMail } from './mail.ts'
import { afterError, afterFarewell, type Next } from './next-step.ts'
import { NotificationServer } from './notification.ts'
import { Self } from './self.ts'
import type { SessionOptions } from './session-options.ts'
import { Sightings } from './sightings.ts'
import { Stay } from './stay.ts'
import { systemTimers, within } from './timers.ts'

/** A connection that held for so long was a good one: the waits begin small again. In milliseconds. */
const steady = 60_000

export class Life {
  /** How we are seen, as long as the session lasts. */
  readonly self: Self
  readonly #options: SessionOptions
  readonly #timers: Timers
  readonly #book: ContactBook
  readonly #sightings: Sightings
  readonly #dialler: Dialler
  readonly #backOff: BackOff
  readonly #endpoint: string
  readonly #entrance: Entrance
  readonly #settledMail = new SettledMail()
  #state: LoginState = 'offline'
  #server: NotificationServer | undefined
  #stay: Stay | undefined
  #running: Promise<void> | undefined
  #closing = false
  #wake: () => void = () => {}
  readonly #waiters = new Set<() => void>()
  readonly #leaving = new Set<Promise<void>>()
  #refusals = 0
  #hurried = false

  constructor(options: SessionOptions, book: ContactBook) {
    const { account, credential, dial, log, trace, web } = options
    this.#options = options
    this.#book = book
    this.#timers = options.timers ?? systemTimers
    this.#backOff = new BackOff(options.random ?? Math.random)
    this.#sightings = new Sightings(book, (presence) => options.onPresence(presence))
    this.#dialler = new Dialler(dial, { log, trace, timers: this.#timers })
    this.#endpoint = endpointOf(account, options.installation ?? randomUUID())
    this.self = new Self(account, this.#endpoint, options.name)
    this.#entrance = new Entrance({
      applicant: { account, credential, tickets: web?.tickets, endpoint: this.#endpoint },
      home: options.server,
      dialects: options.dialects,
      web,
      dial: (place) => this.#dialServer(place),
    })
  }

  get state(): LoginState {
    return this.#state
  }

  /** The time that we are signed in now; undefined while we are not, or not yet seen. */
  get stay(): Stay | undefined {
    return this.#state === 'online' ? this.#stay : undefined
  }

  /** Begins to sign in, and to stay so. Resolves with the first state that is not `connecting`; never rejects. */
  async connect(): Promise<LoginState> {
    if (!this.#running) {
      this.#closing = false
      this.#dialler.open()
      this.#backOff.reset()
      this.#become('connecting')
      this.#running = this.#live().finally(() => {
        this.#running = undefined
      })
    }
    while (this.#state === 'connecting') await new Promise<void>((resolve) => this.#waiters.add(resolve))
    return this.#state
  }

  /** Signs out. Resolves when everything heard is safe, or known not to be. */
  async close(): Promise<void> {
    this.#closing = true
    this.#endStay()
    await Promise.all(this.#leaving)
    this.#server?.leave()
    this.#dialler.close()
    this.#wake()
    await this.#running
    await Promise.all(this.#leaving)
    this.#become('offline')
  }

  #become(state: LoginState, reason?: Phrase): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state, reason)
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const resolve of waiters) resolve()
  }

  async #live(): Promise<void> {
    while (!this.#closing) {
      const next = await this.#once()
      if (this.#closing) return
      if (next.kind === 'stop') return this.#become(next.state, next.reason)
      this.#become('reconnecting', next.reason)
      // Whoever is sent away at once, twice, is not asked to hurry.
      const hurries = next.wait === 0 && !this.#hurried
      this.#hurried = next.wait === 0
      await this.#rest(hurries ? 0 : next.wait || this.#backOff.next())
    }
  }

  /** Signs in once and stays until it ends. Gives what is to be done then. */
  async #once(): Promise<Next> {
    try {
      const stay = await this.#signIn()
      const { server } = stay
      const since = this.#options.clock()
      this.#refusals = 0
      this.#become('online')
      const reason = await server.ended
      if (this.#options.clock() - since >= steady) {
        this.#backOff.reset()
        this.#hurried = false
      }
      return server.farewell ? afterFarewell(server.farewell) : afterError(reason, 0)
    } catch (error) {
      return this.#failed(error)
    } finally {
      this.#server = undefined
      this.#endStay()
      this.#sightings.end()
    }
  }

  #failed(error: unknown): Next {
    const { log, account, credential } = this.#options
    const detail = error instanceof Error ? error.message : String(error)
    log.info({ account, error: detail }, 'msn: could not sign in')
    const farewell = this.#server?.farewell
    this.#server?.abort(new ClientError('connection-lost', 'NS: the sign-in did not work', { cause: error }))
    if (farewell) return afterFarewell(farewell)
    if (error instanceof ClientError && error.code === 'refused') this.#refusals++
    else this.#entrance.failed()
    // 928: a ticket that is no good, as one may be that took its time. A password that is wrong stays wrong.
    const isWorthATry = credential.kind === 'ticket' || (error instanceof ClientError && error.number === 928)
    return afterError(error, isWorthATry ? this.#refusals : Number.POSITIVE_INFINITY)
  }

  /** Gets in, and does what is to be done before we are seen. */
  async #signIn(): Promise<Stay> {
    const entered = await this.#entrance.enter()
    const stay = new Stay({
      ...entered,
      session: this.#options,
      timers: this.#timers,
      dialler: this.#dialler,
      book: this.#book,
      self: this.self,
      endpoint: this.#endpoint,
      settled: this.#settledMail,
    })
    this.#stay = stay
    await stay.settleIn()
    this.#entrance.settled()
    return stay
  }

  async #dialServer(place: Place): Promise<NotificationServer> {
    const connection = await this.#dialler.dial('NS', place)
    this.self.forget()
    const server = new NotificationServer(connection, {
      account: this.#options.account,
      timers: this.#timers,
      listener: {
        ring: (ring) => this.#stay?.ring(ring),
        sight: (sight) => this.#sightings.note(sight),
        ownSight: (sight) => this.self.hear(sight) && this.#stay?.showAgain('all'),
        forced: (status) => {
          this.self.force(status)
          this.#stay?.showAgain('place')
        },
        again: (what) => this.#stay?.again(what),
        beside: (command) => this.#stay?.beside(command),
        added: (addition) => this.#stay?.list.added(addition),
        removed: (removal) => this.#stay?.list.removed(removal),
        listChanged: () => this.#stay?.list.changed(),
        notice: (message) => this.#stay?.notice(message),
      },
    })
    if (this.#closing) server.leave()
    this.#server = server
    return server
  }

  /** Nobody waits for the chats of a connection that is over, but whoever closes the session. */
  #endStay(): void {
    const stay = this.#stay
    this.#stay = undefined
    if (!stay) return
    const left = stay.end().finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }

  async #rest(milliseconds: number): Promise<void> {
    const woken = Promise.withResolvers<void>()
    this.#wake = woken.resolve
    await within(this.#timers, milliseconds, woken.promise)
  }
}
