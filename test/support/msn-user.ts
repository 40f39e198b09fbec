// A person at an MSN client: our own client library over real TCP, signed in with a password like any vintage client.

import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { wordsOf } from '../../src/core/content.ts'
import { silent } from '../../src/core/log.ts'
import type { LoginState } from '../../src/core/login.ts'
import { Secret } from '../../src/core/secret.ts'
import type { Status } from '../../src/core/signal.ts'
import { passportSignIn } from '../../src/msn/client/passport.ts'
import type { ContactPresence, Place } from '../../src/msn/client/session.ts'
import { MsnSession } from '../../src/msn/client/session.ts'
import { webCaller } from '../../src/msn/client/web/call.ts'
import { readContent, writeContent } from '../../src/msn/content.ts'
import type { MimeHeaders } from '../../src/msn/wire/mime.ts'
import { formatMime, headerOf } from '../../src/msn/wire/mime.ts'

interface Account {
  readonly account: string
  readonly password: string
  /** Where the notification server is. */
  readonly server: Place
  /** Where the web pages of the server are, the sign-in among them. */
  readonly http: string
  readonly name?: string
  readonly dialects?: readonly number[]
  /** Told of every ticket that the sign-in page gives. */
  readonly onTicket?: (ticket: string) => void
}

/** Something that was said to this person. */
export interface Heard {
  readonly from: string
  /** What the sender is called. */
  readonly fromName: string
  /** The chat of several in which it was said. */
  readonly board?: string
  readonly text: string
  /** The words as they came, before we made anything of them. */
  readonly raw: string
  /** The look of the message as it came: `FN=…; EF=…`. */
  readonly look: string
}

export class MsnUser {
  readonly account: string
  readonly heard: Heard[] = []
  readonly presences: ContactPresence[] = []
  readonly typists: string[] = []
  readonly #session: MsnSession
  readonly #watchers = new Set<() => void>()
  #insisting: Promise<void> | undefined
  #leaving = false

  constructor({ account, password, server, http, name, dialects = [12, 11, 10, 9, 8], onTicket }: Account) {
    const obtain = passportSignIn({ nexus: `${http}/rdr/pprdr.asp` }, webCaller(fetch))
    this.account = account
    this.#session = new MsnSession({
      account,
      credential: {
        kind: 'password',
        password: new Secret(password),
        signIn: async (question) => {
          const ticket = await obtain(question)
          onTicket?.(ticket.reveal())
          return ticket
        },
      },
      dial: async ({ host, port }) => {
        const socket = connect({ host, port, noDelay: true })
        await new Promise<void>((resolve, reject) => {
          socket.once('connect', () => resolve())
          socket.once('error', reject)
        })
        return socket
      },
      server,
      dialects: [...dialects] as never,
      ...(name !== undefined && { name }),
      log: silent,
      clock: Date.now,
      onMessage: async ({ from, fromName, board, message }) => {
        const content = readContent(message)
        this.#note(() =>
          this.heard.push({
            from,
            fromName,
            ...(board !== undefined && { board }),
            text: content?.kind === 'text' || content?.kind === 'action' ? wordsOf(content) : (content?.kind ?? ''),
            raw: Buffer.from(message.body).toString(),
            look: headerOf(message.headers, 'X-MMS-IM-Format') ?? '',
          }),
        )
      },
      onTyping: (account) => this.#note(() => this.typists.push(account)),
      onPresence: (presence) => this.#note(() => this.presences.push(presence)),
      onContacts: () => this.#note(() => {}),
      onState: () => this.#note(() => {}),
    })
  }

  get state(): LoginState {
    return this.#session.state
  }

  get contacts() {
    return this.#session.contacts
  }

  /** Signs in; rejects when that does not end well. */
  async signsIn(): Promise<void> {
    const state = await this.#session.connect()
    if (state !== 'online') throw new Error(`${this.account} could not sign in: ${state}`)
  }

  async signsOut(): Promise<void> {
    this.#note(() => {
      this.#leaving = true
    })
    await this.#insisting
    await this.#session.close()
  }

  /** From now on, also after a `signsOut`, signs in whenever there is no connection, at once and until it works, as somebody without patience. */
  insists(): void {
    this.#leaving = false
    this.#insisting ??= this.#insist()
  }

  async #insist(): Promise<void> {
    const forEver = 2 ** 31 - 1
    while (!this.#leaving) {
      await this.sees('a reason to sign in', () => this.#leaving || this.state !== 'online' || undefined, forEver)
      if (this.#leaving) return
      // A session that is closed and opened forgets how long it wanted to wait.
      await this.#session.close()
      if ((await this.#session.connect()) !== 'online') await pause(50)
    }
  }

  async adds(account: string): Promise<void> {
    await this.#session.addContact(account)
  }

  /** Is seen so from now on. */
  async shows(status: Status, message?: string): Promise<void> {
    await this.#session.setStatus(status)
    if (message !== undefined) await this.#session.setPersonal(message)
  }

  /** Waits until somebody is seen so, with this personal message where one is given. */
  async seesPresence(account: string, status: Status, message?: string): Promise<void> {
    await this.sees(`${account} ${status} ${message ?? ''}`, () => {
      const seen = this.presences.findLast((presence) => presence.account === account)
      return (seen?.status === status && (message === undefined || seen.message === message)) || undefined
    })
  }

  /** Writes a personal message. */
  async saysOfThemselves(message: string): Promise<void> {
    await this.#session.setPersonal(message)
  }

  /** Takes another name. */
  async isCalled(name: string): Promise<void> {
    await this.#session.setName(name)
  }

  types(to: string): void {
    this.#session.typing(to)
  }

  /** Writes to somebody; resolves on the server's ACK. */
  async says(to: string, text: string): Promise<void> {
    for (const payload of writeContent({ kind: 'text', runs: [{ text }] }, 'en')) await this.#session.send(to, payload)
  }

  /** Sends a message as it stands; resolves on the server's ACK. */
  async sends(to: string, headers: MimeHeaders, body: string): Promise<void> {
    await this.#session.send(to, formatMime([['MIME-Version', '1.0'], ...headers], body))
  }

  /** Begins a chat with several people, under an id of their own. */
  async gathers(board: string, ...accounts: string[]): Promise<void> {
    const absent = await this.#session.gather(board, accounts)
    if (absent.length > 0) throw new Error(`${absent} did not come`)
  }

  /** Writes to everybody in a chat of several. */
  async saysOn(board: string, text: string): Promise<void> {
    for (const payload of writeContent({ kind: 'text', runs: [{ text }] }, 'en')) await this.#session.sayOn(board, payload)
  }

  typesOn(board: string): void {
    this.#session.typingOn(board)
  }

  leaves(board: string): void {
    this.#session.leaveBoard(board)
  }

  /** Waits for words that hold this text. */
  hears(text: string, patience = 90_000): Promise<Heard> {
    return this.sees(`"${text}"`, () => this.heard.find((heard) => heard.text.includes(text)), patience)
  }

  /** Waits until something can be found. Rejects after a while, saying what was waited for. */
  async sees<Found>(what: string, find: () => Found | undefined, patience = 90_000): Promise<Found> {
    const late = AbortSignal.timeout(patience)
    for (;;) {
      const found = find()
      if (found !== undefined) return found
      if (late.aborted) throw new Error(`${this.account} waited in vain for ${what}`)
      await new Promise<void>((resolve) => {
        const done = () => {
          this.#watchers.delete(done)
          late.removeEventListener('abort', done)
          resolve()
        }
        this.#watchers.add(done)
        late.addEventListener('abort', done)
      })
    }
  }

  #note(change: () => void): void {
    change()
    for (const watcher of [...this.#watchers]) watcher()
  }
}
