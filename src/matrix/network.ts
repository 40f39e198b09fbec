// Matrix as a network of the gateway: a home, where users live and write to ghosts in direct chats and to our bot in a room of its own.
//
// This folder owns the application service API, our accounts and rooms on the homeserver, and the translation of content. It leaves
// to the gateway which portal a room belongs to, and to the outbox when to send. Which of our ghosts sits in which room is kept in Records.

import type { Address, NetworkId } from '../core/address.ts'
import type { Attendance, Media as SentFile } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Origin, Parcel } from '../core/delivery.ts'
import type { EventSink, RemoteId } from '../core/event.ts'
import type { Ghost, Picture } from '../core/ghost.ts'
import type { Level } from '../core/level.ts'
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
import type { Phrase } from '../core/words.ts'
import { roomLink } from './address.ts'
import type { MatrixOptions, Parts } from './assembly.ts'
import { assemble } from './assembly.ts'
import { toMatrix } from './content.ts'
import { presenceStatus } from './events.ts'
import { clientPath } from './homeserver.ts'
import { delivering } from './homeserver-error.ts'
import { Inbox } from './inbox.ts'
import { presenceOf } from './presence.ts'

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
  readonly #parts: Parts
  readonly #inbox: Inbox
  #sink: EventSink | undefined

  constructor(options: MatrixOptions) {
    const sink: EventSink = async (event) => this.#sink?.(event)
    this.#parts = assemble(options, sink)
    this.#inbox = new Inbox(options, this.#parts, sink)
    this.id = options.id
    this.bot = { network: this.id, id: this.#parts.bot }
  }

  /** The port on which the homeserver is waited for; known after the start. */
  get port(): number {
    return this.#inbox.port
  }

  /** Begins to listen. A homeserver that is down is tried again in the background. Throws a StartError when the port is taken. */
  async start(sink: EventSink): Promise<void> {
    const { homeserver, media, reach, signals, puppets } = this.#parts
    this.#sink = sink
    await homeserver.open()
    await this.#inbox.start()
    await media.start()
    reach.start()
    signals.start()
    puppets.start()
  }

  async stop(): Promise<void> {
    const { homeserver, media, reach, signals, puppets, looks } = this.#parts
    await reach.stop()
    await puppets.stop()
    await this.#inbox.stop()
    await media.stop()
    signals.stop()
    await looks.stop()
    await homeserver.close()
  }

  ghostOf(person: Address): Address | undefined {
    const userId = this.#parts.people.ghostOf(person)
    return userId === undefined ? undefined : { network: this.id, id: userId }
  }

  behind(address: Address): Address | undefined {
    return address.network === this.id ? this.#parts.people.behind(address.id) : undefined
  }

  levelOf(person: Address): Level {
    return this.#parts.people.levelOf(person.id)
  }

  async ping(): Promise<number> {
    const begun = performance.now()
    await delivering(() => this.#parts.homeserver.call(this.bot.id, 'GET', clientPath`account/whoami`))
    return performance.now() - begun
  }

  /** A login here is the user's own account at home, which they lend us with an access token. */
  connect(login: Login, credentials: Credentials): Promise<void> {
    return this.#parts.puppets.connect(login, credentials)
  }

  async disconnect(login: LoginId): Promise<void> {
    this.#parts.puppets.disconnect(login)
  }

  async lends(home: Address): Promise<boolean> {
    return this.#parts.puppets.has(home.id)
  }

  nameIn({ id: room }: Conversation, person: Address): Promise<string | undefined> {
    return this.#parts.names.nameIn(room, person.id)
  }

  async open(opening: Opening): Promise<Conversation> {
    const room = await delivering(() => this.#parts.portalRooms.open(opening))
    this.#parts.looks.show(room)
    return { network: this.id, id: room }
  }

  async end({ id: room }: Conversation, phrase: Phrase, how: { readonly forUser: boolean }): Promise<void> {
    await delivering(() => this.#parts.departures.end(room, phrase, how))
  }

  linkTo({ id: room }: Conversation): string {
    return roomLink(room, this.bot.id)
  }

  linkToFile({ ref, name }: SentFile, { conversation, id: event }: Origin): Promise<string | undefined> {
    return this.#parts.media.links.linkTo({ ref, name, room: conversation.id, event })
  }

  async arrangeShelf(shelf: Shelf): Promise<void> {
    const { user, chair, chats, groups } = shelf
    const rooms = [...chats, ...groups.flatMap((group) => group.chats)].map(({ id }) => id)
    await delivering(async () => {
      await this.#parts.directChats.keep(user, chair, rooms)
      await this.#parts.spaces?.arrange(shelf)
    })
  }

  async removeShelf(user: Address, chair: Address): Promise<void> {
    await delivering(async () => {
      await this.#parts.directChats.keep(user, chair, [])
      await this.#parts.spaces?.remove(user, chair)
    })
  }

  async deliver(parcel: Parcel): Promise<Receipt> {
    const { mentions, sender, signals } = this.#parts
    const { id, conversation, as, content, sentAt, again } = parcel
    if (content.kind === 'attendance') {
      await delivering(() => this.#attend(conversation.id, content))
      return { id: id as string as RemoteId }
    }
    const mentioned = await delivering(() => mentions.in(parcel))
    const letter = { id, room: conversation.id, as: as.id, content: toMatrix(content, id, mentioned), sentAt, again }
    const sent = await delivering(() => sender.send(letter))
    signals.said(letter.room, letter.as)
    if (content.kind === 'outcome') signals.told(letter.room, content)
    return { id: sent }
  }

  async introduce({ of, name, picture }: Ghost, load: () => Promise<Picture | undefined>): Promise<void> {
    const as = this.ghostOf(of)
    const looks = { name, ...(picture && { picture: { hash: picture.hash, load } }) }
    if (!as) return
    await delivering(() => this.#parts.accounts.show(as.id, looks))
    void this.#parts.looks.ghostChanged(as.id)
  }

  async isIntroduced(of: Address): Promise<boolean> {
    const as = this.ghostOf(of)
    return as !== undefined && this.#parts.accounts.exists(as.id)
  }

  async presenceOf(person: Address, as: Address): Promise<Presence> {
    const { homeserver, signals, statuses } = this.#parts
    if (!(await signals.knowsPresence)) throw new Error('the homeserver does not show who is there')
    const status = await homeserver.ask(presenceStatus, as.id, 'GET', clientPath`presence/${person.id}/status`)
    await statuses.look(person.id)
    return presenceOf({ presence: status.presence, statusMessage: statuses.of(person.id) || status.status_msg || '' })
  }

  async turnAway({ id: room }: Conversation, as: Address, phrase: Phrase): Promise<void> {
    await delivering(() => this.#parts.departures.turnAway(room, as.id, phrase))
  }

  signal(signal: Signal): void {
    this.#parts.signals.send(signal)
    // What somebody said before they went is not unsaid.
    if (signal.kind === 'presence' && signal.presence.status !== 'offline')
      void this.#parts.looks.says(signal.as.id, signal.presence.message ?? '')
  }

  /** A ghost comes into the room of a chat of several, or leaves it. */
  async #attend(room: string, { change, who: { id: ghost } }: Attendance): Promise<void> {
    const { rooms, chats, portalRooms, looks } = this.#parts
    if (change === 'left') {
      await rooms.withdraw(room, ghost)
      await chats.went(room, ghost)
    } else await portalRooms.bring(room, ghost)
    looks.show(room)
  }
}
