// STO {receipt}, NST {receipt}: a session of ours has stored a message, or could not. Private: on a socket they are unknown verbs.

import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence } from '../command-table.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

/** Lets the sender hear what became of the message. */
export function settle({ receipts }: SwitchboardSession, command: Command): Reply {
  if (!receipts) throw new CommandError(errorCodes.syntaxError)
  receipts.settle(Number(command.args[0]), command.verb === 'STO')
  return silence
}
