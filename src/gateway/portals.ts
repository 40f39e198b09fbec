// Finding the portal that something belongs to, and opening one from either side. Never two for the same chair and contact.

import type { Address, NetworkId } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Content } from '../core/content.ts'
import { wordsOf } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import type { ConversationEvent, MessageEvent, MovedEvent } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Opening } from '../core/network.ts'
import { turnsAway } from '../core/network.ts'
import type { Anchor, End, Portal } from '../core/portal.ts'
import type { Portals as PortalStore, Users } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Chairs } from './chairs.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'
import type { Several } from './several.ts'

/** In characters. */
const longestGist = 300

interface Parts {
  readonly networks: Networks
  readonly portals: PortalStore
  readonly users: Users
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

/** Who left which room. */
type Departure = Pick<ConversationEvent, 'conversation' | 'by'>

export class Portals {
  readonly #networks: Networks
  readonly #store: PortalStore
  readonly #users: Users
  readonly #chairs: Chairs
  readonly #ghosts: Ghosts
  readonly #several: Several
  readonly #log: Logger
  /** Portals whose room is being made, and who left one meanwhile. */
  readonly #opening = new Map<Portal['id'], Departure[]>()

  constructor({ networks, portals, users, chairs, ghosts, several, log }: Parts) {
    this.#networks = networks
    this.#store = portals
    this.#users = users
    this.#chairs = chairs
    this.#ghosts = ghosts
    this.#several = several
    this.#log = log
  }

  /** The portal of this id, seen from one end. */
  async at(portal: Portal['id'], end: End): Promise<Place | undefined> {
    const found = await this.#store.get(portal)
    return found && this.#place(found, end)
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
    const chair = user && (await this.#chairs.of(user, contact.network))
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
  async speakerAt({ portal, user }: Place, end: End): Promise<Address> {
    if (end === 'anchor') return portal.anchor.as
    const home = this.#networks.of(user.homes[0])
    const { network, id } = portal.anchor
    const speaker = (await this.#several.peopleIn(portal)) ? home.bot : home.ghostOf({ network, id })
    if (!speaker) throw new Error(`network ${home.id} has no name for the contact of portal ${portal.id}`)
    return speaker
  }

  /** The conversation at one end, made to exist when it does not yet, because of something that is to be said there. */
  async open(place: Place, content: Content): Promise<Conversation> {
    const { portal, user, end } = place
    if (end === 'anchor') return portal.anchor
    if (portal.room) return portal.room
    const home = this.#networks.of(user.homes[0])
    const reason = gist(content, user.locale)
    const as = await this.speakerAt(place, 'room')
    const several = await this.#gathered(place)
    const left: Departure[] = []
    this.#opening.set(portal.id, left)
    try {
      const more = { ...(several && { several }), ...(reason !== '' && { reason }) }
      const room = await home.open({ portal: portal.id, as, user: user.homes[0], ...more })
      const bound = await this.#store.bind(portal.id, room)
      const isLeft = left.some(({ conversation, by }) => conversation.id === room.id && isHomeOf(user, by))
      if (isLeft) await this.#store.unbind(portal.id, room)
      return bound?.room ?? room
    } finally {
      this.#opening.delete(portal.id)
    }
  }

  /** The ghosts of a chat of several, which are introduced under the names that its room shall have. */
  async #gathered({ portal, user }: Place): Promise<Opening['several']> {
    const people = await this.#several.peopleIn(portal)
    if (!people) return undefined
    const home = this.#networks.of(user.homes[0])
    for (const person of people) await this.#ghosts.introduce(person, home.id)
    const ghosts = people.map((person) => home.ghostOf(person)).filter((ghost) => ghost !== undefined)
    return { ghosts, name: await this.#several.namesOf(people, user) }
  }

  /**
   * A user opened a chat with a ghost: it becomes the room of their portal, unless that has one already. Then the user is told to go on there;
   * what they said here is carried all the same. Undefined where there can be no portal, and then the user has been told why.
   */
  async opened(event: ConversationEvent): Promise<Place | undefined> {
    const user = await this.#users.at(event.by)
    const chair = await this.#chairs.of(user, event.with.network)
    if (!chair) {
      await this.#turnAway(event, this.#whyNoChair(event))
      return undefined
    }
    if (this.#networks.of(chair).behind(chair)) await this.#ghosts.met(event.by, chair.network, event.byName)
    const portal = await this.#store.claim({ ...event.with, as: chair }, user.id)
    const bound = await this.#store.bind(portal.id, event.conversation)
    const place: Place = { portal: bound ?? portal, user, end: 'room' }
    if (!bound?.room || bound.room.id === event.conversation.id) return place
    const params = { name: event.with.id, room: bound.room.id }
    await this.#turnAway(event, { key: 'delivery.portal-exists', params })
    return place
  }

  /** A user left a room: the next word makes a new one, or brings them back. */
  async left(event: Departure): Promise<void> {
    for (const left of this.#opening.values()) left.push(event)
    const place = await this.find(event.conversation)
    if (place?.end !== 'room' || !isHomeOf(place.user, event.by)) return
    await this.#store.unbind(place.portal.id, event.conversation)
  }

  /** The room of a portal goes on as another. */
  async moved({ conversation, to }: MovedEvent): Promise<void> {
    const known = await this.#store.find(conversation)
    if (known?.end === 'room') await this.#store.bind(known.portal.id, to, conversation)
  }

  #whyNoChair(event: ConversationEvent): Phrase {
    const network = event.with.network
    const hosted = this.#networks.get(network).face === 'hosted'
    return { key: hosted ? 'delivery.no-address' : 'delivery.not-signed-in', params: { network } }
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
