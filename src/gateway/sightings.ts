// Which contacts are there, as our chairs see them. Several chairs may watch the same contact, who has one ghost: the newest sight counts,
// and one chair that goes blind does not make the ghost leave while another still sees the contact.

import type { Address, AddressKey } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { Presence } from '../core/signal.ts'

interface Sight {
  readonly chair: Address
  readonly presence: Presence
}

const gone: Presence = { status: 'offline' }

export class Sightings {
  /** Only those who are there; the newest sight of each is the last. */
  readonly #seen = new Map<AddressKey, Map<AddressKey, Sight>>()

  /** A chair sees how somebody is. */
  note(of: Address, chair: Address, presence: Presence): void {
    const key = addressKey(of)
    const sights = this.#seen.get(key) ?? new Map<AddressKey, Sight>()
    sights.delete(addressKey(chair))
    if (presence.status !== 'offline') sights.set(addressKey(chair), { chair, presence })
    if (sights.size > 0) this.#seen.set(key, sights)
    else this.#seen.delete(key)
  }

  /** How somebody is, as far as anybody sees. */
  of(person: Address): Presence {
    return [...(this.#seen.get(addressKey(person))?.values() ?? [])].at(-1)?.presence ?? gone
  }

  /** The chairs that see somebody there. */
  chairsThatSee(person: Address): Address[] {
    return [...(this.#seen.get(addressKey(person))?.values() ?? [])].map(({ chair }) => chair)
  }
}
