// The accounts of our own MSN server and the invitations to make one, for tools beside a gateway that may be running.

import type { Config } from './config.ts'
import { ConfigError } from './core/errors.ts'
import type { Logger } from './core/log.ts'
import { say } from './core/words.ts'
import { hostedAddressesOf } from './embedded.ts'
import { Accounts } from './msn/server/accounts.ts'
import { Invites } from './msn/server/invites.ts'
import { openStorage } from './storage.ts'

interface OpenAccounts {
  readonly accounts: Accounts
  readonly invites: Invites
  close(): Promise<void>
}

/** Opens them; `close` must follow. Throws a ConfigError when there is no MSN server in the config. */
export async function openAccounts(config: Config, log: Logger): Promise<OpenAccounts> {
  const { msn, matrix } = config
  if (!msn) throw new ConfigError(say({ key: 'account.no-server' }))
  const storage = await openStorage(config, { log, clock: Date.now, attach: true })
  const addresses = hostedAddressesOf(msn, matrix)
  const accounts = new Accounts(storage.stores.records, (email) => addresses.owns(email), Date.now)
  const invites = new Invites(storage.stores.records)
  return { accounts, invites, close: () => storage.close() }
}
