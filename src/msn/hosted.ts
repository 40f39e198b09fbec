// Our own MSN server, seen from the gateway: people from elsewhere are on it as themselves. We sign them in, without a wire and without a
// password, when somebody calls them or when they first have something to say; to the server they are clients like all others.

import { randomUUID } from 'node:crypto'
import type { Address } from '../core/address.ts'
import { addressKey, sameAddress } from '../core/address.ts'
import { isAsking } from '../core/contact.ts'
import type { DeliveryError } from '../core/errors.ts'
import { Absent, NetworkUnreachable } from '../core/errors.ts'
import type { RemoteId } from '../core/event.ts'
import type { Ghost, Picture, PictureRef } from '../core/ghost.ts'
import type { HasPictures, HostsPeople, IntroducesGhosts } from '../core/network.ts'
import { Secret } from '../core/secret.ts'
import type { HostedAddresses } from './address.ts'
import type { MsnContact } from './client/contact-book.ts'
import { MsnSession } from './client/session.ts'
import { readContent } from './content.ts'
import type { Dial, MsnNetworkOptions } from './network.ts'
import { MsnNetwork } from './network.ts'

interface HostedOptions extends MsnNetworkOptions {
  readonly addresses: HostedAddresses
  /** A ticket, good once, that signs an address in under a name. */
  readonly ticketFor: (address: string, name: string) => Promise<string>
  /** What somebody wrote when they put one of us on their list. */
  readonly invitationTo: (address: string, from: string) => Promise<string | undefined>
  /** What the picture is called that somebody on our server shows, and the bytes of one. */
  readonly pictureOf: (account: string) => Promise<string | undefined>
  readonly pictureAt: (name: string) => Promise<Picture | undefined>
  readonly dial: Dial
  /** Whether somebody from elsewhere may be on our server. */
  readonly permits: (person: Address) => boolean
  /** Whether an admin shut somebody out, so that they are not signed in. */
  readonly isShutOut: (person: Address) => Promise<boolean>
}

/** The dialect that our own client and our own server speak with each other. */
const ownDialect = 12

export class HostedMsn extends MsnNetwork implements IntroducesGhosts, HasPictures, HostsPeople {
  readonly face = 'hosted'
  readonly #options: HostedOptions
  readonly #names = new Map<string, string>()
  /** Whose picture was told since the start. */
  readonly #pictured = new Set<string>()
  #stopped = false

  constructor(options: HostedOptions) {
    super(options, 'away')
    this.#options = options
  }

  ghostOf(person: Address): Address | undefined {
    return this.#options.permits(person) ? this.#options.addresses.of(person) : undefined
  }

  behind(address: Address): Address | undefined {
    return this.#options.addresses.behind(address)
  }

  async connect(): Promise<void> {
    throw new Error(`nobody signs in to ${this.id} with an account of their own: people are hosted there`)
  }

  async disconnect(): Promise<void> {}

  override async stop(): Promise<void> {
    this.#stopped = true
    await super.stop()
  }

  /** Signs somebody in under their name, so that they can be called. */
  async introduce({ of, name }: Ghost): Promise<void> {
    const as = this.ghostOf(of)
    if (!as) return
    const known = this.#names.get(addressKey(as))
    this.#names.set(addressKey(as), name)
    if (!(await this.#mayBeHere(as))) return
    const session = await this.#signedIn(as)
    if (known === name) return
    try {
      await session.setName(name)
    } catch (error) {
      throw this.setbackOf(error, as, as)
    }
  }

  async isIntroduced(of: Address): Promise<boolean> {
    const as = this.ghostOf(of)
    return as !== undefined && this.sessions.has(addressKey(as))
  }

  /** Signs in whoever an address stands for, because somebody called them. False when it stands for nobody. */
  async summon(address: string): Promise<boolean> {
    const as = { network: this.id, id: address }
    if (!this.welcomes(address) || !(await this.#mayBeHere(as))) return false
    try {
      await this.#signedIn(as)
      return true
    } catch (error) {
      this.log.warn({ err: error, account: address }, 'somebody was called and could not be signed in')
      return false
    }
  }

  async signOut(person: Address): Promise<void> {
    const as = this.ghostOf(person)
    const session = as && this.sessions.get(addressKey(as))
    if (!session) return
    this.sessions.delete(addressKey(as))
    await session.close()
  }

  /** Whether an address stands for somebody who may be here. */
  welcomes(address: string): boolean {
    const person = this.behind({ network: this.id, id: address })
    return person !== undefined && this.#options.permits(person)
  }

  /** Hands on what a client left for somebody as an offline message; resolves with true once it is safe, and false when it cannot be carried on. */
  async leave(to: string, from: string, fromName: string, text: string): Promise<boolean> {
    const headers = [['Content-Type', 'text/plain; charset=UTF-8']] as const
    const content = readContent({ headers, body: Buffer.from(text) })
    if (!content || !this.welcomes(to)) return false
    const as = { network: this.id, id: to }
    const sender = { network: this.id, id: from }
    const conversation = { ...sender, as }
    const named = fromName !== '' && fromName !== from ? { fromName } : {}
    const id = randomUUID() as string as RemoteId
    await this.tell({ kind: 'message', id, conversation, from: sender, ...named, content, sentAt: this.clock() })
    return true
  }

  /** Somebody on our server shows another picture, or none any more. */
  pictured(account: string): void {
    this.#pictured.add(account)
    this.#tellPicture(account).catch((error: unknown) => this.log.warn({ err: error, account }, 'a picture could not be told'))
  }

  async picture(_of: Address, { ref }: PictureRef): Promise<Picture | undefined> {
    return this.#options.pictureAt(ref)
  }

  /** A picture may have changed while we were not there, so it is told when its owner is first seen. */
  protected override handlersFor(as: Address): ReturnType<MsnNetwork['handlersFor']> {
    const handlers = super.handlersFor(as)
    return {
      ...handlers,
      onPresence: (presence) => {
        handlers.onPresence(presence)
        if (presence.status !== 'offline' && !this.#pictured.has(presence.account)) this.pictured(presence.account)
      },
    }
  }

  async #tellPicture(account: string): Promise<void> {
    const name = await this.#options.pictureOf(account)
    const of = { network: this.id, id: account }
    await this.tell({ kind: 'picture', of, ...(name !== undefined && { picture: { hash: name, ref: name } }) })
  }

  protected sessionOf(as: Address): Promise<MsnSession> {
    return this.#signedIn(as)
  }

  /** Online, and with the contact on their list, whose return we hear of in this way. */
  protected override async reach(as: Address, contact: Address): Promise<MsnSession> {
    const session = await this.#signedIn(as)
    if (session.watches(contact.id)) return session
    try {
      await session.addContact(contact.id)
      return session
    } catch (error) {
      throw this.setbackOf(error, as, contact)
    }
  }

  protected override setbackOf(error: unknown, as: Address, contact: Address): DeliveryError {
    const setback = super.setbackOf(error, as, contact)
    return setback instanceof Absent && sameAddress(setback.until, as) ? notYet(as, error) : setback
  }

  async #signedIn(as: Address): Promise<MsnSession> {
    if (this.#stopped) throw new NetworkUnreachable({ detail: 'our own server is stopping' })
    if (!(await this.#mayBeHere(as))) throw new Absent(as, { key: 'command.not-for-you' })
    const session = this.sessions.get(addressKey(as)) ?? this.#seat(as)
    if (session.state !== 'online') await this.dress(as, session)
    if ((await session.connect()) !== 'online') throw notYet(as)
    return session
  }

  /** Whoever is shut out is signed out by then, so that it is asked only of those who are not there. */
  async #mayBeHere(as: Address): Promise<boolean> {
    const person = this.behind(as)
    return this.sessions.has(addressKey(as)) || (person !== undefined && !(await this.#options.isShutOut(person)))
  }

  /** They ask until they are answered; what is told twice is no news. */
  async #tellWhoAsks(as: Address, contacts: readonly MsnContact[]): Promise<void> {
    for (const contact of contacts) {
      if (!isAsking(contact)) continue
      const { address, name } = this.listed(contact)
      const named = name !== '' && name !== address.id ? { byName: name } : {}
      const text = await this.#options.invitationTo(as.id, address.id)
      this.mention({ kind: 'asked', by: address, ...named, ...(text !== undefined && { text }), of: as })
    }
  }

  /** What somebody is called: what we were told, or their name at home. */
  #nameOf(as: Address): string {
    return this.#names.get(addressKey(as)) ?? this.behind(as)?.id ?? as.id
  }

  #seat(as: Address): MsnSession {
    const { ticketFor, dial } = this.#options
    const log = this.log.child({ login: as.id })
    let isRead = false
    const session: MsnSession = new MsnSession({
      ...this.handlersFor(as),
      account: as.id,
      name: this.#nameOf(as),
      credential: { kind: 'ticket', ticket: async () => new Secret(await ticketFor(as.id, this.#nameOf(as))) },
      dial,
      server: { host: 'localhost', port: 1863 },
      dialects: [ownDialect],
      hosted: true,
      log,
      clock: this.clock,
      onContacts: (_, contacts) => {
        if (isRead) this.mention({ kind: 'list', of: as })
        isRead = true
        this.#tellWhoAsks(as, contacts).catch((error: unknown) => log.warn({ err: error }, 'who asks could not be told'))
      },
      onState: (state) => {
        log.debug({ state }, 'somebody hosted here changed their state')
        if (state === 'online') this.dressSoon(as, session)
      },
    })
    this.sessions.set(addressKey(as), session)
    return session
  }
}

/** Our own server is there or comes back, and nobody but us signs anybody in: so we try again, and nobody's return is waited for. */
function notYet(as: Address, cause?: unknown): NetworkUnreachable {
  return new NetworkUnreachable({ cause, detail: `${as.id} is not signed in to our own server yet` })
}
