// Somebody wants to talk with one of our users who is hosted on their network, and what the user answers. The first word, or that somebody put
// the user on their list, invites the user to a chat: coming is yes, declining is no. Until then nobody sees whether the user is there.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import { conversationKey } from '../core/conversation.ts'
import { deliveryId } from '../core/delivery.ts'
import { DeliveryError } from '../core/errors.ts'
import type { AskedEvent, AttendanceEvent, ConversationEvent } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
import type { Logger } from '../core/log.ts'
import type { EditsContactList, Network } from '../core/network.ts'
import { editsContactList } from '../core/network.ts'
import type { Outbox } from '../core/stores.ts'
import type { Locale, Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Ghosts } from './ghosts.ts'
import type { Levels } from './levels.ts'
import type { Networks } from './networks.ts'
import type { Notices } from './notices.ts'
import type { Place, Portals } from './portals.ts'
import { isHomeOf } from './portals.ts'
import type { Several } from './several.ts'

const day = 24 * 60 * 60_000
/** In characters. */
const longestWords = 1000

interface Parts {
  readonly networks: Networks
  readonly portals: Portals
  readonly levels: Levels
  readonly several: Several
  readonly ghosts: Ghosts
  readonly notices: Notices
  readonly outbox: Outbox
  readonly clock: Clock
  readonly log: Logger
}

/** A portal of somebody who is hosted, with their network. */
interface HostedPlace extends Place {
  readonly network: Network & EditsContactList
}

export class Requests {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Invites the user to a chat with whoever asks; not again where that was done already. Resolves once it is safe. */
  async asked({ by, byName, text, of }: AskedEvent): Promise<void> {
    const { portals, levels, ghosts, outbox, clock } = this.#parts
    const anchor = { network: by.network, id: by.id, as: of }
    const place = await portals.claimed(anchor)
    if (!place || place.portal.room || !levels.mayUse(place.user)) return
    const network = portals.networkAt(place, 'room')
    if (byName) await ghosts.named(by, network, byName)
    const request: Phrase = { key: 'contacts.invitation', params: { name: byName ?? by.id, account: by.id } }
    const phrase = withWords(request, text, place.user.locale)
    const now = clock()
    await outbox.push({
      // The same person may ask again after a while.
      id: deliveryId('asked', conversationKey(anchor), String(Math.floor(now / day))),
      line: lineTo(place.portal, 'room'),
      target: { kind: 'portal', portal: place.portal.id, end: 'room' },
      network,
      as: await portals.speakerAt(place, 'room'),
      content: { kind: 'notice', phrase },
      sentAt: now,
    })
  }

  /** A user came into a chat with somebody: that person may see them and write to them. Undefined where nobody had to be answered. */
  async accepted(event: ConversationEvent): Promise<Place | undefined> {
    const place = await this.#placeOf(event)
    if (!place) return undefined
    const { as } = place.portal.anchor
    await this.#parts.ghosts.met(event.by, as.network, event.byName)
    await this.#answer(place, 'accept', contactOf(place))
    return place
  }

  /** A user declined to talk with somebody: that person cannot write to them any more. */
  async declined(event: ConversationEvent): Promise<void> {
    const place = await this.#placeOf(event)
    if (place) await this.#block(place, contactOf(place))
  }

  /** A user declined to come into a chat of several: whoever of it is a stranger cannot write to them any more. */
  async declinedSeveral({ conversation, by }: AttendanceEvent): Promise<void> {
    const found = by && (await this.#parts.portals.find(conversation))
    const place = found && this.#hosted(found, by)
    if (!place) return
    const contacts = await place.network.contacts(place.portal.anchor.as)
    const isKnown = (person: Address) =>
      contacts.some(({ address, lists }) => lists.includes('allow') && sameAddress(address, person))
    for (const person of (await this.#parts.several.peopleIn(place.portal)) ?? [])
      if (!isKnown(person)) await this.#block(place, person)
  }

  async #placeOf({ conversation, by, with: contact }: ConversationEvent): Promise<HostedPlace | undefined> {
    const place = await this.#parts.portals.answered(conversation, by, contact)
    return place && this.#hosted(place, by)
  }

  /** The place, where it is the room of this user, who is hosted. */
  #hosted(place: Place, by: Address): HostedPlace | undefined {
    if (place.end !== 'room' || !isHomeOf(place.user, by)) return undefined
    const network = this.#parts.networks.of(place.portal.anchor.as)
    return network.face === 'hosted' && editsContactList(network) ? { ...place, network } : undefined
  }

  async #block(place: HostedPlace, who: Address): Promise<void> {
    await this.#answer(place, 'block', who)
    const phrase: Phrase = { key: 'contacts.blocked', params: { account: who.id } }
    await this.#parts.notices.tell(place.user, phrase, crypto.randomUUID())
  }

  async #answer({ portal, network }: HostedPlace, change: 'accept' | 'block', who: Address): Promise<void> {
    try {
      await network.edit(portal.anchor.as, change, who)
    } catch (error) {
      // Whoever has no account any more needs no answer.
      if (!(error instanceof DeliveryError) || error.fate !== 'fail') throw error
      this.#parts.log.info({ err: error, network: network.id }, 'somebody could not be given an answer')
    }
  }
}

/** The one contact at the far end. */
function contactOf({ portal: { anchor } }: Place): Address {
  return { network: anchor.network, id: anchor.id }
}

/** A request with what was written along with it. */
export function withWords(request: Phrase, text: string | undefined, locale: Locale): Phrase {
  const words = [...(text ?? '').trim()].slice(0, longestWords).join('')
  return words === '' ? request : { key: 'contacts.says', params: { request: say(request, locale), text: words } }
}
