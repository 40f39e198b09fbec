// The two doors: what networks tell us comes in by `receive`, what was queued goes out by `perform`.
// Nothing here knows a network by name; nothing here does I/O but through the ports of core/.

import type { Clock } from '../core/clock.ts'
import type { Content } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery } from '../core/delivery.ts'
import { deliveryId } from '../core/delivery.ts'
import type { DeliveryError } from '../core/errors.ts'
import { ContentRefused, ConversationGone, NetworkUnreachable } from '../core/errors.ts'
import type { ConversationEvent, NetworkEvent } from '../core/event.ts'
import { InOrder } from '../core/in-order.ts'
import type { Logger } from '../core/log.ts'
import type { Messages, Step, Users } from '../core/stores.ts'
import type { Locale } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Activities } from './activity.ts'
import type { Attendances } from './attendance.ts'
import type { Changes } from './changes.ts'
import { withFreshLink } from './fresh-links.ts'
import type { Ghosts } from './ghosts.ts'
import type { Logins } from './logins.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'
import type { Outcomes } from './outcomes.ts'
import { deliverAsThemselves, isAsThemselves } from './own.ts'
import type { Portals } from './portals.ts'
import type { Presences } from './presence.ts'
import type { Relay } from './relay.ts'
import type { Requests } from './requests.ts'
import type { Shelves } from './shelves.ts'
import type { Talks } from './talks.ts'
import type { Trace } from './trace.ts'

interface Parts {
  readonly networks: Networks
  readonly users: Users
  readonly messages: Messages
  readonly portals: Portals
  readonly attendances: Attendances
  readonly relay: Relay
  readonly changes: Changes
  readonly outcomes: Outcomes
  readonly trace: Trace
  readonly requests: Requests
  readonly ghosts: Ghosts
  readonly shelves: Shelves
  readonly logins: Logins
  readonly presences: Presences
  readonly activities: Activities
  readonly notices: Notices
  readonly talks: Talks
  readonly clock: Clock
  readonly log: Logger
}

/** Why a delivery is not at its goal yet, or never will be. */
export type Setback = 'waiting' | 'failed' | 'expired'

export class Gateway {
  readonly #parts: Parts
  readonly #inOrder = new InOrder()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Takes in what a network tells. Resolves once it is safe; what belongs to one conversation is taken in order. */
  receive(event: NetworkEvent): Promise<void> {
    this.#parts.activities.take(event)
    return this.#inOrder.run(orderOf(event), () => this.#take(event))
  }

  /** Has a network deliver what was queued. `late`: its sender was told that it waits. Throws a DeliveryError. */
  async perform(delivery: Delivery, { again, late }: { again: boolean; late: boolean }): Promise<void> {
    const { networks, messages, outcomes, changes, presences, clock } = this.#parts
    const network = networks.find(delivery.network)
    if (!network) throw new ContentRefused({ key: 'delivery.no-network', params: { network: delivery.network } })
    if (again && (await changes.wasTakenBack(delivery))) return
    const begun: Step = { at: clock(), phrase: { key: 'trace.begun' } }
    await this.#introduceSpeaker(delivery)
    const conversation = await this.#goal(delivery)
    if (!conversation) return
    const { id, as, sentAt, origin, gist, queuedAt } = delivery
    const content =
      delivery.content.kind === 'outcome'
        ? await outcomes.inPlace(delivery.content, conversation)
        : await withFreshLink(delivery, networks, clock())
    const parcel = { id, conversation, as, content, sentAt, again }
    const handedOver = isAsThemselves(network, parcel)
      ? deliverAsThemselves(network, parcel, await this.#localeAt(delivery))
      : network.deliver(parcel)
    const receipt = await handedOver.catch((error: unknown) => this.#lost(delivery, conversation, error))
    presences.delivered(delivery)
    const sent = { conversation, id: receipt.id }
    await messages.remember({
      delivery: id,
      sent,
      arrivedAt: clock(),
      steps: [begun, ...(receipt.steps ?? [])],
      ...(origin && { origin }),
      ...(gist && { gist }),
      ...(queuedAt !== undefined && { queuedAt }),
    })
    if (content.kind === 'outcome') await outcomes.shown(id, content, sent)
    await changes.arrived(delivery)
    await outcomes.arrived(delivery, receipt, { late })
  }

  /** A room in which nothing can be said any more is none of its portal: the next try makes another. Throws. */
  async #lost({ target, content }: Delivery, conversation: Conversation, error: unknown): Promise<never> {
    const isRoom = target.kind === 'portal' && target.end === 'room' && content.kind !== 'attendance'
    if (!isRoom || !(error instanceof ConversationGone)) throw error
    await this.#parts.portals.ended({ conversation })
    throw new NetworkUnreachable({ cause: error, detail: error.message })
  }

  /** A try to deliver something failed. `unwanted`: it was taken back meanwhile, and is to be given up. */
  async tried(delivery: Delivery, error: DeliveryError, how: { again: boolean }): Promise<'unwanted' | undefined> {
    await this.#parts.trace.failed(delivery, error)
    return (await this.#parts.changes.failed(delivery, error, how)) ? 'unwanted' : undefined
  }

  /** Tells the sender of a delivery about its setback. What has no sender is only logged, by whoever calls. */
  async setback(delivery: Delivery, setback: Setback, error: DeliveryError): Promise<void> {
    return setback === 'waiting' ? this.#waits(delivery, error) : this.#gaveUp(delivery, setback, error)
  }

  /** Only who is at home is told what will pass: nowhere else can it be said otherwise later. */
  async #waits(delivery: Delivery, { phrase }: DeliveryError): Promise<void> {
    const { outcomes, trace } = this.#parts
    if (delivery.target.kind === 'portal' && delivery.target.end === 'room') return
    await outcomes.tellSender(delivery, 'waiting', ({ locale }) => ({
      key: 'delivery.waits',
      params: { reason: say(phrase, locale) },
    }))
    await trace.note(delivery, { key: 'trace.told' })
  }

  async #gaveUp(delivery: Delivery, setback: 'failed' | 'expired', { phrase }: DeliveryError): Promise<void> {
    const { attendances, outcomes, trace } = this.#parts
    await attendances.refused(delivery)
    await outcomes.tellSender(delivery, 'failed', ({ name, locale }) => {
      const reason = say(phrase, locale)
      return setback === 'expired'
        ? { key: 'delivery.expired', params: { name, reason } }
        : { key: 'delivery.failed', params: { reason } }
    })
    await trace.note(delivery, { key: 'trace.given-up', params: { reason: say(phrase) } })
  }

  /** Resolves when nothing that came in is still being taken. */
  idle(): Promise<void> {
    return this.#inOrder.idle().then(() => this.#parts.talks.idle())
  }

  async #take(event: NetworkEvent): Promise<void> {
    const { talks, relay, trace, changes, portals, attendances, requests, logins, presences, ghosts } = this.#parts
    switch (event.kind) {
      case 'message':
        trace.said(event)
        return relay.relay(event)
      case 'typing':
        return relay.typing(event)
      case 'redaction':
        return changes.takenBack(event)
      case 'moved':
        return portals.moved(event)
      case 'conversation':
        return this.#takeConversation(event)
      case 'attendance':
        if (event.declined) await requests.declinedSeveral(event)
        return attendances.take(event)
      case 'asked':
        return requests.asked(event)
      case 'presence':
        return presences.changed(event)
      case 'activity':
        return
      case 'picture':
        return ghosts.pictured(event)
      case 'contacts':
        return logins.listed(event)
      case 'list':
        return this.#parts.shelves.changed(event.of)
      case 'login-state':
        await logins.changed(event)
        if (event.state === 'online') this.#inBackground(presences.askFor(event.login))
        return
      case 'request':
        return talks.take(event)
    }
  }

  /** What nobody waits for. */
  #inBackground(work: Promise<void>): void {
    work.catch((error: unknown) => this.#parts.log.warn({ err: error }, 'something that nobody waits for was not done'))
  }

  async #takeConversation(event: ConversationEvent): Promise<void> {
    const { portals, requests, presences, ghosts } = this.#parts
    switch (event.change) {
      case 'opened': {
        const place = await portals.opened(event)
        if (!place) return
        void presences.ask(place)
        void ghosts.introduceAll([event.with], event.conversation.network)
        return
      }
      case 'joined': {
        const place = await requests.accepted(event)
        if (place) void presences.ask(place)
        return
      }
      case 'declined':
        await requests.declined(event)
        return portals.left(event)
      case 'left':
        return portals.left(event)
      case 'ended': {
        const place = await portals.ended(event)
        if (place && event.reason) await this.#parts.notices.tell(place.user, event.reason, event.conversation.id)
        return
      }
      case 'unreadable':
        return portals.unreadable(event)
    }
  }

  async #introduceSpeaker({ as, network, content }: Delivery): Promise<void> {
    for (const each of content.kind === 'attendance' ? [as, content.who] : [as]) {
      const person = this.#parts.networks.get(network).behind(each)
      if (person) await this.#parts.ghosts.introduce(person, network)
    }
  }

  /** Undefined where nobody has to be told: no room is made only because somebody came or went, or because all went well. */
  async #goal({ target, content }: Delivery): Promise<Conversation | undefined> {
    if (target.kind === 'conversation') return target.conversation
    const { portals } = this.#parts
    const known = await portals.conversationAt(target.portal, target.end)
    if (known) return known
    const place = await portals.at(target.portal, target.end)
    if (!place) throw new ContentRefused({ key: 'delivery.no-portal' })
    return isWorthARoom(content) ? portals.open(place, content) : undefined
  }

  /** The language of the user of a portal. */
  async #localeAt({ target }: Delivery): Promise<Locale | undefined> {
    const place = target.kind === 'portal' ? await this.#parts.portals.at(target.portal, target.end) : undefined
    return place?.user.locale
  }
}

/** Whether somebody who left a room is called into another because of it. */
function isWorthARoom(content: Content): boolean {
  if (content.kind === 'outcome') return content.state === 'failed' || content.state === 'missed'
  return content.kind !== 'attendance'
}

/** What must be taken one after another. */
function orderOf(event: NetworkEvent): string {
  switch (event.kind) {
    case 'message':
    case 'redaction':
    case 'moved':
    case 'conversation':
    case 'attendance':
    case 'typing':
    case 'request':
      return conversationKey(event.conversation)
    case 'asked':
      return conversationKey({ network: event.by.network, id: event.by.id, as: event.of })
    case 'presence':
    case 'activity':
    case 'picture':
    case 'list':
      return deliveryId('presence', event.of.network, event.of.id)
    case 'contacts':
    case 'login-state':
      return event.login
  }
}
