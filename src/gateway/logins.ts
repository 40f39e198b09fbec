// Logins: signed in at the start, watched, and their users told.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import { isAsking, isFriend } from '../core/contact.ts'
import type { ContactEvent, LoginStateEvent } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import type { Credentials, Login, LoginId } from '../core/login.ts'
import { wantsToBeOnline } from '../core/login.ts'
import type { Contacts, Logins as LoginStore, Outbox, Users } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'
import { withWords } from './requests.ts'
import type { Shelves } from './shelves.ts'

const day = 24 * 60 * 60_000

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly logins: LoginStore
  readonly contacts: Contacts
  readonly ghosts: Ghosts
  readonly shelves: Shelves
  readonly notices: Notices
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Logger
}

export class Logins {
  readonly #parts: Parts
  /** Logins whose user asked for them just now and wants to hear how it went, with what made them ask. */
  readonly #awaited = new Map<LoginId, string>()

  constructor(parts: Parts) {
    this.#parts = parts
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
    await networks.of(login.address).disconnect(login.id)
    await logins.remove(login.id)
    const user = await users.get(login.user)
    if (user) await shelves.removed(user, login.address)
  }

  /** Signs everybody in again who was signed in when we stopped. */
  async restore(): Promise<void> {
    for await (const login of this.#parts.logins.all()) {
      if (!wantsToBeOnline(login.state)) continue
      const credentials = await this.#parts.logins.credentials(login.id)
      if (credentials && this.#parts.networks.find(login.address.network)) this.#connect(login, credentials)
    }
  }

  /** A login changed its state: remember it, wake what waited for it, tell its user what they should know. */
  async changed(event: LoginStateEvent): Promise<void> {
    const { logins, users, outbox } = this.#parts
    const before = await logins.get(event.login)
    if (!before) return
    await logins.setState(event.login, event.state, event.reason)
    if (event.state === 'online') await outbox.returned(before.address)
    const user = await users.get(before.user)
    if (user) await this.#tell(user, before, event)
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
    await this.#parts.logins.setState(login.id, 'connecting')
    this.#awaited.set(login.id, cause)
    this.#connect(login, credentials)
  }

  #connect(login: Login, credentials: Credentials): void {
    const { networks, log } = this.#parts
    networks
      .of(login.address)
      .connect(login, credentials)
      .catch((error: unknown) => log.error({ err: error, login: login.id }, 'a login could not be started'))
  }

  async #tell(user: User, login: Login, { state, reason }: LoginStateEvent): Promise<void> {
    const cause = this.#awaited.get(login.id)
    const params = { account: login.address.id, network: login.address.network }
    if (state === 'online' && cause !== undefined) {
      const contacts = (await this.#parts.contacts.of(login.id)).filter(isFriend).length
      await this.#say(user, { key: 'login.online', params: { ...params, contacts } }, cause)
    } else if (state === 'refused') {
      await this.#say(
        user,
        { key: 'login.refused', params: { ...params, reason: reason ? say(reason, user.locale) : '' } },
        cause,
      )
    } else if (state === 'displaced') {
      await this.#say(user, { key: 'login.displaced', params }, cause)
    } else if (state === 'reconnecting' && cause !== undefined) {
      // Said once: the same cause again is the same notice. The answer is still awaited.
      return this.#say(user, { key: 'login.unreachable', params }, cause)
    } else return
    this.#awaited.delete(login.id)
  }

  #say(user: User, phrase: Phrase, cause: string | undefined): Promise<void> {
    return this.#parts.notices.tell(user, phrase, cause ?? crypto.randomUUID())
  }
}
