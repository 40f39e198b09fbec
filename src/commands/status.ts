// logins: the user's accounts and how they are. status: these, and who the user is where they need none.

import type { Login } from '../core/login.ts'
import type { User } from '../core/user.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Command } from './command.ts'
import type { Desk } from './desk.ts'
import { presence } from './look.ts'

export const logins: Command = {
  async run({ user }, desk) {
    const lines = await linesOf(user, desk)
    return { say: lines.length > 0 ? lines : [{ key: 'status.none' }] }
  },
}

/** With a status behind it, it means what "presence" does: to some it is the other word for that. */
export const status: Command = {
  async run(ask, desk) {
    if (ask.text !== '') return presence.run(ask, desk)
    const hosted = desk
      .hostedAs(ask.user)
      .map(({ network, id }): Phrase => ({ key: 'status.hosted', params: { account: id, network } }))
    const lines = [...hosted, ...(await linesOf(ask.user, desk))]
    return { say: lines.length > 0 ? lines : [{ key: 'status.none' }] }
  },
}

async function linesOf(user: User, desk: Desk): Promise<Phrase[]> {
  const lines: Phrase[] = []
  for (const login of await desk.logins(user)) lines.push(lineOf(login, await desk.friends(login), user.locale))
  return lines
}

function lineOf({ address, state: known, reason, since }: Login, contacts: number, locale: Locale): Phrase {
  const word = say({ key: `state.${known}` }, locale)
  const state = since === undefined ? word : say({ key: 'state.since', params: { state: word, time: timeOf(since) } }, locale)
  const params = { account: address.id, network: address.network, state }
  if (reason) return { key: 'status.login-reason', params: { ...params, reason: say(reason, locale) } }
  return { key: 'status.login', params: { ...params, contacts } }
}

/** To the minute, in UTC: we do not know where the user is. */
function timeOf(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ')
}
