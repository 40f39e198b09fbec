// The accounts that we own on the homeserver: they exist, and look as they should. What we last wrote is kept, so that a restart writes
// and asks nothing that we know; a homeserver that forgot an account is found out when it refuses something, and gets all of it again.

import { z } from 'zod'
import type { Logger } from '../core/log.ts'
import type { Records } from '../core/stores.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { HomeserverError, isFinal } from './homeserver-error.ts'
import { displayName } from './names.ts'
import type { Pictures, Shown } from './pictures.ts'
import { Recent } from './recent.ts'

const noun = 'matrix-account'

/** So many accounts are known without looking into the records. */
const remembered = 20_000

/** What we last wrote of an account. A record that cannot be read is one of an account that has to be written anew. */
const accountRecord = z
  .object({ name: z.string().optional(), picture: z.object({ hash: z.string(), uri: z.string() }).optional() })
  .optional()
  .catch({})

type Account = NonNullable<z.infer<typeof accountRecord>>

/** How an account shall look. */
export interface Looks {
  readonly name: string
  /** Absent: none. */
  readonly picture?: Shown
}

interface Options {
  readonly homeserver: Homeserver
  readonly pictures: Pictures
  readonly records: Records
  readonly bot: string
  /** What a new account is called until somebody knows better. */
  nameFor(userId: string): string | undefined
  readonly log: Logger
}

/** Makes our accounts when they are needed. */
export class Accounts {
  readonly #options: Options
  readonly #known = new Recent<Promise<Account>>(remembered)
  /** Accounts of which the homeserver says that they do not exist. */
  readonly #doubted = new Set<string>()

  constructor(options: Options) {
    this.#options = options
  }

  /** Makes an account exist. Twice is the same as once. Throws a HomeserverError. */
  async ensure(userId: string): Promise<void> {
    await this.#account(userId, this.#options.nameFor(userId))
  }

  /** Whether we made an account, as far as we know. Asks no homeserver. */
  async exists(userId: string): Promise<boolean> {
    if (this.#known.get(userId) !== undefined) return true
    return (await this.#stored(userId)) !== undefined
  }

  /** How an account looks, as far as we know. Asks no homeserver. */
  async looks(userId: string): Promise<{ readonly name?: string; readonly picture?: string }> {
    const { name, picture } = (await this.#known.get(userId)) ?? (await this.#stored(userId)) ?? {}
    return { ...(name !== undefined && { name }), ...(picture && { picture: picture.uri }) }
  }

  /** Forgets that an account exists: the homeserver says that it does not. */
  doubt(userId: string): void {
    this.#known.delete(userId)
    this.#doubted.add(userId)
  }

  /**
   * Makes an account exist and look so. What it looks like already costs nothing; a look that the homeserver does not allow is left. Throws a
   * HomeserverError when the homeserver may take it later.
   */
  async show(userId: string, wanted: Looks): Promise<void> {
    try {
      await this.#wear(userId, wanted)
    } catch (error) {
      if (!isFinal(error)) throw error
      this.doubt(userId)
      await this.ensure(userId)
      await this.#wear(userId, wanted).catch((again: unknown) => {
        if (!isFinal(again)) throw again
        this.#options.log.info({ as: userId, err: again }, 'the homeserver does not let an account of ours look as it should')
      })
    }
  }

  async #wear(userId: string, wanted: Looks): Promise<void> {
    const name = displayName(wanted.name)
    const account = await this.#account(userId, name)
    if (name !== '' && account.name !== name) await this.#setName(userId, name)
    await this.#setPicture(userId, wanted.picture)
  }

  #account(userId: string, name: string | undefined): Promise<Account> {
    const known = this.#known.get(userId)
    if (known !== undefined) return known
    const account = this.#made(userId, name)
    this.#known.set(userId, account)
    account.catch(() => this.#known.delete(userId))
    return account
  }

  async #made(userId: string, name: string | undefined): Promise<Account> {
    const stored = await this.#stored(userId)
    if (stored && !this.#doubted.has(userId)) return stored
    const isNew = await this.#register(userId)
    const account = isNew ? await this.#dress(userId, stored ?? { name: displayName(name ?? '') }) : (stored ?? {})
    await this.#options.records.update(noun, userId, () => account)
    this.#doubted.delete(userId)
    return account
  }

  /** False when the account was there. */
  async #register(userId: string): Promise<boolean> {
    const username = userId.slice(1, userId.indexOf(':'))
    const body = { type: 'm.login.application_service', username, inhibit_login: true }
    try {
      await this.#options.homeserver.call(this.#options.bot, 'POST', clientPath`register`, { body })
      return true
    } catch (error) {
      if (error instanceof HomeserverError && error.errcode === 'M_USER_IN_USE') return false
      throw error
    }
  }

  /** A new account, or one that the homeserver forgot, gets the looks that it shall have. */
  async #dress(userId: string, { name, picture }: Account): Promise<Account> {
    if (name) await this.#putName(userId, name)
    if (picture) await this.#putPicture(userId, picture.uri)
    return { ...(name && { name }), ...(picture && { picture }) }
  }

  async #setName(userId: string, name: string): Promise<void> {
    await this.#putName(userId, name)
    await this.#remember(userId, (account) => ({ ...account, name }))
  }

  /** One that cannot be had now is no reason to take the present one away. */
  async #setPicture(userId: string, wanted: Shown | undefined): Promise<void> {
    const { picture } = await this.#account(userId, undefined)
    if (picture?.hash === wanted?.hash) return
    const uri = wanted ? await this.#options.pictures.uriOf(wanted) : ''
    if (uri === undefined) return
    await this.#putPicture(userId, uri)
    await this.#remember(userId, ({ picture: _, ...account }) =>
      wanted ? { ...account, picture: { hash: wanted.hash, uri } } : account,
    )
  }

  async #putName(userId: string, displayname: string): Promise<void> {
    const body = { displayname }
    await this.#options.homeserver.call(userId, 'PUT', clientPath`profile/${userId}/displayname`, { body })
  }

  /** An empty address takes the picture away. */
  async #putPicture(userId: string, uri: string): Promise<void> {
    const body = { avatar_url: uri }
    await this.#options.homeserver.call(userId, 'PUT', clientPath`profile/${userId}/avatar_url`, { body })
  }

  async #remember(userId: string, change: (account: Account) => Account): Promise<void> {
    const record = await this.#options.records.update(noun, userId, (current) => change(accountRecord.parse(current) ?? {}))
    this.#known.set(userId, Promise.resolve(accountRecord.parse(record) ?? {}))
  }

  async #stored(userId: string): Promise<Account | undefined> {
    return accountRecord.parse(await this.#options.records.get(noun, userId))
  }
}
