// Status becomes a signal at the home of whoever watches, and users are seen in their chairs as they are at home. Somebody's return wakes
// what waited for them. A contact with whom nobody has a chat costs the home nothing: their ghost is in no room where it could be seen.

import type { Address, AddressKey, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Delivery } from '../core/delivery.ts'
import type { PresenceEvent } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { LoginId } from '../core/login.ts'
import { knowsPresence } from '../core/network.ts'
import type { Portal } from '../core/portal.ts'
import type { Presence } from '../core/signal.ts'
import type { Logins, Outbox, Portals, Users } from '../core/stores.ts'
import type { User, UserId } from '../core/user.ts'
import type { Chairs } from './chairs.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'
import type { Place } from './portals.ts'
import { Sightings } from './sightings.ts'

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly logins: Logins
  readonly chairs: Chairs
  readonly ghosts: Ghosts
  readonly outbox: Outbox
  readonly portals: Portals
  readonly log: Logger
}

export class Presences {
  readonly #parts: Parts
  readonly #sightings = new Sightings()
  /** The people whose ghosts are in a chat, as far as we came across them. */
  readonly #met = new Set<AddressKey>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async changed(event: PresenceEvent): Promise<void> {
    const { of, seenBy, presence, name } = event
    if (!seenBy) return this.#showInChairs(of, presence)
    const user = await this.#parts.chairs.userIn(seenBy)
    if (!user) return
    if (presence.status !== 'offline') await this.#parts.outbox.returned(of)
    const on = user.homes[0].network
    if (name) await this.#parts.ghosts.renamed(of, on, name)
    this.#sightings.note(of, seenBy, presence)
    if (await this.#isMet(of, seenBy)) this.#show(of, on)
  }

  /** A portal got its room or lost it. */
  async placed(portal: Portal): Promise<void> {
    const { anchor, room } = portal
    const contact = { network: anchor.network, id: anchor.id }
    if (room) return this.#meet(contact, room.network)
    const chairs = [anchor.as, ...this.#sightings.chairsThatSee(contact)]
    const rooms = await Promise.all(chairs.map((as) => this.#roomOf(contact, as)))
    if (rooms.every((other) => other === undefined)) this.#part(contact)
  }

  /** Something was delivered: whoever spoke, or came along, is in a chat. */
  delivered({ network, as, content }: Delivery): void {
    const home = this.#parts.networks.find(network)
    if (home?.face !== 'home') return
    const person = home.behind(content.kind === 'attendance' ? content.who : as)
    if (person) this.#meet(person, network)
  }

  /** Asks how the user of a portal is at home, as a ghost in it sees them. Never rejects. */
  async ask({ portal, user }: Pick<Place, 'portal' | 'user'>): Promise<void> {
    const home = this.#parts.networks.of(user.homes[0])
    const as = home.ghostOf({ network: portal.anchor.network, id: portal.anchor.id })
    if (as) await this.#ask(user, as)
  }

  /** Asks how everybody is who is in a chat, as after a restart. */
  async askAll(): Promise<void> {
    const asked = new Set<UserId>()
    for await (const portal of this.#parts.portals.all()) {
      if (!portal.room) continue
      await this.placed(portal)
      if (asked.has(portal.user)) continue
      asked.add(portal.user)
      const user = await this.#parts.users.get(portal.user)
      if (user) await this.#askAsBot(user)
    }
  }

  /** An account was signed in: it shall be seen as its user is at home. */
  async askFor(login: LoginId): Promise<void> {
    const { logins, users } = this.#parts
    const found = await logins.get(login)
    const user = found && (await users.get(found.user))
    if (user) await this.#askAsBot(user)
  }

  async #askAsBot(user: User): Promise<void> {
    const { bot } = this.#parts.networks.of(user.homes[0])
    if (bot) await this.#ask(user, bot)
  }

  /** Asks how a user is at home, as somebody of ours sees them. */
  async #ask(user: User, as: Address): Promise<void> {
    const [of] = user.homes
    const home = this.#parts.networks.of(of)
    if (!knowsPresence(home)) return
    try {
      await this.#showInChairs(of, await home.presenceOf(of, as))
    } catch (error) {
      this.#parts.log.debug({ err: error, user: user.id }, 'it is not known now how a user is at home')
    }
  }

  /** One of our users came, went or changed at home: so they are seen elsewhere, where they did not choose otherwise. */
  async #showInChairs(of: Address, presence: Presence): Promise<void> {
    const { networks, users, chairs } = this.#parts
    const user = await users.find(of)
    for (const as of user ? await chairs.all(user) : []) networks.of(as).signal({ kind: 'presence', as, presence })
  }

  /** Whether the ghost of somebody is in a chat. */
  async #isMet(contact: Address, chair: Address): Promise<boolean> {
    const key = addressKey(contact)
    if (this.#met.has(key)) return true
    if (!(await this.#roomOf(contact, chair))) return false
    this.#met.add(key)
    return true
  }

  async #roomOf({ network, id }: Address, as: Address): Promise<Conversation | undefined> {
    return (await this.#parts.portals.find({ network, id, as }))?.portal.room
  }

  /** The ghost of somebody came into a chat: there they can be seen. */
  #meet(contact: Address, on: NetworkId): void {
    const key = addressKey(contact)
    if (this.#met.has(key)) return
    this.#met.add(key)
    if (this.#sightings.of(contact).status !== 'offline') this.#show(contact, on)
  }

  /** The last chat with somebody is over: nobody sees their ghost any more, and nobody keeps it up. */
  #part(contact: Address): void {
    if (!this.#met.delete(addressKey(contact))) return
    for (const home of this.#parts.networks.all()) {
      const as = home.face === 'home' ? home.ghostOf(contact) : undefined
      if (as) home.signal({ kind: 'presence', as, presence: { status: 'offline' } })
    }
  }

  #show(contact: Address, on: NetworkId): void {
    const home = this.#parts.networks.get(on)
    const as = home.ghostOf(contact)
    if (as) home.signal({ kind: 'presence', as, presence: this.#sightings.of(contact) })
  }
}
