// What was said is said anew, or taken back. While it still waits nobody sees that; afterwards the other network has no way to undo it, and its
// sender is told so.

import type { Clock } from '../core/clock.ts'
import type { Edit } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery, DeliveryId, Gist, Origin } from '../core/delivery.ts'
import { deliveryId } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import { Absent } from '../core/errors.ts'
import type { MessageEvent, RedactionEvent, RemoteId } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
import { opposite } from '../core/portal.ts'
import type { Outbox, Traces } from '../core/stores.ts'
import type { Phrase } from '../core/words.ts'
import { lineOf } from './gists.ts'
import type { Heard } from './heard.ts'
import type { Outcomes } from './outcomes.ts'
import type { Place, Portals } from './portals.ts'

interface Parts {
  readonly portals: Portals
  readonly heard: Heard
  readonly outcomes: Outcomes
  readonly outbox: Outbox
  readonly traces: Traces
  readonly clock: Clock
}

/** Something said anew. */
export type EditEvent = Pick<MessageEvent, 'id' | 'conversation' | 'from'> & { readonly content: Edit }

/** What was taken back while it was under way. */
interface Unwanted {
  readonly place: Place
  readonly of: Origin
}

/** A message on its way, or arrived. */
interface Way {
  readonly waiting?: Delivery
  readonly gist: Gist | undefined
}

/** The step of a message that is taken back while it is being tried. */
const takenBack = { key: 'trace.taken-back' } as const

const rememberedChanges = 10_000

export class Changes {
  readonly #parts: Parts
  /** Of these nobody knows yet whether they arrive. */
  readonly #unwanted = new Map<DeliveryId, Unwanted>()
  /** The last change of a message that was said as a line of its own, those of late at the end; forgotten with the process. */
  readonly #lastChanges = new Map<DeliveryId, RemoteId>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Something is said anew. What was not tried yet, it or a change of it, is changed where it waits, and undefined given. Otherwise gives the gist of
   * the change, which is to be said after what it changes; undefined where it may not be, and then its sender has been told why.
   */
  async edited(event: EditEvent, place: Place): Promise<Gist | undefined> {
    const { conversation, id, from, content } = event
    const known = await this.#wayOf(place, conversation, content.of)
    if (!known.gist) return this.#refuse(event, place, { key: 'delivery.edit-unknown' })
    if (known.gist.by !== from.id) return this.#refuse(event, place, { key: 'delivery.edit-not-yours' })
    const root = known.gist.of ?? content.of
    const last = this.#lastChanges.get(messageId(conversation, root))
    for (const way of last === undefined ? [known] : [known, await this.#wayOf(place, conversation, last)])
      if (await this.#replaced(way, event)) return undefined
    this.#remember(messageId(conversation, root), id)
    return { ...anew(known.gist, event), of: root }
  }

  /** Something is taken back, by whoever the network lets do so: it is not delivered if that can still be stopped. */
  async takenBack({ conversation, of: id }: RedactionEvent): Promise<void> {
    const { portals, outbox, heard, outcomes, traces, clock } = this.#parts
    const place = await portals.find(conversation)
    if (!place) return
    const unwanted: Unwanted = { place, of: { conversation, id } }
    const delivery = messageId(conversation, id)
    const line = lineTo(place.portal, opposite(place.end))
    // Before it is looked for: what ends its way meanwhile finds this.
    this.#unwanted.set(delivery, unwanted)
    const cancelled = await outbox.cancel(line, delivery)
    for (const change of await outbox.changesOf(line, id)) await outbox.cancel(line, change.id)
    const isUnderWay = !cancelled && (await outbox.placeOf(line, delivery)) !== undefined
    const known = cancelled ? undefined : await heard.find(place, conversation, id)
    // Should we be killed before that try ends, the next one finds this.
    if (isUnderWay && !known) return traces.note(delivery, { at: clock(), phrase: takenBack })
    this.#unwanted.delete(delivery)
    if (cancelled?.wasTried) await this.#cancelled(unwanted, { key: 'delivery.cancelled-perhaps' })
    else if (cancelled?.wasTold) await this.#cancelled(unwanted, { key: 'delivery.cancelled' })
    // Nowhere any more: perhaps it was taken out before we went down, and nobody was told. Told twice, it is told once.
    else if (!cancelled && !known && (await outcomes.isSaidToWait(unwanted.of)))
      await this.#cancelled(unwanted, { key: 'delivery.cancelled-perhaps' })
    // Nobody misses a smiley or a correction that was taken back, and what others said is not the user's to unsend.
    else if (known?.origin?.id === id && known.gist && !known.gist.of) await this.#tooLate(unwanted)
  }

  /** Something has arrived: whoever took it back meanwhile was too late. */
  async arrived({ id }: Delivery): Promise<void> {
    const unwanted = this.#unwanted.get(id)
    if (unwanted && this.#unwanted.delete(id)) await this.#tooLate(unwanted)
  }

  /** A try to deliver something has failed. True when it was taken back meanwhile, and is not to be tried again. */
  async failed({ id }: Delivery, error: DeliveryError, { again }: { again: boolean }): Promise<boolean> {
    const unwanted = this.#unwanted.get(id)
    if (!unwanted) return false
    const isDoubtful = again || error.fate === 'retry' || (error instanceof Absent && error.isBegun)
    await this.#cancelled(unwanted, { key: isDoubtful ? 'delivery.cancelled-perhaps' : 'delivery.cancelled' })
    return this.#unwanted.delete(id)
  }

  /** Whether something was taken back during an earlier try that nobody saw end: it is to be given up, and its sender was told. */
  async wasTakenBack({ id, target, origin }: Delivery): Promise<boolean> {
    const { portals, traces } = this.#parts
    if (!origin || target.kind !== 'portal') return false
    if (!(await traces.of(id)).some(({ phrase }) => phrase.key === takenBack.key)) return false
    const place = await portals.at(target.portal, opposite(target.end))
    if (place) await this.#cancelled({ place, of: origin }, { key: 'delivery.cancelled-perhaps' })
    return true
  }

  #cancelled({ place, of }: Unwanted, phrase: Phrase): Promise<void> {
    return this.#parts.outcomes.cancelled(place, of, phrase)
  }

  #tooLate({ place, of }: Unwanted): Promise<void> {
    return this.#parts.outcomes.tell(place, of, 'failed', { key: 'delivery.cannot-unsend' }, 'unsend')
  }

  async #refuse({ conversation, id }: EditEvent, place: Place, phrase: Phrase): Promise<undefined> {
    await this.#parts.outcomes.tell(place, { conversation, id }, 'failed', phrase)
    return undefined
  }

  /** What is known of a message that was said in this conversation, on its way or arrived. */
  async #wayOf(place: Place, conversation: Conversation, id: RemoteId): Promise<Way> {
    const { portal, end } = place
    const waiting = await this.#parts.outbox.get(lineTo(portal, opposite(end)), messageId(conversation, id))
    if (waiting) return { waiting, gist: waiting.gist }
    return { gist: (await this.#parts.heard.find(place, conversation, id))?.gist }
  }

  /** Changes something where it waits. False where it does not, or may be under way. */
  async #replaced({ waiting, gist }: Way, event: EditEvent): Promise<boolean> {
    const delivery = waiting && gist && changed(waiting, event.content)
    if (!delivery) return false
    return this.#parts.outbox.replace({ ...delivery, gist: anew(gist, event) }, messageId(event.conversation, event.id))
  }

  #remember(message: DeliveryId, change: RemoteId): void {
    this.#lastChanges.delete(message)
    this.#lastChanges.set(message, change)
    const [oldest] = this.#lastChanges.keys()
    if (oldest !== undefined && this.#lastChanges.size > rememberedChanges) this.#lastChanges.delete(oldest)
  }
}

/** The delivery of a message. */
export function messageId(conversation: Conversation, id: RemoteId): DeliveryId {
  return deliveryId('message', conversationKey(conversation), id)
}

/** A delivery that says something else. Undefined where words cannot take its place, as that of a picture. */
function changed(delivery: Delivery, { content: words }: Edit): Delivery | undefined {
  const { content } = delivery
  if (content.kind === 'edit') return { ...delivery, content: { ...content, content: words } }
  if (content.kind !== 'text' && content.kind !== 'action') return undefined
  return { ...delivery, content: content.about ? { ...words, about: content.about } : words }
}

/** The gist of something after it was changed. */
function anew(gist: Gist, { content }: EditEvent): Gist {
  return { ...gist, line: lineOf(content) ?? '' }
}
