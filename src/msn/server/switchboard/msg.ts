// MSG {trid} {U|N|A|D|S} {length} + payload  →  ACK, NAK or nothing; MSG to everybody else   (msnp-core.md 4.4)

import { pause } from '../../../core/timers.ts'
import type { AckType } from '../../dialect/board.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { mediaTypeOf, parseMime } from '../../wire/mime.ts'
import { p2pMediaType } from '../../wire/p2p/carriage.ts'
import { CommandError, HangUp } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { SwitchboardSession } from '../switchboard-session.ts'

const ackTypes: ReadonlySet<string> = new Set<AckType>(['U', 'N', 'A', 'D', 'S'])

/**
 * Says something. Only bytes are relayed: what they mean is between clients. Throws 282 for what is sent as peer-to-peer (D) and is something else;
 * peer-to-peer that is sent in another way is relayed like anything.
 */
export function say(session: SwitchboardSession, command: Command): Reply | Promise<Reply> {
  const [type = ''] = command.args
  const { payload } = command
  if (!isAckType(type) || !payload) throw new HangUp('MSG of an unknown type')
  if (type === 'D' && mediaTypeOf(parseMime(payload).headers) !== p2pMediaType)
    throw new CommandError(errorCodes.malformedDirectMessage)
  const relay = () => session.board.relay(session, trIdOf(command), type, payload)
  const wait = session.peer.inProcess ? 0 : waitOf(session)
  return wait > 0 ? pause(session.services.timers, wait).then(relay) : relay()
}

/** How long somebody who talks too fast has to wait. They are not read from meanwhile, so they are slowed down, and nothing is lost. */
function waitOf({ talk, services }: SwitchboardSession): number {
  const now = services.clock()
  const wait = talk.wait(now)
  talk.count(now)
  return wait
}

function isAckType(text: string): text is AckType {
  return ackTypes.has(text)
}
