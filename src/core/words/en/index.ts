// The English catalogue, a file for each part of the gateway. `{name}` is a parameter.

import { cli } from './cli.ts'
import { commands } from './commands.ts'
import { delivery } from './delivery.ts'
import { matrix } from './matrix.ts'
import { msn } from './msn.ts'
import { storage } from './storage.ts'

export const en = { ...cli, ...commands, ...delivery, ...matrix, ...msn, ...storage } as const
