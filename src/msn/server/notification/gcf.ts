// GCF {trid} Shields.xml  →  GCF {trid} Shields.xml {length} + file (MSNP11 and 12); from 13 on it is pushed at sign-in   (msnp-core.md 3.18)

import { writePolicies } from '../../model/policies.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Which clients may not do what: none, and nothing. */
const shields = '<config><shield><cli maj="7" min="0" minbld="0" maxbld="9999" deny=" " /></shield><block></block></config>'

const policies = Buffer.from(writePolicies([{ type: 'SHIELDS', inner: shields }]))

/** MSN 7.0 and 7.5 wait for this file. */
export function giveFile(_session: NotificationSession, command: Command): Reply {
  const [name = ''] = command.args
  if (name.toLowerCase() !== 'shields.xml') throw new CommandError(errorCodes.notExpected)
  const payload = Buffer.from(`<?xml version="1.0" encoding="utf-8" ?>${shields}`)
  return [{ verb: 'GCF', trId: trIdOf(command), args: [name], payload }]
}

/** Before the answer to USR, as Windows Live Messenger expects it. */
export function pushPolicies(): Command {
  return { verb: 'GCF', trId: 0, args: [], payload: policies }
}
