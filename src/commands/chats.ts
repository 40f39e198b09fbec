// start-chat, create-group: `[account] address …`, where the account may be left out when only one fits. nudge: in a chat.

import type { Address } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { RemoteId } from '../core/event.ts'
import type { Phrase } from '../core/words.ts'
import { isAccount } from './account.ts'
import { chairNames, chairsWith, namedChair } from './chair.ts'
import type { Ask, Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'
import { refusal } from './refusal.ts'

/** Nobody needs more in one chat; MSN's own clients did not let in more. */
const mostPeople = 20

/** People on one of the user's accounts, as they were named. */
interface Meant {
  readonly chair: Address
  readonly people: readonly Address[]
}

export const startChat = withPeople('start-chat', async ({ chair, people: [who] }, { user }, desk) => {
  if (!who) return { key: 'contacts.usage', params: { command: 'start-chat' } }
  const room = await desk.startChat(user, chair, who)
  return opened(room, { key: 'chat.started', params: { name: who.id, room: room ? desk.linkTo(room) : '' } })
})

export const createGroup = withPeople('create-group', async ({ chair, people }, { user }, desk) => {
  if (people.length < 2) return { key: 'chat.too-few' }
  const room = await desk.createGroup(user, chair, people)
  const names = people.map(({ id }) => id).join(', ')
  return opened(room, { key: 'chat.group-created', params: { names, room: room ? desk.linkTo(room) : '' } })
})

/** Nothing is said of it: the chat shows what becomes of it, as of everything that is said there. */
export const nudge: Command = {
  async run({ user, chat, conversation, prefix, cause }, desk) {
    if (chat?.portal.user !== user.id) return { say: [{ key: 'command.only-in-chat', params: { prefix } }] }
    await desk.nudge(user, conversation, cause as RemoteId)
    return { say: [] }
  },
}

function opened(room: Conversation | undefined, done: Phrase): Phrase {
  return room ? done : { key: 'chat.left-at-once' }
}

/** A command about people, who are on one of the user's lists or, where the user has but one account, need not be. */
function withPeople(command: string, carryOut: (meant: Meant, ask: Ask, desk: Desk) => Promise<Phrase>): Command {
  return {
    async run(ask, desk): Promise<Reply> {
      const { user, text } = ask
      const chairs = await desk.chairs(user)
      if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
      const { chair, rest } = namedChair(text, chairs)
      const ids = [
        ...new Set(
          rest
            .toLowerCase()
            .split(/[\s,]+/)
            .filter(Boolean),
        ),
      ]
      const isReadable = ids.length > 0 && ids.length <= mostPeople && ids.every(isAccount)
      if (!isReadable) return { say: [{ key: 'contacts.usage', params: { command } }] }
      try {
        const meant = chair ? [chair] : await fitting(chairs, ids, desk)
        const [only, another] = meant
        if (!only || another)
          return { say: [{ key: 'contacts.which', params: { accounts: chairNames(another ? meant : chairs) } }] }
        const people = ids.map((id) => ({ network: only.network, id }))
        return { say: [await carryOut({ chair: only, people }, ask, desk)] }
      } catch (error) {
        return { say: [refusal(error, user.locale)] }
      }
    },
  }
}

/** The accounts on whose list the first of them is; the only account there is, else. */
async function fitting(chairs: readonly Address[], [first]: readonly string[], desk: Desk): Promise<readonly Address[]> {
  if (chairs.length === 1) return chairs
  return chairsWith(chairs, desk, ({ address }) => address.id === first)
}
