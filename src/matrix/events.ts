// What the homeserver sends, read and bounded. Fields that we do not use are not looked at.

import { z } from 'zod'

/** Ids are at most 255 bytes long (Matrix specification, appendix 4.2). */
const id = (sigil: string) => z.string().startsWith(sigil).max(255)

const optionalText = z.string().optional().catch(undefined)

const roomEvent = z.object({
  type: z.string().max(255),
  event_id: id('$'),
  room_id: id('!'),
  sender: id('@'),
  origin_server_ts: z.number().int().nonnegative(),
  state_key: z.string().max(255).optional(),
  content: z.record(z.string(), z.unknown()),
  /** Where rooms before version 11 say what is taken back. */
  redacts: id('$').optional().catch(undefined),
  unsigned: z.object({ prev_content: z.unknown() }).optional().catch(undefined),
})

/** Something that happened in a room. */
export type RoomEvent = z.infer<typeof roomEvent>

const transaction = z.object({
  events: z.array(z.unknown()).catch([]),
  ephemeral: z.array(z.unknown()).optional().catch(undefined),
  'de.sorunome.msc2409.ephemeral': z.array(z.unknown()).optional().catch(undefined),
})

/** What a transaction carries, each event still unread. */
export interface Transaction {
  readonly events: readonly unknown[]
  readonly ephemeral: readonly unknown[]
}

/** Reads a transaction. Synapse sends the ephemeral events under both keys when both are asked for, so only one is taken. */
export function readTransaction(body: unknown): Transaction {
  const parsed = transaction.safeParse(body)
  if (!parsed.success) return { events: [], ephemeral: [] }
  const { events, ephemeral, 'de.sorunome.msc2409.ephemeral': legacy } = parsed.data
  return { events, ephemeral: ephemeral ?? legacy ?? [] }
}

/** Reads an event; undefined when it has not the form of one. */
export function readEvent(value: unknown): RoomEvent | undefined {
  return roomEvent.safeParse(value).data
}

/** The id that a malformed event claims, for the log. */
export function claimedId(value: unknown): string {
  return z.object({ event_id: z.string().max(255) }).safeParse(value).data?.event_id ?? 'without an id'
}

const optionalId = id('$').optional().catch(undefined)

const relation = z.object({
  rel_type: optionalText,
  event_id: optionalId,
  key: optionalText,
  is_falling_back: z.boolean().optional().catch(undefined),
  'm.in_reply_to': z.object({ event_id: optionalId }).optional().catch(undefined),
})

/** How an event belongs to others. */
export type Relation = z.infer<typeof relation>

/** Reads how an event belongs to others; undefined when that has not the form of a relation. */
export function readRelation(value: unknown): Relation | undefined {
  return relation.safeParse(value).data
}

/** The event that is taken back; undefined when none is. In rooms since version 11 that stands in the content. */
export function redactedBy({ redacts, content }: RoomEvent): string | undefined {
  return redacts ?? optionalId.parse(content['redacts'])
}

const messageContent = z.object({
  msgtype: z.string(),
  body: z.string(),
  format: optionalText,
  formatted_body: optionalText,
  'm.relates_to': relation.optional().catch(undefined),
})

/** The content of an `m.room.message`. */
export type MessageContent = z.infer<typeof messageContent>

/** Reads the content of a message; undefined when it has not the form of one (a redacted message is empty). */
export function readMessage(content: unknown): MessageContent | undefined {
  return messageContent.safeParse(content).data
}

const memberContent = z.object({ membership: z.string(), displayname: z.string().max(1024).optional().catch(undefined) })

/** What an `m.room.member` event makes of its `state_key`. */
export interface Membership {
  readonly now: string
  /** What it was before, where the homeserver says. */
  readonly before?: string
  /** The name in this room. */
  readonly name?: string
}

/** Reads a change of membership; undefined when it has not the form of one. */
export function readMembership({ content, unsigned }: RoomEvent): Membership | undefined {
  const now = memberContent.safeParse(content).data
  const before = memberContent.safeParse(unsigned?.prev_content).data?.membership
  if (!now) return undefined
  return {
    now: now.membership,
    ...(before !== undefined && { before }),
    ...(now.displayname !== undefined && { name: now.displayname }),
  }
}

/** How present somebody is, in an event and as the answer to a question. */
export const presenceStatus = z.object({
  presence: z.string(),
  status_msg: optionalText,
  currently_active: z.boolean().optional().catch(undefined),
})

const presenceEvent = z.object({ type: z.literal('m.presence'), sender: id('@'), content: presenceStatus })

/** Somebody's presence, as the homeserver tells it. */
export interface PresenceUpdate {
  readonly user: string
  readonly presence: string
  readonly statusMessage?: string
  /** They have just done something. */
  readonly isActive?: true
}

/** Reads a presence update; undefined when it is something else. */
export function readPresence(value: unknown): PresenceUpdate | undefined {
  const parsed = presenceEvent.safeParse(value).data
  if (!parsed) return undefined
  const { presence, status_msg: statusMessage, currently_active: isActive } = parsed.content
  return {
    user: parsed.sender,
    presence,
    ...(statusMessage !== undefined && { statusMessage }),
    ...(isActive && { isActive }),
  }
}

const receiptEvent = z.object({ type: z.literal('m.receipt'), content: z.record(z.string(), z.unknown()) })
const readBy = z.record(id('@'), z.unknown()).catch({})
const receiptsOf = z.object({ 'm.read': readBy.optional(), 'm.read.private': readBy.optional() }).catch({})

/** More receipts in one event are not looked at. */
const mostReceipts = 1000

/** Who has just read something, publicly or for themselves; nobody when it is something else. */
export function readReceipts(value: unknown): string[] {
  const events = Object.values(receiptEvent.safeParse(value).data?.content ?? {}).slice(0, mostReceipts)
  const readers = events.flatMap((event) => {
    const { 'm.read': all, 'm.read.private': own } = receiptsOf.parse(event)
    return [...Object.keys(all ?? {}), ...Object.keys(own ?? {})]
  })
  return readers.slice(0, mostReceipts)
}

const typingEvent = z.object({
  type: z.literal('m.typing'),
  room_id: id('!'),
  content: z.object({ user_ids: z.array(id('@')).max(1000) }),
})

/** Who is typing in a room, all of them. */
export interface TypingList {
  readonly room: string
  readonly users: readonly string[]
}

/** Reads a typing notification; undefined when it is something else. */
export function readTyping(value: unknown): TypingList | undefined {
  const parsed = typingEvent.safeParse(value).data
  return parsed && { room: parsed.room_id, users: parsed.content.user_ids }
}
