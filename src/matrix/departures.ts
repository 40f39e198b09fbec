// How our accounts go out of rooms: one that is turned away, or all of them when a chat ends.

import { z } from 'zod'
import { deliveryId } from '../core/delivery.ts'
import type { Phrase } from '../core/words.ts'
import { say } from '../core/words.ts'
import type { Chats } from './chats.ts'
import { toMatrix } from './content.ts'
import type { Homeserver } from './homeserver.ts'
import { clientPath } from './homeserver.ts'
import { isFinal } from './homeserver-error.ts'
import type { People } from './people.ts'
import { isOurAlias } from './room-settings.ts'
import type { Rooms } from './rooms.ts'
import { unlessDenied } from './rooms.ts'
import type { Sender } from './send.ts'

const aliasesAnswer = z.object({ aliases: z.array(z.string().max(255)) })

interface Options {
  readonly homeserver: Homeserver
  readonly people: People
  readonly rooms: Rooms
  readonly chats: Chats
  readonly sender: Sender
  readonly domain: string
}

/** Every method throws a HomeserverError while the homeserver cannot be reached; what is so already is no error. */
export class Departures {
  readonly #options: Options

  constructor(options: Options) {
    this.#options = options
  }

  /** Takes our accounts out of a chat that cannot be, after one of them has said why. */
  async turnAway(room: string, as: string, phrase: Phrase): Promise<void> {
    const { sender, rooms, chats } = this.#options
    const id = deliveryId('matrix', 'turn-away', room, as)
    const ours = await this.#oursIn(room, as)
    try {
      await sender.send({ id, room, as, content: toMatrix({ kind: 'notice', phrase }, id), again: false })
    } catch (error) {
      // Our ghost is not in the room any more, which is what was wanted.
      if (isFinal(error)) return chats.forget(room)
      throw error
    }
    // Without a reason: clients show it right below the same words.
    for (const each of ours) await rooms.withdraw(room, each)
    await chats.forget(room)
  }

  /** Ends a chat: our accounts leave, and where the room is one that we made, so does everybody else who shall. */
  async end(room: string, phrase: Phrase, { forUser }: { readonly forUser: boolean }): Promise<void> {
    const { rooms, chats, people } = this.#options
    const host = (await chats.ghostIn(room)) ?? people.bot
    const aliases = await this.#ourAliases(room, host)
    const reason = say(phrase)
    if (forUser && aliases.length > 0)
      for (const { id } of await rooms.members(room, host)) if (!people.isOurs(id)) await rooms.expel(room, host, id, reason)
    for (const alias of aliases)
      await unlessDenied(this.#options.homeserver.call(host, 'DELETE', clientPath`directory/room/${alias}`))
    for (const each of await this.#oursIn(room, host)) await rooms.withdraw(room, each, reason)
    await chats.forget(room)
  }

  /** Our accounts in a room as one of them sees it, that one last. */
  async #oursIn(room: string, as: string): Promise<string[]> {
    const { rooms, people } = this.#options
    const members = (await rooms.joined(room, as)) ?? []
    return [...members.filter((member) => member !== as && people.isOurs(member)), as]
  }

  /** The names that we gave a room; none where it was made by somebody else. */
  async #ourAliases(room: string, as: string): Promise<string[]> {
    const { homeserver, domain } = this.#options
    const path = clientPath`rooms/${room}/aliases`
    const answer = await unlessDenied(homeserver.ask(aliasesAnswer, as, 'GET', path))
    return (answer?.aliases ?? []).filter((alias) => isOurAlias(alias, domain))
  }
}
