// The lists of logins.

import type { Redis } from 'ioredis'
import { addressKey } from '../core/address.ts'
import type { Contact } from '../core/contact.ts'
import type { LoginId } from '../core/login.ts'
import type { Contacts } from '../core/stores.ts'
import type { Keys } from './keys.ts'
import { parseRecord } from './record.ts'
import { contactShape } from './schema.ts'

export class RedisContacts implements Contacts {
  readonly #redis: Redis
  readonly #keys: Keys

  constructor(redis: Redis, keys: Keys) {
    this.#redis = redis
    this.#keys = keys
  }

  async replace(login: LoginId, contacts: readonly Contact[]): Promise<void> {
    await this.#write(login, contacts, true)
  }

  async update(login: LoginId, contacts: readonly Contact[]): Promise<void> {
    await this.#write(login, contacts, false)
  }

  async of(login: LoginId): Promise<Contact[]> {
    const key = this.#keys.contacts(login)
    const records = await this.#redis.hgetall(key)
    return Object.entries(records).map(([field, text]) => parseRecord(`${key} ${field}`, text, contactShape))
  }

  async #write(login: LoginId, contacts: readonly Contact[], whole: boolean): Promise<void> {
    const key = this.#keys.contacts(login)
    const step = this.#redis.multi()
    if (whole) step.del(key)
    for (const contact of contacts) {
      const field = addressKey(contact.address)
      if (contact.lists.length === 0) step.hdel(key, field)
      else step.hset(key, field, JSON.stringify({ ...contact, login }))
    }
    await step.exec()
  }
}
