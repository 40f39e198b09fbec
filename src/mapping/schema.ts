// The shapes of what the stores keep, checked against the core's types on both sides: at run time here, by the compiler below.

import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { NetworkId } from '../core/address.ts'
import type { Contact } from '../core/contact.ts'
import type { ConversationKey } from '../core/conversation.ts'
import type { DeliveryId, Gist } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { Ghost } from '../core/ghost.ts'
import type { Login, LoginId } from '../core/login.ts'
import type { Anchor, PortalId } from '../core/portal.ts'
import type { Dialogue, Remembered, Step } from '../core/stores.ts'
import type { User, UserId } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import { locales, phraseFrom } from '../core/words.ts'

/** 96 random bits: nobody guesses one, and no two are the same. */
export function randomId(): string {
  return randomBytes(12).toString('hex')
}

/** A string of one brand. What makes it that brand was checked when it was made. */
function id<Name extends string>() {
  return z.custom<Name>((value) => typeof value === 'string')
}

const address = z.object({ network: id<NetworkId>(), id: z.string() }).readonly()

export const conversationShape = z.object({ network: id<NetworkId>(), id: z.string(), as: address.exactOptional() }).readonly()

export const userShape = z.object({
  id: id<UserId>(),
  homes: z.tuple([address], address).readonly(),
  locale: z.enum(locales),
  management: conversationShape.exactOptional(),
  isBlocked: z.literal(true).exactOptional(),
})

/** A reason in words that this version no longer has is dropped: the login is worth more. */
const reason = z.unknown().transform(phraseFrom)

const storedLogin = z.object({
  id: id<LoginId>(),
  user: id<UserId>(),
  address,
  state: z.enum(['offline', 'connecting', 'online', 'reconnecting', 'refused', 'displaced']),
  reason: reason.optional(),
  since: z.number().exactOptional(),
  isTold: z.literal(true).exactOptional(),
})

export const loginShape = storedLogin.transform(({ reason, ...login }): Login => (reason ? { ...login, reason } : login))

export const credentialsShape = z.object({ password: z.string() })

export const contactShape = z.object({
  login: id<LoginId>(),
  address,
  name: z.string(),
  lists: z.array(z.enum(['forward', 'allow', 'block', 'reverse', 'pending'])).readonly(),
  groups: z.array(z.string()).readonly(),
  invitation: z.string().exactOptional(),
})

export const ghostShape = z.object({
  of: address,
  on: id<NetworkId>(),
  name: z.string(),
  picture: z.object({ hash: z.string(), ref: z.string() }).readonly().exactOptional(),
})

/** A portal as it was claimed; its room is kept beside it. */
export const claimShape = z.object({
  id: id<PortalId>(),
  user: id<UserId>(),
  anchor: z.object({ network: id<NetworkId>(), id: z.string(), as: address }).readonly(),
})

/** A step in words that this version no longer has is dropped. */
const stepShape = z.object({ at: z.number(), phrase: z.unknown().transform(phraseFrom) })

export const stepsShape = z
  .array(stepShape)
  .transform((steps): readonly Step[] => steps.flatMap(({ at, phrase }) => (phrase ? [{ at, phrase }] : [])))

/** A message; `gist` is sealed. */
export const messageShape = z.object({
  delivery: id<DeliveryId>(),
  sent: z.object({ conversation: conversationShape, id: id<RemoteId>() }).readonly(),
  origin: z.object({ conversation: conversationShape, id: id<RemoteId>() }).readonly().exactOptional(),
  gist: z.string().exactOptional(),
  queuedAt: z.number().exactOptional(),
  arrivedAt: z.number(),
  steps: stepsShape.exactOptional(),
})

export const gistShape = z
  .object({
    by: z.string(),
    from: z.string().exactOptional(),
    line: z.string(),
    of: id<RemoteId>().exactOptional(),
  })
  .readonly()

export const noticeShape = messageShape.shape.sent

export const dialogueShape = z.object({
  command: z.string(),
  answers: z.record(z.string(), z.string()).readonly(),
  in: id<ConversationKey>().exactOptional(),
  by: id<RemoteId>(),
})

/** True only where each of two types can stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

const _same: [
  Same<Required<z.output<typeof userShape>>, Required<User>>,
  Same<keyof z.output<typeof storedLogin>, keyof Login>,
  Same<Required<z.output<typeof contactShape>>, Required<Contact>>,
  Same<Required<z.output<typeof ghostShape>>, Required<Ghost>>,
  Same<z.output<typeof claimShape>['anchor'], Anchor>,
  Same<keyof z.output<typeof messageShape>, keyof Remembered>,
  Same<Required<z.output<typeof gistShape>>, Required<Gist>>,
  Same<Required<z.output<typeof dialogueShape>>, Required<Dialogue>>,
  Same<Exclude<z.output<typeof storedLogin>['reason'], undefined>, Phrase>,
] = [true, true, true, true, true, true, true, true, true]
void _same
