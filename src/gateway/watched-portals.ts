// The store of portals, which tells whoever wants to know that a chat got its room or lost it.

import type { Conversation } from '../core/conversation.ts'
import type { Anchor, End, Portal, PortalId } from '../core/portal.ts'
import type { Portals } from '../core/stores.ts'
import type { UserId } from '../core/user.ts'

export class WatchedPortals implements Portals {
  readonly #store: Portals
  readonly #changed: (portal: Portal) => void

  /** `changed` is told the portal whose room came or went, as it is now. */
  constructor(store: Portals, changed: (portal: Portal) => void) {
    this.#store = store
    this.#changed = changed
  }

  claim(anchor: Anchor, user: UserId): Promise<Portal> {
    return this.#store.claim(anchor, user)
  }

  get(id: PortalId): Promise<Portal | undefined> {
    return this.#store.get(id)
  }

  find(conversation: Conversation): Promise<{ portal: Portal; end: End } | undefined> {
    return this.#store.find(conversation)
  }

  async bind(id: PortalId, room: Conversation, instead?: Conversation): Promise<Portal | undefined> {
    const portal = await this.#store.bind(id, room, instead)
    if (portal) this.#changed(portal)
    return portal
  }

  async unbind(id: PortalId, room: Conversation): Promise<void> {
    await this.#store.unbind(id, room)
    const portal = await this.#store.get(id)
    if (portal) this.#changed(portal)
  }

  setRelays(id: PortalId, relays: boolean): Promise<void> {
    return this.#store.setRelays(id, relays)
  }

  async remove(id: PortalId): Promise<void> {
    const portal = await this.#store.get(id)
    await this.#store.remove(id)
    if (portal) this.#changed({ id: portal.id, user: portal.user, anchor: portal.anchor })
  }

  all(): AsyncIterable<Portal> {
    return this.#store.all()
  }
}
