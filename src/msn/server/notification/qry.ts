// QRY {trid} {product} 32 + answer  →  QRY {trid}, or 540 and the end   (msnp-core.md 3.16)

import { answerFor, products } from '../../model/challenge.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import type { NotificationSession } from '../notification-session.ts'

/** Checks the answer to our question; one that nobody asked for is fine. */
export function checkAnswer(session: NotificationSession, command: Command): Reply {
  const { challenge } = session
  if (challenge) {
    const product = products.find(({ id, until }) => id === command.args[0] && until >= session.dialect)
    const given = Buffer.from(command.payload ?? []).toString('latin1')
    if (!product || given !== answerFor(session.dialect, challenge.digits, product)) {
      throw new CommandError(errorCodes.wrongChallengeResponse, { hangUp: true })
    }
    challenge.cancel()
    session.challenge = undefined
  }
  return [{ verb: 'QRY', trId: trIdOf(command), args: [] }]
}
