// Every command there is, by name.

import type { Command } from './command.ts'
import { login } from './login.ts'
import { logout } from './logout.ts'
import { status } from './status.ts'

const help: Command = { run: async () => ({ say: [{ key: 'help' }] }) }

export const commands: ReadonlyMap<string, Command> = new Map(Object.entries({ help, login, logout, status }))
