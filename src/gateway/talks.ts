// What users write to our bot, and what it answers. It is told where it was asked.

import { addressKey } from '../core/address.ts'
import { conversationKey } from '../core/conversation.ts'
import type { RequestEvent } from '../core/event.ts'
import type { Level } from '../core/level.ts'
import { allows } from '../core/level.ts'
import type { Logger } from '../core/log.ts'
import type { Users } from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import { InOrder } from './in-order.ts'
import type { Levels } from './levels.ts'
import type { Notices } from './notices.ts'

/** What our bot answers to a request of a user who may do so much. */
export type Assistant = (user: User, request: RequestEvent, level: Level) => Promise<readonly Phrase[]>

/** So long everybody waits for the command of one at most, in milliseconds: what it asks for may take a slow server's time. */
const longest = 5_000

interface Parts {
  readonly users: Users
  readonly levels: Levels
  readonly notices: Notices
  readonly assistant: Assistant
  readonly timers: Timers
  readonly log: Logger
}

export class Talks {
  readonly #parts: Parts
  /** Each user's requests, one after another. */
  readonly #inOrder = new InOrder()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Answers a request. Resolves once it is answered, or when it takes long: then the answer comes later, unless we are killed before. */
  async take(request: RequestEvent): Promise<void> {
    const answered = this.#inOrder.run(addressKey(request.from), () => this.#answer(request))
    let isLate = false
    answered.catch((error: unknown) => {
      if (isLate) void this.#failed(request, error)
    })
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#parts.timers.after(longest, () => {
        isLate = true
        resolve()
      })
      answered.then(resolve, reject).finally(cancel)
    })
  }

  /** Resolves when nothing is being answered. */
  idle(): Promise<void> {
    return this.#inOrder.idle()
  }

  async #answer(request: RequestEvent): Promise<void> {
    const { users, levels, notices, assistant } = this.#parts
    const { from, conversation, isPrivate, id } = request
    const level = await levels.of(from)
    const user = await users.at(from)
    const listener = { ...user, management: conversation }
    if (!allows(level, 'commands'))
      // Said once: the same cause again is the same notice.
      return notices.tell(listener, { key: 'command.not-for-you' }, conversationKey(conversation))
    const isNew = !user.management || conversationKey(user.management) !== conversationKey(conversation)
    if (isPrivate && isNew) await users.setManagement(user.id, conversation)
    const phrases = await assistant(isPrivate ? listener : user, request, level)
    for (const [index, phrase] of phrases.entries()) await notices.tell(listener, phrase, id, String(index))
  }

  /** Nobody sends it again: whoever asked is told. Never rejects. */
  async #failed({ from, conversation, id }: RequestEvent, error: unknown): Promise<void> {
    const { users, notices, log } = this.#parts
    log.error({ err: error, request: id }, 'a command that took long failed')
    try {
      const user = await users.at(from)
      await notices.tell({ ...user, management: conversation }, { key: 'command.fault' }, id)
    } catch (cause) {
      log.error({ err: cause, request: id }, 'whoever gave a command that failed could not be told')
    }
  }
}
