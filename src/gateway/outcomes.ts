// What becomes of a message, told where it was said. What was told before and is true no more is replaced, or taken back before anybody read it.

import type { Address } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Outcome } from '../core/content.ts'
import type { Conversation } from '../core/conversation.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery, DeliveryId, Origin } from '../core/delivery.ts'
import { deliveryId } from '../core/delivery.ts'
import type { RemoteId } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
import type { Receipt } from '../core/network.ts'
import { opposite } from '../core/portal.ts'
import type { Messages, Outbox } from '../core/stores.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import { addressed } from './addressed.ts'
import type { Chairs } from './chairs.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'
import type { Place, Portals } from './portals.ts'
import type { Several } from './several.ts'

interface Parts {
  readonly networks: Networks
  readonly portals: Portals
  readonly several: Several
  readonly chairs: Chairs
  readonly notices: Notices
  readonly messages: Messages
  readonly outbox: Outbox
  readonly clock: Clock
}

/** What is true no more once a message has got further; the newest first. */
const passing = ['failed', 'waiting'] as const

export class Outcomes {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Tells, where a message was said, what became of it: once for each `cause`. */
  async tell(place: Place, of: Origin, state: Outcome['state'], phrase: Phrase, cause: string = state): Promise<void> {
    const { outbox, clock } = this.#parts
    await outbox.push({
      ...addressed(place, place.end, await this.#speakerAt(place), { kind: 'outcome', of: of.id, state, phrase }),
      id: outcomeId(of.conversation, of.id, cause),
      sentAt: clock(),
    })
  }

  /** Tells somebody why something of theirs is not carried on: not for each of their messages, but once for each `cause`. */
  async tellOnce(place: Place, of: Origin, phrase: Phrase, ...cause: readonly string[]): Promise<void> {
    const { outbox, clock } = this.#parts
    await outbox.push({
      ...addressed(place, place.end, await this.#speakerAt(place), { kind: 'outcome', of: of.id, state: 'failed', phrase }),
      id: deliveryId('outcome', conversationKey(of.conversation), phrase.key, ...cause),
      sentAt: clock(),
    })
  }

  /** Tells the sender of a delivery, if it has one; `phrase` gets the contact's name and the sender's language. */
  async tellSender(
    delivery: Delivery,
    state: Outcome['state'],
    phrase: (about: { name: string; locale: Locale }) => Phrase,
  ): Promise<void> {
    const { portals, several, notices } = this.#parts
    const { id, target, origin } = delivery
    if (!origin || target.kind !== 'portal') return
    const place = await portals.at(target.portal, opposite(target.end))
    if (!place) return state === 'failed' ? this.#tellOfClosed(delivery, origin) : undefined
    const name = await several.nameOf(place.portal, place.user)
    const words = phrase({ name, locale: place.user.locale })
    // What users said elsewhere is nothing that those have to hear of to whom they said it.
    if (target.end === 'room' && !this.#isFromGhost(delivery)) await notices.tell(place.user, words, id)
    else await this.tell(place, origin, state, words)
  }

  /** A delivery has arrived, and that is shown where it was said. `late`: its sender was told that it waits. */
  async arrived(delivery: Delivery, { kept, missed }: Receipt, { late }: { late: boolean }): Promise<void> {
    const { origin, content } = delivery
    if (kept) await this.tellSender(delivery, 'kept', ({ name }) => ({ key: 'delivery.kept', params: { name } }))
    else if (late) await this.#afterAll(delivery, { key: 'delivery.delivered' })
    if (missed?.length) await this.#tellWhoMissed(delivery, missed)
    if (!origin || kept || content.kind === 'attendance') return
    const home = this.#parts.networks.find(origin.conversation.network)
    if (home?.face !== 'home' || !home.bot) return
    home.signal({ kind: 'delivered', conversation: origin.conversation, as: home.bot, of: origin.id })
  }

  /** Its sender, who was told that it waits, took it back. */
  async cancelled(place: Place, of: Origin, phrase: Phrase): Promise<void> {
    if (!(await this.#unsay(place, of))) await this.tell(place, of, 'cancelled', phrase)
  }

  /** Whether what was told of a message last, as far as we know, is that it waits. */
  async isSaidToWait({ conversation, id }: Origin): Promise<boolean> {
    const { messages } = this.#parts
    if (await messages.noticeOf(outcomeId(conversation, id, 'failed'))) return false
    return (await messages.noticeOf(outcomeId(conversation, id, 'waiting'))) !== undefined
  }

  /** An outcome as it is shown: in the place of what was told of the same message before, where that is known. */
  async inPlace(outcome: Outcome, conversation: Conversation): Promise<Outcome> {
    if (outcome.state !== 'kept' && outcome.state !== 'delivered' && outcome.state !== 'cancelled') return outcome
    for (const state of passing) {
      const told = await this.#parts.messages.noticeOf(outcomeId(conversation, outcome.of, state))
      if (told && conversationKey(told.conversation) === conversationKey(conversation)) return { ...outcome, instead: told.id }
    }
    return outcome
  }

  /** An outcome was shown, as this message. */
  async shown(id: DeliveryId, { state }: Outcome, sent: Origin): Promise<void> {
    if (passing.some((one) => one === state)) await this.#parts.messages.rememberNotice(id, sent)
  }

  /** What was said to wait has arrived after all. Whoever has not read yet that it waits need not read anything. */
  async #afterAll(delivery: Delivery, phrase: Phrase): Promise<void> {
    const { target, origin } = delivery
    if (!origin || target.kind !== 'portal') return
    const place = await this.#parts.portals.at(target.portal, opposite(target.end))
    if (place && !(await this.#unsay(place, origin))) await this.tell(place, origin, 'delivered', phrase)
  }

  /** The portal was forgotten while something waited: its user hears that once, and whoever wrote to them hears of each of their words. */
  async #tellOfClosed(delivery: Delivery, { conversation, id: of }: Origin): Promise<void> {
    const { chairs, notices, outbox, clock } = this.#parts
    const { as, target } = delivery
    if (target.kind !== 'portal') return
    const { as: chair } = conversation
    const user = await chairs.userIn(chair ?? as)
    if (!chair || !this.#isFromGhost(delivery)) return user && notices.tell(user, { key: 'delivery.closed-chat' }, target.portal)
    const phrase: Phrase = { key: 'delivery.failed', params: { reason: say({ key: 'delivery.no-portal' }, user?.locale) } }
    await outbox.push({
      id: outcomeId(conversation, of, 'failed'),
      line: lineTo({ id: target.portal, anchor: { ...conversation, as: chair } }, 'anchor'),
      target: { kind: 'conversation', conversation },
      network: conversation.network,
      as: chair,
      content: { kind: 'outcome', of, state: 'failed', phrase },
      sentAt: clock(),
    })
  }

  /** Whether somebody said it for whom a ghost of ours stands. */
  #isFromGhost({ network, as }: Delivery): boolean {
    return this.#parts.networks.find(network)?.behind(as) !== undefined
  }

  /** Takes back that something waits, if that was not said yet. What may have been said stays in its line, so that it becomes known as what. */
  async #unsay({ portal, end }: Place, of: Origin): Promise<boolean> {
    const waiting = outcomeId(of.conversation, of.id, 'waiting')
    return (await this.#parts.outbox.cancel(lineTo(portal, end), waiting, { untried: true })) !== undefined
  }

  /** Tells the sender of a delivery who of a chat of several did not get it. */
  async #tellWhoMissed(delivery: Delivery, people: readonly Address[]): Promise<void> {
    const { portals, several } = this.#parts
    const { target } = delivery
    const place = target.kind === 'portal' ? await portals.at(target.portal, target.end) : undefined
    if (!place) return
    const names = await several.namesOf(people, place.user)
    await this.tellSender(delivery, 'missed', () => ({ key: 'delivery.missed', params: { names } }))
  }

  /** Who tells it: our bot at home, so that nobody takes it for the contact's words; else the user's own chair. */
  async #speakerAt(place: Place): Promise<Address> {
    const { networks, portals } = this.#parts
    const bot = place.end === 'room' ? networks.of(place.user.homes[0]).bot : undefined
    return bot ?? portals.speakerAt(place, place.end)
  }
}

function outcomeId(conversation: Conversation, of: RemoteId, cause: string): DeliveryId {
  return deliveryId('outcome', conversationKey(conversation), of, cause)
}
