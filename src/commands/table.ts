// Every command there is, by name.

import { group, removeGroup, renameContact, renameGroup, ungroup } from './arrange.ts'
import type { Command } from './command.ts'
import { contacts } from './contacts.ts'
import { editContact } from './edit-contact.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { presence, psm } from './look.ts'
import { relogin } from './relogin.ts'
import { status } from './status.ts'

const help: Command = { run: async () => ({ say: [{ key: 'help' }] }) }

export const commands: ReadonlyMap<string, Command> = new Map(
  Object.entries({
    help,
    login,
    relogin,
    logout,
    status,
    contacts,
    'add-contact': editContact('add-contact', 'add'),
    'remove-contact': editContact('remove-contact', 'remove'),
    accept: editContact('accept', 'accept'),
    decline: editContact('decline', 'decline'),
    block: editContact('block', 'block'),
    unblock: editContact('unblock', 'unblock'),
    'rename-contact': renameContact,
    group,
    ungroup,
    'rename-group': renameGroup,
    'remove-group': removeGroup,
    presence,
    psm,
  }),
)
