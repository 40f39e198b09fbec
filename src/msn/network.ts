// The adapter between MSN and the gateway: what both faces have in common. A session per chair, messages in and out.

import type { Duplex } from 'node:stream'
import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Arrangement, ContactChange, ListedContact } from '../core/contact.ts'
import type { Attendance } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Parcel } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import { ContentRefused } from '../core/errors.ts'
import type { EventSink, NetworkEvent, RemoteId } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId } from '../core/login.ts'
import type { BeginsSeveral, EditsContactList, Face, HoldsSeveral, Network, Receipt, ShowsLooks } from '../core/network.ts'
import type { Look, Signal, Status } from '../core/signal.ts'
import type { Records, Step } from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import { systemTimers } from '../core/timers.ts'
import type { Phrase } from '../core/words.ts'
import type { Role, Trace } from './client/connection.ts'
import type { MsnContact } from './client/contact-book.ts'
import { ClientError, MessageRefused } from './client/errors.ts'
import type { ContactPresence, IncomingMessage, MsnSession, Place, SessionHandlers } from './client/session.ts'
import { withoutPlus } from './content/plus.ts'
import { readContent } from './content.ts'
import type { Talk } from './in-pieces.ts'
import { InPieces } from './in-pieces.ts'
import { arrangeList, editList } from './list-edits.ts'
import { Looks } from './looks.ts'
import { setbackOf } from './setback.ts'
import { isOfSeveral, SeveralChats } from './several.ts'
import { Typing } from './typing.ts'
import { Wardrobe } from './wardrobe.ts'

/** Opens a connection to a server, or to our own without a wire. */
export type Dial = (to: { readonly role: Role } & Place) => Promise<Duplex>

export interface MsnNetworkOptions {
  readonly id: NetworkId
  readonly log: Logger
  readonly clock: Clock
  readonly records: Records
  readonly timers?: Timers
}

export abstract class MsnNetwork implements Network, BeginsSeveral, EditsContactList, HoldsSeveral, ShowsLooks {
  abstract readonly face: Face
  readonly id: NetworkId
  protected readonly log: Logger
  protected readonly clock: Clock
  protected readonly sessions = new Map<string, MsnSession>()
  #sink: EventSink = async () => {}
  readonly #inPieces = new InPieces()
  readonly #looks: Looks
  readonly #wardrobe: Wardrobe
  readonly #typing: Typing
  readonly #several: SeveralChats

  /** `unknown` is how those look of whom nothing is known. */
  constructor({ id, log, clock, records, timers = systemTimers }: MsnNetworkOptions, unknown: Status) {
    this.id = id
    this.log = log.child({ network: id })
    this.clock = clock
    this.#looks = new Looks({ records, unknown, timers, clock, faded: (as) => this.#dressAgain(as) })
    this.#wardrobe = new Wardrobe(this.#looks)
    this.#typing = new Typing(timers)
    this.#several = new SeveralChats({ network: id, records, tell: (event) => this.tell(event) })
  }

  async start(sink: EventSink): Promise<void> {
    this.#sink = sink
  }

  async stop(): Promise<void> {
    this.#typing.stop()
    this.#looks.stop()
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
    const receipt: Receipt = { id: id as string as RemoteId }
    if (content.kind === 'attendance') {
      await this.#attend(as, conversation, content)
      return receipt
    }
    this.#typing.ended(as, conversation.id)
    const steps: Step[] = []
    const note = (phrase: Phrase) => steps.push({ at: this.clock(), phrase })
    const talk: Talk & Pick<Receipt, 'missed'> = isOfSeveral(conversation)
      ? await this.#talkToSeveral(as, conversation)
      : await this.#talkToOne(as, conversation, note)
    const kept = await this.#inPieces.say(id, content, talk)
    note(kept ? { key: 'msn.step-stored', params: { name: conversation.id } } : { key: 'msn.step-said' })
    return { ...receipt, steps, ...(kept && { kept }), ...(talk.missed && { missed: talk.missed }) }
  }

  async peopleIn(conversation: Conversation): Promise<readonly Address[] | undefined> {
    return isOfSeveral(conversation) ? this.#addresses(await this.#several.peopleIn(conversation.id)) : undefined
  }

  async begin(as: Address, people: readonly Address[]): Promise<Conversation & { readonly as: Address }> {
    const session = await this.sessionOf(as)
    const accounts = people.map(({ id }) => id)
    try {
      return { network: this.id, id: await this.#several.begin({ as, session, people: accounts }), as }
    } catch (error) {
      throw this.#setbackOfSeveral(error, as, { key: 'msn.nobody-came', params: { names: accounts.join(', ') } })
    }
  }

  async #talkToOne(as: Address, { id }: Conversation, note: (phrase: Phrase) => void): Promise<Talk> {
    const contact = { network: this.id, id }
    const session = await this.reach(as, contact)
    const called = () => note({ key: 'msn.step-called', params: { name: id } })
    return { say: (piece) => session.send(id, piece, called), setback: (error) => this.setbackOf(error, as, contact) }
  }

  /** Calls whoever belongs to a chat of several, where it is over. */
  async #talkToSeveral(as: Address, { id }: Conversation): Promise<Talk & Pick<Receipt, 'missed'>> {
    const session = await this.sessionOf(as)
    const names = (await this.#several.peopleIn(id)).join(', ')
    const setback = (error: unknown) => this.#setbackOfSeveral(error, as, { key: 'msn.nobody-came', params: { names } })
    try {
      const { board, absent } = await this.#several.gather({ id, as, session })
      const say = async (piece: Uint8Array) => {
        await session.sayOn(board, piece)
        return 'said' as const
      }
      return { say, setback, ...(absent.length > 0 && { missed: this.#addresses(absent) }) }
    } catch (error) {
      throw setback(error)
    }
  }

  /** We leave a chat of several, or ask one more person into it. Throws a DeliveryError. */
  async #attend(as: Address, { id }: Conversation, { change, who }: Attendance): Promise<void> {
    if (change === 'left') return this.#several.leave(id, this.sessions.get(addressKey(as)))
    const session = await this.sessionOf(as)
    try {
      const { board } = await this.#several.gather({ id, as, session }, who.id)
      await session.invite(board, who.id)
    } catch (error) {
      throw this.#setbackOfSeveral(error, as, { key: 'msn.did-not-come', params: { name: who.id } })
    }
  }

  /** Nobody is waited for: MSN keeps nothing for a chat of several. */
  #setbackOfSeveral(error: unknown, as: Address, nobody: Phrase): DeliveryError {
    const code = error instanceof ClientError ? error.code : undefined
    if (code === 'contact-offline') return new ContentRefused(nobody, { cause: error })
    if (code === 'not-delivered') return new ContentRefused({ key: 'msn.not-to-all' }, { cause: error })
    return this.setbackOf(error, as, as)
  }

  #addresses(accounts: readonly string[]): Address[] {
    return accounts.map((id) => ({ network: this.id, id }))
  }

  async contacts(as: Address): Promise<readonly ListedContact[]> {
    return (await this.sessionOf(as)).contacts.map((contact) => this.listed(contact))
  }

  async reread(as: Address): Promise<void> {
    const session = await this.sessionOf(as)
    try {
      await session.readListAgain()
    } catch (error) {
      throw this.setbackOf(error, as, as)
    }
  }

  async edit(as: Address, change: ContactChange, who: Address): Promise<void> {
    const session = await this.sessionOf(as)
    try {
      await editList(session, change, who.id)
    } catch (error) {
      throw this.setbackOf(error, as, who)
    }
  }

  async arrange(as: Address, arrangement: Arrangement): Promise<void> {
    const session = await this.sessionOf(as)
    try {
      await arrangeList(session, arrangement)
    } catch (error) {
      throw this.setbackOf(error, as, 'who' in arrangement ? arrangement.who : as)
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
    const { as } = signal
    switch (signal.kind) {
      case 'presence':
        this.#looks.seenAtHome(as, signal.presence)
        this.#dressAgain(as)
        break
      case 'activity':
        this.#looks.active(as).then(
          (counts) => counts && this.#dressAgain(as),
          (error: unknown) => this.log.debug({ err: error }, 'a status could not be found out'),
        )
        break
      case 'typing':
        if (signal.typing) this.#typing.began(as, signal.conversation.id, () => this.#showTyping(as, signal.conversation))
        else this.#typing.ended(as, signal.conversation.id)
        break
      case 'delivered':
      // MSN has nothing to show it by.
    }
  }

  #showTyping(as: Address, conversation: Conversation): void {
    const session = this.sessions.get(addressKey(as))
    const board = this.#several.boardOf(conversation.id)
    if (board !== undefined) session?.typingOn(board)
    else if (!isOfSeveral(conversation)) session?.typing(conversation.id)
  }

  /** Shows how somebody looks now, if they are signed in. */
  #dressAgain(as: Address): void {
    const session = this.sessions.get(addressKey(as))
    if (session) this.dressSoon(as, session)
  }

  /** The same, where nobody waits for it. */
  protected dressSoon(as: Address, session: MsnSession): void {
    this.dress(as, session).catch((error: unknown) => this.log.debug({ err: error }, 'a status could not be shown'))
  }

  /** Makes a session look as it should, now or when it signs in. Rejects with a ClientError. */
  protected dress(as: Address, session: MsnSession): Promise<void> {
    return this.#wardrobe.dress(as, session)
  }

  /** Somebody on a list, as the gateway knows them. */
  protected listed({ account, name, ...contact }: MsnContact): ListedContact {
    return { address: { network: this.id, id: account }, name: withoutPlus(name) || account, ...contact }
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
      onTyping: (account, board) => {
        const id = board === undefined ? account : this.#several.idOn(board)
        if (id === undefined) return
        const from = { network: this.id, id: account }
        this.mention({ kind: 'typing', conversation: { network: this.id, id, as }, from, typing: true })
      },
      onPeople: (board, people) => this.#several.changed(board, people),
      onPresence: (presence) => this.#see(as, presence),
    }
  }

  async #hear(as: Address, incoming: IncomingMessage): Promise<void> {
    const { id, peer, board, participants, from, fromName, own, message, receivedAt, sentAt = receivedAt } = incoming
    const content = readContent(message)
    if (!content) return
    if (!own && this.sessions.get(addressKey(as))?.blocks(from)) throw new MessageRefused(`${as.id} has blocked the sender`)
    const chat = board === undefined ? peer : await this.#several.heardOn(board, as, participants)
    if (chat === undefined) throw new MessageRefused('it was said to nobody')
    const sender = own ? as : { network: this.id, id: from }
    const conversation = { network: this.id, id: chat, as }
    const called = withoutPlus(fromName)
    const named = called !== '' && called !== from ? { fromName: called } : {}
    await this.tell({ kind: 'message', id: id as RemoteId, conversation, from: sender, ...named, content, sentAt })
  }

  #see(as: Address, { account, name, status, message }: ContactPresence): void {
    const words = withoutPlus(message)
    const presence = words === '' ? { status } : { status, message: words }
    const called = withoutPlus(name)
    const named = called !== '' && called !== account ? { name: called } : {}
    this.mention({ kind: 'presence', of: { network: this.id, id: account }, seenBy: as, presence, ...named })
  }
}

/** Writes what a session says and hears to the log, where the log wants it. */
export function traceTo(log: Logger): { trace?: Trace } {
  return log.isLevelEnabled('trace') ? { trace: (role, lines) => log.trace({ connection: role }, lines) } : {}
}
