// help [command]: what the bot can do for whoever asks, and where we are.

import { allows } from '../core/level.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Ask, Command } from './command.ts'
import type { Entry, Section } from './table.ts'

/** In this order. */
const sections: readonly Section[] = ['general', 'accounts', 'chats', 'contacts', 'looks', 'administration']

/** The command over a table, which is given when it is there. */
export function helpWith(table: () => readonly Entry[]): Command {
  return {
    async run(ask) {
      const known = table().filter(({ needs }) => allows(ask.level, needs))
      const word = ask.text.trim().toLowerCase()
      const one = known.find(({ name, aliases }) => name === word || aliases.includes(word))
      return { say: [one ? aboutOne(one, ask.user.locale) : aboutAll(known, ask)] }
    },
  }
}

/** What a command does. The compiler does not see by itself that none of these phrases has parameters: there are too many. */
function aboutOf(name: Entry['name']): Phrase {
  return { key: `about.${name}` } as Phrase
}

function aboutOne({ name, aliases }: Entry, locale: Locale): Phrase {
  const about = aboutOf(name)
  if (aliases.length === 0) return about
  return { key: 'help.aliases', params: { about: say(about, locale), names: aliases.join(', ') } }
}

function aboutAll(known: readonly Entry[], ask: Ask): Phrase {
  const { locale } = ask.user
  const blocks = sections.flatMap((section) => {
    const lines = known
      .filter((entry) => entry.section === section)
      .map(({ name }) => say({ key: 'help.line', params: { about: say(aboutOf(name), locale) } }, locale))
    if (lines.length === 0) return []
    const title = say({ key: `section.${section}` }, locale)
    return [say({ key: 'help.section', params: { title, lines: lines.join('\n') } }, locale)]
  })
  const params = {
    where: say(whereWeAre(ask), locale),
    brackets: say({ key: 'help.brackets' }, locale),
    sections: blocks.join('\n\n'),
  }
  return { key: 'help.all', params }
}

function whereWeAre({ isPrivate, chat, prefix }: Ask): Phrase {
  if (isPrivate) return { key: 'help.private' }
  return chat ? { key: 'help.chat', params: { name: chat.name, prefix } } : { key: 'help.room', params: { prefix } }
}
