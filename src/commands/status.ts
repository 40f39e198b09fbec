// status: the user's accounts and how they are.

import type { Login } from '../core/login.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Command } from './command.ts'

export const status: Command = {
  async run({ user }, desk) {
    const phrases: Phrase[] = []
    for (const { network, id } of desk.hostedAs(user)) phrases.push({ key: 'status.hosted', params: { account: id, network } })
    for (const login of await desk.logins(user)) {
      const contacts = await desk.friends(login)
      phrases.push(lineOf(login, contacts, say({ key: `state.${login.state}` }, user.locale), user.locale))
    }
    return { say: phrases.length > 0 ? phrases : [{ key: 'status.none' }] }
  },
}

function lineOf({ address, reason }: Login, contacts: number, state: string, locale: Locale): Phrase {
  const params = { account: address.id, network: address.network, state }
  if (reason) return { key: 'status.login-reason', params: { ...params, reason: say(reason, locale) } }
  return { key: 'status.login', params: { ...params, contacts } }
}
