// A network without wires, for tests of the gateway: it keeps what it was given and says what it is told to say.

import type { Address, NetworkId } from '../../src/core/address.ts'
import { networkId, sameAddress } from '../../src/core/address.ts'
import type { Arrangement, ContactChange, ListedContact } from '../../src/core/contact.ts'
import type { Media } from '../../src/core/content.ts'
import type { Conversation } from '../../src/core/conversation.ts'
import type { Origin, Parcel } from '../../src/core/delivery.ts'
import type { DeliveryError } from '../../src/core/errors.ts'
import type { EventSink, NetworkEvent, RemoteId } from '../../src/core/event.ts'
import type { Ghost, Picture, PictureRef } from '../../src/core/ghost.ts'
import type { Level } from '../../src/core/level.ts'
import type { Credentials, Login, LoginId } from '../../src/core/login.ts'
import type {
  BeginsSeveral,
  EditsContactList,
  EndsChats,
  Face,
  GrantsLevels,
  HoldsSeveral,
  HostsPeople,
  IntroducesGhosts,
  KnowsPresence,
  LendsPuppets,
  LinksChats,
  LinksFiles,
  NamesPeople,
  Network,
  Opening,
  Receipt,
  Shelf,
  ShowsLooks,
  TurnsAway,
} from '../../src/core/network.ts'
import type { Look, Presence, Signal } from '../../src/core/signal.ts'
import type { Phrase } from '../../src/core/words.ts'

export class FakeNetwork
  implements
    Network,
    BeginsSeveral,
    GrantsLevels,
    HostsPeople,
    IntroducesGhosts,
    TurnsAway,
    EditsContactList,
    HoldsSeveral,
    ShowsLooks,
    KnowsPresence,
    EndsChats,
    LendsPuppets,
    LinksChats,
    LinksFiles,
    NamesPeople
{
  readonly id: NetworkId
  readonly face: Face
  readonly bot: Address
  readonly delivered: Parcel[] = []
  readonly opened: Opening[] = []
  readonly introduced: Ghost[] = []
  /** The files to which a new link was asked for, and whether there are links. */
  readonly files: { ref: string; name: string; said: Origin }[] = []
  hasLinks = true
  /** How the pictures of those who were introduced are got. */
  readonly loads: (() => Promise<Picture | undefined>)[] = []
  /** The display pictures of this network, by what it calls them. */
  readonly pictures = new Map<string, Picture>()
  readonly signals: Signal[] = []
  readonly ended: { conversation: Conversation; phrase: Phrase; forUser: boolean }[] = []
  readonly turnedAway: { conversation: Conversation; as: Address; phrase: Phrase }[] = []
  readonly connected: { login: Login; password: string }[] = []
  readonly disconnected: LoginId[] = []
  /** Who is hosted here no more, for now. */
  readonly signedOut: Address[] = []
  /** Thrown by the next deliveries, first come first served. */
  readonly refusals: DeliveryError[] = []
  /** Whether whoever is written to is away, and the network keeps it for them. */
  keeps = false
  /** Who is in each chat of several, by its id. */
  readonly several = new Map<string, readonly Address[]>()
  /** Who does not come when the next delivery calls them into one. */
  missed: readonly Address[] = []
  /** Who is on the list of whom, by the id of the chair. */
  readonly lists = new Map<string, ListedContact[]>()
  /** How those are who can be asked for. */
  readonly presences = new Map<string, Presence>()
  /** Whose lists were read anew. */
  readonly readAgain: string[] = []
  readonly edits: { as: string; change: ContactChange; who: string }[] = []
  readonly arrangements: { as: string; arrangement: Arrangement }[] = []
  /** Who lends us their account here. */
  readonly lent = new Set<string>()
  /** What people are called in every chat. */
  readonly names = new Map<string, string>()
  /** What those may do who are no mere users. */
  readonly levels = new Map<string, Level>()
  /** How chats were put in order, and what is thrown instead, first come first served. */
  readonly shelves: Shelf[] = []
  readonly shelfRefusals: Error[] = []
  readonly removedShelves: { user: Address; chair: Address }[] = []
  readonly looks: { as: string; look: Look }[] = []
  #sink: EventSink = async () => {}
  readonly #met: Address[] = []
  #rooms = new Map<string, Conversation>()

  constructor(id: string, face: Face) {
    this.id = networkId(id)
    this.face = face
    this.bot = { network: this.id, id: 'bot' }
  }

  /** Somebody of this network. */
  person(id: string): Address {
    return { network: this.id, id }
  }

  /** Tells the gateway something, as a real network would. */
  tell(event: NetworkEvent): Promise<void> {
    return this.#sink(event)
  }

  async start(sink: EventSink): Promise<void> {
    this.#sink = sink
  }

  async stop(): Promise<void> {}

  ghostOf(person: Address): Address | undefined {
    if (this.face === 'linked') return undefined
    return this.person(`ghost:${person.network}:${person.id}`)
  }

  behind(address: Address): Address | undefined {
    const [, network, id] = /^ghost:([^:]*):(.*)$/.exec(address.id) ?? []
    return network !== undefined && id !== undefined ? { network: networkId(network), id } : undefined
  }

  levelOf({ id }: Address): Level {
    return this.levels.get(id) ?? 'user'
  }

  async connect(login: Login, { password }: Credentials): Promise<void> {
    this.connected.push({ login, password: password.reveal() })
  }

  async disconnect(login: LoginId): Promise<void> {
    this.disconnected.push(login)
  }

  async signOut(person: Address): Promise<void> {
    this.signedOut.push(person)
  }

  async open(opening: Opening): Promise<Conversation> {
    this.opened.push(opening)
    const refusal = this.refusals.shift()
    if (refusal) throw refusal
    if (opening.into) return opening.into
    const room = this.#rooms.get(opening.portal) ?? { network: this.id, id: `room-${this.#rooms.size + 1}` }
    this.#rooms.set(opening.portal, room)
    return room
  }

  async lends(home: Address): Promise<boolean> {
    return this.lent.has(home.id)
  }

  async nameIn(_: Conversation, person: Address): Promise<string | undefined> {
    return this.names.get(person.id)
  }

  async peopleIn({ id }: Conversation): Promise<readonly Address[] | undefined> {
    return this.several.get(id)
  }

  async contacts(as: Address): Promise<readonly ListedContact[]> {
    return this.lists.get(as.id) ?? []
  }

  async reread(as: Address): Promise<void> {
    this.readAgain.push(as.id)
  }

  async begin(as: Address, people: readonly Address[]): Promise<Conversation & { readonly as: Address }> {
    const refusal = this.refusals.shift()
    if (refusal) throw refusal
    const id = `several-${this.several.size + 1}`
    this.several.set(id, people)
    return { network: this.id, id, as }
  }

  async edit(as: Address, change: ContactChange, who: Address): Promise<void> {
    const refusal = this.refusals.shift()
    if (refusal) throw refusal
    this.edits.push({ as: as.id, change, who: who.id })
  }

  async arrange(as: Address, arrangement: Arrangement): Promise<void> {
    const refusal = this.refusals.shift()
    if (refusal) throw refusal
    this.arrangements.push({ as: as.id, arrangement })
  }

  async presenceOf(person: Address, as: Address): Promise<Presence> {
    const presence = this.presences.get(person.id)
    if (presence === undefined) throw new Error(`${as.id} does not see ${person.id}`)
    return presence
  }

  async show(as: Address, look: Look): Promise<void> {
    this.looks.push({ as: as.id, look })
  }

  async deliver(parcel: Parcel): Promise<Receipt> {
    const refusal = this.refusals.shift()
    if (refusal) throw refusal
    this.delivered.push(parcel)
    const missed = this.missed.length > 0 ? { missed: this.missed } : {}
    this.missed = []
    return { id: `sent-${parcel.id}` as RemoteId, ...(this.keeps && { kept: true as const }), ...missed }
  }

  signal(signal: Signal): void {
    this.signals.push(signal)
  }

  async introduce(ghost: Ghost, picture: () => Promise<Picture | undefined>): Promise<void> {
    this.introduced.push(ghost)
    this.loads.push(picture)
  }

  async picture(_of: Address, { ref }: PictureRef): Promise<Picture | undefined> {
    return this.pictures.get(ref)
  }

  async isIntroduced(of: Address): Promise<boolean> {
    return this.#met.some((person) => sameAddress(person, of)) || this.introduced.some((ghost) => sameAddress(ghost.of, of))
  }

  async arrangeShelf(shelf: Shelf): Promise<void> {
    const refusal = this.shelfRefusals.shift()
    if (refusal) throw refusal
    this.shelves.push(shelf)
  }

  async removeShelf(user: Address, chair: Address): Promise<void> {
    this.removedShelves.push({ user, chair })
  }

  /** The ghost of somebody exists from before. */
  meets(person: Address): void {
    this.#met.push(person)
  }

  async end(conversation: Conversation, phrase: Phrase, { forUser }: { readonly forUser: boolean }): Promise<void> {
    const refusal = this.refusals.shift()
    if (refusal) throw refusal
    this.ended.push({ conversation, phrase, forUser })
  }

  linkTo({ id }: Conversation): string {
    return `to:${id}`
  }

  async linkToFile({ ref, name }: Media, said: Origin): Promise<string | undefined> {
    this.files.push({ ref, name, said })
    return this.hasLinks ? `http://files/${this.files.length}` : undefined
  }

  async turnAway(conversation: Conversation, as: Address, phrase: Phrase): Promise<void> {
    this.turnedAway.push({ conversation, as, phrase })
  }
}
