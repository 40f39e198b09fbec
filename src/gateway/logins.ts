// Logins: signed in at the start, watched, and their users told.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import { isAsking, isFriend } from '../core/contact.ts'
import type { ContactEvent, LoginStateEvent } from '../core/event.ts'
import { InOrder } from '../core/in-order.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId, LoginState } from '../core/login.ts'
import { isUnderWay, wantsToBeOnline } from '../core/login.ts'
import { hostsPeople } from '../core/network.ts'
import type { Contacts, Logins as LoginStore, Outbox, Users } from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import { pause } from '../core/timers.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Ghosts } from './ghosts.ts'
import type { Levels } from './levels.ts'
import { LoginNews } from './login-news.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'
import { withWords } from './requests.ts'
import type { Shelves } from './shelves.ts'

const day = 24 * 60 * 60_000

/** After a restart one login after another is signed in, so far apart on the average, in milliseconds. */
const spacing = 250

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly levels: Levels
  readonly logins: LoginStore
  readonly contacts: Contacts
  readonly ghosts: Ghosts
  readonly shelves: Shelves
  readonly notices: Notices
  readonly outbox: Outbox
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

export class Logins {
  readonly #parts: Parts
  readonly #news: LoginNews
  /** Logins that were signed in since the restart. */
  readonly #begun = new Set<LoginId>()
  /** What is heard and told of each login, one after another. */
  readonly #inOrder = new InOrder()
  #isStopped = false

  constructor(parts: Parts) {
    this.#parts = parts
    this.#news = new LoginNews({ ...parts, inOrder: this.#inOrder })
  }

  /** Links an account: seals the credentials, then signs in. Undefined when another user has it. */
  async link(user: User, address: Address, credentials: Credentials, cause: string): Promise<Login | undefined> {
    const login = await this.#parts.logins.save(user.id, address, credentials)
    if (!login) return undefined
    await this.#begin(login, credentials, cause)
    return login
  }

  /** Signs out and forgets the account. */
  async unlink(login: Login): Promise<void> {
    const { networks, logins, users, shelves } = this.#parts
    this.#news.forget(login.id)
    await networks.of(login.address).disconnect(login.id)
    await logins.remove(login.id)
    const user = await users.get(login.user)
    if (user) await shelves.removed(user, login.address)
  }

  /** Signs a user out everywhere, and forgets nothing. */
  async suspend(user: User): Promise<void> {
    const { networks, logins } = this.#parts
    for (const network of networks.all()) if (hostsPeople(network)) await network.signOut(user.homes[0])
    for (const login of await logins.of(user.id)) {
      await networks.find(login.address.network)?.disconnect(login.id)
      await logins.setState(login.id, 'offline')
    }
  }

  /** Signs them in again. */
  async resume(user: User): Promise<void> {
    const { networks, ghosts, outbox } = this.#parts
    const [home] = user.homes
    for (const network of networks.all()) {
      const chair = network.face === 'hosted' && network.ghostOf(home)
      if (!chair) continue
      await ghosts.comesBack(home, network.id)
      await outbox.returned(chair)
    }
    for (const login of await this.#parts.logins.of(user.id))
      if (login.state === 'offline') await this.relogin(login, crypto.randomUUID())
  }

  /** Signs everybody in again who was signed in when we stopped, one after another. Resolves when the last one is begun. */
  async restore(): Promise<void> {
    this.#begun.clear()
    // First those who are spoken for at home: what they say elsewhere comes as soon as their accounts there are signed in.
    for await (const { id, address } of this.#parts.logins.all()) if (this.#isAtHome(address)) await this.#restoreOne(id)
    for await (const { id, address, state } of this.#parts.logins.all()) {
      if (!wantsToBeOnline(state) || this.#isAtHome(address)) continue
      if (this.#begun.size > 0) await pause(this.#parts.timers, spacing * (0.5 + Math.random()))
      if (this.#isStopped) return
      await this.#restoreOne(id)
    }
  }

  /** Signs nobody in any more, and tells nobody anything. */
  stop(): void {
    this.#isStopped = true
    this.#news.stop()
  }

  #isAtHome({ network }: Address): boolean {
    return this.#parts.networks.find(network)?.face === 'home'
  }

  /** Meanwhile its user may have done with it what they wanted, or may not use us any more. */
  async #restoreOne(id: LoginId): Promise<void> {
    const login = await this.#parts.logins.get(id)
    if (!login || this.#begun.has(id) || !wantsToBeOnline(login.state)) return
    const user = await this.#parts.users.get(login.user)
    if (!user || !this.#parts.levels.mayUse(user)) return
    const credentials = await this.#parts.logins.credentials(id)
    if (credentials && this.#parts.networks.find(login.address.network)) this.#connect(login, credentials)
  }

  /** A login changed its state: remember it, wake what waited for it, tell its user what they should know. */
  changed(event: LoginStateEvent): Promise<void> {
    return this.#inOrder.run(event.login, () => this.#changed(event))
  }

  async #changed(event: LoginStateEvent): Promise<void> {
    const before = await this.#parts.logins.get(event.login)
    if (!before) return
    const now = await this.#enter(before, event.state, event.reason)
    if (event.state === 'online') await this.#parts.outbox.returned(before.address)
    await this.#news.changed(before, now)
  }

  /** The list of a login, or a part of it, as the network has it now. */
  async listed(event: ContactEvent): Promise<void> {
    const { contacts, logins, users, ghosts, shelves } = this.#parts
    await this.#tellOfRequests(event)
    await (event.whole ? contacts.replace(event.login, event.contacts) : contacts.update(event.login, event.contacts))
    const login = await logins.get(event.login)
    const user = login && (await users.get(login.user))
    if (!user) return
    const on = user.homes[0].network
    const friends = event.contacts.filter(isFriend)
    const renamed: Address[] = []
    for (const { address, name } of friends)
      if (name !== '' && name !== address.id && (await ghosts.listed(address, on, name))) renamed.push(address)
    void ghosts.freshen(renamed, on)
    shelves.changed(login.address)
  }

  /** Signs in again with what was sealed. False when nothing is. */
  async relogin(login: Login, cause: string): Promise<boolean> {
    const credentials = await this.#parts.logins.credentials(login.id)
    if (!credentials || !this.#parts.networks.find(login.address.network)) return false
    await this.#begin(login, credentials, cause)
    return true
  }

  /** Tells of those who want to be a contact and did not before. What is remembered of them afterwards keeps us from telling it again. */
  async #tellOfRequests({ login: id, contacts }: ContactEvent): Promise<void> {
    if (!contacts.some(isAsking)) return
    const login = await this.#parts.logins.get(id)
    const user = login && (await this.#parts.users.get(login.user))
    if (!user) return
    const known = (await this.#parts.contacts.of(id)).filter(isAsking)
    const today = String(Math.floor(this.#parts.clock() / day))
    for (const { address, name, invitation } of contacts.filter(isAsking)) {
      if (known.some((contact) => sameAddress(contact.address, address))) continue
      const params = { name, who: address.id, account: login.address.id, network: login.address.network }
      const phrase: Phrase = { key: name === '' || name === address.id ? 'contacts.request' : 'contacts.request-named', params }
      await this.#parts.notices.tell(user, withWords(phrase, invitation, user.locale), id, address.id, today)
    }
  }

  /** Signs in because the user asked for it. */
  async #begin(login: Login, credentials: Credentials, cause: string): Promise<void> {
    await this.#parts.logins.setState(login.id, 'connecting', undefined, { since: this.#parts.clock() })
    this.#news.await(login.id, cause)
    this.#connect(login, credentials)
  }

  /** Keeps how a login is, and since when; that it connects and that it connects anew is one thing. */
  async #enter(before: Login, state: LoginState, reason: Phrase | undefined): Promise<Login> {
    const isSame = before.state === state || (isUnderWay(before.state) && isUnderWay(state))
    const since = (isSame ? before.since : undefined) ?? this.#parts.clock()
    const past = { since, ...(isSame && before.isTold && { isTold: before.isTold }) }
    await this.#parts.logins.setState(before.id, state, reason, past)
    const { id, user, address } = before
    return { ...{ id, user, address, state }, ...(reason && { reason }), ...past }
  }

  #connect(login: Login, credentials: Credentials): void {
    const { networks, log } = this.#parts
    this.#begun.add(login.id)
    networks
      .of(login.address)
      .connect(login, credentials)
      .catch((error: unknown) => log.error({ err: error, login: login.id }, 'a login could not be started'))
  }
}
