// What is read back from the outbox, checked against the core's types on both sides: at run time here, and by the compiler below.

import { z } from 'zod'
import type { Address, NetworkId } from '../core/address.ts'
import type { Content, Run, Style } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import type { Delivery, DeliveryId, Gist, Origin, Target } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import type { LineId } from '../core/line.ts'
import type { PortalId } from '../core/portal.ts'
import type { Phrase } from '../core/words.ts'
import { phraseFrom } from '../core/words.ts'

/** A string of one brand. What makes it that brand was checked when it was made. */
function id<Name extends string>() {
  return z.custom<Name>((value) => typeof value === 'string')
}

const phrase = z.custom<Phrase>((value) => phraseFrom(value) !== undefined)

const address = z.object({ network: id<NetworkId>(), id: z.string() }).readonly()

const conversation = z.object({ network: id<NetworkId>(), id: z.string(), as: address.exactOptional() }).readonly()

const flag = z.literal(true).exactOptional()

const style = z
  .object({
    bold: flag,
    italic: flag,
    underline: flag,
    strike: flag,
    code: flag,
    color: z.string().exactOptional(),
    font: z.string().exactOptional(),
    link: z.string().exactOptional(),
  })
  .readonly()

const run = z.object({ text: z.string(), style: style.exactOptional() }).readonly()

const runs = z.array(run).readonly()

const about = z
  .object({ from: z.string().exactOptional(), line: z.string(), how: z.enum(['answer', 'thread']) })
  .readonly()
  .exactOptional()

const text = z.object({ kind: z.literal('text'), runs, rightToLeft: flag, about })

const action = z.object({ kind: z.literal('action'), runs, about })

const media = z.object({
  kind: z.literal('media'),
  what: z.enum(['image', 'video', 'audio', 'voice', 'sticker', 'file']),
  name: z.string(),
  type: z.string().exactOptional(),
  size: z.number().exactOptional(),
  ref: z.string(),
  link: z.string().exactOptional(),
  caption: runs.exactOptional(),
  about,
})

const content = z.discriminatedUnion('kind', [
  text,
  action,
  media,
  z.object({ kind: z.literal('reaction'), of: id<RemoteId>(), emoji: z.string(), about }),
  z.object({ kind: z.literal('edit'), of: id<RemoteId>(), content: z.discriminatedUnion('kind', [text, action]) }),
  z.object({ kind: z.literal('nudge') }),
  z.object({ kind: z.literal('notice'), phrase }),
  z.object({
    kind: z.literal('outcome'),
    of: id<RemoteId>(),
    state: z.enum(['waiting', 'kept', 'missed', 'failed', 'delivered', 'cancelled']),
    phrase,
    instead: id<RemoteId>().exactOptional(),
  }),
  z.object({ kind: z.literal('attendance'), change: z.enum(['came', 'left', 'invited']), who: address }),
])

const target = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('portal'), portal: id<PortalId>(), end: z.enum(['anchor', 'room']) }),
  z.object({ kind: z.literal('conversation'), conversation }),
])

const origin = z.object({ conversation, id: id<RemoteId>() }).readonly()

const gist = z
  .object({
    by: z.string(),
    from: z.string().exactOptional(),
    line: z.string(),
    of: id<RemoteId>().exactOptional(),
  })
  .readonly()

export const deliverySchema = z.object({
  id: id<DeliveryId>(),
  line: id<LineId>(),
  target,
  network: id<NetworkId>(),
  as: address,
  content,
  sentAt: z.number(),
  deadline: z.number().exactOptional(),
  origin: origin.exactOptional(),
  gist: gist.exactOptional(),
  queuedAt: z.number().exactOptional(),
})

/** True only where each of two types can stand for the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

// A field that is added to a type of the core and not here (or the other way round) stops the compiler at this list.
const _same: [
  Same<z.infer<typeof address>, Address>,
  Same<Required<z.infer<typeof conversation>>, Required<Conversation>>,
  Same<Required<z.infer<typeof style>>, Required<Style>>,
  Same<Required<z.infer<typeof run>>, Required<Run>>,
  Same<z.infer<typeof content>, Content>,
  Same<z.infer<typeof target>, Target>,
  Same<z.infer<typeof origin>, Origin>,
  Same<Required<z.infer<typeof gist>>, Required<Gist>>,
  Same<Required<z.infer<typeof deliverySchema>>, Required<Delivery>>,
] = [true, true, true, true, true, true, true, true, true]
void _same
