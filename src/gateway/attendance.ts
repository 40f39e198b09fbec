// Who comes into a chat of several, and who leaves it: told at the other end of its portal, in its place among what is said.

import type { Address } from '../core/address.ts'
import type { Clock } from '../core/clock.ts'
import type { Attendance } from '../core/content.ts'
import { conversationKey } from '../core/conversation.ts'
import type { Delivery } from '../core/delivery.ts'
import { deliveryId } from '../core/delivery.ts'
import type { AttendanceEvent, RemoteId } from '../core/event.ts'
import { lineTo } from '../core/line.ts'
import { opposite } from '../core/portal.ts'
import type { Outbox } from '../core/stores.ts'
import type { Networks } from './networks.ts'
import type { Outcomes } from './outcomes.ts'
import type { Place, Portals } from './portals.ts'
import { isHomeOf } from './portals.ts'
import type { Relay } from './relay.ts'

interface Parts {
  readonly networks: Networks
  readonly portals: Portals
  readonly relay: Relay
  readonly outcomes: Outcomes
  readonly outbox: Outbox
  readonly clock: Clock
}

type Attended = Pick<AttendanceEvent, 'conversation' | 'id' | 'change' | 'who'>

export class Attendances {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Resolves once it is safe. */
  async take(event: AttendanceEvent): Promise<void> {
    const { conversation, change, by } = event
    const place = await this.#parts.portals.find(conversation)
    if (place?.end === 'anchor') return this.#tellRoom(place, event)
    if (place && by && isHomeOf(place.user, by)) await this.#tellAnchor(place, event)
    if (change === 'left' && by) await this.#parts.portals.left({ conversation, by })
  }

  /** Whom a user asked in cannot come: their ghost does not wait before the door. */
  async refused({ id, target, content }: Delivery): Promise<void> {
    const { portals } = this.#parts
    if (target.kind !== 'portal' || content.kind !== 'attendance' || content.change !== 'invited') return
    const place = await portals.at(target.portal, target.end)
    if (place) await this.#sendAway(place, content.who, id as string as RemoteId)
  }

  async #sendAway({ portal, user }: Place, who: Address, id: RemoteId): Promise<void> {
    await this.#tellRoom({ portal, user, end: 'anchor' }, { conversation: portal.anchor, id, change: 'left', who })
  }

  /** Somebody came or went over there: so does their ghost, once the room is there in which others spoke before that. */
  async #tellRoom(place: Place, event: Attended): Promise<void> {
    const home = this.#parts.networks.of(place.user.homes[0])
    const who = home.ghostOf(event.who)
    if (!who || !home.bot) return
    await this.#push(place, event, { as: home.bot, content: { kind: 'attendance', change: event.change, who } })
  }

  /** The user left the room: then we leave the chat. Or they want somebody more in it. */
  async #tellAnchor(place: Place, event: AttendanceEvent): Promise<void> {
    const { relay, outcomes } = this.#parts
    const { as } = place.portal.anchor
    const { change } = event
    if (change === 'left') {
      await this.#push(place, event, { as, content: { kind: 'attendance', change, who: as } })
    } else if (event.who.network !== as.network) {
      const params = { name: event.who.id }
      await outcomes.tell(place, event, 'failed', { key: 'delivery.other-network', params })
      await this.#sendAway(place, event.who, event.id)
    } else {
      const content: Attendance = { kind: 'attendance', change, who: event.who }
      const origin = { conversation: event.conversation, id: event.id }
      await this.#push(place, event, { as, content, origin, deadline: relay.deadline })
    }
  }

  async #push(
    place: Place,
    { conversation, id }: Attended,
    what: Pick<Delivery, 'as' | 'content' | 'origin' | 'deadline'>,
  ): Promise<void> {
    const { outbox, portals, clock } = this.#parts
    const end = opposite(place.end)
    await outbox.push({
      ...what,
      id: deliveryId('attendance', conversationKey(conversation), id),
      line: lineTo(place.portal, end),
      target: { kind: 'portal', portal: place.portal.id, end },
      network: portals.networkAt(place, end),
      sentAt: clock(),
    })
  }
}
