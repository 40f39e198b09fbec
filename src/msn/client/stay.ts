// One time signed in, from USR OK to the end of the connection: the list, how we are seen, the chats, and what was left for us.

import { randomUUID } from 'node:crypto'
import type { Timers } from '../../core/timers.ts'
import type { Ring } from '../dialect/board.ts'
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
import { ListKeeper } from './list-keeper.ts'
import type { SettledMail } from './mail.ts'
import { Mail } from './mail.ts'
import type { NotificationServer } from './notification.ts'
import type { Self } from './self.ts'
import type { IncomingMessage, SessionOptions } from './session-options.ts'
import type { Said } from './switchboard.ts'

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
export type Outcome = 'said' | 'stored'

/** From here on the contact services keep the list, and more than one place may use an account. */
const [firstWebList, firstPlaces] = [13, 16]

export class Stay {
  readonly server: NotificationServer
  readonly boards: Boards
  readonly list: ListKeeper
  readonly #options: StayOptions
  readonly #words: LeftWords
  readonly #beside: Beside
  readonly #mail: Mail | undefined

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
    this.list = new ListKeeper({ server, session, timers, book })
    this.#words = new LeftWords(server, web?.offline, () => self.name ?? account)
    this.#beside = new Beside({
      ...{ server, account, timers, log },
      nameOf: (handle) => book.find(handle)?.name ?? handle,
      said: (said) => this.#hear(said),
      typing: (who) => session.onTyping(keyOf(who)),
    })
    this.#mail = web?.offline && new Mail({ box: web.offline, timers, clock, log, settled, deliver: session.onMessage })
  }

  /** Somebody calls us. */
  ring(ring: Ring): void {
    void this.boards.answer(ring)
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
    const roster = await this.list.read()
    await this.#introduceOurselves(roster.properties.MFN ?? who.name)
    await self.introducePlace(server)
    await self.showPlace(server)
    await self.showMessage(server)
    await self.showStatus(server)
  }

  /** The server has forgotten what we said of the list, or of how we are seen. */
  again({ list, looks }: { readonly list: boolean; readonly looks: boolean }): void {
    const { server, self } = this.#options
    if (server.dialect < firstWebList) return
    if (list) this.#anew('the list', () => this.list.sayAgain())
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
  async send(to: string, payload: Uint8Array, called: () => void): Promise<Outcome> {
    const network = this.#networkOf(to)
    if (network !== undefined) {
      await this.#beside.say(to, network, payload)
      return 'said'
    }
    try {
      await this.boards.send(to, payload, called)
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
    this.list.end()
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
}
