// Ghosts and their looks, kept fresh. A ghost is made when somebody first meets it; of all others only the looks are remembered.

import type { Address, NetworkId } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import type { PictureEvent } from '../core/event.ts'
import type { Ghost, Picture } from '../core/ghost.ts'
import { InOrder } from '../core/in-order.ts'
import type { Logger } from '../core/log.ts'
import { hasPictures, introducesGhosts } from '../core/network.ts'
import type { Ghosts as GhostStore } from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import type { Networks } from './networks.ts'

/** How far apart a ghost shows the names of somebody who says nothing meanwhile, at least, in milliseconds. */
const pace = 60_000

/** Knows what each ghost should look like, and tells its network when that is new. */
export class Ghosts {
  readonly #networks: Networks
  readonly #store: GhostStore
  readonly #timers: Timers
  readonly #log: Logger
  /** Every ghost that was looked at since the start: nobody but us changes one. */
  readonly #known = new Map<string, Ghost>()
  /** Who told their name since the start. */
  readonly #named = new Set<string>()
  /** How each ghost was last introduced; only so that we do not say the same twice. */
  readonly #introduced = new Map<string, Ghost>()
  /** Ghosts that took another name just now, and whether there may be one more since. */
  readonly #resting = new Map<string, boolean>()
  readonly #changes = new InOrder()
  readonly #introductions = new InOrder()

  constructor({ networks, ghosts, timers, log }: { networks: Networks; ghosts: GhostStore; timers: Timers; log: Logger }) {
    this.#networks = networks
    this.#store = ghosts
    this.#timers = timers
    this.#log = log
  }

  /** Remembers what somebody is called. Their ghost shows it when it is next introduced. */
  async named(of: Address, on: NetworkId, name: string): Promise<void> {
    this.#named.add(keyOf(of, on))
    await this.#change(of, on, (known) => (known?.name === name ? known : { ...known, of, on, name }))
  }

  /** Somebody is seen under a name: so is their ghost, if anybody has met it, soon after another name only the newest. */
  async renamed(of: Address, on: NetworkId, name: string): Promise<void> {
    await this.named(of, on, name)
    const key = keyOf(of, on)
    if (this.#resting.has(key)) this.#resting.set(key, true)
    else void this.freshen([of], on)
  }

  /** Remembers a name that came along with a message: in a long chat it may be old, so it counts only where they told none otherwise since the start. */
  async heard(of: Address, on: NetworkId, name: string): Promise<void> {
    if (this.#named.has(keyOf(of, on))) return
    await this.#change(of, on, (known) => (known?.name === name ? known : { ...known, of, on, name }))
  }

  /** Remembers what somebody is called on a list, which may be old news: it counts only where nobody knows better. True when it does. */
  async listed(of: Address, on: NetworkId, name: string): Promise<boolean> {
    return this.#change(of, on, (known) => known ?? { of, on, name })
  }

  /** Somebody is where a ghost of theirs will be seen: it is brought back after a restart, under their name or, while that is unknown, their address. */
  async met(of: Address, on: NetworkId, name: string | undefined): Promise<void> {
    if (name) await this.named(of, on, name)
    else await this.listed(of, on, of.id)
  }

  /** Somebody shows another picture: so do their ghosts, at every home. */
  async pictured({ of, picture }: PictureEvent): Promise<void> {
    for (const { id: on, face } of this.#networks.all()) {
      if (face !== 'home') continue
      const isNew = await this.#change(of, on, (known) => {
        if (known?.picture?.hash === picture?.hash) return known
        const { picture: _, ...rest } = known ?? { of, on, name: of.id }
        return picture ? { ...rest, picture } : rest
      })
      if (isNew) void this.freshen([of], on)
    }
  }

  /** Makes the ghost of somebody exist with its present looks. Throws a DeliveryError. */
  introduce(of: Address, on: NetworkId): Promise<void> {
    const key = keyOf(of, on)
    // One after another, so that an older name never arrives after a newer one.
    return this.#introductions.run(key, () => this.#introduceNow(key, of, on))
  }

  /** Introduces many, one after another. One that fails is introduced again before its first word. */
  async introduceAll(people: readonly Address[], on: NetworkId): Promise<void> {
    for (const person of people) await this.#attempt(on, () => this.introduce(person, on))
  }

  /** Shows the present looks of those ghosts that somebody has met already, one after another. Never rejects. */
  async freshen(people: readonly Address[], on: NetworkId): Promise<void> {
    const network = this.#networks.get(on)
    if (!introducesGhosts(network)) return
    for (const person of people)
      await this.#attempt(on, async () => {
        if (await network.isIntroduced(person)) await this.introduce(person, on)
      })
  }

  /** Brings back the people who are hosted on a network, after a restart. */
  async revive(on: NetworkId): Promise<void> {
    const people: Address[] = []
    for await (const ghost of this.#store.on(on)) people.push(ghost.of)
    await this.introduceAll(people, on)
  }

  /** Brings back somebody who was hosted on a network and signed out; who was never there stays away. */
  async comesBack(of: Address, on: NetworkId): Promise<void> {
    const key = keyOf(of, on)
    if (!(await this.#get(key, of, on))) return
    this.#introduced.delete(key)
    await this.introduceAll([of], on)
  }

  async #introduceNow(key: string, of: Address, on: NetworkId): Promise<void> {
    const network = this.#networks.get(on)
    if (!introducesGhosts(network)) return
    const ghost = (await this.#get(key, of, on)) ?? { of, on, name: of.id }
    const before = this.#introduced.get(key)
    const isRenamed = before !== undefined && before.name !== ghost.name
    if (before && !isRenamed && before.picture?.hash === ghost.picture?.hash) return
    await network.introduce(ghost, () => this.#bytesOf(ghost))
    this.#introduced.set(key, ghost)
    if (isRenamed && !this.#resting.has(key)) this.#rest(key, of, on)
  }

  #rest(key: string, of: Address, on: NetworkId): void {
    this.#resting.set(key, false)
    this.#timers.after(pace, () => {
      const isNew = this.#resting.get(key)
      this.#resting.delete(key)
      if (isNew) void this.freshen([of], on)
    })
  }

  async #bytesOf({ of, picture }: Ghost): Promise<Picture | undefined> {
    const network = this.#networks.find(of.network)
    return picture && network && hasPictures(network) ? network.picture(of, picture) : undefined
  }

  async #attempt(on: NetworkId, introduction: () => Promise<void>): Promise<void> {
    try {
      await introduction()
    } catch (error) {
      this.#log.warn({ err: error, network: on }, 'could not introduce a ghost now; it is introduced when it first speaks')
    }
  }

  /** Changes what is known of a ghost, one change after another. True when it is another ghost now. */
  #change(of: Address, on: NetworkId, change: (known: Ghost | undefined) => Ghost | undefined): Promise<boolean> {
    const key = keyOf(of, on)
    return this.#changes.run(key, async () => {
      const known = await this.#get(key, of, on)
      const ghost = change(known)
      if (!ghost || ghost === known) return false
      await this.#store.save(ghost)
      this.#known.set(key, ghost)
      return true
    })
  }

  async #get(key: string, of: Address, on: NetworkId): Promise<Ghost | undefined> {
    const known = this.#known.get(key)
    if (known) return known
    const stored = await this.#store.get(of, on)
    // Meanwhile somebody may have known better.
    const ghost = this.#known.get(key) ?? stored
    if (ghost) this.#known.set(key, ghost)
    return ghost
  }
}

function keyOf(of: Address, on: NetworkId): string {
  return `${on} ${addressKey(of)}`
}
