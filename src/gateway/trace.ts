// The way of one message, step by step: what a user sees who asks where it is. It holds no word of what was said.

import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery, DeliveryId } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import type { MessageEvent, RemoteId } from '../core/event.ts'
import type { LineId } from '../core/line.ts'
import { lineTo } from '../core/line.ts'
import type { Logger } from '../core/log.ts'
import { opposite } from '../core/portal.ts'
import type { Messages, Outbox, Remembered, Step, Traces } from '../core/stores.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import { messageId } from './changes.ts'
import type { Portals } from './portals.ts'

interface Parts {
  readonly portals: Portals
  readonly messages: Messages
  readonly outbox: Outbox
  readonly traces: Traces
  readonly clock: Clock
  readonly log: Logger
}

/** So many people's last messages are known. */
const rememberedSpeakers = 10_000

export class Trace {
  readonly #parts: Parts
  /** The last message of each speaker in each conversation, those of late at the end; forgotten with the process. */
  readonly #last = new Map<string, RemoteId>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Notes that something went otherwise than it should. Never rejects: a message is worth more than its trace. */
  async note({ id }: Delivery, phrase: Phrase): Promise<void> {
    const { traces, clock, log } = this.#parts
    try {
      await traces.note(id, { at: clock(), phrase })
    } catch (error) {
      log.warn({ err: error, delivery: id }, 'a step of a delivery could not be noted')
    }
  }

  /** Notes a try that failed. */
  failed(delivery: Delivery, { phrase }: DeliveryError): Promise<void> {
    return this.note(delivery, { key: 'trace.tried', params: { reason: say(phrase) } })
  }

  /** Somebody said something. */
  said({ conversation, from, id }: Pick<MessageEvent, 'conversation' | 'from' | 'id'>): void {
    const speaker = speakerIn(conversation, from)
    this.#last.delete(speaker)
    this.#last.set(speaker, id)
    const [oldest] = this.#last.keys()
    if (oldest !== undefined && this.#last.size > rememberedSpeakers) this.#last.delete(oldest)
  }

  /** What somebody said last in a conversation, where that is known. */
  lastOf(conversation: Conversation, from: Address): RemoteId | undefined {
    return this.#last.get(speakerIn(conversation, from))
  }

  /** The steps of a message that was said in this conversation, or carried into it; none where it is not known. */
  async stepsOf(conversation: Conversation, id: RemoteId): Promise<readonly Step[]> {
    const known = await this.#parts.messages.find(conversation, id)
    const delivery = known?.delivery ?? messageId(conversation, id)
    const noted = await this.#parts.traces.of(delivery)
    const rest = known ? arrival(known) : await this.#waiting(conversation, delivery)
    return [...noted, ...rest].sort((a, b) => a.at - b.at)
  }

  /** Where a message is that has not arrived. */
  async #waiting(conversation: Conversation, id: DeliveryId): Promise<Step[]> {
    const place = await this.#parts.portals.find(conversation)
    if (!place) return []
    const line: LineId = lineTo(place.portal, opposite(place.end))
    const [delivery, before] = await Promise.all([this.#parts.outbox.get(line, id), this.#parts.outbox.placeOf(line, id)])
    if (!delivery || before === undefined) return []
    const at = this.#parts.clock()
    const now: Phrase = before === 0 ? { key: 'trace.next' } : { key: 'trace.waits', params: { before } }
    return [...queued(delivery), { at, phrase: now }]
  }
}

function speakerIn(conversation: Conversation, from: Address): string {
  return `${conversationKey(conversation)} ${addressKey(from)}`
}

/** When something was taken in. */
function queued({ queuedAt }: Pick<Delivery, 'queuedAt'>): Step[] {
  return queuedAt === undefined ? [] : [{ at: queuedAt, phrase: { key: 'trace.queued' } }]
}

function arrival({ queuedAt, arrivedAt, steps = [] }: Remembered): Step[] {
  const taken = queuedAt === undefined ? {} : { queuedAt }
  return [...queued(taken), ...steps, { at: arrivedAt, phrase: { key: 'trace.arrived' } }]
}
