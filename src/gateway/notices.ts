// What our bot tells a user outside of any portal.

import type { Clock } from '../core/clock.ts'
import { deliveryId } from '../core/delivery.ts'
import { noticeLine } from '../core/line.ts'
import type { Logger } from '../core/log.ts'
import type { Outbox } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Networks } from './networks.ts'

/** The bot's voice: durable and in order, like everything else that is said. */
export class Notices {
  readonly #networks: Networks
  readonly #outbox: Outbox
  readonly #clock: Clock
  readonly #log: Logger

  constructor({ networks, outbox, clock, log }: { networks: Networks; outbox: Outbox; clock: Clock; log: Logger }) {
    this.#networks = networks
    this.#outbox = outbox
    this.#clock = clock
    this.#log = log
  }

  /** Tells the user, where they talk with our bot. `cause` names what made us speak: the same cause twice is one notice. */
  async tell(user: User, phrase: Phrase, ...cause: readonly string[]): Promise<void> {
    const conversation = user.management
    const bot = conversation && this.#networks.find(conversation.network)?.bot
    if (!conversation || !bot) {
      this.#log.warn({ user: user.id, phrase: phrase.key }, 'a user should be told something but never talked with our bot')
      return
    }
    await this.#outbox.push({
      id: deliveryId('notice', user.id, phrase.key, ...cause),
      line: noticeLine(user),
      target: { kind: 'conversation', conversation },
      network: conversation.network,
      as: bot,
      content: { kind: 'notice', phrase },
      sentAt: this.#clock(),
    })
  }
}
