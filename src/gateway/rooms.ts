// The rooms of portals: made when they are first needed, taken over where a user names one, and brought to an end.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import { isFriend } from '../core/contact.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import { DeliveryError } from '../core/errors.ts'
import type { ConversationEvent } from '../core/event.ts'
import type { Network, Opening } from '../core/network.ts'
import { editsContactList, endsChats, linksChats } from '../core/network.ts'
import type { Portal } from '../core/portal.ts'
import type { Portals as PortalStore } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'
import type { Place } from './portals.ts'
import { isHomeOf } from './portals.ts'
import type { Several } from './several.ts'

interface Parts {
  readonly networks: Networks
  readonly portals: PortalStore
  readonly ghosts: Ghosts
  readonly several: Several
}

/** Who left which room. */
type Departure = Pick<ConversationEvent, 'conversation' | 'by'>

/** Every method that makes, enters or ends a room throws a DeliveryError. */
export class Rooms {
  readonly #networks: Networks
  readonly #store: PortalStore
  readonly #ghosts: Ghosts
  readonly #several: Several
  /** For each room that is being made: who left one meanwhile. */
  readonly #making = new Set<Departure[]>()

  constructor({ networks, portals, ghosts, several }: Parts) {
    this.#networks = networks
    this.#store = portals
    this.#ghosts = ghosts
    this.#several = several
  }

  /** The room of a portal, made to exist when it does not yet. `reason` is what the invitation says. */
  async of(place: Place, reason?: string): Promise<Conversation> {
    const { portal } = place
    if (portal.room) return portal.room
    const isWanted = await this.#isWanted(portal)
    return this.#make(place, { ...(reason && { reason }), ...(isWanted && { isWanted }) })
  }

  /** Makes a room that a user has named the room of a portal, which has none. */
  async adopt(place: Place, room: Conversation): Promise<void> {
    await this.#make(place, { into: room })
  }

  /** Who opens the room: the ghost of the contact, or our bot where those are several. */
  async hostOf({ portal, user }: Pick<Place, 'portal' | 'user'>): Promise<Address> {
    const home = this.#homeOf(user)
    const host = (await this.#several.peopleIn(portal)) ? home.bot : home.ghostOf(contactOf(portal))
    if (!host) throw new Error(`network ${home.id} has no name for the contact of portal ${portal.id}`)
    return host
  }

  /** Takes our accounts out of the room of a portal, saying why. */
  async end({ portal, user }: Place, phrase: Phrase, how: { readonly forUser: boolean }): Promise<void> {
    const home = this.#homeOf(user)
    if (portal.room && endsChats(home)) await home.end(portal.room, phrase, how)
  }

  /** What leads a user to a room. */
  linkTo(room: Conversation): string {
    const home = this.#networks.get(room.network)
    return linksChats(home) ? home.linkTo(room) : room.id
  }

  /** A user left a room, perhaps one that is not known yet to be that of a portal. */
  left(departure: Departure): void {
    for (const departures of this.#making) departures.push(departure)
  }

  async #make(place: Place, more: Pick<Opening, 'reason' | 'into' | 'isWanted'>): Promise<Conversation> {
    const { portal, user } = place
    const as = await this.hostOf(place)
    const several = await this.#gathered(place)
    const departures: Departure[] = []
    this.#making.add(departures)
    try {
      const opening = { portal: portal.id, as, user: user.homes[0], ...(several && { several }), ...more }
      const room = await this.#homeOf(user).open(opening)
      const bound = await this.#store.bind(portal.id, room)
      if (departures.some(({ conversation, by }) => conversation.id === room.id && isHomeOf(user, by)))
        await this.#store.unbind(portal.id, room)
      return bound?.room ?? room
    } finally {
      this.#making.delete(departures)
    }
  }

  /** The ghosts of a chat of several, with the name of its room; a single one only gets its looks. */
  async #gathered({ portal, user }: Place): Promise<Opening['several']> {
    const people = await this.#several.peopleIn(portal)
    const home = this.#homeOf(user)
    for (const person of people ?? [contactOf(portal)]) await this.#ghosts.introduce(person, home.id)
    if (!people) return undefined
    const ghosts = people.map((person) => home.ghostOf(person)).filter((ghost) => ghost !== undefined)
    return { ghosts, name: await this.#several.namesOf(people, user) }
  }

  /** Whether the contact is on the list that the user made. While that cannot be seen, nobody is. */
  async #isWanted({ anchor }: Portal): Promise<true | undefined> {
    const network = this.#networks.of(anchor.as)
    if (!editsContactList(network)) return undefined
    try {
      const contacts = await network.contacts(anchor.as)
      return contacts.some((contact) => isFriend(contact) && sameAddress(contact.address, contactOf({ anchor }))) || undefined
    } catch (error) {
      if (error instanceof DeliveryError) return undefined
      throw error
    }
  }

  #homeOf({ homes: [home] }: User): Network {
    return this.#networks.of(home)
  }
}

/** The one contact at the far end; or what stands there for several. */
function contactOf({ anchor: { network, id } }: Pick<Portal, 'anchor'>): Address {
  return { network, id }
}

/** Whether two conversations are the same. */
export function sameConversation(a: Conversation | undefined, b: Conversation): boolean {
  return a !== undefined && conversationKey(a) === conversationKey(b)
}
