// MSG {trid} {U|N|A|D|S} {length} + payload  →  ACK, NAK or nothing; MSG to everybody else   (msnp-core.md 4.4)

import type { AckType } from '../../dialect/board.ts'
import type { Command } from '../../wire/command.ts'
import { HangUp } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

const ackTypes: ReadonlySet<string> = new Set<AckType>(['U', 'N', 'A', 'D', 'S'])

/** Says something. Only bytes are relayed: what they mean is between clients. */
export function say(session: SwitchboardSession, command: Command): Reply | Promise<Reply> {
  const [type = ''] = command.args
  if (!isAckType(type) || !command.payload) throw new HangUp('MSG of an unknown type')
  return session.board.relay(session, trIdOf(command), type, command.payload)
}

function isAckType(text: string): text is AckType {
  return ackTypes.has(text)
}
