// Those who sign in: accounts made before anything is measured, and tickets for them.

import type { Redis } from 'ioredis'
import { Secret } from '../../src/core/secret.ts'
import { keySpace } from '../../src/mapping/keys.ts'
import { RedisRecords } from '../../src/mapping/records.ts'
import { RedisTickets } from '../../src/mapping/tickets.ts'
import { Accounts } from '../../src/msn/server/accounts.ts'
import type { Handle } from '../../src/msn/server/handle.ts'
import { Tokens } from '../../src/msn/server/tokens.ts'
import { inFlight } from '../measure.ts'

export const prefix = 'bench-msn'
export const password = 'wherefore'

export function personAt(index: number): Handle {
  return `person${String(index).padStart(5, '0')}@example.com` as Handle
}

export class People {
  readonly #records: RedisRecords
  readonly #accounts: Accounts
  readonly #tokens: Tokens

  constructor(redis: Redis) {
    const keys = keySpace(prefix)
    this.#records = new RedisRecords(redis, keys)
    this.#accounts = new Accounts(this.#records, () => false)
    this.#tokens = new Tokens(new RedisTickets(redis, keys), (handle) => this.#accounts.stamp(handle))
  }

  /** Makes so many accounts, all with one password, which is hashed once. */
  async make(count: number): Promise<void> {
    const { email } = await this.#accounts.add('first@example.com', new Secret(password))
    const first = (await this.#records.get('accounts', email)) as object
    const indexes = Array.from({ length: count }, (_, index) => index)
    await inFlight(indexes, 100, (index) => {
      const person = personAt(index)
      return this.#records.update('accounts', person, () => ({ ...first, email: person }))
    })
  }

  /** A ticket, as the sign-in page gives it. */
  async ticketFor(person: Handle): Promise<string> {
    return (await this.#tokens.issue(person, 'messenger', 3600)).ticket.reveal()
  }
}
