// CVR {trid} {lcid} {os} {osver} {arch} {library} {version} …  →  CVR {trid} {version} {version} {version} {url} {url}   (msnp-core.md 3.2)

import { readClientVersion, writeVersionAdvice } from '../../dialect/sign-in.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Recommends the client's own version to it: any other would make it ask for an upgrade, or give up. */
export function adviseVersion(session: NotificationSession, command: Command): Reply {
  const client = readClientVersion(command)
  if (!client) throw new CommandError(errorCodes.badClientVersion)
  const page = `http://${session.services.domain}/`
  const advice = { recommended: client.version, minimum: client.version, downloadUrl: page, infoUrl: page }
  const reply = writeVersionAdvice(trIdOf(command), advice, command.verb === 'CVQ' ? 'CVQ' : 'CVR')
  if (session.state !== 'reporting') return [reply]
  session.peer.send(reply)
  session.peer.close()
  return silence
}
