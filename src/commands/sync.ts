// sync [account]: the list is read again, and what is made of it is put in order.

import { chairNames, namedChair } from './chair.ts'
import type { Command } from './command.ts'
import { refusal } from './refusal.ts'

export const sync: Command = {
  async run({ user, text }, desk) {
    const all = await desk.chairs(user)
    if (all.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
    const { chair, rest } = namedChair(text, all)
    if (rest !== '') return { say: [{ key: 'contacts.unknown-chair', params: { account: rest, accounts: chairNames(all) } }] }
    const chairs = chair ? [chair] : all
    try {
      for (const each of chairs) await desk.sync(user, each)
      return { say: [{ key: 'sync.done', params: { accounts: chairNames(chairs) } }] }
    } catch (error) {
      return { say: [refusal(error, user.locale)] }
    }
  },
}
