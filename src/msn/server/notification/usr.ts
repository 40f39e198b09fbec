// USR {trid} MD5|TWN I {handle}  →  USR {trid} MD5|TWN S {salt or parameters}
// USR {trid} MD5|TWN S {digest or ticket}  →  USR {trid} OK …, SBS, profile   (msnp-core.md 3.3, 3.5, 3.7, 3.8)

import { z } from 'zod'
import { Secret } from '../../../core/secret.ts'
import { tokenIn, twnChallenge } from '../../auth/passport.ts'
import {
  authFamily,
  readSignInProof,
  readSignInRequest,
  type SignInProof,
  writeSignedIn,
  writeSignInChallenge,
} from '../../dialect/sign-in.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { nameFor } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, trIdOf } from '../command-table.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'
import { profileMessage } from '../profile.ts'
import { ticketPurpose } from '../services.ts'

const hostedClaim = z.strictObject({ handle: z.string(), name: z.string() })

/** Who the proof says somebody is; the name only of hosted people, who have one elsewhere. */
interface Proven {
  readonly handle: Handle
  readonly name?: string | undefined
}

/** Both halves of signing in. Whatever is wrong with the proof, the answer is 911, and the connection is over. */
export async function authenticate(session: NotificationSession, command: Command): Promise<Reply> {
  if (session.state === 'signed-in') throw new CommandError(errorCodes.alreadyLoggedIn)
  return session.state === 'versioned' ? identify(session, command) : prove(session, command)
}

async function identify(session: NotificationSession, command: Command): Promise<Reply> {
  const request = readSignInRequest(command)
  if (request?.family !== authFamily(session.dialect)) throw refusal()
  session.claimed = request.email
  session.state = 'identified'
  const challenge = request.family === 'md5' ? await session.services.accounts.salt(request.email) : twnChallenge
  return [writeSignInChallenge(session.dialect, trIdOf(command), [challenge])]
}

async function prove(session: NotificationSession, command: Command): Promise<Reply> {
  const given = readSignInProof(command)
  const claimed = handleOf(session.claimed ?? '')
  if (given?.family !== authFamily(session.dialect) || !claimed) throw refusal()
  const proven = await check(session, claimed, given)
  if (proven?.handle !== claimed || !session.peer.isOpen) throw refusal()
  return enter(session, command, proven, given.proof)
}

async function check(session: NotificationSession, claimed: Handle, { family, proof }: SignInProof): Promise<Proven | undefined> {
  const { accounts, signInTries, tickets, tokens, isHostedAddress } = session.services
  if (family === 'md5') {
    const verify = () => accounts.verifyMd5(claimed, new Secret(proof))
    const handle = await signInTries.guard(claimed, session.peer.addresses.remote ?? '', verify)
    return handle && { handle }
  }
  if (!isHostedAddress(claimed)) return tokens.check(new Secret(proof), 'messenger')
  // Hosted people sign in through us alone: a ticket of theirs is worth nothing on a socket.
  if (!session.peer.inProcess) return undefined
  const claim = hostedClaim.safeParse(await tickets.redeem(ticketPurpose.hosted, tokenIn(new Secret(proof))))
  return claim.success ? { handle: claim.data.handle as Handle, name: claim.data.name } : undefined
}

async function enter(session: NotificationSession, command: Command, { handle, name }: Proven, ticket: string): Promise<Reply> {
  const { books, directory, presence, clock } = session.services
  const book = name === undefined ? await books.of(handle) : (await books.change(handle, (before) => nameFor(before, name))).after
  session.signedIn(handle)
  const entrance = await directory.enter(session, book.name)
  if (entrance === 'full') throw new CommandError(errorCodes.tooManyEndpoints, { hangUp: true })
  session.number = entrance.number
  await presence.announce(handle, entrance.shift)
  const dialect = session.dialect
  return [
    writeSignedIn(dialect, trIdOf(command), { email: handle, name: book.name, verified: true }),
    ...(dialect >= 11 ? [{ verb: 'SBS', trId: 0, args: ['null'] }] : []),
    profileMessage(dialect, handle, authFamily(dialect) === 'twn' ? ticket : '', session.peer, clock),
  ]
}

function refusal(): CommandError {
  return new CommandError(errorCodes.authenticationFailed, { hangUp: true })
}
