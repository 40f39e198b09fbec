// bridge, unbridge, delete-portal, set-relay, unset-relay: what becomes of the room in which they are written.

import { sameAddress } from '../core/address.ts'
import type { Phrase } from '../core/words.ts'
import { isAccount } from './account.ts'
import { chairNames, chairsWith, namedChair } from './chair.ts'
import type { Ask, Command } from './command.ts'
import type { Chat, Desk } from './desk.ts'
import { refusal } from './refusal.ts'

export const bridge: Command = {
  async run(ask, desk) {
    const { user, text, conversation } = ask
    const chairs = await desk.chairs(user)
    if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
    const { chair, rest } = namedChair(text, chairs)
    const id = rest.trim().toLowerCase()
    if (!isAccount(id)) return { say: [{ key: 'contacts.usage', params: { command: 'bridge' } }] }
    try {
      const fits = chairs.length === 1 ? chairs : await chairsWith(chairs, desk, ({ address }) => address.id === id)
      const [only, another] = chair ? [chair] : fits
      if (!only || another) return { say: [{ key: 'contacts.which', params: { accounts: chairNames(chairs) } }] }
      const room = await desk.bridge(user, only, { network: only.network, id }, conversation)
      if (!room) return { say: [{ key: 'chat.not-bridged' }] }
      if (sameAddress(room, conversation)) return { say: [{ key: 'chat.bridged', params: { name: id } }] }
      return { say: [{ key: 'portal.exists', params: { name: id, room: desk.linkTo(room) } }] }
    } catch (error) {
      return { say: [refusal(error, user.locale)] }
    }
  },
}

/** Nothing is said of the end of a chat: those who leave the room say it. */
export const unbridge = ofChat(async ({ portal }, desk) => {
  await desk.unbridge(portal)
  return []
})

export const deletePortal = ofChat(async ({ portal }, desk) => {
  await desk.forget(portal)
  return []
})

export const setRelay = ofChat(async ({ portal, name }, desk) => {
  await desk.setRelays(portal, true)
  return [{ key: 'chat.relays', params: { name } }]
})

export const unsetRelay = ofChat(async ({ portal }, desk) => {
  await desk.setRelays(portal, false)
  return [{ key: 'chat.relays-no-more' }]
})

function ofChat(carryOut: (chat: Chat, desk: Desk) => Promise<readonly Phrase[]>): Command {
  return {
    async run({ chat, user, prefix }: Ask, desk) {
      if (!chat) return { say: [{ key: 'command.only-in-chat', params: { prefix } }] }
      try {
        return { say: await carryOut(chat, desk) }
      } catch (error) {
        return { say: [refusal(error, user.locale)] }
      }
    },
  }
}
