// The English catalogue, a file for each part of the gateway. `{name}` is a parameter.

import { chats } from './chats.ts'
import { cli } from './cli.ts'
import { commands } from './commands.ts'
import { contacts } from './contacts.ts'
import { delivery } from './delivery.ts'
import { files } from './files.ts'
import { help } from './help.ts'
import { late } from './late.ts'
import { matrix } from './matrix.ts'
import { msn } from './msn.ts'
import { pages } from './pages.ts'
import { portals } from './portals.ts'
import { puppets } from './puppets.ts'
import { storage } from './storage.ts'

export const en = {
  ...chats,
  ...cli,
  ...commands,
  ...contacts,
  ...delivery,
  ...files,
  ...help,
  ...late,
  ...matrix,
  ...msn,
  ...pages,
  ...portals,
  ...puppets,
  ...storage,
} as const
