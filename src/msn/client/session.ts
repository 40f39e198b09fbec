// One account signed in: all that the rest of the gateway sees of the client, for both faces of MSN.
//
//   offline ──▶ connecting ──▶ online ◀──▶ reconnecting
//                   │             │
//                   ▼             ▼
//                refused      displaced        (both until somebody connects again)

import { randomUUID } from 'node:crypto'
import type { LoginState } from '../../core/login.ts'
import type { Status } from '../../core/signal.ts'
import type { Phrase } from '../../core/words.ts'
import type { SignedIn } from '../dialect/sign-in.ts'
import { codeOf, type StatusCode } from '../model/status.ts'
import { formatMime } from '../wire/mime.ts'
import { BackOff } from './back-off.ts'
import { Boards } from './boards.ts'
import { ContactBook, type MsnContact } from './contact-book.ts'
import { block, introduce } from './contact-edits.ts'
import { Dialler, type Place, placeOf } from './dialler.ts'
import { ClientError } from './errors.ts'
import { friendlyName } from './friendly-name.ts'
import { isHandle, keyOf } from './handle.ts'
import { afterError, afterFarewell, type Next } from './next-step.ts'
import { NotificationServer } from './notification.ts'
import type { IncomingMessage, SessionOptions } from './session-options.ts'
import { Sightings } from './sightings.ts'
import { offers } from './sign-in.ts'
import type { Said } from './switchboard.ts'
import { type Cancel, systemTimers, type Timers } from './timers.ts'

export type { Place } from './dialler.ts'
export type { IncomingMessage, SessionHandlers, SessionOptions } from './session-options.ts'
export type { ContactPresence } from './sightings.ts'

const mostHops = 5
/** A connection that held for so long was a good one: the waits begin small again. In milliseconds. */
const steady = 60_000

export class MsnSession {
  readonly #options: SessionOptions
  readonly #timers: Timers
  readonly #book = new ContactBook()
  readonly #sightings: Sightings
  readonly #dialler: Dialler
  readonly #backOff: BackOff
  #state: LoginState = 'offline'
  #status: StatusCode = 'NLN'
  #name: string | undefined
  #server: NotificationServer | undefined
  #boards: Boards | undefined
  #life: Promise<void> | undefined
  #closing = false
  #wake: () => void = () => {}
  readonly #waiters = new Set<() => void>()
  readonly #leaving = new Set<Promise<void>>()
  #refusals = 0
  #hurried = false

  constructor(options: SessionOptions) {
    this.#options = options
    this.#name = options.name
    this.#timers = options.timers ?? systemTimers
    this.#backOff = new BackOff(options.random ?? Math.random)
    this.#sightings = new Sightings(this.#book, (presence) => options.onPresence(presence))
    const { dial, log, trace } = options
    this.#dialler = new Dialler(dial, { log, trace, timers: this.#timers })
  }

  get state(): LoginState {
    return this.#state
  }

  /** The list as it is now. */
  get contacts(): readonly MsnContact[] {
    return this.#book.contacts
  }

  /** Whether somebody is on our forward list: then we hear when they come and go. */
  watches(account: string): boolean {
    return this.#book.isOn(account, 'FL')
  }

  /** Begins to sign in, and to stay so. Resolves with the first state that is not `connecting`; never rejects. */
  async connect(): Promise<LoginState> {
    if (!this.#life) {
      this.#closing = false
      this.#dialler.open()
      this.#backOff.reset()
      this.#become('connecting')
      this.#life = this.#live().finally(() => {
        this.#life = undefined
      })
    }
    while (this.#state === 'connecting') await new Promise<void>((resolve) => this.#waiters.add(resolve))
    return this.#state
  }

  /** Signs out. Resolves when everything heard is safe, or known not to be. */
  async close(): Promise<void> {
    this.#closing = true
    this.#leaveBoards()
    await Promise.all(this.#leaving)
    this.#server?.leave()
    this.#dialler.close()
    this.#wake()
    await this.#life
    await Promise.all(this.#leaving)
    this.#become('offline')
  }

  /** Says something to a contact, opening a switchboard when there is none. Resolves when the server says it arrived. Rejects with a ClientError. */
  async send(to: string, payload: Uint8Array): Promise<void> {
    if (!isHandle(to)) throw new ClientError('contact-offline', 'that is no address of MSN')
    await this.#online().boards.send(this.#spelling(to), payload)
  }

  /** Shows a contact that we write, where a switchboard is open. */
  typing(to: string): void {
    const headers = [
      ['MIME-Version', '1.0'],
      ['Content-Type', 'text/x-msmsgscontrol'],
      ['TypingUser', this.#options.account],
    ] as const
    this.#boards?.mention(to, formatMime(headers, '\r\n'))
  }

  /** Changes how we are seen; `offline` means hidden, in which one cannot begin a chat. Kept for the next sign-in when we are not online. */
  async setStatus(status: Status): Promise<void> {
    this.#status = status === 'offline' ? 'HDN' : codeOf(status)
    if (this.#state === 'online') await this.#server?.changeStatus(this.#status)
  }

  /** Changes the name that others see. Kept for the next sign-in when we are not online. Rejects with a ClientError. */
  async setName(name: string): Promise<void> {
    this.#name = name
    if (this.#state === 'online') await this.#server?.changeName(name)
  }

  /** Puts somebody on our list and allows them to see us. Rejects with a ClientError. */
  async addContact(account: string): Promise<void> {
    if (!isHandle(account)) throw new ClientError('server-error', 'that is no address of MSN')
    await introduce(this.#online().server, this.#book, this.#spelling(account))
  }

  /** Keeps somebody from seeing us and writing to us. Rejects with a ClientError. */
  async block(account: string): Promise<void> {
    if (!isHandle(account)) throw new ClientError('server-error', 'that is no address of MSN')
    await block(this.#online().server, this.#book, this.#spelling(account))
  }

  #become(state: LoginState, reason?: Phrase): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state, reason)
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const resolve of waiters) resolve()
  }

  #online(): { server: NotificationServer; boards: Boards } {
    if (this.#state !== 'online' || !this.#server || !this.#boards)
      throw new ClientError('not-signed-in', 'the account is not signed in')
    return { server: this.#server, boards: this.#boards }
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
      const { server, who } = await this.#signIn()
      await this.#settleIn(server, who)
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
      this.#leaveBoards()
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
    return afterError(error, credential.kind === 'ticket' ? this.#refusals : Number.POSITIVE_INFINITY)
  }

  /** Tries one offer of dialects after the other, and goes where the server sends us. */
  async #signIn(): Promise<{ server: NotificationServer; who: SignedIn }> {
    const { credential, dialects, server: home } = this.#options
    const open = offers(credential.kind === 'ticket' ? dialects.filter((dialect) => dialect >= 8) : dialects)
    let refusal = new ClientError('no-common-dialect', 'there is no dialect to offer')
    let place = home
    let hops = 0
    for (let offer = open.shift(); offer; ) {
      const server = await this.#dialServer(place)
      try {
        const result = await server.signIn(offer, credential)
        if (result.kind === 'in') return { server, who: result.who }
        if (++hops > mostHops) throw new ClientError('server-error', 'the server sends us from one place to the next')
        place = placeOf(result.address)
      } catch (error) {
        if (!(error instanceof ClientError && error.code === 'no-common-dialect')) throw error
        refusal = error
        offer = open.shift()
      }
      server.leave()
    }
    throw refusal
  }

  async #dialServer(place: Place): Promise<NotificationServer> {
    const connection = await this.#dialler.dial('NS', place)
    const server = new NotificationServer(connection, {
      account: this.#options.account,
      timers: this.#timers,
      listener: {
        ring: (ring) => void this.#boards?.answer(ring),
        sight: (sight) => this.#sightings.note(sight),
        added: (addition) => this.#tell(this.#book.add(addition)),
        removed: (removal) => this.#tell(this.#book.remove(removal)),
      },
    })
    if (this.#closing) server.leave()
    this.#server = server
    return server
  }

  /** The list, the name, the status: after that we are seen. */
  async #settleIn(server: NotificationServer, who: SignedIn): Promise<void> {
    const { account, hosted = false, log, onContacts, onMessage, onTyping } = this.#options
    const roster = await server.fetchRoster()
    this.#book.replace(roster)
    this.#boards = new Boards({
      account,
      hosted,
      timers: this.#timers,
      log,
      request: () => server.requestBoard(),
      dial: (address) => this.#dialler.dial('SB', placeOf(address), server.dialect),
      said: (said) => onMessage(this.#messageOf(said)),
      typing: (who) => onTyping(keyOf(who)),
    })
    onContacts(true, this.#book.contacts)
    await this.#introduceOurselves(server, roster.properties.MFN ?? who.name)
    await server.changeStatus(this.#status)
  }

  /** A server that does not take our name still takes us: an unverified account may not change its own. */
  async #introduceOurselves(server: NotificationServer, known: string | undefined): Promise<void> {
    const { account, log } = this.#options
    if (this.#name === undefined || friendlyName(this.#name, account) === known) return
    try {
      await server.changeName(this.#name)
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'connection-lost') throw error
      log.info({ account, error: error.message }, 'msn: the server did not take our name')
    }
  }

  #messageOf({ from, fromName, message, participants, group }: Said): IncomingMessage {
    const received = {
      id: randomUUID(),
      participants: participants.map(keyOf),
      from: keyOf(from),
      fromName,
      message,
      receivedAt: this.#options.clock(),
    }
    return group ? received : { ...received, peer: received.from }
  }

  /** Nobody waits for the boards of a connection that is over, but whoever closes the session. */
  #leaveBoards(): void {
    const boards = this.#boards
    this.#boards = undefined
    if (!boards) return
    const left = boards.close().finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }

  /** To a server an account may be another when it is written otherwise. */
  #spelling(account: string): string {
    return this.#book.find(account)?.handle ?? account
  }

  #tell(contact: MsnContact | undefined): void {
    if (contact) this.#options.onContacts(false, [contact])
  }

  async #rest(milliseconds: number): Promise<void> {
    let cancel: Cancel = () => {}
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      cancel = this.#timers.after(milliseconds, resolve)
    })
    cancel()
  }
}
