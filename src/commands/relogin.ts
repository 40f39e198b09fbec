// relogin [account]: signs in again with an account that was signed out elsewhere, refused, or is not reached.

import type { Login } from '../core/login.ts'
import { chairNames, namedChair } from './chair.ts'
import type { Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'

export const relogin: Command = {
  async run({ user, text, cause }, desk) {
    const logins = (await desk.logins(user)).filter(({ state }) => state !== 'online')
    const places = logins.map((login) => login.address)
    const { chair, rest } = namedChair(text, places)
    const account = rest.trim().toLowerCase()
    if (logins.length === 0) return { say: [{ key: 'relogin.none' }] }
    const meant = chair
      ? logins.filter((login) => login.address === chair)
      : logins.filter((login) => account === '' || login.address.id === account)
    const [only] = meant
    if (!only || meant.length > 1) return { say: [{ key: 'relogin.which', params: { accounts: chairNames(places) } }] }
    return signIn(only, desk, cause)
  },
}

async function signIn(login: Login, desk: Desk, cause: string): Promise<Reply> {
  const { network, id: account } = login.address
  const begun = await desk.relogin(login, cause)
  return {
    say: [
      begun ? { key: 'login.connecting', params: { network, account } } : { key: 'relogin.no-password', params: { account } },
    ],
  }
}
