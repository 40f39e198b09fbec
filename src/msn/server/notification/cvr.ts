// CVR {trid} {lcid} {os} {osver} {arch} {library} {version} …  →  CVR {trid} {version} {version} {version} {url} {url}   (msnp-core.md 3.2)

import { readClientVersion, writeVersionAdvice } from '../../dialect/sign-in.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/**
 * Recommends the client's own version to it: any other would make it ask for an upgrade, or give up. That is what those are told who are older than
 * the operator wants.
 */
export function adviseVersion(session: NotificationSession, command: Command): Reply {
  const client = readClientVersion(command)
  if (!client) throw new CommandError(errorCodes.badClientVersion)
  const page = `http://${session.services.domain}/`
  const { oldestClient } = session.services
  const version = oldestClient !== undefined && isOlder(client.version, oldestClient) ? oldestClient : client.version
  const advice = { recommended: version, minimum: version, downloadUrl: page, infoUrl: page }
  const reply = writeVersionAdvice(trIdOf(command), advice, command.verb === 'CVQ' ? 'CVQ' : 'CVR')
  if (session.state !== 'reporting') return [reply]
  session.peer.send(reply)
  session.peer.close()
  return silence
}

/** Compares versions part by part: `7.5.0324` is older than `7.10`. */
function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split('.').map(Number))
  for (const [index, part] of (other ?? []).entries()) {
    const own = one?.[index] ?? 0
    if (own !== part) return own < part
  }
  return false
}
