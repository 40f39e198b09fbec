// The adapter between MSN and the gateway: what both faces have in common. A session per chair, messages in and out.

import type { Duplex } from 'node:stream'
import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { ContactChange, ListedContact } from '../core/contact.ts'
import type { Conversation } from '../core/conversation.ts'
import type { DeliveryId, Parcel } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import { ContentRefused } from '../core/errors.ts'
import type { EventSink, NetworkEvent, RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId } from '../core/login.ts'
import type { EditsContactList, Face, Network, Receipt, ShowsLooks } from '../core/network.ts'
import type { Look, Signal, Status } from '../core/signal.ts'
import type { Records } from '../core/stores.ts'
import type { Role, Trace } from './client/connection.ts'
import type { MsnContact } from './client/contact-book.ts'
import { MessageRefused } from './client/errors.ts'
import type { ContactPresence, IncomingMessage, MsnSession, Place, SessionHandlers } from './client/session.ts'
import { readContent, writeContent } from './content.ts'
import type { Worn } from './looks.ts'
import { Looks } from './looks.ts'
import { setbackOf } from './setback.ts'

/** Opens a connection to a server, or to our own without a wire. */
export type Dial = (to: { readonly role: Role } & Place) => Promise<Duplex>

export interface MsnNetworkOptions {
  readonly id: NetworkId
  readonly log: Logger
  readonly clock: Clock
  readonly records: Records
}

export abstract class MsnNetwork implements Network, EditsContactList, ShowsLooks {
  abstract readonly face: Face
  readonly id: NetworkId
  protected readonly log: Logger
  protected readonly clock: Clock
  protected readonly sessions = new Map<string, MsnSession>()
  #sink: EventSink = async () => {}
  /** How many pieces of a long text have arrived, while the rest has not. */
  readonly #sent = new Map<DeliveryId, number>()
  readonly #looks: Looks
  /** What each session was last told to look like. */
  readonly #worn = new WeakMap<MsnSession, Worn | undefined>()

  /** `unknown` is how those look of whom nothing is known. */
  constructor({ id, log, clock, records }: MsnNetworkOptions, unknown: Status) {
    this.id = id
    this.log = log.child({ network: id })
    this.clock = clock
    this.#looks = new Looks(records, unknown)
  }

  async start(sink: EventSink): Promise<void> {
    this.#sink = sink
  }

  async stop(): Promise<void> {
    const sessions = [...this.sessions.values()]
    this.sessions.clear()
    await Promise.all(sessions.map((session) => session.close()))
  }

  abstract ghostOf(person: Address): Address | undefined
  abstract behind(address: Address): Address | undefined
  abstract connect(login: Login, credentials: Credentials): Promise<void>
  abstract disconnect(login: LoginId): Promise<void>

  /** The session of a chair, online. Throws a DeliveryError when it is not. */
  protected abstract sessionOf(as: Address): Promise<MsnSession>

  /** The same, ready to write to a contact. */
  protected reach(as: Address, _contact: Address): Promise<MsnSession> {
    return this.sessionOf(as)
  }

  /** What a failure of the client means to the gateway. */
  protected setbackOf(error: unknown, as: Address, contact: Address): DeliveryError {
    return setbackOf(error, as, contact)
  }

  /** On MSN a conversation needs nothing but its two people. */
  async open(): Promise<Conversation> {
    throw new Error(`nobody lives on ${this.id}, so no room is opened there`)
  }

  async deliver({ id, as, conversation, content }: Parcel): Promise<Receipt> {
    const contact = { network: this.id, id: conversation.id }
    const session = await this.reach(as, contact)
    const pieces = writeContent(content, 'en')
    if (pieces.length === 0) throw new ContentRefused({ key: 'msn.nothing-to-show' })
    let kept = false
    try {
      for (const [index, piece] of pieces.entries()) {
        if (index < (this.#sent.get(id) ?? 0)) continue
        kept = (await session.send(contact.id, piece)) === 'stored' || kept
        // When a piece fails, the next try goes on there instead of repeating the others.
        if (index + 1 < pieces.length) this.#sent.set(id, index + 1)
      }
    } catch (error) {
      const setback = this.setbackOf(error, as, contact)
      if (setback.fate === 'fail') this.#sent.delete(id)
      throw setback
    }
    this.#sent.delete(id)
    return { id: id as string as RemoteId, ...(kept && { kept: true as const }) }
  }

  async contacts(as: Address): Promise<readonly ListedContact[]> {
    return (await this.sessionOf(as)).contacts.map((contact) => this.listed(contact))
  }

  async edit(as: Address, change: ContactChange, who: Address): Promise<void> {
    const session = await this.sessionOf(as)
    try {
      await edits[change](session, who.id)
    } catch (error) {
      throw this.setbackOf(error, as, who)
    }
  }

  async show(as: Address, look: Look): Promise<void> {
    await this.#looks.choose(as, look)
    const session = this.sessions.get(addressKey(as))
    try {
      if (session) await this.dress(as, session)
    } catch (error) {
      throw this.setbackOf(error, as, as)
    }
  }

  signal(signal: Signal): void {
    if (signal.kind === 'presence') this.#looks.seenAtHome(signal.as, signal.presence)
    const session = this.sessions.get(addressKey(signal.as))
    if (!session) return
    if (signal.kind === 'presence') this.dressSoon(signal.as, session)
    else if (signal.typing) session.typing(signal.conversation.id)
  }

  /** The same, where nobody waits for it. */
  protected dressSoon(as: Address, session: MsnSession): void {
    this.dress(as, session).catch((error: unknown) => this.log.debug({ err: error }, 'a status could not be shown'))
  }

  /** Makes a session look as it should, now or when it signs in. Rejects with a ClientError. */
  protected async dress(as: Address, session: MsnSession): Promise<void> {
    const wanted = await this.#looks.of(as)
    const worn = this.#worn.has(session) ? this.#worn.get(session) : undressed
    // What is said while a session signs in may be too late for that, so it is said again when it is online.
    const isHeard = session.state === 'online' || session.state === 'offline'
    this.#worn.set(session, isHeard ? wanted : undefined)
    if (wanted.status !== worn?.status) await session.setStatus(wanted.status)
    if (wanted.message !== worn?.message) await session.setPersonal(wanted.message ?? '')
  }

  /** Somebody on a list, as the gateway knows them. */
  protected listed({ account, ...contact }: MsnContact): ListedContact {
    return { address: { network: this.id, id: account }, ...contact }
  }

  /** Tells the gateway; resolves once it is safe there. */
  protected tell(event: NetworkEvent): Promise<void> {
    return this.#sink(event)
  }

  /** Tells the gateway something that nobody waits for. */
  protected mention(event: NetworkEvent): void {
    this.tell(event).catch((error: unknown) => this.log.warn({ err: error, event: event.kind }, 'an event could not be taken in'))
  }

  /** What a session in this chair tells us. */
  protected handlersFor(as: Address): Omit<SessionHandlers, 'onState' | 'onContacts'> {
    return {
      onMessage: (message) => this.#hear(as, message),
      onTyping: (account) => {
        const from = { network: this.id, id: account }
        this.mention({ kind: 'typing', conversation: { ...from, as }, from, typing: true })
      },
      onPresence: (presence) => this.#see(as, presence),
    }
  }

  async #hear(as: Address, incoming: IncomingMessage): Promise<void> {
    const { id, peer, from, fromName, own, message, receivedAt, sentAt = receivedAt } = incoming
    const content = readContent(message)
    if (!content) return
    if (peer === undefined) {
      this.log.warn({ account: as.id }, 'a message of a chat of three or more was not taken: such chats have no portal')
      throw new MessageRefused('a chat of three or more has no portal')
    }
    if (!own && this.sessions.get(addressKey(as))?.blocks(peer)) throw new MessageRefused(`${as.id} has blocked the sender`)
    const sender = own ? as : { network: this.id, id: from }
    const conversation = { network: this.id, id: peer, as }
    const named = fromName !== '' && fromName !== from ? { fromName } : {}
    await this.tell({ kind: 'message', id: id as RemoteId, conversation, from: sender, ...named, content, sentAt })
  }

  #see(as: Address, { account, name, status, message }: ContactPresence): void {
    const presence = message === '' ? { status } : { status, message }
    const named = name !== '' && name !== account ? { name } : {}
    this.mention({ kind: 'presence', of: { network: this.id, id: account }, seenBy: as, presence, ...named })
  }
}

/** How a session looks that nobody told anything. */
const undressed: Worn = { status: 'online', message: undefined }

/** Whoever is accepted comes on the list as well, so that we hear of them. */
const edits: Readonly<Record<ContactChange, (session: MsnSession, account: string) => Promise<void>>> = {
  add: (session, account) => session.addContact(account),
  remove: (session, account) => session.removeContact(account),
  accept: (session, account) => session.addContact(account),
  decline: (session, account) => session.decline(account),
  block: (session, account) => session.block(account),
  unblock: (session, account) => session.unblock(account),
}

/** Writes what a session says and hears to the log, where the log wants it. */
export function traceTo(log: Logger): { trace?: Trace } {
  return log.isLevelEnabled('trace') ? { trace: (role, lines) => log.trace({ connection: role }, lines) } : {}
}
