// USR {trid} MD5|TWN|SSO I {handle}  →  (from MSNP13 on GCF) USR {trid} MD5|TWN|SSO S {salt, parameters, or policy and nonce}
// USR {trid} MD5|TWN|SSO S {digest, ticket, or ticket, signature and place}  →  USR {trid} OK …, SBS, profile
// USR {trid} SHA A {ticket}  →  USR {trid} OK {handle} 0 0   (msnp-core.md 3.3, 3.5 to 3.8)

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Secret } from '../../../core/secret.ts'
import { tokenIn, twnChallenge } from '../../auth/passport.ts'
import { isSsoBlob } from '../../auth/sso.ts'
import { writeTransfer } from '../../dialect/board.ts'
import { msnNetwork, writeNothingOf } from '../../dialect/presence.ts'
import {
  authFamily,
  readSignInProof,
  readSignInRequest,
  type SignInProof,
  type SignInRequest,
  writeSignedIn,
  writeSignedInCircles,
  writeSignInChallenge,
} from '../../dialect/sign-in.ts'
import { endpointId } from '../../model/endpoint.ts'
import type { Command } from '../../wire/command.ts'
import { errorCodes } from '../../wire/errors.ts'
import { nameFor } from '../book.ts'
import { CommandError } from '../command-error.ts'
import { type Reply, silence, trIdOf } from '../command-table.ts'
import type { Showing } from '../directory.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { NotificationSession } from '../notification-session.ts'
import { profileMessage } from '../profile.ts'
import { ticketPurpose } from '../services.ts'
import { ownLines } from '../sightings.ts'
import { pushPolicies } from './gcf.ts'

/** Which key the signature is made with: the `BinarySecret` of the ticket. Clients ask their ticket with the policy of this name. */
const ssoPolicy = 'MBI_KEY_OLD'
/** 64 characters in base64; clients rely on it. */
const nonceBytes = 48
/** So long the ticket in the profile opens the contact services, in seconds. */
const webTicketLifetime = 24 * 60 * 60

const hostedClaim = z.strictObject({ handle: z.string(), name: z.string() })

/** Who the proof says somebody is; the name only of hosted people, who have one elsewhere. */
interface Proven {
  readonly handle: Handle
  readonly name?: string | undefined
}

/** Both halves of signing in. Whatever is wrong with the proof, the answer is 911, and the connection is over. */
export async function authenticate(session: NotificationSession, command: Command): Promise<Reply> {
  if (session.state === 'signed-in') return openCircles(session, command)
  return session.state === 'versioned' ? identify(session, command) : prove(session, command)
}

async function identify(session: NotificationSession, command: Command): Promise<Reply> {
  const request = readSignInRequest(command)
  if (request?.family !== authFamily(session.dialect)) throw refusal()
  if (session.dispatches) return dispatch(session, command)
  session.claimed = request.email
  session.state = 'identified'
  const { dialect } = session
  const challenge = await challengeFor(session, request)
  return [...(dialect < 13 ? [] : [pushPolicies()]), writeSignInChallenge(dialect, trIdOf(command), challenge)]
}

/** The official servers had clients begin at one address and sent them on to another. */
function dispatch({ dialect, peer, services }: NotificationSession, command: Command): Reply {
  const address = services.notificationAddress(peer)
  peer.send(writeTransfer(dialect, trIdOf(command), address))
  peer.close()
  return silence
}

async function challengeFor(session: NotificationSession, { family, email }: SignInRequest): Promise<readonly string[]> {
  if (family === 'md5') return [await session.services.accounts.salt(email)]
  if (family === 'twn') return [twnChallenge]
  session.nonce = randomBytes(nonceBytes).toString('base64')
  return [ssoPolicy, session.nonce]
}

async function prove(session: NotificationSession, command: Command): Promise<Reply> {
  const given = readSignInProof(command)
  const claimed = handleOf(session.claimed ?? '')
  if (given?.family !== authFamily(session.dialect) || !claimed) throw refusal()
  const endpoint = session.dialect < 16 ? undefined : endpointId(given.machineGuid ?? '')
  if (session.dialect >= 16 && endpoint === undefined) throw refusal()
  const proven = await check(session, claimed, given)
  if (proven?.handle !== claimed || !session.peer.isOpen) throw refusal()
  session.endpoint = endpoint
  return enter(session, command, proven, given.proof)
}

async function check(session: NotificationSession, claimed: Handle, given: SignInProof): Promise<Proven | undefined> {
  const { family, proof } = given
  const { accounts, signInTries, tickets, tokens, isHostedAddress } = session.services
  if (family === 'md5') {
    const verify = () => accounts.verifyMd5(claimed, new Secret(proof))
    const handle = await signInTries.guard(claimed, session.peer.addresses.remote ?? '', verify)
    return handle && { handle }
  }
  if (!isHostedAddress(claimed))
    return family === 'twn' ? tokens.check(new Secret(proof), 'messenger') : checkSignature(session, given)
  // Hosted people sign in through us alone: a ticket of theirs is worth nothing on a socket.
  if (!session.peer.inProcess) return undefined
  const claim = hostedClaim.safeParse(await tickets.redeem(ticketPurpose.hosted, tokenIn(new Secret(proof))))
  return claim.success ? { handle: claim.data.handle as Handle, name: claim.data.name } : undefined
}

/**
 * A ticket of MSNP15 and later is worth nothing without the signature that only its secret makes. Clients that were patched to leave it out are
 * refused: whoever listens on the wire would get in with the ticket alone.
 */
async function checkSignature(session: NotificationSession, { proof, blob }: SignInProof): Promise<Proven | undefined> {
  const { nonce } = session
  session.nonce = undefined
  const found = await session.services.tokens.check(new Secret(proof), 'sign-in')
  return found && nonce !== undefined && blob !== undefined && isSsoBlob(blob, nonce, found.secret) ? found : undefined
}

async function enter(session: NotificationSession, command: Command, { handle, name }: Proven, ticket: string): Promise<Reply> {
  const { books, directory, presence, clock } = session.services
  const book = name === undefined ? await books.of(handle) : (await books.change(handle, (before) => nameFor(before, name))).after
  // Whoever has hung up by now must not be taken in: nobody would notice that they are gone.
  if (!session.peer.isOpen) throw refusal()
  session.signedIn(handle)
  const entrance = await directory.enter(session, book.name)
  if (entrance === 'full') throw new CommandError(errorCodes.tooManyEndpoints, { hangUp: true })
  session.number = entrance.number
  await presence.announce(handle, entrance.shift)
  const { dialect } = session
  const { showing } = (await directory.find(handle)) ?? {}
  return [
    writeSignedIn(dialect, trIdOf(command), { email: handle, name: book.name, verified: true }),
    ...(dialect >= 11 ? [{ verb: 'SBS', trId: 0, args: ['null'] }] : []),
    profileMessage(dialect, handle, await webTicket(session, ticket), session.peer, clock),
    ...(dialect >= 16 ? ofOtherPlaces(dialect, handle, showing) : []),
  ]
}

/** Whoever signs in beside other places of theirs hears how they are seen, and can stay so. */
function ofOtherPlaces(dialect: number, handle: Handle, showing: Showing | undefined): readonly Command[] {
  return showing ? ownLines(dialect, showing) : [writeNothingOf(dialect, { handle, network: msnNetwork })]
}

/** `MSPAuth`, with which a client opens web pages; from MSNP13 on the contact services too. */
async function webTicket({ dialect, handle, services }: NotificationSession, ticket: string): Promise<string> {
  if (dialect < 8) return ''
  return dialect < 13 ? ticket : (await services.tokens.issue(handle, 'services', webTicketLifetime)).ticket.reveal()
}

/** Clients that were given a ticket for circles show it; there are no circles, and everybody is let in. */
function openCircles({ dialect, handle }: NotificationSession, command: Command): Reply {
  const [kind, stage] = command.args
  if (dialect < 18 || kind !== 'SHA' || stage !== 'A') throw new CommandError(errorCodes.alreadyLoggedIn)
  return [writeSignedInCircles(trIdOf(command), handle)]
}

function refusal(): CommandError {
  return new CommandError(errorCodes.authenticationFailed, { hangUp: true })
}
