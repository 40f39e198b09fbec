// login [network] [account]: one step after another; the password comes last, alone, and is taken out of the room.

import type { NetworkId } from '../core/address.ts'
import { Secret } from '../core/secret.ts'
import type { Phrase } from '../core/words.ts'
import { isAccount } from './account.ts'
import type { Ask, Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'
import { takeOutQuietly } from './secret.ts'

type Answers = { readonly network?: string; readonly account?: string }

export const login: Command = {
  async run(ask, desk) {
    const answers: Answers = ask.answers
    if (answers.account !== undefined) return takePassword(ask, answers, desk)
    const words = ask.text.split(/\s+/).filter(Boolean)
    const network = answers.network ?? chooseNetwork(words, desk)
    if (network === undefined) return askNetwork(words, desk)
    if (words.length > 1) return tooMuch(ask, network, words[0])
    return takeAccount(words[0], network)
  },
}

/** Whether more was written than a network and an account: the rest may be a password. */
export function isMoreThanAnAccount(text: string): boolean {
  const words = text.split(/\s+/).filter(Boolean)
  const account = words.findIndex((word) => word.includes('@'))
  return words.length > 2 || (account !== -1 && account < words.length - 1)
}

/** The network that was named, or the only one there is. Takes its name off the words. */
function chooseNetwork(words: string[], desk: Desk): string | undefined {
  const known = desk.linkable()
  const named = known.find((id) => id === words[0]?.toLowerCase())
  if (named) words.shift()
  return named ?? (known.length === 1 && (words.length === 0 || words[0]?.includes('@')) ? known[0] : undefined)
}

function askNetwork(words: readonly string[], desk: Desk): Reply {
  const networks = desk.linkable().join(', ')
  if (!networks) return { say: [{ key: 'login.no-networks' }] }
  const key = words.length > 0 ? 'login.unknown-network' : 'login.which-network'
  return { say: [{ key, params: { networks } }], next: {} }
}

function takeAccount(account: string | undefined, network: string): Reply {
  if (account === undefined) return { say: [{ key: 'login.which-account', params: { network } }], next: { network } }
  if (!isAccount(account)) return { say: [{ key: 'login.bad-account' }], next: { network } }
  return { say: [{ key: 'login.password', params: { account } }], next: { network, account: account.toLowerCase() } }
}

/** More words than an account: the rest may be a password, so the message goes. */
async function tooMuch(ask: Ask, network: string, account: string | undefined): Promise<Reply> {
  const gone = await takeOutQuietly(ask)
  const reply = takeAccount(account, network)
  return { ...reply, say: [...gone, ...reply.say] }
}

async function takePassword(ask: Ask, answers: Answers, desk: Desk): Promise<Reply> {
  const { network = '', account = '' } = answers
  if (ask.text === '') return { say: [{ key: 'login.empty-password' }], next: { network, account } }
  const address = { network: network as NetworkId, id: account }
  const linked = await desk.link(ask.user, address, { password: new Secret(ask.text) }, ask.cause)
  const gone = await takeOutQuietly(ask)
  const done: Phrase = linked
    ? { key: 'login.connecting', params: { network, account } }
    : { key: 'login.taken', params: { account } }
  return { say: [...gone, done] }
}
