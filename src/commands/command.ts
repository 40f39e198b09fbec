// What a command is.

import type { Dialogue } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Desk } from './desk.ts'

/** One thing that a user wrote to the bot. */
export interface Ask {
  readonly user: User
  /** What was written after the command; in the middle of a talk, the whole answer. Text that may be a password. */
  readonly text: string
  /** What the user said earlier in this talk. */
  readonly answers: Dialogue['answers']
  /** Names the request: notices that it causes carry it. */
  readonly cause: string
  /** Takes the user's message out of the room. */
  redact(): Promise<void>
}

/** What the bot says, and the answers so far when it waits for another. */
export interface Reply {
  readonly say: readonly Phrase[]
  readonly next?: Dialogue['answers']
}

export interface Command {
  /** Begins, with whatever was written after the command's name, or goes on with an answer. */
  run(ask: Ask, desk: Desk): Promise<Reply>
}
