// What users are told of their logins: how it went when they asked, and after that only what they should know. A connection that is
// soon there again is no news, and nothing is told twice, also not after a restart.

import { isFriend } from '../core/contact.ts'
import type { InOrder } from '../core/in-order.ts'
import type { Logger } from '../core/log.ts'
import type { Login, LoginId } from '../core/login.ts'
import { isUnderWay } from '../core/login.ts'
import type { Contacts, Logins as LoginStore, Users } from '../core/stores.ts'
import type { Cancel, Timers } from '../core/timers.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'

/** A network that is back after so long was hardly gone, in milliseconds. */
const blip = 3 * 60_000

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly logins: LoginStore
  readonly contacts: Contacts
  readonly notices: Notices
  readonly timers: Timers
  /** In which a login's changes come, by its id: while it is told of one, none comes. */
  readonly inOrder: InOrder
  readonly log: Logger
}

export class LoginNews {
  readonly #parts: Parts
  /** Logins whose user asked for them just now and wants to hear how it went, with what made them ask. */
  readonly #awaited = new Map<LoginId, string>()
  /** Logins that are not there, and may be back before anybody has to know. */
  readonly #patience = new Map<LoginId, Cancel>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** A user asked for a login; `cause` names what made them ask. */
  await(id: LoginId, cause: string): void {
    this.#awaited.set(id, cause)
  }

  /** Nobody asks for a login any more. */
  forget(id: LoginId): void {
    this.#awaited.delete(id)
    this.#endPatience(id)
  }

  stop(): void {
    for (const id of [...this.#patience.keys()]) this.#endPatience(id)
  }

  /** A login is otherwise than it was before, and kept so already. */
  async changed(before: Login, now: Login): Promise<void> {
    const user = await this.#parts.users.get(now.user)
    if (!isUnderWay(now.state)) this.#endPatience(now.id)
    if (!user) return
    const cause = this.#awaited.get(now.id)
    if (isUnderWay(now.state)) return this.#tellOfTrying(user, now, cause)
    this.#awaited.delete(now.id)
    if (now.state === 'online') await this.#tellOfReturn(user, before, now, cause)
    else if (now.state === 'refused' || now.state === 'displaced') await this.#tell(user, now, this.#endOf(now, user), cause)
  }

  async #tellOfReturn(user: User, before: Login, now: Login, cause: string | undefined): Promise<void> {
    if (this.#isAtHome(now)) {
      if (cause !== undefined) await this.#parts.notices.tell(user, { key: 'puppet.lent' }, cause)
    } else if (cause !== undefined) {
      const contacts = (await this.#parts.contacts.of(now.id)).filter(isFriend).length
      await this.#parts.notices.tell(user, { key: 'login.online', params: { ...named(now), contacts } }, cause)
    } else if (isUnderWay(before.state) && before.isTold) {
      await this.#parts.notices.tell(user, { key: 'login.back', params: named(now) }, now.id, String(before.since))
    }
  }

  /** Whoever just asked hears at once that it does not work; anybody else only when it stays so. */
  async #tellOfTrying(user: User, now: Login, cause: string | undefined): Promise<void> {
    const { inOrder } = this.#parts
    if (now.isTold) return
    if (cause !== undefined) {
      const phrase: Phrase = this.#isAtHome(now)
        ? { key: 'puppet.unreachable' }
        : { key: 'login.unreachable', params: named(now) }
      if (now.state === 'reconnecting') await this.#tell(user, now, phrase, cause)
    } else if (!this.#isAtHome(now) && !this.#patience.has(now.id)) {
      const end = this.#parts.timers.after(blip, () => void inOrder.run(now.id, () => this.#isTooLong(now.id)))
      this.#patience.set(now.id, end)
    }
  }

  async #isTooLong(id: LoginId): Promise<void> {
    const { logins, users, log } = this.#parts
    this.#patience.delete(id)
    try {
      const login = await logins.get(id)
      const user = login && (await users.get(login.user))
      if (!login || !user || !isUnderWay(login.state) || login.isTold) return
      await this.#tell(user, login, { key: 'login.lost', params: named(login) })
    } catch (error) {
      log.warn({ err: error, login: id }, 'a user could not be told that a network is not reached')
    }
  }

  /** Tells it once for as long as it is so, and remembers that it was told. */
  async #tell(user: User, login: Login, phrase: Phrase, cause?: string): Promise<void> {
    const { logins, notices } = this.#parts
    if (login.isTold && cause === undefined) return
    await notices.tell(user, phrase, ...(cause === undefined ? [login.id, String(login.since)] : [cause]))
    const { id, state, reason, since } = login
    await logins.setState(id, state, reason, { ...(since !== undefined && { since }), isTold: true })
  }

  #endOf(login: Login, { locale }: User): Phrase {
    if (login.state === 'displaced') return { key: 'login.displaced', params: named(login) }
    const reason = login.reason ? say(login.reason, locale) : ''
    if (this.#isAtHome(login)) return { key: 'puppet.broken', params: { reason } }
    return { key: 'login.refused', params: { ...named(login), reason } }
  }

  /** Whether it is the user's own account at home, lent to us: that it is out of reach for a while takes nothing from them. */
  #isAtHome({ address }: Login): boolean {
    return this.#parts.networks.find(address.network)?.face === 'home'
  }

  #endPatience(id: LoginId): void {
    this.#patience.get(id)?.()
    this.#patience.delete(id)
  }
}

function named({ address }: Login): { account: string; network: string } {
  return { account: address.id, network: address.network }
}
