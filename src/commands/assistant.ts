// Our bot: reads what a user writes to it, in one line or in the middle of a talk, and answers.
// What is written to it may be a password, so nothing of it is repeated, stored or logged.

import type { RequestEvent } from '../core/event.ts'
import type { Dialogue, Dialogues } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Reply } from './command.ts'
import type { Desk } from './desk.ts'
import { commands } from './table.ts'

/** The name under which a talk is kept that has ended; it only serves to know a replayed request again. */
const ended = ''

export class Assistant {
  readonly #desk: Desk
  readonly #dialogues: Dialogues

  constructor({ desk, dialogues }: { desk: Desk; dialogues: Dialogues }) {
    this.#desk = desk
    this.#dialogues = dialogues
  }

  /** What the bot says to a request. The same request again, as after a crash, is answered with nothing. */
  async answer(user: User, request: RequestEvent): Promise<readonly Phrase[]> {
    const dialogue = await this.#dialogues.get(user.id)
    if (dialogue?.by === request.id) return []
    const reply = await this.#reply(user, request, dialogue)
    const command = reply.next ? reply.command : ended
    await this.#dialogues.set(user.id, { command, answers: reply.next ?? {}, by: request.id })
    return reply.say
  }

  async #reply(user: User, request: RequestEvent, dialogue: Dialogue | undefined): Promise<Reply & { command: string }> {
    const open = dialogue && dialogue.command !== ended ? dialogue : undefined
    const [, first = '', rest = ''] = /^\s*(\S*)\s*(.*)$/s.exec(request.text) ?? []
    const name = first.toLowerCase()
    if (name === 'cancel' && rest === '')
      return { command: ended, say: [{ key: open ? 'command.cancelled' : 'command.nothing-to-cancel' }] }
    const begun = open?.command ?? name
    const command = commands.get(begun)
    if (!command) return { command: ended, say: [{ key: 'command.unknown' }] }
    const text = open ? request.text : rest
    const ask = { user, text, answers: open?.answers ?? {}, cause: request.id, redact: () => request.redact() }
    return { command: begun, ...(await command.run(ask, this.#desk)) }
  }
}
