// What was said is said anew, or taken back. While it still waits nobody sees that; afterwards the other network has no way to undo it, and its
// sender is told so.

import type { Edit } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery, DeliveryId, Gist, Origin } from '../core/delivery.ts'
import { deliveryId } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import type { MessageEvent, RedactionEvent, RemoteId } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
import { opposite } from '../core/portal.ts'
import type { Outbox } from '../core/stores.ts'
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
}

/** Something said anew. */
export type EditEvent = Pick<MessageEvent, 'id' | 'conversation' | 'from'> & { readonly content: Edit }

/** What was taken back while it was under way. */
interface Unwanted {
  readonly place: Place
  readonly of: Origin
}

export class Changes {
  readonly #parts: Parts
  /** Of these nobody knows yet whether they arrive. */
  readonly #unwanted = new Map<DeliveryId, Unwanted>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Something is said anew. What was not tried yet is changed where it waits, and undefined given. Otherwise gives the gist of the change, which
   * is to be said after what it changes; undefined where it may not be, and then its sender has been told why.
   */
  async edited(event: EditEvent, place: Place): Promise<Gist | undefined> {
    const { conversation, from, content } = event
    const waiting = await this.#waiting(place, conversation, content.of)
    const known = waiting ? waiting.gist : (await this.#parts.heard.find(place, conversation, content.of))?.gist
    if (!known) return this.#refuse(event, place, { key: 'delivery.edit-unknown' })
    if (known.by !== from.id) return this.#refuse(event, place, { key: 'delivery.edit-not-yours' })
    // Told once more, of a message that was changed so before it went out.
    if (known.edit === event.id) return undefined
    const gist: Gist = { ...known, line: lineOf(content) ?? '', edit: event.id }
    const anew = waiting && changed(waiting, content)
    if (anew && (await this.#parts.outbox.replace({ ...anew, gist }))) return undefined
    return { ...gist, of: known.of ?? content.of }
  }

  /** Something is taken back, by whoever the network lets do so: it is not delivered if that can still be stopped. */
  async takenBack({ conversation, of: id }: RedactionEvent): Promise<void> {
    const { portals, outbox, heard } = this.#parts
    const place = await portals.find(conversation)
    if (!place) return
    const unwanted: Unwanted = { place, of: { conversation, id } }
    const delivery = messageId(conversation, id)
    const line = lineTo(place.portal, opposite(place.end))
    // Before it is looked for: what ends its way meanwhile finds this.
    this.#unwanted.set(delivery, unwanted)
    const cancelled = await outbox.cancel(line, delivery)
    const isUnderWay = !cancelled && (await outbox.placeOf(line, delivery)) !== undefined
    const known = cancelled ? undefined : await heard.find(place, conversation, id)
    if (isUnderWay && !known) return
    this.#unwanted.delete(delivery)
    if (cancelled?.wasTried) await this.#cancelled(unwanted, { key: 'delivery.cancelled-perhaps' })
    else if (cancelled?.wasTold) await this.#cancelled(unwanted, { key: 'delivery.cancelled' })
    // Nobody misses a smiley or a correction that was taken back, and what others said is not the user's to unsend.
    else if (known?.origin?.id === id && known.gist && !known.gist.of) await this.#tooLate(unwanted)
  }

  /** Something has arrived: whoever took it back meanwhile was too late. */
  async arrived({ id }: Delivery): Promise<void> {
    const unwanted = this.#unwanted.get(id)
    if (unwanted && this.#unwanted.delete(id)) await this.#tooLate(unwanted)
  }

  /** A try to deliver something has failed. True when it was taken back meanwhile, and is not to be tried again. */
  async failed({ id }: Delivery, { fate }: DeliveryError, { again }: { again: boolean }): Promise<boolean> {
    const unwanted = this.#unwanted.get(id)
    if (!unwanted) return false
    const isDoubtful = again || fate === 'retry'
    await this.#cancelled(unwanted, { key: isDoubtful ? 'delivery.cancelled-perhaps' : 'delivery.cancelled' })
    return this.#unwanted.delete(id)
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

  /** A message that was said in this conversation and is still on its way. */
  #waiting({ portal, end }: Place, conversation: Conversation, id: RemoteId): Promise<Delivery | undefined> {
    return this.#parts.outbox.get(lineTo(portal, opposite(end)), messageId(conversation, id))
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
