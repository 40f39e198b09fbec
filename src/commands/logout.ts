// logout [account]: signs out and forgets the account.

import type { Address } from '../core/address.ts'
import type { Login } from '../core/login.ts'
import { chairName, chairNames } from './chair.ts'
import type { Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'

export const logout: Command = {
  async run({ user, text }, desk) {
    const logins = await desk.logins(user)
    const account = text.trim().toLowerCase()
    const [only] = logins
    if (!only) return { say: [{ key: 'logout.none' }] }
    if (account === '' && logins.length === 1) return signOut(only, desk)
    if (account === '')
      return { say: [{ key: 'logout.which', params: { accounts: chairNames(logins.map(addressOf)) } }], next: {} }
    const meant = logins.filter((login) => login.address.id === account || chairName(login.address) === account)
    const [login] = meant
    if (!login) return { say: [{ key: 'logout.unknown', params: { account } }] }
    if (meant.length > 1)
      return { say: [{ key: 'logout.which', params: { accounts: chairNames(meant.map(addressOf)) } }], next: {} }
    return signOut(login, desk)
  },
}

function addressOf({ address }: Login): Address {
  return address
}

async function signOut(login: Login, desk: Desk): Promise<Reply> {
  await desk.unlink(login)
  return { say: [{ key: 'logout.done', params: { network: login.address.network, account: login.address.id } }] }
}
