// The chats of a user, in the order of their contact list: worked out soon after something of it changed, and kept so at their home.

import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { ListedContact } from '../core/contact.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Logger } from '../core/log.ts'
import type { KeepsShelves, Network, Shelf } from '../core/network.ts'
import { editsContactList, keepsShelves } from '../core/network.ts'
import type { Portal } from '../core/portal.ts'
import type { Contacts, Logins, Portals } from '../core/stores.ts'
import type { Cancel, Timers } from '../core/timers.ts'
import type { User } from '../core/user.ts'
import type { Chairs } from './chairs.ts'
import type { Networks } from './networks.ts'
import type { Several } from './several.ts'

/** What changes within this time is arranged at once, in milliseconds. */
const soon = 1_000
/** When what could not be arranged is tried again, in milliseconds. */
const later = 60_000

interface Parts {
  readonly networks: Networks
  readonly chairs: Chairs
  readonly several: Several
  readonly portals: Portals
  readonly logins: Logins
  readonly contacts: Contacts
  readonly timers: Timers
  readonly log: Logger
}

/** A chair whose chats are to be arranged. */
interface Wish {
  readonly chair: Address
  /** The user asked for it. */
  readonly isAsked: boolean
}

/** A chat that has a room, and what its contact is called. */
interface Named {
  readonly room: Conversation
  readonly name: string
  readonly groups: readonly string[]
}

export class Shelves {
  readonly #parts: Parts
  readonly #wishes = new Map<string, Wish>()
  /** Ends the wait for the next arrangement, and how long that wait is; undefined while nothing waits. */
  #wait: { readonly for: number; cancel: Cancel } | undefined
  #working: Promise<void> = Promise.resolve()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** The list of a chair changed, or one of its chats got a room or lost it. Never throws. */
  changed(chair: Address): void {
    this.#wish({ chair, isAsked: false }, soon)
  }

  /** The user of a chair asks for their shelf: it comes back also where they left it. */
  asked(chair: Address): void {
    this.#wish({ chair, isAsked: true }, soon)
  }

  /** Every chair that has chats, as after a start. What stands as it should costs nothing. */
  async allChanged(): Promise<void> {
    for await (const { anchor, room } of this.#parts.portals.all()) if (room) this.changed(anchor.as)
  }

  /** A user's account was signed out for good: its shelf goes. Never rejects. */
  async removed({ homes: [home] }: User, chair: Address): Promise<void> {
    const { networks, log } = this.#parts
    const network = networks.of(home)
    this.#wishes.delete(addressKey(chair))
    try {
      if (keepsShelves(network)) await network.removeShelf(home, chair)
    } catch (error) {
      log.warn({ err: error, network: network.id }, 'a shelf of chats could not be taken away')
    }
  }

  /** Resolves when nothing is being arranged. */
  idle(): Promise<void> {
    return this.#working
  }

  #wish(wish: Wish, wait: number): void {
    const key = addressKey(wish.chair)
    const isAsked = wish.isAsked || (this.#wishes.get(key)?.isAsked ?? false)
    this.#wishes.set(key, { ...wish, isAsked })
    if (this.#wait && this.#wait.for <= wait) return
    this.#wait?.cancel()
    const cancel = this.#parts.timers.after(wait, () => {
      this.#wait = undefined
      this.#working = this.#working.then(() => this.#arrangeAll())
    })
    this.#wait = { for: wait, cancel }
  }

  /** Arranges whatever changed, after one look at all portals. Never rejects. */
  async #arrangeAll(): Promise<void> {
    const wishes = [...this.#wishes.values()]
    this.#wishes.clear()
    const portals = new Map<string, Portal[]>(wishes.map(({ chair }) => [addressKey(chair), []]))
    try {
      for await (const portal of this.#parts.portals.all()) portals.get(addressKey(portal.anchor.as))?.push(portal)
    } catch (error) {
      for (const wish of wishes) this.#postpone(wish, error)
      return
    }
    for (const wish of wishes) {
      try {
        await this.#arrange(wish, portals.get(addressKey(wish.chair)) ?? [])
      } catch (error) {
        this.#postpone(wish, error)
      }
    }
  }

  #postpone(wish: Wish, error: unknown): void {
    this.#parts.log.debug({ err: error, network: wish.chair.network }, 'chats could not be put in order now; it is tried again')
    this.#wish(wish, later)
  }

  async #arrange({ chair, isAsked }: Wish, portals: readonly Portal[]): Promise<void> {
    const { chairs, networks } = this.#parts
    const user = networks.find(chair.network) && (await chairs.userIn(chair))
    const home = user && networks.of(user.homes[0])
    if (!home || !keepsShelves(home)) return
    const chats = await this.#named(portals, chair, user, home)
    await home.arrangeShelf({ ...shelfOf(chats), user: user.homes[0], chair, ...(isAsked && { isAsked: true }) })
  }

  async #named(portals: readonly Portal[], chair: Address, user: User, home: Network & KeepsShelves): Promise<Named[]> {
    const contacts = new Map((await this.#contactsOf(chair)).map((contact) => [contact.address.id, contact]))
    const named: Named[] = []
    for (const portal of portals) {
      const { anchor, room } = portal
      if (room?.network !== home.id) continue
      const contact = contacts.get(anchor.id)
      const name = contact?.name || (await this.#parts.several.nameOf(portal, user))
      named.push({ room, name, groups: contact?.groups ?? [] })
    }
    return named.sort((a, b) => a.name.localeCompare(b.name) || a.room.id.localeCompare(b.room.id))
  }

  /** Rejects when that is not known now. */
  async #contactsOf(chair: Address): Promise<readonly ListedContact[]> {
    const { networks, logins, contacts } = this.#parts
    const network = networks.of(chair)
    if (network.face === 'hosted') return editsContactList(network) ? network.contacts(chair) : []
    const login = await logins.find(chair)
    return login ? contacts.of(login.id) : []
  }
}

/** Chats by their groups; one that is in several groups stands in each. */
function shelfOf(chats: readonly Named[]): Pick<Shelf, 'chats' | 'groups'> {
  const names = [...new Set(chats.flatMap(({ groups }) => groups))].sort((a, b) => a.localeCompare(b))
  const groups = names.map((name) => ({
    name,
    chats: chats.filter((chat) => chat.groups.includes(name)).map(({ room }) => room),
  }))
  return { chats: chats.filter((chat) => chat.groups.length === 0).map(({ room }) => room), groups }
}
