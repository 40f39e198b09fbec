// Every command there is.

import type { Level } from '../core/level.ts'
import type { PhraseKey } from '../core/words.ts'
import { blockUser, listUsers, unblockUser } from './admin.ts'
import { group, removeGroup, renameContact, renameGroup, ungroup } from './arrange.ts'
import { createGroup, nudge, startChat } from './chats.ts'
import type { Command } from './command.ts'
import { contacts, groups } from './contacts.ts'
import { editContact } from './edit-contact.ts'
import { helpWith } from './help.ts'
import { isMoreThanAnAccount, login } from './login.ts'
import { logout } from './logout.ts'
import { presence, psm } from './look.ts'
import { bridge, deletePortal, setRelay, unbridge, unsetRelay } from './portal.ts'
import { loginMatrix, logoutMatrix } from './puppet.ts'
import { relogin } from './relogin.ts'
import { ping, privacy, version } from './self.ts'
import { logins, status } from './status.ts'
import { sudoWith } from './sudo.ts'
import { sync } from './sync.ts'
import { trace } from './trace.ts'

export type Section = 'general' | 'accounts' | 'chats' | 'contacts' | 'looks' | 'administration'

/** The commands of which the catalogue says what they do. */
type Name = Extract<PhraseKey, `about.${string}`> extends `about.${infer Word}` ? Word : never

/** A command with what is known of it. */
export interface Entry extends Command {
  readonly name: Name
  readonly aliases: readonly string[]
  readonly section: Section
  readonly needs: Level
  /** chat: only in one with a contact. room: only in a room that is none and in which we are not alone. */
  readonly where: 'anywhere' | 'chat' | 'room'
  /** What a command with this text has to do with a secret: where it asks for one, or may hold one, we must be alone with the user. */
  readonly secrecy: (text: string) => Secrecy
}

export type Secrecy = 'none' | 'asks' | 'holds'

type Rules = Partial<Pick<Entry, 'aliases' | 'needs' | 'where' | 'secrecy'>>

function entry(section: Section, name: Name, command: Command, rules: Rules = {}): Entry {
  return { aliases: [], needs: 'user', where: 'anywhere', secrecy: () => 'none', ...rules, section, name, run: command.run }
}

const anybody: Rules = { needs: 'commands' }
const chat: Rules = { where: 'chat' }
const admin: Rules = { needs: 'admin' }

const nothing: Command = { run: async () => ({ say: [{ key: 'command.nothing-to-cancel' }] }) }

const sudo = sudoWith((word) => commandNamed(word))

const all: readonly Entry[] = [
  entry(
    'general',
    'help',
    helpWith(() => all),
    anybody,
  ),
  entry('general', 'cancel', nothing, anybody),
  entry('general', 'version', version, anybody),
  entry('general', 'ping', ping, anybody),
  entry('general', 'privacy', privacy, anybody),
  entry('accounts', 'login', login, { secrecy: (text) => (isMoreThanAnAccount(text) ? 'holds' : 'asks') }),
  entry('accounts', 'logins', logins, { aliases: ['list-logins'] }),
  entry('accounts', 'logout', logout),
  entry('accounts', 'relogin', relogin),
  entry('accounts', 'login-matrix', loginMatrix, { secrecy: (text) => (text === '' ? 'asks' : 'holds') }),
  entry('accounts', 'logout-matrix', logoutMatrix),
  entry('chats', 'start-chat', startChat, { aliases: ['pm'] }),
  entry('chats', 'create-group', createGroup),
  entry('chats', 'nudge', nudge, chat),
  entry('chats', 'trace', trace, chat),
  entry('chats', 'bridge', bridge, { where: 'room' }),
  entry('chats', 'unbridge', unbridge, chat),
  entry('chats', 'delete-portal', deletePortal, chat),
  entry('chats', 'set-relay', setRelay, chat),
  entry('chats', 'unset-relay', unsetRelay, chat),
  entry('contacts', 'contacts', contacts),
  entry('contacts', 'groups', groups),
  entry('contacts', 'add-contact', editContact('add-contact', 'add')),
  entry('contacts', 'remove-contact', editContact('remove-contact', 'remove')),
  entry('contacts', 'accept', editContact('accept', 'accept')),
  entry('contacts', 'decline', editContact('decline', 'decline')),
  entry('contacts', 'block', editContact('block', 'block')),
  entry('contacts', 'unblock', editContact('unblock', 'unblock')),
  entry('contacts', 'rename-contact', renameContact),
  entry('contacts', 'group', group),
  entry('contacts', 'ungroup', ungroup),
  entry('contacts', 'rename-group', renameGroup),
  entry('contacts', 'remove-group', removeGroup),
  entry('contacts', 'sync', sync, { aliases: ['sync-portal'] }),
  entry('looks', 'status', status),
  entry('looks', 'presence', presence),
  entry('looks', 'psm', psm),
  entry('administration', 'sudo', sudo, { ...admin, secrecy: sudo.secrecy }),
  entry('administration', 'list-users', listUsers, admin),
  entry('administration', 'block-user', blockUser, admin),
  entry('administration', 'unblock-user', unblockUser, admin),
]

/** Every command, by its name. */
export const commands: ReadonlyMap<string, Entry> = new Map(all.map((each) => [each.name, each]))

const byWord: ReadonlyMap<string, Entry> = new Map(
  all.flatMap((each) => [each.name, ...each.aliases].map((word): [string, Entry] => [word, each])),
)

/** The command that a word stands for. */
export function commandNamed(word: string): Entry | undefined {
  return byWord.get(word)
}
