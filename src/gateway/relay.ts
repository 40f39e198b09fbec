// A message becomes a delivery: through which portal, as whom. What we said ourselves is dropped.

import type { Address } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import { ContentRefused } from '../core/errors.ts'
import type { MessageEvent, TypingEvent } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
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
import type { Levels } from './levels.ts'
import type { Networks } from './networks.ts'
import type { Outcomes } from './outcomes.ts'
import type { Place, Portals } from './portals.ts'
import type { Several } from './several.ts'
import type { Speakers, Voice } from './speaker.ts'
import { isOwn } from './speaker.ts'

/** In milliseconds. */
const day = 24 * 60 * 60_000

interface Parts {
  readonly networks: Networks
  readonly portals: Portals
  readonly ghosts: Ghosts
  readonly several: Several
  readonly messages: Messages
  readonly outbox: Outbox
  readonly levels: Levels
  readonly speakers: Speakers
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
    const { portals, levels, speakers, reactions, log } = this.#parts
    // Both at once: nearly everything is said by others, in a portal that there is.
    const [isOurs, known] = await Promise.all([this.#isOurs(event), portals.find(event.conversation)])
    if (isOurs) return
    if (event.content.kind === 'reaction' && !reactions) return
    const place = known ?? (await portals.placeOf(event))
    if (!place)
      return log.warn({ network: event.conversation.network }, 'dropped a message: its conversation belongs to nobody here')
    if (!levels.mayUse(place.user)) return this.#shutOut(event, place)
    const voice = await speakers.of(event, place)
    if (!voice) return this.#refuse(event, place)
    if (voice.isTheirs && !isOwn(event, place)) await this.#rememberName(event, voice.as)
    await this.#push(event, place, voice)
  }

  /** Whether we said it ourselves: it carries a delivery that is under way right now, or is a message that we remember. */
  async #isOurs({ delivery, conversation, id }: MessageEvent): Promise<boolean> {
    const { messages, outbox, portals } = this.#parts
    const place = delivery && (await portals.find(conversation))
    // In this order: what is not in the outbox any more is remembered.
    const isUnderWay = place && (await outbox.placeOf(lineTo(place.portal, place.end), delivery)) !== undefined
    return isUnderWay || messages.isOurs(conversation, id)
  }

  /** Queues what is to be said, with the beginning of what it answers; what changes something that still waits changes it there. */
  async #push(event: MessageEvent, place: Place, voice: Voice): Promise<void> {
    const { outbox, heard, changes, clock } = this.#parts
    const { conversation, id, sentAt } = event
    const quoting = await heard.quoting(event, place)
    if (!quoting) return
    const content = voice.words(quoting)
    const whole = gistOf(voice.name === undefined ? event : { ...event, fromName: voice.name }, place)
    const gist = content.kind === 'edit' ? await changes.edited({ ...event, content }, place) : whole
    if (content.kind === 'edit' && !gist) return
    await outbox.push({
      ...addressed(place, opposite(place.end), voice.as, content),
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
    const { portals, networks, levels, speakers } = this.#parts
    const place = await portals.find(event.conversation)
    if (!place || isOwn(event, place) || !levels.mayUse(place.user)) return
    const voice = await speakers.of(event, place)
    if (!voice?.isTheirs) return
    const far = opposite(place.end)
    const conversation = far === 'anchor' ? place.portal.anchor : place.portal.room
    if (conversation)
      networks.get(conversation.network).signal({ kind: 'typing', conversation, as: voice.as, typing: event.typing })
  }

  /** Tells somebody in a room that they may not speak through it: not for each of their messages, but once a day. */
  async #refuse({ conversation, id, from }: MessageEvent, place: Place): Promise<void> {
    const { several, outcomes, clock } = this.#parts
    const { portal, user } = place
    const name = await several.nameOf(portal, user)
    const phrase: Phrase = portal.relays
      ? { key: 'relay.not-allowed', params: { name } }
      : { key: 'relay.off', params: { user: user.homes[0].id, name } }
    await outcomes.tellOnce(place, { conversation, id }, phrase, addressKey(from), String(Math.floor(clock() / day)))
  }

  /** Whoever is shut out hears so once. Nothing comes to them, which whoever wrote to them hears from their own network. */
  async #shutOut({ conversation, id }: MessageEvent, place: Place): Promise<void> {
    if (place.end === 'anchor') throw new ContentRefused({ key: 'delivery.shut-out' })
    await this.#parts.outcomes.tellOnce(place, { conversation, id }, { key: 'command.not-for-you' })
  }

  async #rememberName(event: MessageEvent, as: Address): Promise<void> {
    if (event.fromName && event.fromName !== event.from.id) await this.#parts.ghosts.heard(event.from, as.network, event.fromName)
  }
}
