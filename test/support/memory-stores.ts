// The ports of core/stores.ts in memory, for tests of what stands on them. They pass the suite that the Redis stores pass
// (test/conformance/stores.ts), so a test on them says something about the real thing. Nothing is awaited between a look and a
// change, because in Redis that is one step.

import { randomBytes } from 'node:crypto'
import type { Address, AddressKey, NetworkId } from '../../src/core/address.ts'
import { addressKey, sameAddress } from '../../src/core/address.ts'
import type { Clock } from '../../src/core/clock.ts'
import type { Contact } from '../../src/core/contact.ts'
import type { Conversation, ConversationKey } from '../../src/core/conversation.ts'
import { conversationKey } from '../../src/core/conversation.ts'
import type { Delivery, DeliveryId } from '../../src/core/delivery.ts'
import type { RemoteId } from '../../src/core/event.ts'
import type { Ghost } from '../../src/core/ghost.ts'
import type { LineId } from '../../src/core/line.ts'
import type { Credentials, Login, LoginId, LoginState } from '../../src/core/login.ts'
import type { Anchor, End, Portal, PortalId } from '../../src/core/portal.ts'
import type {
  Cancelled,
  Contacts,
  Dialogue,
  Dialogues,
  Ghosts,
  Logins,
  Messages,
  Outbox,
  Portals,
  Records,
  Remembered,
  Step,
  Tickets,
  Traces,
  Users,
} from '../../src/core/stores.ts'
import type { User, UserId } from '../../src/core/user.ts'
import type { Phrase } from '../../src/core/words.ts'

function randomId(): string {
  return randomBytes(12).toString('hex')
}

/** What a store in Redis would give back: a copy that has been through JSON. */
function stored(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value))
}

class MemoryUsers implements Users {
  readonly #users = new Map<UserId, User>()

  async at(home: Address): Promise<User> {
    const known = this.#at(home)
    if (known) return known
    const user: User = { id: randomId() as UserId, homes: [home], locale: 'en' }
    this.#users.set(user.id, user)
    return user
  }

  async find(home: Address): Promise<User | undefined> {
    return this.#at(home)
  }

  async get(id: UserId): Promise<User | undefined> {
    return this.#users.get(id)
  }

  async setBlocked(id: UserId, isBlocked: boolean): Promise<void> {
    const user = this.#users.get(id)
    if (!user) return
    const { isBlocked: _, ...rest } = user
    this.#users.set(id, isBlocked ? { ...rest, isBlocked } : rest)
  }

  async *all(): AsyncIterable<User> {
    yield* [...this.#users.values()]
  }

  async setManagement(id: UserId, conversation: Conversation): Promise<void> {
    const user = this.#users.get(id)
    if (user) this.#users.set(id, { ...user, management: conversation })
  }

  #at(home: Address): User | undefined {
    return [...this.#users.values()].find((user) => user.homes.some((one) => sameAddress(one, home)))
  }
}

class MemoryContacts implements Contacts {
  readonly #lists = new Map<LoginId, Map<AddressKey, Contact>>()

  async replace(login: LoginId, contacts: readonly Contact[]): Promise<void> {
    this.#lists.delete(login)
    await this.update(login, contacts)
  }

  async update(login: LoginId, contacts: readonly Contact[]): Promise<void> {
    const list = this.#lists.get(login) ?? new Map<AddressKey, Contact>()
    this.#lists.set(login, list)
    for (const contact of contacts) {
      if (contact.lists.length === 0) list.delete(addressKey(contact.address))
      else list.set(addressKey(contact.address), { ...contact, login })
    }
  }

  async of(login: LoginId): Promise<Contact[]> {
    return [...(this.#lists.get(login)?.values() ?? [])]
  }
}

class MemoryLogins implements Logins {
  readonly #logins = new Map<LoginId, Login>()
  readonly #credentials = new Map<LoginId, Credentials>()
  readonly #contacts: Contacts

  constructor(contacts: Contacts) {
    this.#contacts = contacts
  }

  async save(user: UserId, address: Address, credentials: Credentials): Promise<Login | undefined> {
    const known = this.#at(address)
    if (known && known.user !== user) return undefined
    const login: Login = { id: known?.id ?? (randomId() as LoginId), user, address, state: 'offline' }
    this.#logins.set(login.id, login)
    this.#credentials.set(login.id, credentials)
    return login
  }

  async get(id: LoginId): Promise<Login | undefined> {
    return this.#logins.get(id)
  }

  async find(address: Address): Promise<Login | undefined> {
    return this.#at(address)
  }

  async of(user: UserId): Promise<Login[]> {
    return [...this.#logins.values()].filter((login) => login.user === user)
  }

  async *all(): AsyncIterable<Login> {
    yield* [...this.#logins.values()]
  }

  async credentials(id: LoginId): Promise<Credentials | undefined> {
    return this.#credentials.get(id)
  }

  async setState(id: LoginId, state: LoginState, reason?: Phrase, past: Pick<Login, 'since' | 'isTold'> = {}): Promise<void> {
    const login = this.#logins.get(id)
    if (!login) return
    const { user, address } = login
    this.#logins.set(id, { id, user, address, state, ...(reason && { reason }), ...past })
  }

  async remove(id: LoginId): Promise<void> {
    this.#logins.delete(id)
    this.#credentials.delete(id)
    await this.#contacts.replace(id, [])
  }

  #at(address: Address): Login | undefined {
    return [...this.#logins.values()].find((login) => sameAddress(login.address, address))
  }
}

class MemoryTraces implements Traces {
  readonly #steps = new Map<DeliveryId, Step[]>()

  async note(delivery: DeliveryId, step: Step): Promise<void> {
    this.#steps.set(delivery, [...(this.#steps.get(delivery) ?? []), stored(step) as Step].slice(-50))
  }

  async of(delivery: DeliveryId): Promise<readonly Step[]> {
    return this.#steps.get(delivery) ?? []
  }
}

class MemoryGhosts implements Ghosts {
  readonly #ghosts = new Map<string, Ghost>()

  async get(of: Address, on: NetworkId): Promise<Ghost | undefined> {
    return this.#ghosts.get(`${on} ${addressKey(of)}`)
  }

  async save(ghost: Ghost): Promise<void> {
    this.#ghosts.set(`${ghost.on} ${addressKey(ghost.of)}`, ghost)
  }

  async *on(network: NetworkId): AsyncIterable<Ghost> {
    yield* [...this.#ghosts.values()].filter((ghost) => ghost.on === network)
  }
}

class MemoryPortals implements Portals {
  readonly #portals = new Map<PortalId, Portal>()
  readonly #ends = new Map<ConversationKey, { id: PortalId; end: End }>()

  async claim(anchor: Anchor, user: UserId): Promise<Portal> {
    const known = this.#find(anchor)
    if (known) return known.portal
    const portal: Portal = { id: randomId() as PortalId, user, anchor }
    this.#portals.set(portal.id, portal)
    this.#ends.set(conversationKey(anchor), { id: portal.id, end: 'anchor' })
    return portal
  }

  async get(id: PortalId): Promise<Portal | undefined> {
    return this.#portals.get(id)
  }

  async find(conversation: Conversation): Promise<{ portal: Portal; end: End } | undefined> {
    return this.#find(conversation)
  }

  #find(conversation: Conversation): { portal: Portal; end: End } | undefined {
    const found = this.#ends.get(conversationKey(conversation))
    const portal = found && this.#portals.get(found.id)
    return found && portal && { portal, end: found.end }
  }

  async bind(id: PortalId, room: Conversation, instead?: Conversation): Promise<Portal | undefined> {
    const portal = this.#portals.get(id)
    if (!portal || this.#ends.has(conversationKey(room))) return portal
    if (portal.room && !(instead && conversationKey(portal.room) === conversationKey(instead))) return portal
    if (portal.room) this.#ends.delete(conversationKey(portal.room))
    const bound: Portal = { ...portal, room }
    this.#portals.set(id, bound)
    this.#ends.set(conversationKey(room), { id, end: 'room' })
    return bound
  }

  async unbind(id: PortalId, room: Conversation): Promise<void> {
    const portal = this.#portals.get(id)
    if (!portal?.room || conversationKey(portal.room) !== conversationKey(room)) return
    const { room: _, ...rest } = portal
    this.#portals.set(id, rest)
    this.#ends.delete(conversationKey(room))
  }

  async setRelays(id: PortalId, relays: boolean): Promise<void> {
    const portal = this.#portals.get(id)
    if (!portal) return
    const { relays: _, ...rest } = portal
    this.#portals.set(id, relays ? { ...rest, relays } : rest)
  }

  async remove(id: PortalId): Promise<void> {
    this.#portals.delete(id)
    for (const [key, end] of [...this.#ends]) if (end.id === id) this.#ends.delete(key)
  }

  async *all(): AsyncIterable<Portal> {
    yield* [...this.#portals.values()]
  }
}

class MemoryMessages implements Messages {
  readonly #sent = new Map<string, Remembered>()
  readonly #carried = new Map<string, Remembered>()
  readonly #notices = new Map<DeliveryId, Remembered['sent']>()

  async remember(message: Remembered): Promise<void> {
    const { sent, origin } = message
    this.#sent.set(`${conversationKey(sent.conversation)} ${sent.id}`, message)
    if (origin) this.#carried.set(`${conversationKey(origin.conversation)} ${origin.id}`, message)
  }

  async isOurs(conversation: Conversation, id: RemoteId): Promise<boolean> {
    return this.#sent.has(`${conversationKey(conversation)} ${id}`)
  }

  async find(conversation: Conversation, id: RemoteId): Promise<Remembered | undefined> {
    const key = `${conversationKey(conversation)} ${id}`
    return this.#sent.get(key) ?? this.#carried.get(key)
  }

  async rememberNotice(delivery: DeliveryId, sent: Remembered['sent']): Promise<void> {
    this.#notices.set(delivery, sent)
  }

  async noticeOf(delivery: DeliveryId): Promise<Remembered['sent'] | undefined> {
    return this.#notices.get(delivery)
  }
}

class MemoryDialogues implements Dialogues {
  readonly #dialogues = new Map<UserId, { dialogue: Dialogue; until: number }>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async get(user: UserId): Promise<Dialogue | undefined> {
    const known = this.#dialogues.get(user)
    return known && known.until > this.#clock() ? known.dialogue : undefined
  }

  async set(user: UserId, dialogue: Dialogue): Promise<void> {
    this.#dialogues.set(user, { dialogue, until: this.#clock() + 600_000 })
  }

  async end(user: UserId): Promise<void> {
    this.#dialogues.delete(user)
  }
}

/** An outbox that keeps what it was given for a test to look at; nothing drains it but the test. */
class MemoryOutbox implements Outbox {
  /** Everything that was taken in, in order, whatever its line. */
  readonly pushed: Delivery[] = []
  /** Whose return was told, in order. */
  readonly back: Address[] = []
  readonly #ids = new Set<DeliveryId>()

  async push(delivery: Delivery): Promise<boolean> {
    if (this.#ids.has(delivery.id)) return false
    this.#ids.add(delivery.id)
    this.pushed.push(stored(delivery) as Delivery)
    return true
  }

  async returned(who: Address): Promise<void> {
    this.back.push(who)
  }

  /** What a test has performed is taken for tried. */
  readonly tried = new Set<DeliveryId>()

  /** What a test has told to wait. */
  readonly told = new Set<DeliveryId>()
  /** What a test has parked; otherwise whatever it has tried is gone from its line. */
  readonly parked = new Set<DeliveryId>()

  async cancel(_line: LineId, id: DeliveryId, which?: { readonly untried: true }): Promise<Cancelled | undefined> {
    const place = this.pushed.findIndex((delivery) => delivery.id === id)
    if (which && this.tried.has(id)) return undefined
    if (place === -1 || (this.tried.has(id) && !this.parked.has(id))) return undefined
    if (this.parked.has(id)) this.parked.delete(id)
    else this.pushed.splice(place, 1)
    return { wasTold: this.told.has(id), wasTried: false }
  }

  async get(line: LineId, id: DeliveryId): Promise<Delivery | undefined> {
    return this.#waiting(line).find((delivery) => delivery.id === id)
  }

  async changesOf(line: LineId, message: RemoteId): Promise<readonly Delivery[]> {
    return this.#waiting(line).filter(({ gist }) => gist?.of === message)
  }

  async replace(delivery: Delivery, change: DeliveryId): Promise<boolean> {
    if (this.#ids.has(change)) return true
    const place = this.#untried(delivery.id)
    if (place === -1) return false
    this.pushed[place] = stored(delivery) as Delivery
    this.#ids.add(change)
    return true
  }

  async placeOf(line: LineId, id: DeliveryId): Promise<number | undefined> {
    const place = this.#waiting(line).findIndex((delivery) => delivery.id === id)
    return place === -1 ? undefined : place
  }

  #waiting(line: LineId): Delivery[] {
    return this.pushed.filter(
      (delivery) => delivery.line === line && (!this.tried.has(delivery.id) || this.parked.has(delivery.id)),
    )
  }

  #untried(id: DeliveryId): number {
    return this.tried.has(id) && !this.parked.has(id) ? -1 : this.pushed.findIndex((delivery) => delivery.id === id)
  }

  /** What was pushed on one line, in order. */
  on(line: LineId): Delivery[] {
    return this.pushed.filter((delivery) => delivery.line === line)
  }
}

export class MemoryRecords implements Records {
  readonly #nouns = new Map<string, Map<string, unknown>>()

  async get(noun: string, id: string): Promise<unknown> {
    return stored(this.#nouns.get(noun)?.get(id))
  }

  async update(noun: string, id: string, change: (current: unknown) => unknown): Promise<unknown> {
    const records = this.#nouns.get(noun) ?? new Map<string, unknown>()
    this.#nouns.set(noun, records)
    const next = stored(change(stored(records.get(id))))
    if (next === undefined) records.delete(id)
    else records.set(id, next)
    return stored(next)
  }

  async *list(noun: string): AsyncIterable<readonly [id: string, record: unknown]> {
    for (const [id, record] of [...(this.#nouns.get(noun) ?? [])]) yield [id, stored(record)]
  }
}

export class MemoryTickets implements Tickets {
  readonly #tickets = new Map<string, { claim: unknown; until: number }>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  async issue(purpose: string, claim: unknown, seconds: number): Promise<string> {
    const token = randomBytes(24).toString('base64url')
    this.#tickets.set(`${purpose} ${token}`, { claim: stored(claim), until: this.#clock() + seconds * 1000 })
    return token
  }

  async check(purpose: string, token: string): Promise<unknown> {
    return this.#good(purpose, token)
  }

  async redeem(purpose: string, token: string): Promise<unknown> {
    const claim = this.#good(purpose, token)
    this.#tickets.delete(`${purpose} ${token}`)
    return claim
  }

  #good(purpose: string, token: string): unknown {
    const ticket = this.#tickets.get(`${purpose} ${token}`)
    return ticket && ticket.until > this.#clock() ? stored(ticket.claim) : undefined
  }
}

/** One of each. */
export function memoryStores(clock: Clock = Date.now) {
  const contacts = new MemoryContacts()
  return {
    users: new MemoryUsers(),
    logins: new MemoryLogins(contacts),
    contacts,
    ghosts: new MemoryGhosts(),
    portals: new MemoryPortals(),
    messages: new MemoryMessages(),
    traces: new MemoryTraces(),
    dialogues: new MemoryDialogues(clock),
    outbox: new MemoryOutbox(),
    records: new MemoryRecords(),
    tickets: new MemoryTickets(clock),
  }
}
