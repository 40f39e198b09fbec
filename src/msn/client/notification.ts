// The connection to the notification server: sign-in, list, presence, and where the switchboards are (msnp-core.md 3).

import type { Timers } from '../../core/timers.ts'
import type { BoardTicket, Ring } from '../dialect/board.ts'
import { readBoardTicket, readRing, writeBoardRequest } from '../dialect/board.ts'
import type { Addition, Removal } from '../dialect/edits.ts'
import { addVerb, readAdded, readRemoved } from '../dialect/edits.ts'
import { readListing } from '../dialect/listing.ts'
import { readChange } from '../dialect/presence.ts'
import { RosterReader } from '../dialect/roster-reader.ts'
import { readPong } from '../dialect/sign-in.ts'
import { answerFor, productKey } from '../model/challenge.ts'
import type { Roster } from '../model/contact-list.ts'
import { isOn } from '../model/lists.ts'
import type { StatusCode } from '../model/status.ts'
import type { Command } from '../wire/command.ts'
import type { Dialect } from '../wire/dialect.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { parseMime } from '../wire/mime.ts'
import type { Connection } from './connection.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import { KeepAlive } from './keep-alive.ts'
import { Lookout, type LookoutListener } from './lookout.ts'
import { RosterSync } from './roster-sync.ts'
import type { Applicant, SignInResult } from './sign-in.ts'
import { negotiate, signIn } from './sign-in.ts'
import type { ReplyOptions } from './transaction.ts'

/** Why the server sends us away: OTH, SSD, MIG, TOU, RCT with minutes, or without a word (3.20). */
export interface Farewell {
  readonly reason: string
  readonly minutes: number
}

export interface NotificationListener extends LookoutListener {
  ring(ring: Ring): void
  added(addition: Addition): void
  removed(removal: Removal): void
  /** The list was changed elsewhere, from MSNP13 on: it is to be read again. */
  listChanged(): void
  /** Somebody writes to us past the boards: UBM. */
  beside(command: Command): void
  /** The server has forgotten: the list, how we are seen, or both are to be said again (3.10). */
  again(what: { readonly list: boolean; readonly looks: boolean }): void
  /** The server changed our status. */
  forced(status: StatusCode): void
  /** The server writes to us about mail, or about itself. */
  notice(message: MimeMessage): void
}

export interface NotificationOptions {
  readonly account: string
  readonly timers: Timers
  readonly listener: NotificationListener
}

type Handler = (server: NotificationServer, command: Command) => unknown

/** The programs that we claim to be when we are asked, each for dialects from its first on (3.16). */
const products: readonly (readonly [from: Dialect, id: string])[] = [
  [15, 'PROD0119GSJUC$18'],
  [13, 'PROD0112J1LW7%NB'],
  [11, 'PROD0090YUAUV{2B'],
  [2, 'msmsgs@msnmsgr.com'],
]
/** What another place of the account says to end ours, in UBN type 4 (3.13). */
const goodbyes: ReadonlySet<string> = new Set(['goawyplzthxbye', 'gtfo'])

export class NotificationServer {
  readonly #connection: Connection
  readonly #options: NotificationOptions
  readonly #keepAlive: KeepAlive
  readonly #lookout: Lookout
  readonly #ended = Promise.withResolvers<ClientError>()
  /** What is to be done when the pings that are under way are answered, in their order. */
  readonly #pongs: (() => void)[] = []
  #dialect: Dialect = 0
  #farewell: Farewell | undefined
  #sync: RosterSync | undefined

  constructor(connection: Connection, options: NotificationOptions) {
    this.#connection = connection
    this.#options = options
    this.#lookout = new Lookout(options.account, options.listener)
    this.#keepAlive = new KeepAlive(options.timers, {
      ping: () => connection.isOpen && this.#ping(() => {}),
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

  /** Agrees on one of these dialects. Rejects with a ClientError: `no-common-dialect`, `connection-lost` or `server-error`. */
  async negotiate(offer: readonly Dialect[]): Promise<void> {
    this.#dialect = await negotiate(this.#connection, offer)
  }

  /** Signs in. Rejects with a ClientError. */
  async signIn(applicant: Applicant): Promise<SignInResult> {
    // A ticket may take its time; a connection that is gone meanwhile needs none.
    const gone = this.#ended.promise.then((reason) => Promise.reject(reason))
    const result = await Promise.race([signIn(this.#connection, this.#dialect, applicant), gone])
    if (result.kind === 'in') this.#keepAlive.start()
    return result
  }

  /** Fetches the whole list, up to MSNP12. Rejects with a ClientError. */
  async fetchRoster(): Promise<Roster> {
    const sync = new RosterSync(new RosterReader(this.#dialect), this.#options.timers)
    this.#sync = sync
    try {
      return await sync.fetch(this.#connection, this.#dialect)
    } finally {
      this.#sync = undefined
    }
  }

  /** Asks for something, and gives the reply. Rejects with a ClientError. */
  request(write: (trId: number) => Command, options?: ReplyOptions): Promise<Command> {
    return this.#connection.request(write, options)
  }

  /**
   * Says something that is answered only when it goes wrong, and a ping after it: what the server has not complained of by then, it took.
   * Rejects with a ClientError.
   */
  async say(write: (trId: number) => Command): Promise<void> {
    const taken = Promise.withResolvers<void>()
    const said = this.#connection.tellUntil(write, taken.promise)
    if (this.#connection.isOpen) this.#ping(taken.resolve)
    await said
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
    ['ADL', (server, command) => server.#noteListing(command)],
    ['RML', (server, command) => server.#noteListing(command)],
    ['NOT', (server, command) => server.#noteNotification(command)],
    ['ILN', (server, command) => server.#lookout.online(server.#dialect, command)],
    ['NLN', (server, command) => server.#lookout.online(server.#dialect, command)],
    ['FLN', (server, command) => server.#lookout.offline(server.#dialect, command)],
    ['UBX', (server, command) => server.#lookout.personal(server.#dialect, command)],
    ['UBN', (server, command) => server.#noteFromPlace(command)],
    ['UBM', (server, command) => server.#options.listener.beside(command)],
    ['RFS', (server, command) => server.#noteForgotten(command)],
    ['CHG', (server, command) => server.#noteForced(command)],
    ['MSG', (server, command) => server.#noteMessage(command)],
    ['CHL', (server, command) => server.#answerChallenge(command)],
    ['QNG', (server, command) => server.#notePong(command)],
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

  /** `ADL 0` and `RML 0`: others added us, or removed us. */
  #noteListing({ verb, payload }: Command): void {
    const { listener } = this.#options
    for (const { handle, lists = 0, name } of (payload && readListing(payload)?.people) ?? []) {
      if (!isOn(lists, 'RL')) continue
      if (verb === 'ADL') listener.added({ list: 'RL', handle, ...(name !== undefined && { name }) })
      else listener.removed({ list: 'RL', handle })
    }
    listener.listChanged()
  }

  /** The only notification that concerns us tells that the address book changed (msnp-services.md A15). */
  #noteNotification({ payload }: Command): void {
    if (payload && Buffer.from(payload).includes('ABCHInternal')) this.#options.listener.listChanged()
  }

  /** Another place of ours says that ours is to end (type 4), or that the address book changed (type 6). */
  #noteFromPlace({ args: [from = '', type], payload }: Command): void {
    if (keyOf(from) !== keyOf(this.#options.account)) return
    if (type === '6') this.#options.listener.listChanged()
    const isGoodbye = type === '4' && payload && goodbyes.has(Buffer.from(payload).toString('latin1').trim())
    if (!isGoodbye) return
    this.#farewell = { reason: 'OTH', minutes: 0 }
    this.#connection.leave()
  }

  /** 1: the list; 2: what UUX said; 3: both. */
  #noteForgotten({ args: [bits] }: Command): void {
    const what = Number(bits)
    this.#options.listener.again({ list: (what & 1) !== 0, looks: (what & 2) !== 0 })
  }

  #noteForced(command: Command): void {
    const change = readChange(command)
    if (change) this.#options.listener.forced(change.status)
  }

  #noteMessage({ payload }: Command): void {
    if (payload) this.#options.listener.notice(parseMime(payload))
  }

  #noteRing(command: Command): void {
    const ring = readRing(command)
    if (ring) this.#options.listener.ring(ring)
  }

  #ping(answered: () => void): void {
    this.#pongs.push(answered)
    this.#connection.send({ verb: 'PNG', args: [] })
  }

  #notePong(command: Command): void {
    this.#keepAlive.pace(readPong(command))
    this.#pongs.shift()?.()
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
    const [, id = ''] = products.find(([from]) => this.#dialect >= from) ?? []
    const payload = Buffer.from(answerFor(this.#dialect, challenge, { id, key: productKey(id) ?? '' }))
    this.#connection.tell((trId) => ({ verb: 'QRY', trId, args: [id], payload }))
  }
}
