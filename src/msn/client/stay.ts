// One time signed in, from USR OK to the end of the connection: the list, how we are seen, the chats, and what was left for us.

import { randomUUID } from 'node:crypto'
import type { Ring } from '../dialect/board.ts'
import type { Addition, Removal } from '../dialect/edits.ts'
import type { Roster } from '../model/contact-list.ts'
import type { Command } from '../wire/command.ts'
import type { MimeMessage } from '../wire/mime.ts'
import { formatMime } from '../wire/mime.ts'
import { Beside } from './beside.ts'
import { Boards } from './boards.ts'
import type { ContactBook } from './contact-book.ts'
import type { Dialler } from './dialler.ts'
import { placeOf } from './dialler.ts'
import type { Entered } from './entrance.ts'
import { ClientError } from './errors.ts'
import { keyOf } from './handle.ts'
import { LeftWords } from './left-words.ts'
import type { ListTold } from './list-edits.ts'
import { ListEdits } from './list-edits.ts'
import type { SettledMail } from './mail.ts'
import { Mail } from './mail.ts'
import type { NotificationServer } from './notification.ts'
import { Refetch } from './refetch.ts'
import type { Self } from './self.ts'
import type { IncomingMessage, SessionOptions } from './session-options.ts'
import type { Said } from './switchboard.ts'
import type { Timers } from './timers.ts'
import { WebSteps } from './web-steps.ts'
import { tellList, tellWholeList } from './whole-list.ts'
import { WireSteps } from './wire-steps.ts'

export interface StayOptions extends Entered {
  readonly session: SessionOptions
  readonly timers: Timers
  readonly dialler: Dialler
  readonly book: ContactBook
  readonly self: Self
  readonly endpoint: string
  readonly settled: SettledMail
}

/** What became of something that we said: it was delivered, or the server keeps it for the contact. */
export type Fate = 'said' | 'stored'

/** From here on the contact services keep the list, and more than one place may use an account. */
const [firstWebList, firstPlaces] = [13, 16]
/** Before it nobody is on PL. */
const firstPending = 10
/** Who may add us between two readings of the list, and be told with what they wrote. */
const mostAsking = 1000

export class Stay {
  readonly server: NotificationServer
  readonly boards: Boards
  readonly edits: ListEdits
  readonly #options: StayOptions
  readonly #words: LeftWords
  readonly #beside: Beside
  readonly #mail: Mail | undefined
  readonly #refetch: Refetch
  /** Who added us just now, by key. */
  readonly #asking = new Map<string, Addition>()

  constructor(options: StayOptions) {
    const { server, session, timers, dialler, book, self, endpoint, settled } = options
    const { account, log, clock, web } = session
    this.#options = options
    this.server = server
    const seat = server.dialect >= firstPlaces ? `${account};${endpoint}` : account
    this.boards = new Boards({
      account,
      seat,
      hosted: session.hosted ?? false,
      timers,
      log,
      request: () => server.requestBoard(),
      dial: (address) => dialler.dial('SB', placeOf(address), server.dialect),
      said: (said) => this.#hear(said),
      typing: (who, board) => session.onTyping(keyOf(who), board),
      people: async (board, participants) => session.onPeople?.(board, participants.map(keyOf)),
    })
    const told: ListTold = {
      added: (addition) => this.#tell(book.add(addition)),
      removed: (removal) => this.#tell(book.remove(removal)),
    }
    const steps =
      server.dialect >= firstWebList && web?.book ? new WebSteps(server, web.book, book, told) : new WireSteps(server, book, told)
    this.edits = new ListEdits(steps, book)
    this.#words = new LeftWords(server, web?.offline, () => self.name ?? account)
    this.#beside = new Beside({
      ...{ server, account, timers, log },
      nameOf: (handle) => book.find(handle)?.name ?? handle,
      said: (said) => this.#hear(said),
      typing: (who) => session.onTyping(keyOf(who)),
    })
    this.#mail = web?.offline && new Mail({ box: web.offline, timers, clock, log, settled, deliver: session.onMessage })
    this.#refetch = new Refetch({
      ...{ timers, log },
      fetch: () => this.#fetchRoster(),
      take: (roster) => this.#take(roster),
      done: () => this.#tellWhoAsks(),
    })
  }

  /** Somebody calls us. */
  ring(ring: Ring): void {
    void this.boards.answer(ring)
  }

  /** Somebody else added us, or we ourselves somebody, with another client. */
  added(addition: Addition): void {
    const { handle = '' } = addition
    const isNews = addition.list === 'RL' && !this.#hasUs(handle)
    if (!isNews || this.server.dialect < firstWebList || this.#asking.size >= mostAsking) {
      this.#tell(this.#options.book.addedUs(addition))
      return
    }
    // What they wrote stands in the list alone: it is read again first.
    this.#asking.set(keyOf(handle), addition)
    this.#refetch.now()
  }

  removed(removal: Removal): void {
    this.#asking.delete(keyOf(removal.handle ?? ''))
    this.#tell(this.#options.book.remove(removal))
  }

  listChanged(): void {
    if (this.server.dialect >= firstWebList) this.#refetch.soon()
  }

  /** The server writes to us. */
  notice(message: MimeMessage): void {
    this.#mail?.notice(message)
  }

  /** Somebody writes to us past the boards. */
  beside(command: Command): void {
    this.#beside.hear(command)
  }

  /**
   * The list, the name, the status: after that we are seen. At MSNP18 clients of old also sent `USR SHA`, to open their circles; of those we know
   * none, and servers ask for it only from who has some (msnp-core.md 3.21). Rejects with a ClientError.
   */
  async settleIn(): Promise<void> {
    const { server, self, who } = this.#options
    const roster = await this.#fetchRoster()
    this.#take(roster)
    if (server.dialect >= firstWebList) await tellWholeList(server, roster)
    await this.#introduceOurselves(roster.properties.MFN ?? who.name)
    await self.introducePlace(server)
    await self.showPlace(server)
    await self.showMessage(server)
    await self.showStatus(server)
  }

  /** The server has forgotten what we said of the list, or of how we are seen. */
  again({ list, looks }: { readonly list: boolean; readonly looks: boolean }): void {
    const { server, self, book } = this.#options
    if (server.dialect < firstWebList) return
    if (list) this.#anew('the list', () => tellList(server, book.entries))
    if (!looks) return
    this.#anew('how we are seen', async () => {
      await self.introducePlace(server)
      await self.showPlace(server)
      await self.showMessage(server)
    })
  }

  /** The server told late that we are seen otherwise at another place, or changed our status: we show the same here. */
  showAgain(how: 'all' | 'place'): void {
    const { server, self } = this.#options
    this.#anew('the status', () => (how === 'all' ? this.showStatus() : self.showPlace(server)))
  }

  /** Shows our status, to others and at our other places. Rejects with a ClientError. */
  async showStatus(): Promise<void> {
    const { server, self } = this.#options
    await self.showStatus(server)
    await self.showPlace(server)
  }

  /** Shows our personal message. Rejects with a ClientError. */
  async showMessage(): Promise<void> {
    await this.#options.self.showMessage(this.server)
  }

  /** Shows our name and, from MSNP13 on, has the contact services keep it: they tell it at the next sign-in. Rejects with a ClientError. */
  async showName(): Promise<void> {
    const { server, self, session } = this.#options
    await self.showName(server)
    if (server.dialect >= firstWebList && self.name !== undefined) await session.web?.book?.renameSelf(self.name)
  }

  /** Says something to a contact, or leaves it for them. Rejects with a ClientError. */
  async send(to: string, payload: Uint8Array): Promise<Fate> {
    const network = this.#networkOf(to)
    if (network !== undefined) {
      await this.#beside.say(to, network, payload)
      return 'said'
    }
    try {
      await this.boards.send(to, payload)
      return 'said'
    } catch (error) {
      const isAway = error instanceof ClientError && error.code === 'contact-offline'
      if (!isAway || !this.#words.takes(payload)) throw error
      await this.#words.leave(to, payload)
      return 'stored'
    }
  }

  /** Shows a contact that we write, where a switchboard is open. */
  typing(to: string): void {
    const network = this.#networkOf(to)
    if (network === undefined) this.boards.mention(to, this.#typing)
    else this.#beside.say(to, network, this.#typing).catch(() => {})
  }

  /** Shows a chat of several that we write. */
  typingOn(board: string): void {
    this.boards.mentionOn(board, this.#typing)
  }

  /** Leaves everything but the connection itself. Resolves when everything heard is safe, or known not to be, or after 8 s. */
  async end(): Promise<void> {
    this.#refetch.end()
    await Promise.all([this.boards.close(), this.#beside.end(), this.#mail?.end()])
  }

  /** Where somebody is not on MSN itself, the number of their network: they come on no board. */
  #networkOf(handle: string): number | undefined {
    return this.#options.book.find(handle)?.network
  }

  get #typing(): Uint8Array {
    const headers = [
      ['MIME-Version', '1.0'],
      ['Content-Type', 'text/x-msmsgscontrol'],
      ['TypingUser', this.#options.session.account],
    ] as const
    return formatMime(headers, '\r\n')
  }

  /** Says something that nobody waits for: what the server does not take now is said with the next sign-in. */
  #anew(what: string, say: () => Promise<void>): void {
    say().catch((error: unknown) => {
      const { log } = this.#options.session
      log.info({ error: error instanceof Error ? error.message : '' }, `msn: the server did not take ${what} again`)
    })
  }

  #fetchRoster(): Promise<Roster> {
    const web = this.#options.session.web?.book
    return this.server.dialect >= firstWebList && web ? web.fetch() : this.server.fetchRoster()
  }

  /** Whoever added us and is not on the list that was read is told all the same, without what they wrote. */
  #tellWhoAsks(): void {
    const { book } = this.#options
    for (const [key, addition] of this.#asking) if (!this.#hasUs(key)) this.#tell(book.addedUs(addition))
    this.#asking.clear()
  }

  #hasUs(handle: string): boolean {
    const { book } = this.#options
    return book.isOn(handle, 'RL') || book.isOn(handle, 'PL')
  }

  #take(roster: Roster): void {
    const { book, session } = this.#options
    book.replace(roster, this.server.dialect >= firstPending)
    session.onContacts(true, book.contacts)
  }

  /**
   * From MSNP13 on the server hears our name from us alone. One that does not take our name still takes us: an unverified account may not
   * change its own.
   */
  async #introduceOurselves(known: string | undefined): Promise<void> {
    const { server, self, session } = this.#options
    const { account, log } = session
    self.heardName = known
    if (self.name === undefined || (server.dialect < firstWebList && self.name === known)) return
    try {
      await (self.name === known ? self.showName(server) : this.showName())
    } catch (error) {
      if (!(error instanceof ClientError) || error.code === 'connection-lost') throw error
      log.info({ account, error: error.message }, 'msn: the server did not take our name')
    }
  }

  /** What somebody left while we were away comes before what they say now. */
  async #hear(said: Said): Promise<void> {
    const message = this.#messageOf(said)
    if (!said.own) await this.#mail?.before(said.from)
    await this.#options.session.onMessage(message)
  }

  #messageOf({ from, fromName, message, participants, chat, own }: Said): IncomingMessage {
    return {
      id: randomUUID(),
      ...('peer' in chat ? { peer: keyOf(chat.peer) } : chat),
      participants: participants.map(keyOf),
      from: keyOf(from),
      fromName,
      ...(own && { own }),
      message,
      receivedAt: this.#options.session.clock(),
    }
  }

  #tell(contact: ReturnType<ContactBook['add']>): void {
    if (contact) this.#options.session.onContacts(false, [contact])
  }
}
