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
import { codeOf } from '../model/status.ts'
import { BackOff } from './back-off.ts'
import { ContactBook, type MsnContact } from './contact-book.ts'
import { Dialler, type Place } from './dialler.ts'
import { endpointOf } from './endpoint.ts'
import { Entrance } from './entrance.ts'
import { ClientError } from './errors.ts'
import { isHandle, keyOf } from './handle.ts'
import type { ListEdits } from './list-edits.ts'
import { SettledMail } from './mail.ts'
import { afterError, afterFarewell, type Next } from './next-step.ts'
import { NotificationServer } from './notification.ts'
import { Self } from './self.ts'
import type { SessionOptions } from './session-options.ts'
import { Sightings } from './sightings.ts'
import type { Fate } from './stay.ts'
import { Stay } from './stay.ts'
import { type Cancel, systemTimers, type Timers } from './timers.ts'

export type { Place } from './dialler.ts'
export type { IncomingMessage, SessionHandlers, SessionOptions } from './session-options.ts'
export type { ContactPresence } from './sightings.ts'

/** A connection that held for so long was a good one: the waits begin small again. In milliseconds. */
const steady = 60_000

export class MsnSession {
  readonly #options: SessionOptions
  readonly #timers: Timers
  readonly #book = new ContactBook()
  readonly #sightings: Sightings
  readonly #dialler: Dialler
  readonly #backOff: BackOff
  readonly #self: Self
  readonly #endpoint: string
  readonly #entrance: Entrance
  readonly #settledMail = new SettledMail()
  #state: LoginState = 'offline'
  #server: NotificationServer | undefined
  #stay: Stay | undefined
  #life: Promise<void> | undefined
  #closing = false
  #wake: () => void = () => {}
  readonly #waiters = new Set<() => void>()
  readonly #leaving = new Set<Promise<void>>()
  #refusals = 0
  #hurried = false

  constructor(options: SessionOptions) {
    const { account, credential, dial, log, trace, web } = options
    this.#options = options
    this.#timers = options.timers ?? systemTimers
    this.#backOff = new BackOff(options.random ?? Math.random)
    this.#sightings = new Sightings(this.#book, (presence) => options.onPresence(presence))
    this.#dialler = new Dialler(dial, { log, trace, timers: this.#timers })
    this.#endpoint = endpointOf(account, options.installation ?? randomUUID())
    this.#self = new Self(account, this.#endpoint, options.name)
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

  /** The list as it is now. */
  get contacts(): readonly MsnContact[] {
    return this.#book.contacts
  }

  /** Whether somebody is on our forward list: then we hear when they come and go. */
  watches(account: string): boolean {
    return this.#book.isOn(account, 'FL')
  }

  /** Whether somebody may neither see us nor write to us; on a board that was open before, they still can. */
  blocks(account: string): boolean {
    return this.#book.isOn(account, 'BL')
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
    this.#endStay()
    await Promise.all(this.#leaving)
    this.#server?.leave()
    this.#dialler.close()
    this.#wake()
    await this.#life
    await Promise.all(this.#leaving)
    this.#become('offline')
  }

  /**
   * Says something to a contact, opening a switchboard when there is none. Resolves when the server says that it arrived (`said`), or, for
   * words to somebody who is not there, that it keeps them (`stored`) where it does that. Rejects with a ClientError.
   */
  async send(to: string, payload: Uint8Array): Promise<Fate> {
    if (!isHandle(to)) throw new ClientError('contact-offline', 'that is no address of MSN')
    return this.#online().send(this.#spelling(to), payload)
  }

  /** Shows a contact that we write, where a switchboard is open. */
  typing(to: string): void {
    this.#stay?.typing(to)
  }

  /**
   * Begins a chat with several people under an id that is nobody else's. Resolves when each of them is there, or is known not to come, with those
   * who do not. Rejects with a ClientError: `contact-offline` when nobody comes.
   */
  async gather(board: string, accounts: readonly string[]): Promise<readonly string[]> {
    const absent = await this.#online().boards.gather(
      board,
      accounts.map((account) => this.#reachable(account)),
    )
    return absent.map(keyOf)
  }

  /** Whether anybody is left in a chat of several. */
  isAlive(board: string): boolean {
    return this.#stay?.boards.isAlive(board) ?? false
  }

  /** Calls one more person into a chat of several. Rejects with a ClientError: `not-delivered` when it is over. */
  async invite(board: string, account: string): Promise<void> {
    await this.#online().boards.invite(board, this.#reachable(account))
  }

  /** Says something to everybody in a chat of several. Rejects with a ClientError: `not-delivered` when it is over. */
  async sayOn(board: string, payload: Uint8Array): Promise<void> {
    await this.#online().boards.sayOn(board, payload)
  }

  /** Shows a chat of several that we write. */
  typingOn(board: string): void {
    this.#stay?.typingOn(board)
  }

  /** Leaves a chat of several. */
  leaveBoard(board: string): void {
    this.#stay?.boards.leave(board)
  }

  /** Changes how we are seen; `offline` means hidden, in which one cannot begin a chat. Kept for the next sign-in when we are not online. */
  async setStatus(status: Status): Promise<void> {
    this.#self.status = status === 'offline' ? 'HDN' : codeOf(status)
    if (this.#state !== 'online' || !this.#server) return
    await this.#self.showStatus(this.#server)
    await this.#self.showPlace(this.#server)
  }

  /** Changes the name that others see. Kept for the next sign-in when we are not online. Rejects with a ClientError. */
  async setName(name: string): Promise<void> {
    this.#self.name = name
    if (this.#state === 'online') await this.#stay?.showName()
  }

  /** Changes the personal message, from MSNP11 on. Kept for the next sign-in when we are not online. Rejects with a ClientError. */
  async setPersonal(message: string): Promise<void> {
    this.#self.message = message
    if (this.#state === 'online' && this.#server) await this.#self.showMessage(this.#server)
  }

  /** Puts somebody on our list and allows them to see us; says yes if they wait for that. Rejects with a ClientError. */
  addContact(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.introduce(handle))
  }

  /** Takes somebody off our list; whether they may see us stays as it is. Rejects with a ClientError. */
  removeContact(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.remove(handle))
  }

  /** Keeps somebody from seeing us and writing to us. Rejects with a ClientError. */
  block(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.block(handle))
  }

  /** Lets somebody see us and write to us again. Rejects with a ClientError. */
  unblock(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.unblock(handle))
  }

  /** Says yes to somebody who added us: they see us. They do not come on our own list. Rejects with a ClientError. */
  accept(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.accept(handle))
  }

  /** Says no to somebody who added us: they are blocked. Rejects with a ClientError. */
  decline(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.decline(handle))
  }

  /** Changes the name under which our list keeps a contact. Rejects with a ClientError. */
  renameContact(account: string, name: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.rename(handle, name))
  }

  /** Puts a contact into a group, which is made when there is none of that name. Rejects with a ClientError. */
  putInGroup(account: string, group: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.putInGroup(handle, group))
  }

  /** Takes a contact out of a group. Rejects with a ClientError. */
  takeOutOfGroup(account: string, group: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.takeOutOfGroup(handle, group))
  }

  /** Changes the name of a group. Rejects with a ClientError. */
  async renameGroup(group: string, name: string): Promise<void> {
    await this.#online().edits.renameGroup(group, name)
    this.#options.onContacts(true, this.#book.contacts)
  }

  /** Removes a group; whoever is in it stays on the list. Rejects with a ClientError. */
  async removeGroup(group: string): Promise<void> {
    await this.#online().edits.removeGroup(group)
  }

  async #edit(account: string, edit: (edits: ListEdits, handle: string) => Promise<void>): Promise<void> {
    if (!isHandle(account)) throw new ClientError('no-such-contact', 'that is no address of MSN')
    await edit(this.#online().edits, this.#spelling(account))
  }

  #reachable(account: string): string {
    if (!isHandle(account)) throw new ClientError('contact-offline', 'that is no address of MSN')
    return this.#spelling(account)
  }

  #become(state: LoginState, reason?: Phrase): void {
    if (this.#state === state) return
    this.#state = state
    this.#options.onState(state, reason)
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const resolve of waiters) resolve()
  }

  #online(): Stay {
    if (this.#state !== 'online' || !this.#stay) throw new ClientError('not-signed-in', 'the account is not signed in')
    return this.#stay
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
      self: this.#self,
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
    this.#self.forget()
    const server = new NotificationServer(connection, {
      account: this.#options.account,
      timers: this.#timers,
      listener: {
        ring: (ring) => this.#stay?.ring(ring),
        sight: (sight) => this.#sightings.note(sight),
        ownSight: (sight) => this.#self.hear(sight) && this.#stay?.showAgain('all'),
        forced: (status) => {
          this.#self.force(status)
          this.#stay?.showAgain('place')
        },
        again: (what) => this.#stay?.again(what),
        beside: (command) => this.#stay?.beside(command),
        added: (addition) => this.#stay?.added(addition),
        removed: (removal) => this.#stay?.removed(removal),
        listChanged: () => this.#stay?.listChanged(),
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

  /** To a server an account may be another when it is written otherwise. */
  #spelling(account: string): string {
    return this.#book.find(account)?.handle ?? account
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
