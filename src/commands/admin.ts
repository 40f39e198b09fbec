// list-users, block-user, unblock-user: for those who run the gateway.

import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Command } from './command.ts'
import type { Desk } from './desk.ts'

/** More are only counted: a message has an end. */
const mostUsers = 200

export const listUsers: Command = {
  async run({ user: { locale } }, desk) {
    const lines: string[] = []
    let count = 0
    for await (const each of desk.users()) if (count++ < mostUsers) lines.push(say(await lineOf(each, desk), locale))
    lines.sort((a, b) => a.localeCompare(b))
    if (count > mostUsers) lines.push(say({ key: 'contacts.more', params: { count: count - mostUsers } }, locale))
    return { say: [{ key: 'admin.users', params: { users: lines.join('\n') } }] }
  },
}

export const blockUser = shutting(true)
export const unblockUser = shutting(false)

async function lineOf(user: User, desk: Desk): Promise<Phrase> {
  const accounts = (await desk.logins(user)).length
  const params = { user: user.homes[0].id, accounts }
  if (user.isBlocked) return { key: 'admin.blocked-user', params }
  return { key: 'admin.user', params: { ...params, level: await desk.levelOf(user) } }
}

function shutting(out: boolean): Command {
  return {
    async run({ user, text }, desk) {
      const command = out ? 'block-user' : 'unblock-user'
      if (text === '') return { say: [{ key: 'admin.usage', params: { command } }] }
      const other = await desk.userAt(text, user)
      if (!other) return { say: [{ key: 'admin.no-such-user' }] }
      // Somebody must be left who can open the door again.
      if (out && (await desk.levelOf(other)) === 'admin') return { say: [{ key: 'admin.not-an-admin' }] }
      await desk.setBlocked(other, out)
      return { say: [{ key: out ? 'admin.blocked' : 'admin.unblocked', params: { user: other.homes[0].id } }] }
    },
  }
}
