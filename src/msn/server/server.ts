// src/msn/server: vintage clients dial us. A notification server (sign-in, lists, presence), a switchboard (chats) and the sign-in over HTTP that
// goes with them. It knows only clients: people of other networks are signed in to it by our own client, in-process. It keeps accounts and lists
// in `Records`, and of what is said only what waits for somebody who is not there (offline.ts). Follows msnp-core.md, sections 3, 4, 7 and 8.
// This file: the assembly.

import type { Socket } from 'node:net'
import { type Duplex, duplexPair } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { StartError } from '../../core/errors.ts'
import type { Picture } from '../../core/ghost.ts'
import type { Logger } from '../../core/log.ts'
import type { Records, Tickets } from '../../core/stores.ts'
import type { Timers } from '../../core/timers.ts'
import { systemTimers } from '../../core/timers.ts'
import { say } from '../../core/words.ts'
import { Accounts } from './accounts.ts'
import { Boards } from './board.ts'
import { contactIn } from './book.ts'
import { Books } from './books.ts'
import { Crowd } from './crowd.ts'
import type { Directory } from './directory.ts'
import { LocalDirectory } from './directory.ts'
import { Edits } from './edits.ts'
import { type Handle, handleOf } from './handle.ts'
import type { Limits } from './limits.ts'
import { limitsConfig } from './limits.ts'
import { Listener } from './listener.ts'
import { NotificationSession } from './notification-session.ts'
import { OfflineMessages } from './offline.ts'
import { type Carrier, Peer, type Role } from './peer.ts'
import { Presence } from './presence.ts'
import { Profiles } from './profiles.ts'
import type { Services } from './services.ts'
import { ticketPurpose } from './services.ts'
import { SignInTries } from './sign-in-tries.ts'
import { Strangers } from './strangers.ts'
import { SwitchboardSession } from './switchboard-session.ts'
import { Tokens } from './tokens.ts'

export interface MsnServerOptions {
  readonly domain: string
  /** With a port of dispatch, clients may begin there and are sent on to the notification server. */
  readonly listen: {
    readonly host: string
    readonly notificationPort: number
    readonly switchboardPort: number
    readonly dispatchPort?: number | undefined
  }
  /** Host, or host:port, at which clients reach the switchboard; absent: the address that they came to. */
  readonly advertise?: string | undefined
  /** Whether clients have to prove that they are official ones (msnp-core.md 3.16). */
  readonly challenge?: boolean
  /** The lowest version of clients that are let in without being told to upgrade; absent: any. */
  readonly oldestClient?: string | undefined
  readonly limits?: Limits
  readonly records: Records
  readonly tickets: Tickets
  /** Whether an address belongs to people of other networks. They have no account and no password here. */
  isHostedAddress(email: string): boolean
  /** Whether such an address stands for somebody who may be here; absent: every one does. */
  welcomes?(email: string): boolean
  /** Somebody wants a hosted person who is not signed in. Resolves with true once they are, and have said how they show themselves. */
  summon(email: string): Promise<boolean>
  /** Takes what is left for a hosted person who has no board. False when they do not hear the sender; absent: nobody takes it. */
  offline?(to: string, from: string, fromName: string, body: string): Promise<boolean>
  /** Somebody shows another picture, or none any more; absent: nobody wants to know. */
  pictured?(email: string): void
  readonly log: Logger
  readonly clock?: Clock
  readonly timers?: Timers
}

export interface ServerPorts {
  readonly notification: number
  readonly switchboard: number
  readonly dispatch?: number
}

/** Seconds that a ticket for a hosted person is good: it is used at once. */
const hostedTicketLifetime = 60
/** In bytes (msnp-core.md 1.5, 1.6). */
const longestPayload: Readonly<Record<Role, number>> = { NS: 64 * 1024, SB: 1664 }
/** Milliseconds that clients have to hang up after OUT. */
const farewell = 2000

export class MsnServer {
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly signInTries: SignInTries
  readonly offline: OfflineMessages
  readonly #options: MsnServerOptions
  readonly #services: Services
  readonly #boards: Boards
  readonly #crowd: Crowd
  readonly #sessions = new Set<NotificationSession | SwitchboardSession>()
  readonly #listeners: Readonly<Record<Role | 'DS', Listener>>
  #ports: ServerPorts | undefined

  constructor(options: MsnServerOptions) {
    const { records, tickets, log, clock = Date.now, timers = systemTimers, domain, challenge = false, oldestClient } = options
    const limits = options.limits ?? limitsConfig.parse({})
    this.#options = options
    this.#boards = new Boards(timers, limits.idleBoardMinutes * 60_000)
    this.#crowd = new Crowd({ most: limits.connections, mostPerAddress: limits.connectionsPerAddress, log })
    this.signInTries = new SignInTries({ most: limits.wrongPasswords, clock, timers })
    this.accounts = new Accounts(records, options.isHostedAddress, clock)
    const books = new Books(records, clock, options.isHostedAddress)
    const directory: Directory = new LocalDirectory()
    const presence = new Presence(books, directory)
    const { accounts } = this
    const { isHostedAddress, welcomes = () => true } = options
    const strangers = new Strangers({
      records,
      books,
      most: limits.strangersPerDay,
      mostOfOne: limits.hostedPerDay,
      welcomes,
      clock,
      log,
    })
    const summon = (handle: Handle) => this.#summon(handle)
    this.tokens = new Tokens(tickets, (handle) => accounts.stamp(handle))
    const deliverToHosted = async (to: Handle, from: Handle, fromName: string, body: string) =>
      (await strangers.admit(to, from)) && ((await options.offline?.(to, from, fromName, body)) ?? false)
    this.offline = new OfflineMessages({ records, accounts, books, directory, clock, isHostedAddress, deliverToHosted })
    this.#services = {
      ...{
        domain,
        challenge,
        oldestClient,
        limits,
        accounts,
        books,
        directory,
        presence,
        tickets,
        log,
        clock,
        timers,
        isHostedAddress,
        strangers,
        summon,
      },
      edits: new Edits({ accounts, books, directory, presence, strangers, isHostedAddress, welcomes, summon }),
      tokens: this.tokens,
      signInTries: this.signInTries,
      offline: this.offline,
      profiles: new Profiles(records, clock, (handle) => options.pictured?.(handle)),
      advertised: () => this.#advertised(),
      boardAddress: (peer) => this.#boardAddress(peer),
      notificationAddress: (peer) => this.#notificationAddress(peer),
      leaveBoards: (session) => this.#boards.dismiss(session),
    }
    this.#listeners = {
      NS: new Listener((socket) => this.#admit('NS', socket), log),
      SB: new Listener((socket) => this.#admit('SB', socket), log),
      DS: new Listener((socket) => this.#admit('NS', socket, true), log),
    }
  }

  /** Begins to listen. Throws a StartError when a port is taken. */
  async start(): Promise<void> {
    const { host, notificationPort, switchboardPort, dispatchPort } = this.#options.listen
    try {
      const notification = await this.#listeners.NS.listen(host, notificationPort)
      const switchboard = await this.#listeners.SB.listen(host, switchboardPort)
      const dispatch = dispatchPort === undefined ? undefined : await this.#listeners.DS.listen(host, dispatchPort)
      this.#ports = { notification, switchboard, ...(dispatch !== undefined && { dispatch }) }
    } catch (cause) {
      await this.stop()
      const detail = cause instanceof Error ? cause.message : String(cause)
      throw new StartError(say({ key: 'server.cannot-listen', params: { detail } }), { cause })
    }
  }

  /** Says goodbye to everybody. Resolves when all connections are over. */
  async stop(): Promise<void> {
    for (const session of this.#sessions) {
      if (session instanceof NotificationSession) session.signOut()
      else session.peer.close()
    }
    const cancel = (this.#options.timers ?? systemTimers).after(farewell, () => {
      for (const { peer } of this.#sessions) peer.destroy()
    })
    await Promise.all(Object.values(this.#listeners).map((listener) => listener.close()))
    cancel()
  }

  /** The ports that are listened on. Throws before the start. */
  get ports(): ServerPorts {
    if (!this.#ports) throw new Error('asked a server for its ports before it was started')
    return this.#ports
  }

  /** What the web services work with: they are other doors to the same rooms. */
  get services(): Services {
    return this.#services
  }

  /** A connection without a socket, for sessions of ours; gives the client's end. */
  connect(role: Role): Duplex {
    const [client, server] = duplexPair()
    this.#accept(role, server, true)
    return client
  }

  /** A connection that is carried, not a socket; gives the client's end. Undefined where there is no room for one more. */
  carry(role: Role, carrier: Carrier): Duplex | undefined {
    if (!this.#crowd.enter(carrier.remote)) return undefined
    const [client, server] = duplexPair()
    server.once('close', () => this.#crowd.leave(carrier.remote))
    this.#accept(role, server, false, carrier)
    return client
  }

  /** What somebody wrote who put a hosted person on their list and waits for an answer. */
  async invitationTo(email: string, from: string): Promise<string | undefined> {
    const [owner, handle] = [handleOf(email), handleOf(from)]
    return owner && handle && contactIn(await this.#services.books.of(owner), handle)?.invitation
  }

  /** What the picture is called that somebody shows; undefined where they show none. Another picture is called otherwise. */
  async pictureOf(email: string): Promise<string | undefined> {
    const handle = handleOf(email)
    return handle && this.#services.profiles.shownBy(handle)
  }

  /** The bytes of a picture that somebody shows, and what they are. */
  picture(name: string): Promise<Picture | undefined> {
    return this.#services.profiles.pictureAt(name)
  }

  /** A ticket that signs a hosted person in, once, by `connect`. Throws a RangeError for an address that is not hosted here. */
  async hostedTicket(email: string, name: string): Promise<string> {
    const handle = handleOf(email)
    if (!handle || !this.#options.isHostedAddress(handle))
      throw new RangeError('a ticket was asked for an address that is not hosted')
    return this.#options.tickets.issue(ticketPurpose.hosted, { handle, name }, hostedTicketLifetime)
  }

  #admit(role: Role, socket: Socket, dispatches = false): void {
    if (this.#crowd.admit(socket)) this.#accept(role, socket, false, undefined, dispatches)
  }

  #accept(role: Role, stream: Duplex, inProcess: boolean, carrier?: Carrier, dispatches = false): void {
    const peer = new Peer(stream, { role, inProcess, carrier, log: this.#options.log, maxPayload: longestPayload[role] })
    const session =
      role === 'NS'
        ? new NotificationSession(peer, this.#services, dispatches)
        : new SwitchboardSession(peer, this.#services, this.#boards)
    this.#sessions.add(session)
    peer.listen({
      command: (command) => session.command(command),
      closed: () => {
        this.#sessions.delete(session)
        session.closed()
      },
    })
  }

  async #summon(handle: Handle): Promise<boolean> {
    try {
      return await this.#options.summon(handle)
    } catch (err) {
      this.#options.log.warn({ err }, 'msn server: a hosted person could not be signed in')
      return false
    }
  }

  #advertised(): string | undefined {
    const { advertise } = this.#options
    return advertise === undefined || advertise.includes(':') ? advertise : `${advertise}:${this.ports.switchboard}`
  }

  #boardAddress(peer: Peer): string {
    return this.#advertised() ?? `${hostReached(peer)}:${this.ports.switchboard}`
  }

  #notificationAddress(peer: Peer): string {
    return `${this.#options.advertise?.replace(/:\d+$/, '') ?? hostReached(peer)}:${this.ports.notification}`
  }
}

/** The host at which a client reached us, as it stands in an address. */
function hostReached(peer: Peer): string {
  const reached = peer.addresses.local?.replace(/^::ffff:/, '') ?? '127.0.0.1'
  return reached.includes(':') ? `[${reached}]` : reached
}
