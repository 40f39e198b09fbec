// An MSN network out there: users lend us their accounts, and we sign in for them.

import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Contact } from '../core/contact.ts'
import type { Credentials, Login, LoginId } from '../core/login.ts'
import type { Secret } from '../core/secret.ts'
import type { MsnContact } from './client/contact-book.ts'
import { MsnSession } from './client/session.ts'
import type { NetworkWeb } from './client/web/services.ts'
import type { LinkedConfig } from './config.ts'
import type { Dial, MsnNetworkOptions } from './network.ts'
import { MsnNetwork, traceTo } from './network.ts'
import { notSignedIn } from './setback.ts'

interface LinkedOptions extends MsnNetworkOptions {
  readonly config: LinkedConfig
  readonly dial: Dial
  /** Makes a ticket of a password, as this network does. */
  readonly signIn: NetworkWeb['signIn']
  /** What the network has on the web for an account; absent: nothing, and no dialect that needs it. */
  readonly servicesFor?: NetworkWeb['servicesFor']
}

export class LinkedMsn extends MsnNetwork {
  readonly face = 'linked'
  readonly #options: LinkedOptions
  readonly #addresses = new Map<LoginId, Address>()

  constructor(options: LinkedOptions) {
    super(options, 'online')
    this.#options = options
  }

  /** We own no accounts on a server that is not ours. */
  ghostOf(): undefined {
    return undefined
  }

  behind(): undefined {
    return undefined
  }

  async connect(login: Login, { password }: Credentials): Promise<void> {
    const before = this.disconnect(login.id)
    const session = this.#seat(login, password)
    await before
    await this.dress(login.address, session)
    // Meanwhile the login may have been signed out, or signed in once more.
    if (this.#isSeated(login, session)) void session.connect()
  }

  async disconnect(id: LoginId): Promise<void> {
    const address = this.#addresses.get(id)
    if (!address) return
    const session = this.sessions.get(addressKey(address))
    this.#addresses.delete(id)
    this.sessions.delete(addressKey(address))
    await session?.close()
  }

  protected async sessionOf(as: Address): Promise<MsnSession> {
    const session = this.sessions.get(addressKey(as))
    if (session?.state !== 'online') throw notSignedIn(as)
    return session
  }

  /** A session for a login. What it tells counts only while it is the login's own: that we sign out is no news to the gateway. */
  #seat(login: Login, password: Secret): MsnSession {
    const { config, dial, signIn, servicesFor } = this.#options
    const log = this.log.child({ login: login.id })
    const session = new MsnSession({
      ...this.handlersFor(login.address),
      account: login.address.id,
      credential: { kind: 'password', password, signIn },
      dial,
      server: { host: config.host, port: config.port },
      dialects: config.dialects,
      ...(servicesFor && { web: servicesFor(login.address.id, password) }),
      installation: login.id,
      log,
      clock: this.clock,
      ...traceTo(log),
      onContacts: (whole, contacts) => {
        const list = contacts.map((contact) => this.#contactOf(login.id, contact))
        if (this.#isSeated(login, session)) this.mention({ kind: 'contacts', login: login.id, whole, contacts: list })
      },
      onState: (state, reason) => {
        if (!this.#isSeated(login, session)) return
        if (state === 'online') this.dressSoon(login.address, session)
        this.mention({ kind: 'login-state', login: login.id, state, ...(reason && { reason }) })
      },
    })
    this.#addresses.set(login.id, login.address)
    this.sessions.set(addressKey(login.address), session)
    return session
  }

  #isSeated({ address }: Login, session: MsnSession): boolean {
    return this.sessions.get(addressKey(address)) === session
  }

  #contactOf(login: LoginId, contact: MsnContact): Contact {
    return { login, ...this.listed(contact) }
  }
}
