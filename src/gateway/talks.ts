// What users write to our bot, and what it answers. It is told where it was asked.

import type { AddressKey } from '../core/address.ts'
import { addressKey } from '../core/address.ts'
import { conversationKey } from '../core/conversation.ts'
import type { RemoteId, RequestEvent } from '../core/event.ts'
import { InOrder } from '../core/in-order.ts'
import type { Level } from '../core/level.ts'
import { allows } from '../core/level.ts'
import type { Logger } from '../core/log.ts'
import type { Users } from '../core/stores.ts'
import type { Timers } from '../core/timers.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Levels } from './levels.ts'
import type { Notices } from './notices.ts'

/** What our bot answers to a request of a user who may do so much. */
export type Assistant = (user: User, request: RequestEvent, level: Level) => Promise<readonly Phrase[]>

/** So long everybody waits for the command of one at most, in milliseconds: what it asks for may take a slow server's time. */
const longest = 1_000
/** So many commands of one user wait for each other at most. */
const mostWaiting = 20

interface Parts {
  readonly users: Users
  readonly levels: Levels
  readonly notices: Notices
  readonly assistant: Assistant
  readonly timers: Timers
  readonly log: Logger
}

/** The requests of one user that are not answered yet. */
interface Queue {
  readonly first: RemoteId
  length: number
  /** Whether one of them takes long. */
  isLate: boolean
}

export class Talks {
  readonly #parts: Parts
  /** Each user's requests, one after another. */
  readonly #inOrder = new InOrder()
  readonly #queues = new Map<AddressKey, Queue>()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /**
   * Answers a request. Resolves once it is answered, or when it takes long: then the answer comes later, unless we are killed before. Nobody
   * waits for what a user asks behind one that takes long.
   */
  async take(request: RequestEvent): Promise<void> {
    const key = addressKey(request.from)
    const queue = this.#queues.get(key) ?? { first: request.id, length: 0, isLate: false }
    if (queue.length >= mostWaiting) return this.#tell(request, { key: 'command.too-many' }, queue.first)
    this.#queues.set(key, queue)
    queue.length++
    const answered = this.#inOrder
      .run(key, () => this.#answer(request))
      .finally(() => {
        queue.length--
        if (queue.length === 0) this.#queues.delete(key)
      })
    await this.#notForLong(queue, request, answered)
  }

  /** Resolves when nothing is being answered. */
  idle(): Promise<void> {
    return this.#inOrder.idle()
  }

  /** Waits for an answer while its user is not late. */
  async #notForLong(queue: Queue, request: RequestEvent, answered: Promise<void>): Promise<void> {
    let isLeft = queue.isLate
    answered.catch((error: unknown) => {
      if (isLeft) void this.#failed(request, error)
    })
    if (isLeft) return
    await new Promise<void>((resolve, reject) => {
      const cancel = this.#parts.timers.after(longest, () => {
        isLeft = true
        queue.isLate = true
        resolve()
      })
      answered.then(resolve, reject).finally(cancel)
    })
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

  async #tell({ from, conversation }: RequestEvent, phrase: Phrase, cause: string): Promise<void> {
    const user = await this.#parts.users.at(from)
    await this.#parts.notices.tell({ ...user, management: conversation }, phrase, cause)
  }

  /** Nobody sends it again: whoever asked is told. Never rejects. */
  async #failed(request: RequestEvent, error: unknown): Promise<void> {
    const { log } = this.#parts
    const { id } = request
    log.error({ err: error, request: id }, 'a command that took long failed')
    try {
      await this.#tell(request, { key: 'command.fault' }, id)
    } catch (cause) {
      log.error({ err: cause, request: id }, 'whoever gave a command that failed could not be told')
    }
  }
}
