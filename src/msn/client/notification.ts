// The connection to the notification server: sign-in, list, presence, and where the switchboards are (msnp-core.md 3).

import type { Status } from '../../core/signal.ts'
import type { BoardTicket, Ring } from '../dialect/board.ts'
import { readBoardTicket, readRing, writeBoardRequest } from '../dialect/board.ts'
import type { Addition, Removal } from '../dialect/edits.ts'
import { addVerb, readAdded, readRemoved, writeAdd, writeRemove } from '../dialect/edits.ts'
import { readOffline, readOnline, readPersonalOf, writeChange } from '../dialect/presence.ts'
import { RosterReader } from '../dialect/roster-reader.ts'
import { writeOwnName } from '../dialect/settings.ts'
import { readPong } from '../dialect/sign-in.ts'
import { answerFor, productKey } from '../model/challenge.ts'
import { plainClient } from '../model/client-id.ts'
import type { Roster } from '../model/contact-list.ts'
import { readPersonal } from '../model/personal.ts'
import type { StatusCode } from '../model/status.ts'
import { statusOf } from '../model/status.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import type { Connection } from './connection.ts'
import { ClientError } from './errors.ts'
import { friendlyName } from './friendly-name.ts'
import { KeepAlive } from './keep-alive.ts'
import { RosterSync } from './roster-sync.ts'
import type { Credential, SignInResult } from './sign-in.ts'
import { signIn } from './sign-in.ts'
import type { Timers } from './timers.ts'

/** What a contact shows, or the part of it that changed. */
export interface Sight {
  readonly handle: string
  readonly status?: Status
  readonly name?: string
  /** The personal message. */
  readonly message?: string
}

/** Why the server sends us away: OTH, SSD, MIG, TOU, RCT with minutes, or without a word (3.20). */
export interface Farewell {
  readonly reason: string
  readonly minutes: number
}

export interface NotificationListener {
  ring(ring: Ring): void
  sight(sight: Sight): void
  added(addition: Addition): void
  removed(removal: Removal): void
}

export interface NotificationOptions {
  readonly account: string
  readonly timers: Timers
  readonly listener: NotificationListener
}

type Handler = (server: NotificationServer, command: Command) => unknown

export class NotificationServer {
  readonly #connection: Connection
  readonly #options: NotificationOptions
  readonly #keepAlive: KeepAlive
  readonly #ended = Promise.withResolvers<ClientError>()
  #dialect: Dialect = 0
  #farewell: Farewell | undefined
  #sync: RosterSync | undefined

  constructor(connection: Connection, options: NotificationOptions) {
    this.#connection = connection
    this.#options = options
    this.#keepAlive = new KeepAlive(options.timers, {
      ping: () => connection.isOpen && connection.send({ verb: 'PNG', args: [] }),
      dead: () => connection.abort(new ClientError('connection-lost', 'NS: the server does not answer pings')),
    })
    connection.listen({
      heard: () => this.#keepAlive.heard(),
      command: (command) => NotificationServer.#handlers.get(command.verb)?.(this, command),
      closed: (reason) => {
        this.#keepAlive.stop()
        this.#ended.resolve(reason)
      },
    })
  }

  /** The dialect that was agreed on; 0 before. */
  get dialect(): Dialect {
    return this.#dialect
  }

  /** Resolves when the connection has ended. */
  get ended(): Promise<ClientError> {
    return this.#ended.promise
  }

  /** Why the server sent us away, if it did. */
  get farewell(): Farewell | undefined {
    return this.#farewell
  }

  /** Signs in, offering these dialects. Rejects with a ClientError. */
  async signIn(offer: readonly Dialect[], credential: Credential): Promise<SignInResult> {
    // A ticket may take its time; a connection that is gone meanwhile needs none.
    const gone = this.#ended.promise.then((reason) => Promise.reject(reason))
    const result = await Promise.race([signIn(this.#connection, offer, this.#options.account, credential), gone])
    if (result.kind === 'in') {
      this.#dialect = result.dialect
      this.#keepAlive.start()
    }
    return result
  }

  /** Fetches the whole list. Rejects with a ClientError. */
  async fetchRoster(): Promise<Roster> {
    const sync = new RosterSync(new RosterReader(this.#dialect), this.#options.timers)
    this.#sync = sync
    try {
      return await sync.fetch(this.#connection, this.#dialect)
    } finally {
      this.#sync = undefined
    }
  }

  /** Shows this status to those who watch. Rejects with a ClientError. */
  async changeStatus(status: StatusCode): Promise<void> {
    await this.#connection.request((trId) => writeChange(this.#dialect, trId, { status, clientId: plainClient }))
  }

  /** Changes the account's own name, cut to what MSN takes. Rejects with a ClientError. */
  async changeName(name: string): Promise<void> {
    const { account } = this.#options
    await this.#connection.request((trId) => writeOwnName(this.#dialect, trId, account, friendlyName(name, account)))
  }

  /** Puts somebody on a list. Rejects with a ClientError. */
  async add(addition: Addition): Promise<void> {
    const reply = await this.#connection.request((trId) => writeAdd(this.#dialect, trId, addition))
    this.#noteAdded(reply)
  }

  /** Takes somebody off a list. Rejects with a ClientError. */
  async remove(removal: Removal): Promise<void> {
    const reply = await this.#connection.request((trId) => writeRemove(this.#dialect, trId, removal))
    this.#noteRemoved(reply)
  }

  /** Asks for a switchboard. Rejects with a ClientError. */
  async requestBoard(): Promise<BoardTicket> {
    const ticket = readBoardTicket(await this.#connection.request(writeBoardRequest))
    if (!ticket) throw new ClientError('server-error', 'the server answered XFR with something that is no switchboard')
    return ticket
  }

  /** Signs out. */
  leave(): void {
    this.#connection.leave()
  }

  /** Ends the connection because of something that we found out. */
  abort(reason: ClientError): void {
    this.#connection.abort(reason)
  }

  static readonly #handlers: ReadonlyMap<string, Handler> = new Map<string, Handler>([
    ['LST', (server, command) => server.#sync?.take(command)],
    ['LSG', (server, command) => server.#sync?.take(command)],
    ['GTC', (server, command) => server.#sync?.take(command)],
    ['BLP', (server, command) => server.#sync?.take(command)],
    ['PRP', (server, command) => server.#sync?.take(command)],
    ['BPR', (server, command) => server.#sync?.take(command)],
    ['ADD', (server, command) => server.#noteAdded(command)],
    ['ADC', (server, command) => server.#noteAdded(command)],
    ['REM', (server, command) => server.#noteRemoved(command)],
    ['ILN', (server, command) => server.#noteOnline(command)],
    ['NLN', (server, command) => server.#noteOnline(command)],
    ['FLN', (server, command) => server.#noteOffline(command)],
    ['UBX', (server, command) => server.#notePersonal(command)],
    ['CHL', (server, command) => server.#answerChallenge(command)],
    ['QNG', (server, command) => server.#keepAlive.pace(readPong(command))],
    ['RNG', (server, command) => server.#noteRing(command)],
    ['OUT', (server, command) => server.#noteOut(command)],
    ['XFR', (server) => server.#noteTransfer()],
  ])

  #noteAdded(command: Command): void {
    const addition = command.verb === addVerb(this.#dialect) ? readAdded(this.#dialect, command) : undefined
    if (addition) this.#options.listener.added(addition)
  }

  #noteRemoved(command: Command): void {
    const removal = readRemoved(this.#dialect, command)
    if (removal) this.#options.listener.removed(removal)
  }

  #noteOnline(command: Command): void {
    const seen = readOnline(this.#dialect, command)
    if (seen) this.#options.listener.sight({ handle: seen.handle, status: statusOf(seen.status), name: seen.name })
  }

  #noteOffline(command: Command): void {
    const gone = readOffline(this.#dialect, command)
    if (gone) this.#options.listener.sight({ handle: gone.handle, status: 'offline' })
  }

  #notePersonal(command: Command): void {
    const who = readPersonalOf(this.#dialect, command)
    const personal = command.payload && readPersonal(command.payload)
    if (who && personal) this.#options.listener.sight({ handle: who.handle, message: personal.message ?? '' })
  }

  #noteRing(command: Command): void {
    const ring = readRing(command)
    if (ring) this.#options.listener.ring(ring)
  }

  #noteOut({ args: [reason = '', minutes] }: Command): void {
    this.#farewell = { reason: reason.toUpperCase(), minutes: Number(minutes ?? 0) || 0 }
    this.#connection.abort(new ClientError('connection-lost', `NS: the server said OUT ${reason}`))
  }

  /** `XFR 0 NS`: another server is ours now. Whoever signs in again is led there. */
  #noteTransfer(): void {
    this.#farewell = { reason: 'MIG', minutes: 0 }
    this.#connection.abort(new ClientError('connection-lost', 'NS: the server sends us to another one'))
  }

  #answerChallenge({ args: [challenge] }: Command): void {
    if (challenge === undefined) return
    const id = this.#dialect < 11 ? 'msmsgs@msnmsgr.com' : 'PROD0090YUAUV{2B'
    const payload = Buffer.from(answerFor(this.#dialect, challenge, { id, key: productKey(id) ?? '' }))
    this.#connection.tell((trId) => ({ verb: 'QRY', trId, args: [id], payload }))
  }
}
