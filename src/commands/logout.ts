// logout [account]: signs out and forgets the account.

import type { Login } from '../core/login.ts'
import type { Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'

export const logout: Command = {
  async run({ user, text }, desk) {
    const logins = await desk.logins(user)
    const account = text.trim().toLowerCase()
    const [only] = logins
    if (!only) return { say: [{ key: 'logout.none' }] }
    if (account === '' && logins.length === 1) return signOut(only, desk)
    if (account === '') return { say: [{ key: 'logout.which', params: { accounts: logins.map(nameOf).join(', ') } }], next: {} }
    const meant = logins.filter((login) => login.address.id === account || nameOf(login) === account)
    const [login] = meant
    if (!login) return { say: [{ key: 'logout.unknown', params: { account } }] }
    if (meant.length > 1) return { say: [{ key: 'logout.which', params: { accounts: meant.map(nameOf).join(', ') } }], next: {} }
    return signOut(login, desk)
  },
}

/** `network/account`: the same account name may exist on two networks. */
function nameOf({ address }: Login): string {
  return `${address.network}/${address.id}`
}

async function signOut(login: Login, desk: Desk): Promise<Reply> {
  await desk.unlink(login)
  return { say: [{ key: 'logout.done', params: { network: login.address.network, account: login.address.id } }] }
}
