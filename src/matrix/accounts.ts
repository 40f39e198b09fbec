// The accounts that we own on the homeserver: they exist, and look as they should.

import { z } from 'zod'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError } from './homeserver-error.ts'
import { Recent } from './recent.ts'
import { cleanText } from './style.ts'

/** The longest display name, in characters (Synapse: MAX_DISPLAYNAME_LEN). */
const longestName = 256

const remembered = 20_000

const profile = z.object({ displayname: z.string().optional().catch(undefined) })

/** Makes our accounts when they are needed. */
export class Accounts {
  readonly #homeserver: Homeserver
  readonly #bot: string
  readonly #nameFor: (userId: string) => string | undefined
  readonly #registered = new Recent<Promise<void>>(remembered)
  readonly #names = new Recent<string>(remembered)

  /** `nameFor` gives what a new account is called until somebody knows better. */
  constructor(homeserver: Homeserver, bot: string, nameFor: (userId: string) => string | undefined) {
    this.#homeserver = homeserver
    this.#bot = bot
    this.#nameFor = nameFor
  }

  /** Makes an account exist. Twice is the same as once. Throws a HomeserverError. */
  ensure(userId: string): Promise<void> {
    const known = this.#registered.get(userId)
    if (known !== undefined) return known
    const registration = this.#register(userId)
    this.#registered.set(userId, registration)
    registration.catch(() => this.#registered.delete(userId))
    return registration
  }

  /** Forgets that an account exists: the homeserver says that it does not. */
  doubt(userId: string): void {
    this.#registered.delete(userId)
    this.#names.delete(userId)
  }

  /** Gives an account its display name, if it has another. Throws a HomeserverError. */
  async rename(userId: string, wanted: string): Promise<void> {
    const name = displayable(wanted)
    if (name === '' || this.#names.get(userId) === name) return
    await this.ensure(userId)
    if ((await this.#nameOf(userId)) !== name) await this.#setName(userId, name)
    this.#names.set(userId, name)
  }

  async #register(userId: string): Promise<void> {
    const username = userId.slice(1, userId.indexOf(':'))
    const body = { type: 'm.login.application_service', username, inhibit_login: true }
    try {
      await this.#homeserver.call(this.#bot, 'POST', clientPath`register`, { body })
    } catch (error) {
      if (!(error instanceof HomeserverError) || error.errcode !== 'M_USER_IN_USE') throw error
      return
    }
    const name = this.#nameFor(userId)
    if (name !== undefined) await this.#setName(userId, displayable(name))
  }

  async #setName(userId: string, name: string): Promise<void> {
    await this.#homeserver.call(userId, 'PUT', clientPath`profile/${userId}/displayname`, { body: { displayname: name } })
  }

  async #nameOf(userId: string): Promise<string | undefined> {
    try {
      return (await this.#homeserver.ask(profile, userId, 'GET', clientPath`profile/${userId}`)).displayname
    } catch (error) {
      if (error instanceof HomeserverError && error.status === 404) return undefined
      throw error
    }
  }
}

function displayable(name: string): string {
  return [...cleanText(name).replace(/\s+/g, ' ').trim()].slice(0, longestName).join('')
}
