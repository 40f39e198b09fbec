// nudge account: the accounts of our own MSN server. Works beside a running gateway.

import { openAccounts } from '../accounts.ts'
import { readConfig } from '../config.ts'
import { StartError } from '../core/errors.ts'
import { silent } from '../core/log.ts'
import { say } from '../core/words.ts'
import type { Accounts } from '../msn/server/accounts.ts'
import { AccountError } from '../msn/server/accounts.ts'
import { askPassword } from './password.ts'
import { dayOf, tell } from './tell.ts'

interface Options {
  readonly config: string
  readonly oldClients?: true
}

/** Makes an account with a password that is asked for. Throws a StartError. */
export function addAccount(address: string, { config, oldClients }: Options): Promise<void> {
  return withAccounts(config, async (accounts) => {
    await accounts.checkFree(address)
    const account = await accounts.add(address, await askPassword(address), { md5: oldClients === true })
    tell(say({ key: 'account.added', params: { email: account.email } }))
  })
}

/** Gives an account another password. Throws a StartError. */
export function changePassword(address: string, { config, oldClients }: Options): Promise<void> {
  return withAccounts(config, async (accounts) => {
    await accounts.checkKnown(address)
    const account = await accounts.passwd(address, await askPassword(address), oldClients ? { md5: true } : {})
    tell(say({ key: 'account.changed', params: { email: account.email } }))
  })
}

/** Prints every account, one a line. Throws a StartError. */
export function listAccounts({ config }: Options): Promise<void> {
  return withAccounts(config, async (accounts) => {
    for (const { email, md5, createdAt } of await accounts.list()) {
      const since = dayOf(createdAt)
      tell(say({ key: md5 ? 'account.line-old-clients' : 'account.line', params: { email, since } }))
    }
  })
}

/** Forgets an account and its lists. Throws a StartError. */
export function removeAccount(address: string, { config }: Options): Promise<void> {
  return withAccounts(config, async (accounts) => {
    if (!(await accounts.remove(address))) throw new AccountError({ key: 'account.unknown', params: { email: address } })
    tell(say({ key: 'account.removed', params: { email: address } }))
  })
}

async function withAccounts(file: string, use: (accounts: Accounts) => Promise<void>): Promise<void> {
  const config = await readConfig(file)
  const { accounts, close } = await openAccounts(config, silent)
  try {
    await use(accounts)
  } catch (error) {
    throw error instanceof AccountError ? new StartError(say(error.phrase), { cause: error }) : error
  } finally {
    await close()
  }
}
