// A message becomes a delivery: through which portal, as whom. What we said ourselves is dropped.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Content, Outcome } from '../core/content.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery, Origin } from '../core/delivery.ts'
import { deliveryId } from '../core/delivery.ts'
import type { MessageEvent, RedactionEvent, TypingEvent } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
import type { Logger } from '../core/log.ts'
import type { End } from '../core/portal.ts'
import { opposite } from '../core/portal.ts'
import type { Messages, Outbox } from '../core/stores.ts'
import type { Phrase } from '../core/words.ts'
import type { Ghosts } from './ghosts.ts'
import type { Networks } from './networks.ts'
import { asYourOwn } from './own.ts'
import type { Place, Portals } from './portals.ts'
import { isHomeOf } from './portals.ts'
import type { Several } from './several.ts'

interface Parts {
  readonly networks: Networks
  readonly portals: Portals
  readonly ghosts: Ghosts
  readonly several: Several
  readonly messages: Messages
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Logger
  /** How long a message may wait to be delivered, in milliseconds. */
  readonly patience: number
}

export class Relay {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Queues a message for the other end of its portal. Resolves once it is safe. */
  async relay(event: MessageEvent): Promise<void> {
    const { messages, portals, outbox, log } = this.#parts
    if (event.delivery || (await messages.isOurs(event.conversation, event.id))) return
    const place = await portals.placeOf(event)
    if (!place)
      return log.warn({ network: event.conversation.network }, 'dropped a message: its conversation belongs to nobody here')
    const isOwn = saidByOurselves(event, place)
    const as = isOwn ? this.#bot(place) : this.#speaker(event, place)
    if (!as) return this.tellOutcome(place, event, 'failed', await this.#whyNot(place))
    if (!isOwn) await this.#rememberName(event, as)
    const content = isOwn ? asYourOwn(event.content, place.user.locale) : event.content
    await outbox.push({
      ...this.#addressed(place, opposite(place.end), as, content),
      id: deliveryId('message', conversationKey(event.conversation), event.id),
      sentAt: event.sentAt,
      deadline: this.deadline,
      origin: { conversation: event.conversation, id: event.id },
    })
  }

  /** A user takes back what they said: it is not delivered if that can still be stopped; otherwise they are told that it cannot. */
  async takeBack({ conversation, of, by }: RedactionEvent): Promise<void> {
    const { portals, outbox } = this.#parts
    const place = await portals.find(conversation)
    if (place?.end !== 'room' || !isHomeOf(place.user, by)) return
    const line = lineTo(place.portal, 'anchor')
    if (await outbox.cancel(line, deliveryId('message', conversationKey(conversation), of))) return
    await this.tellOutcome(place, { conversation, id: of }, 'failed', { key: 'delivery.cannot-unsend' })
  }

  /** When patience ends with what is said now, in milliseconds since 1970. */
  get deadline(): number {
    return this.#parts.clock() + this.#parts.patience
  }

  /** Passes on that somebody is typing; lost where there is no portal yet. */
  async typing(event: TypingEvent): Promise<void> {
    const { portals, networks } = this.#parts
    const place = await portals.find(event.conversation)
    const as = place && !saidByOurselves(event, place) && this.#speaker(event, place)
    if (!place || !as) return
    const far = opposite(place.end)
    const conversation = far === 'anchor' ? place.portal.anchor : place.portal.room
    if (conversation) networks.get(conversation.network).signal({ kind: 'typing', conversation, as, typing: event.typing })
  }

  /** Tells, where a message was said, what became of it. */
  async tellOutcome(place: Place, of: Origin, state: Outcome['state'], phrase: Phrase): Promise<void> {
    const { portals, outbox, clock } = this.#parts
    const content: Content = { kind: 'outcome', of: of.id, state, phrase }
    await outbox.push({
      ...this.#addressed(place, place.end, await portals.speakerAt(place, place.end), content),
      id: deliveryId('outcome', conversationKey(of.conversation), of.id, state),
      sentAt: clock(),
    })
  }

  /** As whom we carry somebody's words to the other end; undefined when they may not speak there. */
  #speaker(event: Pick<MessageEvent, 'from'>, { portal, user, end }: Place): Address | undefined {
    if (end === 'room') return isHomeOf(user, event.from) ? portal.anchor.as : undefined
    return this.#parts.networks.of(user.homes[0]).ghostOf(event.from)
  }

  /** Who says what a user said elsewhere: never a ghost of theirs. */
  #bot({ user }: Place): Address | undefined {
    return this.#parts.networks.of(user.homes[0]).bot
  }

  #addressed(
    place: Place,
    end: End,
    as: Address,
    content: Content,
  ): Pick<Delivery, 'line' | 'target' | 'network' | 'as' | 'content'> {
    const { portal } = place
    const network = this.#parts.portals.networkAt(place, end)
    return { line: lineTo(portal, end), target: { kind: 'portal', portal: portal.id, end }, network, as, content }
  }

  async #whyNot({ portal, user }: Place): Promise<Phrase> {
    const name = await this.#parts.several.nameOf(portal, user)
    return { key: 'delivery.not-your-chat', params: { user: user.homes[0].id, name } }
  }

  async #rememberName(event: MessageEvent, as: Address): Promise<void> {
    if (event.fromName && event.fromName !== event.from.id) await this.#parts.ghosts.named(event.from, as.network, event.fromName)
  }
}

/** Whether something was said in our own chair, by the user's own client there. */
function saidByOurselves({ from }: Pick<MessageEvent, 'from'>, { portal, end }: Place): boolean {
  return end === 'anchor' && sameAddress(from, portal.anchor.as)
}
