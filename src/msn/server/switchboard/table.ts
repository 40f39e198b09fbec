// Every verb of the switchboard: when it is allowed, and who answers it.

import type { CommandTable } from '../command-table.ts'
import type { SwitchboardSession, SwitchboardState } from '../switchboard-session.ts'
import { answer } from './ans.ts'
import { call } from './cal.ts'
import { say } from './msg.ts'
import { leave } from './out.ts'
import { settle } from './receipt.ts'
import { enter } from './usr.ts'

const joined: readonly SwitchboardState[] = ['joined']
const always: readonly SwitchboardState[] = ['connected', 'joined']

export const switchboardCommands: CommandTable<SwitchboardSession> = {
  USR: { states: always, minArgs: 2, run: enter },
  ANS: { states: always, minArgs: 3, run: answer },
  CAL: { states: joined, minArgs: 1, run: call },
  MSG: { states: joined, minArgs: 1, run: say },
  STO: { states: joined, minArgs: 1, run: settle },
  NST: { states: joined, minArgs: 1, run: settle },
  OUT: { states: always, minArgs: 0, run: leave },
}
