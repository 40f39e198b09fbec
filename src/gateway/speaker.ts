// As whom something said is carried to the other end of its portal, and in which words.

import type { Address } from '../core/address.ts'
import { sameAddress } from '../core/address.ts'
import type { Utterance } from '../core/content.ts'
import type { MessageEvent } from '../core/event.ts'
import { allows } from '../core/level.ts'
import { lendsPuppets, namesPeople } from '../core/network.ts'
import type { Levels } from './levels.ts'
import type { Networks } from './networks.ts'
import { asYourOwn } from './own.ts'
import type { Place } from './portals.ts'
import { isHomeOf } from './portals.ts'
import { asRelayed, shownName } from './relayed.ts'

/** Who says something at the other end. */
export interface Voice {
  readonly as: Address
  /** Whether that account stands for whoever said it. Else it speaks for them, and `words` says who it was. */
  readonly isTheirs: boolean
  /** What they are called there, where they are somebody else than its owner. */
  readonly name?: string
  /** What is said there. */
  words(content: Utterance): Utterance
}

type Said = Pick<MessageEvent, 'from' | 'conversation'>

/** Finds the voice of whoever said something. */
export class Speakers {
  readonly #networks: Networks
  readonly #levels: Levels

  constructor({ networks, levels }: { networks: Networks; levels: Levels }) {
    this.#networks = networks
    this.#levels = levels
  }

  /** Whose voice carries somebody's words to the other end; undefined when they may not speak there. */
  async of(said: Said, place: Place): Promise<Voice | undefined> {
    if (place.end === 'room') return this.#atAnchor(said, place)
    if (isOwn(said, place)) return this.#forOwn(place)
    const as = this.#networks.of(place.user.homes[0]).ghostOf(said.from)
    return as && theirs(as)
  }

  async #atAnchor(said: Said, { portal, user }: Place): Promise<Voice | undefined> {
    const { as } = portal.anchor
    if (isHomeOf(user, said.from)) return theirs(as)
    if (!portal.relays || !allows(await this.#levels.of(said.from), 'relay')) return undefined
    const name = await this.#nameOf(said)
    return { as, isTheirs: false, name, words: (content) => asRelayed(content, name, user.locale) }
  }

  /** What a user said elsewhere is theirs where they can lend us their account; else our bot tells it. Never does a ghost of theirs. */
  #forOwn({ user }: Place): Voice | undefined {
    const [at] = user.homes
    const home = this.#networks.of(at)
    if (lendsPuppets(home)) return theirs(at)
    return home.bot && { as: home.bot, isTheirs: false, words: (content) => asYourOwn(content, user.locale) }
  }

  async #nameOf({ from, conversation }: Said): Promise<string> {
    const home = this.#networks.of(from)
    const name = namesPeople(home) ? await home.nameIn(conversation, from) : undefined
    return shownName(name ?? '') || shownName(from.id)
  }
}

/** Whether something was said in our own chair, by the user's own client there. */
export function isOwn({ from }: Pick<MessageEvent, 'from'>, { portal, end }: Place): boolean {
  return end === 'anchor' && sameAddress(from, portal.anchor.as)
}

function theirs(as: Address): Voice {
  return { as, isTheirs: true, words: (content) => content }
}
