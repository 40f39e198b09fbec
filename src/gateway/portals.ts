// Finding the portal that something belongs to, and opening one from either side. Never two for the same chair and contact.

import type { Address, NetworkId } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Content } from '../core/content.ts'
import { wordsOf } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { ContentRefused, DeliveryError } from '../core/errors.ts'
import type { ConversationEvent, MessageEvent, MovedEvent } from '../core/event.ts'
import { allows } from '../core/level.ts'
import type { Logger } from '../core/log.ts'
import { namesPeople, turnsAway } from '../core/network.ts'
import type { Anchor, End, Portal } from '../core/portal.ts'
import type { Portals as PortalStore, Users } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Chairs } from './chairs.ts'
import type { Ghosts } from './ghosts.ts'
import type { Levels } from './levels.ts'
import type { Networks } from './networks.ts'
import { Rooms, sameConversation } from './rooms.ts'
import type { Several } from './several.ts'

/** In characters. */
const longestGist = 300

interface Parts {
  readonly networks: Networks
  readonly portals: PortalStore
  readonly users: Users
  readonly levels: Levels
  readonly chairs: Chairs
  readonly ghosts: Ghosts
  readonly several: Several
  readonly log: Logger
}

/** A portal with its user, and the end at which something happened. */
export interface Place {
  readonly portal: Portal
  readonly user: User
  readonly end: End
}

export class Portals {
  readonly #networks: Networks
  readonly #store: PortalStore
  readonly #users: Users
  readonly #levels: Levels
  readonly #chairs: Chairs
  readonly #ghosts: Ghosts
  readonly #several: Several
  readonly #rooms: Rooms
  readonly #log: Logger

  constructor({ networks, portals, users, levels, chairs, ghosts, several, log }: Parts) {
    this.#networks = networks
    this.#store = portals
    this.#users = users
    this.#levels = levels
    this.#chairs = chairs
    this.#ghosts = ghosts
    this.#several = several
    this.#rooms = new Rooms({ networks, portals, ghosts, several })
    this.#log = log
  }

  /** The portal of this id, seen from one end. */
  async at(portal: Portal['id'], end: End): Promise<Place | undefined> {
    const found = await this.#store.get(portal)
    return found && this.#place(found, end)
  }

  /** The conversation at one end of a portal; undefined where there is none yet. Asks for nothing else: every delivery goes by here. */
  async conversationAt(portal: Portal['id'], end: End): Promise<Conversation | undefined> {
    const found = await this.#store.get(portal)
    return end === 'anchor' ? found?.anchor : found?.room
  }

  /** The portal that a conversation is an end of. */
  async find(conversation: Conversation): Promise<Place | undefined> {
    const known = await this.#store.find(conversation)
    return known && this.#place(known.portal, known.end)
  }

  /**
   * The portal of which a user answered the invitation: quick ones answer before the room is bound, so that only its two people are known. A portal
   * that has another room was not meant.
   */
  async answered(conversation: Conversation, by: Address, contact: Address): Promise<Place | undefined> {
    const known = await this.find(conversation)
    if (known) return known
    const user = await this.#users.find(by)
    const chair = user && (await this.#chairs.of(user, contact))
    const place = chair && (await this.find({ ...contact, as: chair }))
    return place && !place.portal.room ? { ...place, end: 'room' } : undefined
  }

  /** Where a message was said. A first word opens a portal; undefined where none can be, and then a user has been told why. */
  async placeOf({ conversation, from, with: contact }: MessageEvent): Promise<Place | undefined> {
    const known = await this.find(conversation)
    if (known) return known
    if (contact) return this.opened({ kind: 'conversation', change: 'opened', conversation, by: from, with: contact })
    return hasChair(conversation) ? this.claimed(conversation) : undefined
  }

  /** The portal of a chair and a contact, made when there is none. Undefined when nobody of ours sits in that chair any more. */
  async claimed(anchor: Anchor): Promise<Place | undefined> {
    const user = await this.#chairs.userIn(anchor.as)
    return user && { portal: await this.#store.claim(anchor, user.id), user, end: 'anchor' }
  }

  /** The network at one end. */
  networkAt({ portal, user }: Place, end: End): NetworkId {
    return end === 'anchor' ? portal.anchor.network : user.homes[0].network
  }

  /** Who at one end stands for the other: the user's chair, the ghost of the contact, or our bot where those are several. */
  async speakerAt(place: Place, end: End): Promise<Address> {
    return end === 'anchor' ? place.portal.anchor.as : this.#rooms.hostOf(place)
  }

  /** The conversation at one end, made to exist when it does not yet, because of something that is to be said there. */
  async open(place: Place, content: Content): Promise<Conversation> {
    const { portal, user, end } = place
    return end === 'anchor' ? portal.anchor : this.#rooms.of(place, gist(content, user.locale))
  }

  /** A user wants to talk with somebody: their room is made now, where there is none. Throws a DeliveryError. */
  async begin(user: User, chair: Address, who: Address): Promise<Place> {
    const place = await this.#claimedBy(user, chair, who)
    await this.introduceUser(user, chair)
    await this.#rooms.of(place)
    return this.#again(place)
  }

  /**
   * Makes a room that a user has named the room of a portal. Gives the portal as it then is: with another room where it had one already,
   * and with none where that room is another portal's. Throws a DeliveryError.
   */
  async bridge(user: User, chair: Address, who: Address, room: Conversation): Promise<Place> {
    const place = await this.#claimedBy(user, chair, who)
    if (place.portal.room || (await this.#store.find(room))) return place
    await this.#rooms.adopt(place, room)
    return this.#again(place)
  }

  /** The room of a portal stays with its people; ours leave it. Throws a DeliveryError. */
  async unbridge(place: Place): Promise<void> {
    const { portal } = place
    if (!portal.room) return
    await this.#rooms.end(place, { key: 'portal.unbridged', params: { name: await this.#nameOf(place) } }, { forUser: false })
    await this.#store.unbind(portal.id, portal.room)
  }

  /**
   * Forgets a portal, and its room is closed. The next word makes a new one, even while the room is being closed. Throws a DeliveryError; then
   * the room is there still, and what is said in it makes it a chat again.
   */
  async forget(place: Place): Promise<void> {
    const phrase: Phrase = { key: 'portal.closed', params: { name: await this.#nameOf(place) } }
    await this.#store.remove(place.portal.id)
    await this.#rooms.end(place, phrase, { forUser: true })
  }

  /** Whether others in the room of a portal speak through the user's chair. */
  async setRelays({ portal }: Place, relays: boolean): Promise<void> {
    await this.#store.setRelays(portal.id, relays)
  }

  /**
   * A user opened a chat with a ghost: it becomes the room of their portal, unless that has one already. Then the user is told to go on there;
   * what they said here is carried all the same. Undefined where there can be no portal, and then the user has been told why.
   */
  async opened(event: ConversationEvent): Promise<Place | undefined> {
    const place = await this.#placeFor(event)
    if (!place) return undefined
    const bound = (await this.#store.bind(place.portal.id, event.conversation)) ?? place.portal
    if (bound.room && !sameConversation(bound.room, event.conversation))
      await this.#turnAway(event, this.#elsewhere('portal.exists', event.with, bound.room))
    return { ...place, portal: bound }
  }

  /** What a user says in a chat cannot be read: they go on in another room, and are told which. */
  async unreadable(event: ConversationEvent): Promise<void> {
    const known = await this.find(event.conversation)
    if (known && !isHomeOf(known.user, event.by)) return
    const place = known ?? (await this.#placeFor(event))
    if (!place) return
    await this.#store.unbind(place.portal.id, event.conversation)
    await this.#turnAway(event, await this.#whereInstead(await this.#again(place), event.with))
  }

  async #whereInstead(place: Place, who: Address): Promise<Phrase> {
    try {
      return this.#elsewhere('portal.unencrypted', who, await this.#rooms.of(place))
    } catch (error) {
      if (error instanceof DeliveryError && error.fate === 'fail') return error.phrase
      throw error
    }
  }

  /** A user left a room: the next word makes a new one, or brings them back. */
  async left(event: Pick<ConversationEvent, 'conversation' | 'by'>): Promise<void> {
    this.#rooms.left(event)
    const place = await this.find(event.conversation)
    if (place?.end !== 'room' || !isHomeOf(place.user, event.by)) return
    await this.#store.unbind(place.portal.id, event.conversation)
  }

  /** Our ghost cannot be in a room any more, whoever brought that about. Gives the place that has none now. */
  async ended({ conversation }: Pick<ConversationEvent, 'conversation'>): Promise<Place | undefined> {
    const place = await this.find(conversation)
    if (place?.end !== 'room') return undefined
    await this.#store.unbind(place.portal.id, conversation)
    return place
  }

  /** The room of a portal goes on as another. */
  async moved({ conversation, to }: MovedEvent): Promise<void> {
    const known = await this.#store.find(conversation)
    if (known?.end === 'room') await this.#store.bind(known.portal.id, to, conversation)
  }

  /** The portal of a user and whoever stands behind the ghost in a chat. Undefined where there can be none, and then the user has been told why. */
  async #placeFor(event: ConversationEvent): Promise<Place | undefined> {
    if (!allows(await this.#levels.of(event.by), 'user')) {
      await this.#turnAway(event, { key: 'command.not-for-you' })
      return undefined
    }
    const user = await this.#users.at(event.by)
    const chair = await this.#chairs.of(user, event.with)
    const refusal = chair ? await this.#whyNotWith(user, event.with) : this.#whyNoChair(event.with.network)
    if (!chair || refusal) {
      if (refusal) await this.#turnAway(event, refusal)
      return undefined
    }
    if (this.#networks.of(chair).behind(chair)) await this.#ghosts.met(event.by, chair.network, event.byName)
    return { portal: await this.#store.claim({ ...event.with, as: chair }, user.id), user, end: 'room' }
  }

  /** Whom we host is called there as they are where they talk with our bot, until a chat tells more. Throws a DeliveryError. */
  async introduceUser({ homes: [home], management }: User, chair: Address): Promise<void> {
    const network = this.#networks.of(home)
    if (!management || !namesPeople(network) || !this.#networks.of(chair).behind(chair)) return
    const name = await network.nameIn(management, home)
    if (name && (await this.#ghosts.listed(home, chair.network, name))) await this.#ghosts.introduce(home, chair.network)
  }

  /** The portal of a user, in a chair of theirs, with somebody. Throws a ContentRefused where there can be none. */
  async #claimedBy(user: User, chair: Address, who: Address): Promise<Place> {
    const refusal = await this.#whyNotWith(user, who)
    if (refusal) throw new ContentRefused(refusal)
    return { portal: await this.#store.claim({ ...who, as: chair }, user.id), user, end: 'room' }
  }

  /** Nobody talks with themselves, or by way of us with somebody of their own network: ghosts of our users stay where they are. */
  async #whyNotWith(user: User, who: Address): Promise<Phrase | undefined> {
    const home = this.#networks.of(who).behind(who)
    if (home && !isHomeOf(user, home)) return { key: 'portal.at-home', params: { account: who.id, home: home.id } }
    const isOwn = home !== undefined || (await this.#chairs.userIn(who))?.id === user.id
    return isOwn ? { key: 'portal.yourself', params: { account: who.id } } : undefined
  }

  #whyNoChair(network: NetworkId): Phrase {
    const hosted = this.#networks.get(network).face === 'hosted'
    return { key: hosted ? 'delivery.no-address' : 'delivery.not-signed-in', params: { network } }
  }

  #elsewhere(key: 'portal.exists' | 'portal.unencrypted', { id: name }: Address, room: Conversation): Phrase {
    return { key, params: { name, room: this.#rooms.linkTo(room) } }
  }

  #nameOf({ portal, user }: Place): Promise<string> {
    return this.#several.nameOf(portal, user)
  }

  /** The same place as it is now. */
  async #again(place: Place): Promise<Place> {
    return (await this.at(place.portal.id, place.end)) ?? place
  }

  async #turnAway(event: ConversationEvent, phrase: Phrase): Promise<void> {
    const home = this.#networks.get(event.conversation.network)
    const ghost = home.ghostOf(event.with)
    if (ghost && turnsAway(home)) await home.turnAway(event.conversation, ghost, phrase)
    else
      this.#log.warn(
        { network: home.id, phrase: phrase.key },
        'a chat was opened that cannot be, and its network has no way to say so',
      )
  }

  async #place(portal: Portal, end: End): Promise<Place> {
    const user = await this.#users.get(portal.user)
    if (!user) throw new Error(`portal ${portal.id} belongs to a user who is gone`)
    return { portal, user, end }
  }
}

/** Whether an address is a home of this user. */
export function isHomeOf(user: User, address: Address): boolean {
  return user.homes.some((home) => sameAddress(home, address))
}

/** What an invitation says of what is going to be said. */
function gist(content: Content, locale: Locale): string {
  const words = (content.kind === 'text' || content.kind === 'action') && wordsOf(content)
  const text = words || ('phrase' in content ? say(content.phrase, locale) : '')
  return [...text].slice(0, longestGist).join('')
}

function hasChair(conversation: Conversation): conversation is Anchor {
  return conversation.as !== undefined
}
