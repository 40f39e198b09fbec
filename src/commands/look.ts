// presence [account] status, psm [account] text: how the user is seen on MSN, on all their accounts or on one.

import type { Address } from '../core/address.ts'
import type { Look, Status, WhileActive } from '../core/signal.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import { chairNames, namedChair } from './chair.ts'
import type { Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'
import { refusal } from './refusal.ts'

/** How long somebody is seen online after they did something, in minutes: at most, and where they do not say. */
const longestActive = 24 * 60
const usualActive = 10

/** In characters; vintage clients let nobody type more. */
const longestMessage = 129

const statuses: ReadonlyMap<string, Status | 'auto'> = new Map(
  Object.entries({
    online: 'online',
    away: 'away',
    busy: 'busy',
    idle: 'idle',
    brb: 'brb',
    phone: 'phone',
    lunch: 'lunch',
    invisible: 'offline',
    auto: 'auto',
  } as const),
)

export const presence: Command = {
  async run({ user, text }, desk) {
    const { chairs, rest } = await meant(user, text, desk)
    const word = rest.toLowerCase()
    const accounts = chairNames(chairs)
    const active = whileActive(word)
    if (active) return show(user, chairs, { status: active }, activePhrase(accounts, active), desk)
    const status = statuses.get(word)
    if (!status)
      return { say: [{ key: 'look.which-status', params: { statuses: [...statuses.keys(), 'active 10'].join(', ') } }] }
    const phrase: Phrase =
      status === 'auto' ? { key: 'look.auto', params: { accounts } } : { key: 'look.status', params: { accounts, status: word } }
    return show(user, chairs, { status }, phrase, desk)
  },
}

export const psm: Command = {
  async run({ user, text }, desk) {
    const { chairs, rest: message } = await meant(user, text, desk)
    if ([...message].length > longestMessage) return { say: [{ key: 'look.long-message', params: { longest: longestMessage } }] }
    const accounts = chairNames(chairs)
    if (message.toLowerCase() === 'auto')
      return show(user, chairs, { message: null }, { key: 'look.message-auto', params: { accounts } }, desk)
    const phrase: Phrase =
      message === '' ? { key: 'look.no-message', params: { accounts } } : { key: 'look.message', params: { accounts, message } }
    return show(user, chairs, { message }, phrase, desk)
  },
}

/** Reads "active", "active 20" and "active 20 invisible"; undefined when it is something else. */
function whileActive(words: string): WhileActive | undefined {
  const [, minutes = String(usualActive), hides] = /^active(?:\s+(\d{1,4}))?(\s+invisible)?$/.exec(words) ?? [undefined, '0']
  const count = Number(minutes)
  if (count < 1 || count > longestActive) return undefined
  return { minutes: count, otherwise: hides ? 'offline' : 'away' }
}

function activePhrase(accounts: string, { minutes, otherwise }: WhileActive): Phrase {
  return { key: otherwise === 'away' ? 'look.active' : 'look.active-invisible', params: { accounts, minutes } }
}

async function meant(user: User, text: string, desk: Desk): Promise<{ chairs: readonly Address[]; rest: string }> {
  const all = await desk.chairs(user)
  const { chair, rest } = namedChair(text, all)
  return { chairs: chair ? [chair] : all, rest: rest.trim() }
}

async function show(user: User, chairs: readonly Address[], look: Look, done: Phrase, desk: Desk): Promise<Reply> {
  if (chairs.length === 0) return { say: [{ key: 'contacts.no-chair' }] }
  try {
    for (const chair of chairs) await desk.show(chair, look)
    return { say: [done] }
  } catch (error) {
    return { say: [refusal(error, user.locale)] }
  }
}
