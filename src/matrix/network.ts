// Matrix as a network of the gateway: a home, where users live and write to ghosts in direct chats and to our bot in a room of its own.
//
// This folder owns the application service API, our accounts and rooms on the homeserver, and the translation of content. It leaves
// to the gateway which portal a room belongs to, and to the outbox when to send. Which of our ghosts sits in which room is kept in Records.

import type { Socket } from 'node:net'
import type { Address, NetworkId } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Attendance, Media as SentFile } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Origin, Parcel } from '../core/delivery.ts'
import { StartError } from '../core/errors.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Ghost, Picture } from '../core/ghost.ts'
import type { Level } from '../core/level.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId } from '../core/login.ts'
import type {
  AnswersPings,
  EndsChats,
  GrantsLevels,
  IntroducesGhosts,
  KeepsShelves,
  KnowsPresence,
  LendsPuppets,
  LinksChats,
  LinksFiles,
  NamesPeople,
  Network,
  Opening,
  Receipt,
  Shelf,
  TurnsAway,
} from '../core/network.ts'
import type { Presence, Signal } from '../core/signal.ts'
import type { Records, Tickets } from '../core/stores.ts'
import { systemTimers } from '../core/timers.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import { Accounts } from './accounts.ts'
import { ghostUserId, personBehind } from './address.ts'
import { Chats } from './chats.ts'
import type { MatrixConfig } from './config.ts'
import { toMatrix } from './content.ts'
import { Departures } from './departures.ts'
import { DirectChats } from './direct-chats.ts'
import { makeEndpoint } from './endpoint.ts'
import { Ephemeral } from './ephemeral.ts'
import type { RoomEvent } from './events.ts'
import { presenceStatus } from './events.ts'
import { Gaps } from './gaps.ts'
import { clientPath, Homeserver } from './homeserver.ts'
import { HomeserverError, toDeliveryError } from './homeserver-error.ts'
import { Incoming } from './incoming.ts'
import { Late } from './late.ts'
import { Media } from './media/media.ts'
import { MemberNames } from './member-names.ts'
import { Mentions } from './mentions.ts'
import { Missed } from './missed.ts'
import { People } from './people.ts'
import { Permissions } from './permissions.ts'
import { Pictures } from './pictures.ts'
import { PortalRooms } from './portal-rooms.ts'
import { presenceOf } from './presence.ts'
import { ProfileStatuses } from './profile-status.ts'
import { Puppets } from './puppets.ts'
import { Reach } from './reach.ts'
import { registrationOf } from './registration.ts'
import { RoomLooks } from './room-looks.ts'
import { Rooms } from './rooms.ts'
import { Sender } from './send.ts'
import { Signals } from './signals.ts'
import { SpaceRooms } from './space-rooms.ts'
import { Spaces } from './spaces.ts'
import { Transactions } from './transactions.ts'

export interface MatrixOptions {
  readonly id: NetworkId
  readonly config: MatrixConfig
  /** The networks whose people have ghosts here. */
  readonly ghostNetworks: readonly NetworkId[]
  readonly records: Records
  readonly tickets: Tickets
  readonly clock: Clock
  readonly log: Logger
}

/** Matrix, by way of one homeserver. */
export class MatrixNetwork
  implements
    Network,
    AnswersPings,
    EndsChats,
    GrantsLevels,
    IntroducesGhosts,
    KeepsShelves,
    KnowsPresence,
    LendsPuppets,
    LinksChats,
    LinksFiles,
    NamesPeople,
    TurnsAway
{
  readonly id: NetworkId
  readonly face = 'home'
  readonly bot: Address
  readonly #config: MatrixConfig
  readonly #ghostNetworks: readonly NetworkId[]
  readonly #permissions: Permissions
  readonly #homeserver: Homeserver
  readonly #accounts: Accounts
  readonly #puppets: Puppets
  readonly #rooms: Rooms
  readonly #chats: Chats
  readonly #names: MemberNames
  readonly #portalRooms: PortalRooms
  readonly #departures: Departures
  readonly #people: People
  readonly #sender: Sender
  readonly #media: Media
  readonly #looks: RoomLooks
  readonly #spaces: Spaces | undefined
  readonly #directChats: DirectChats
  readonly #mentions: Mentions
  readonly #signals: Signals
  readonly #statuses: ProfileStatuses
  readonly #reach: Reach
  readonly #transactions: Transactions
  readonly #missed: Missed
  readonly #endpoint: ReturnType<typeof makeEndpoint>
  #sink: EventSink | undefined

  constructor(options: MatrixOptions) {
    const { id, config, ghostNetworks, log } = options
    const { domain, homeserver: url, registrationId } = config
    const bot = `@${config.senderLocalpart}:${domain}`
    this.id = id
    this.bot = { network: id, id: bot }
    this.#config = config
    this.#ghostNetworks = ghostNetworks
    this.#permissions = new Permissions(config)
    this.#homeserver = new Homeserver({
      url,
      domain,
      registration: registrationOf(config, ghostNetworks),
      clock: options.clock,
      log,
    })
    const keeping = { homeserver: this.#homeserver, records: options.records, bot, log }
    const pictures = new Pictures(keeping)
    this.#accounts = new Accounts({ ...keeping, pictures, nameFor: (userId) => this.#behind(userId)?.id })
    this.#puppets = new Puppets({
      config,
      homeserver: this.#homeserver,
      isOurs: (userId) => userId === bot || this.#behind(userId) !== undefined,
      sink: async (event) => this.#sink?.(event),
      clock: options.clock,
      log,
    })
    this.#rooms = new Rooms(this.#homeserver)
    this.#chats = new Chats(options.records)
    this.#names = new MemberNames({ homeserver: this.#homeserver, chats: this.#chats, bot })
    const parts = { homeserver: this.#homeserver, accounts: this.#accounts, rooms: this.#rooms, chats: this.#chats }
    this.#sender = new Sender({ ...parts, bot, clock: options.clock })
    this.#media = new Media({ ...parts, config: config.media, tickets: options.tickets, bot, clock: options.clock, log })
    const { records, clock } = options
    this.#people = new People({ bot, permissions: this.#permissions, behind: (userId) => this.#behind(userId) })
    this.#portalRooms = new PortalRooms({
      ...{ ...parts, puppets: this.#puppets, bot, domain, behind: (userId) => this.#behind(userId), log },
      manners: { federates: config.federatePortals, linksFiles: config.media !== undefined },
    })
    this.#departures = new Departures({ ...parts, people: this.#people, sender: this.#sender, domain })
    this.#looks = new RoomLooks({
      ...{ ...parts, records, bot, clock, log, timers: systemTimers, isOurs: (userId) => this.#people.isOurs(userId) },
      names: config.portalNames,
    })
    const spaceRooms = new SpaceRooms({ ...parts, pictures, puppets: this.#puppets, bot, domain })
    this.#spaces = config.spaces ? new Spaces({ ...parts, spaceRooms, records, bot, domain }) : undefined
    this.#directChats = new DirectChats({ ...parts, puppets: this.#puppets, records, bot })
    const isOurs = (userId: string) => userId === bot || this.#behind(userId) !== undefined
    this.#mentions = new Mentions({ ...parts, isOurs, clock })
    this.#statuses = new ProfileStatuses({ homeserver: this.#homeserver, bot, clock, log })
    this.#signals = new Signals({ ...parts, bot, config, records, timers: systemTimers, clock, log })
    this.#reach = new Reach({ homeserver: this.#homeserver, accounts: this.#accounts, bot, url, registrationId, log })
    const { transactions, missed } = this.#makeTransactions(options)
    this.#transactions = transactions
    this.#missed = missed
    this.#endpoint = makeEndpoint({
      hsToken: config.hsToken,
      takeTransaction: (id, body, connection) => this.#takeTransaction(id, body, connection),
      knowsUser: (userId) => this.#knowsUser(userId),
      log,
    })
  }

  /** The port on which the homeserver is waited for; known after the start. */
  get port(): number {
    const address = this.#endpoint.server.address()
    return typeof address === 'object' && address !== null ? address.port : this.#config.listen.port
  }

  /** Begins to listen. A homeserver that is down is tried again in the background. Throws a StartError when the port is taken. */
  async start(sink: EventSink): Promise<void> {
    this.#sink = sink
    await this.#homeserver.open()
    await this.#missed.start()
    const { host, port } = this.#config.listen
    try {
      await this.#endpoint.listen({ host, port })
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error)
      throw new StartError(say({ key: 'matrix.cannot-listen', params: { detail } }), { cause: error })
    }
    await this.#media.start()
    this.#reach.start()
    this.#signals.start()
    this.#puppets.start()
  }

  async stop(): Promise<void> {
    await this.#reach.stop()
    await this.#puppets.stop()
    await this.#missed.stop()
    await this.#endpoint.close()
    await this.#media.stop()
    this.#signals.stop()
    await this.#looks.stop()
    await this.#homeserver.close()
  }

  ghostOf(person: Address): Address | undefined {
    if (!this.#ghostNetworks.includes(person.network)) return undefined
    const userId = ghostUserId(person, this.#config.domain)
    return userId === undefined ? undefined : { network: this.id, id: userId }
  }

  behind(address: Address): Address | undefined {
    return address.network === this.id ? this.#behind(address.id) : undefined
  }

  levelOf(person: Address): Level {
    return this.#permissions.of(person.id)
  }

  async ping(): Promise<number> {
    const begun = performance.now()
    await this.#delivering(() => this.#homeserver.call(this.bot.id, 'GET', clientPath`account/whoami`))
    return performance.now() - begun
  }

  /** A login here is the user's own account at home, which they lend us with an access token. */
  connect(login: Login, credentials: Credentials): Promise<void> {
    return this.#puppets.connect(login, credentials)
  }

  async disconnect(login: LoginId): Promise<void> {
    this.#puppets.disconnect(login)
  }

  async lends(home: Address): Promise<boolean> {
    return this.#puppets.has(home.id)
  }

  nameIn({ id: room }: Conversation, person: Address): Promise<string | undefined> {
    return this.#names.nameIn(room, person.id)
  }

  async open(opening: Opening): Promise<Conversation> {
    const room = await this.#delivering(() => this.#portalRooms.open(opening))
    this.#looks.show(room)
    return { network: this.id, id: room }
  }

  async end({ id: room }: Conversation, phrase: Phrase, how: { readonly forUser: boolean }): Promise<void> {
    await this.#delivering(() => this.#departures.end(room, phrase, how))
  }

  linkTo({ id: room }: Conversation): string {
    return `https://matrix.to/#/${encodeURIComponent(room)}?via=${encodeURIComponent(this.#config.domain)}`
  }

  linkToFile({ ref, name }: SentFile, { conversation, id: event }: Origin): Promise<string | undefined> {
    return this.#media.links.linkTo({ ref, name, room: conversation.id, event })
  }

  async arrangeShelf(shelf: Shelf): Promise<void> {
    const { user, chair, chats, groups } = shelf
    const rooms = [...chats, ...groups.flatMap((group) => group.chats)].map(({ id }) => id)
    await this.#delivering(async () => {
      await this.#directChats.keep(user, chair, rooms)
      await this.#spaces?.arrange(shelf)
    })
  }

  async removeShelf(user: Address, chair: Address): Promise<void> {
    await this.#delivering(async () => {
      await this.#directChats.keep(user, chair, [])
      await this.#spaces?.remove(user, chair)
    })
  }

  /** A ghost comes into the room of a chat of several, or leaves it. */
  async #attend(room: string, { change, who: { id: ghost } }: Attendance): Promise<void> {
    if (change === 'left') await this.#rooms.withdraw(room, ghost)
    else await this.#portalRooms.bring(room, ghost)
  }

  async deliver(parcel: Parcel): Promise<Receipt> {
    const { id, conversation, as, content, sentAt, again } = parcel
    if (content.kind === 'attendance') {
      await this.#delivering(() => this.#attend(conversation.id, content))
      return { id: id as string as RemoteId }
    }
    const mentioned = await this.#delivering(() => this.#mentions.in(parcel))
    const letter = { id, room: conversation.id, as: as.id, content: toMatrix(content, id, mentioned), sentAt, again }
    const sent = await this.#delivering(() => this.#sender.send(letter))
    this.#signals.said(letter.room, letter.as)
    if (content.kind === 'outcome') this.#signals.told(letter.room, content)
    return { id: sent }
  }

  async introduce({ of, name, picture }: Ghost, load: () => Promise<Picture | undefined>): Promise<void> {
    const as = this.ghostOf(of)
    const looks = { name, ...(picture && { picture: { hash: picture.hash, load } }) }
    if (!as) return
    await this.#delivering(() => this.#accounts.show(as.id, looks))
    void this.#looks.ghostChanged(as.id)
  }

  async isIntroduced(of: Address): Promise<boolean> {
    const as = this.ghostOf(of)
    return as !== undefined && this.#accounts.exists(as.id)
  }

  async presenceOf(person: Address, as: Address): Promise<Presence> {
    if (!(await this.#signals.knowsPresence)) throw new Error('the homeserver does not show who is there')
    const status = await this.#homeserver.ask(presenceStatus, as.id, 'GET', clientPath`presence/${person.id}/status`)
    await this.#statuses.look(person.id)
    return presenceOf({ presence: status.presence, statusMessage: this.#statuses.of(person.id) || status.status_msg || '' })
  }

  async turnAway({ id: room }: Conversation, as: Address, phrase: Phrase): Promise<void> {
    await this.#delivering(() => this.#departures.turnAway(room, as.id, phrase))
  }

  signal(signal: Signal): void {
    this.#signals.send(signal)
    // What somebody said before they went is not unsaid.
    if (signal.kind === 'presence' && signal.presence.status !== 'offline')
      void this.#looks.says(signal.as.id, signal.presence.message ?? '')
  }

  #makeTransactions({ id: network, config, records, log, clock }: MatrixOptions): { transactions: Transactions; missed: Missed } {
    const people = this.#people
    const sink: EventSink = async (event) => this.#sink?.(event)
    const ephemeral = new Ephemeral({ network, people, tellsPresence: config.presence, statuses: this.#statuses, sink, log })
    const incoming = new Incoming({
      network,
      commandPrefix: config.commandPrefix,
      nudgeReaction: config.nudgeReaction,
      people,
      accounts: this.#accounts,
      rooms: this.#rooms,
      chats: this.#chats,
      sender: this.#sender,
      links: this.#media.links,
      late: new Late(this.#config.oldestEventHours, clock),
      portalRooms: this.#portalRooms,
      domain: config.domain,
      sink,
      log,
    })
    const gaps = new Gaps(records, clock)
    const take = async (event: RoomEvent) => {
      if (event.type === 'm.room.member') this.#names.took(event)
      await this.#looks.saw(event)
      await this.#spaces?.saw(event)
      await incoming.take(event)
    }
    const missed = new Missed({
      since: (room, event) => this.#since(room, event),
      take,
      inTurn: (task) => transactions.inTurn(task),
      records,
      clock,
      log,
    })
    const transactions = new Transactions({
      check: async (transaction) => {
        await missed.settle()
        await gaps.check(transaction)
      },
      taken: (transaction) => gaps.taken(transaction),
      take: async (event) => {
        await take(event)
        missed.took(event)
      },
      takeEphemeral: (event) => ephemeral.take(event),
      apologise: (event) => incoming.apologise(event),
      clock,
      log,
    })
    return { transactions, missed }
  }

  /** What happened in a chat after an event; nothing where none of our ghosts is. */
  async #since(room: string, event: string): Promise<readonly RoomEvent[]> {
    const ghost = await this.#chats.ghostIn(room)
    return ghost === undefined ? [] : this.#rooms.since(room, event, ghost)
  }

  async #takeTransaction(id: string, body: unknown, connection: Socket): Promise<void> {
    this.#missed.watch(connection)
    this.#reach.begun()
    let wasTaken = false
    try {
      await this.#transactions.take(id, body)
      wasTaken = true
    } finally {
      this.#reach.ended(wasTaken)
    }
  }

  /** The homeserver asks before somebody invites an account that does not exist yet. */
  async #knowsUser(userId: string): Promise<boolean> {
    if (userId !== this.bot.id && this.#behind(userId) === undefined) return false
    await this.#accounts.ensure(userId)
    return true
  }

  #behind(userId: string): Address | undefined {
    return personBehind(userId, this.#config.domain, this.#ghostNetworks)
  }

  async #delivering<Result>(action: () => Promise<Result>): Promise<Result> {
    try {
      return await action()
    } catch (error) {
      throw error instanceof HomeserverError ? toDeliveryError(error) : error
    }
  }
}
