// A message becomes a delivery: through which portal, as whom. What we said ourselves is dropped.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Gist } from '../core/delivery.ts'
import type { MessageEvent, TypingEvent } from '../core/event.ts'
import type { Logger } from '../core/log.ts'
import { opposite } from '../core/portal.ts'
import type { Messages, Outbox } from '../core/stores.ts'
import type { Phrase } from '../core/words.ts'
import { addressed } from './addressed.ts'
import type { Changes } from './changes.ts'
import { messageId } from './changes.ts'
import type { Ghosts } from './ghosts.ts'
import { gistOf } from './gists.ts'
import type { Heard } from './heard.ts'
import type { Networks } from './networks.ts'
import type { Outcomes } from './outcomes.ts'
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
  readonly heard: Heard
  readonly changes: Changes
  readonly outcomes: Outcomes
  readonly clock: Clock
  readonly log: Logger
  /** How long a message may wait to be delivered, in milliseconds. */
  readonly patience: number
  /** Whether smileys that are put to something are carried on, as a line of their own. */
  readonly reactions: boolean
}

export class Relay {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Queues a message for the other end of its portal. Resolves once it is safe. */
  async relay(event: MessageEvent): Promise<void> {
    const { messages, portals, outcomes, reactions, log } = this.#parts
    if (event.delivery || (await messages.isOurs(event.conversation, event.id))) return
    if (event.content.kind === 'reaction' && !reactions) return
    const place = await portals.placeOf(event)
    if (!place)
      return log.warn({ network: event.conversation.network }, 'dropped a message: its conversation belongs to nobody here')
    const isOwn = saidByOurselves(event, place)
    const as = isOwn ? this.#bot(place) : this.#speaker(event, place)
    if (!as) return outcomes.tell(place, event, 'failed', await this.#whyNot(place))
    if (!isOwn) await this.#rememberName(event, as)
    const content = isOwn ? asYourOwn(event.content, place.user.locale) : event.content
    await this.#push({ ...event, content }, place, as, gistOf(event, place))
  }

  /** Queues what is to be said, with the beginning of what it answers; what changes something that still waits changes it there. */
  async #push(event: MessageEvent, place: Place, as: Address, whole: Gist | undefined): Promise<void> {
    const { outbox, heard, changes, clock } = this.#parts
    const { conversation, id, content, sentAt } = event
    const gist = content.kind === 'edit' ? await changes.edited({ ...event, content }, place) : whole
    if (content.kind === 'edit' && !gist) return
    await outbox.push({
      ...addressed(place, opposite(place.end), as, await heard.quoting(event, place)),
      id: messageId(conversation, id),
      sentAt,
      queuedAt: clock(),
      deadline: this.deadline,
      origin: { conversation, id },
      ...(gist && { gist }),
    })
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

  /** As whom we carry somebody's words to the other end; undefined when they may not speak there. */
  #speaker(event: Pick<MessageEvent, 'from'>, { portal, user, end }: Place): Address | undefined {
    if (end === 'room') return isHomeOf(user, event.from) ? portal.anchor.as : undefined
    return this.#parts.networks.of(user.homes[0]).ghostOf(event.from)
  }

  /** Who says what a user said elsewhere: never a ghost of theirs. */
  #bot({ user }: Place): Address | undefined {
    return this.#parts.networks.of(user.homes[0]).bot
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
