// sudo user command: an admin does something for somebody else, who may do it themselves. A talk that it begins goes on with the admin.

import { allows } from '../core/level.ts'
import type { Ask, Command, Reply } from './command.ts'
import type { Desk } from './desk.ts'
import type { Entry, Secrecy } from './table.ts'

/** Under these names the talk remembers for whom it is held. */
const whom = 'sudo-user'
const what = 'sudo-command'

/** Whom it is for, which command, and what stands behind that. */
const form = /^(?<named>\S+)\s+(?<word>\S+)\s*(?<text>.*)$/s

/** The command over a table. */
export function sudoWith(commandNamed: (word: string) => Entry | undefined): Command & Pick<Entry, 'secrecy'> {
  return {
    secrecy(text): Secrecy {
      const { word = '', text: rest = '' } = form.exec(text)?.groups ?? {}
      return commandNamed(word.toLowerCase())?.secrecy(rest) ?? 'none'
    },
    async run(ask, desk) {
      const { [whom]: user, [what]: word, ...answers } = ask.answers
      if (user !== undefined && word !== undefined) return doFor(ask, { user, word, answers, text: ask.text }, desk)
      const { named = '', word: first = '', text = '' } = form.exec(ask.text)?.groups ?? {}
      if (named === '') return { say: [{ key: 'admin.usage-sudo' }] }
      return doFor(ask, { user: named, word: first.toLowerCase(), answers: {}, text }, desk)
    },
  }

  async function doFor(ask: Ask, { user: named, word, answers, text }: Errand, desk: Desk): Promise<Reply> {
    const user = await desk.userAt(named, ask.user)
    if (!user) return { say: [{ key: 'admin.no-such-user' }] }
    const entry = commandNamed(word)
    if (!entry || entry.section === 'administration') return { say: [{ key: 'command.unknown' }] }
    const level = await desk.levelOf(user)
    if (!allows(level, entry.needs)) return { say: [{ key: 'admin.may-not', params: { user: named, level } }] }
    if (entry.where === 'chat' && ask.chat?.portal.user !== user.id)
      return { say: [{ key: 'admin.not-their-chat', params: { user: named } }] }
    if (entry.where === 'room' && (ask.isPrivate || ask.chat))
      return { say: [{ key: 'command.only-in-room', params: { prefix: ask.prefix } }] }
    const reply = await entry.run({ ...ask, user, level, answers, text }, desk)
    return { say: reply.say, ...(reply.next && { next: { ...reply.next, [whom]: named, [what]: word } }) }
  }
}

/** Something to be done for somebody else. */
interface Errand {
  readonly user: string
  readonly word: string
  readonly answers: Ask['answers']
  readonly text: string
}
