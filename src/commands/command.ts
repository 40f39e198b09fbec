// What a command is.

import type { Address } from '../core/address.ts'
import type { Conversation } from '../core/conversation.ts'
import type { RemoteId } from '../core/event.ts'
import type { Level } from '../core/level.ts'
import type { Dialogue } from '../core/stores.ts'
import type { User } from '../core/user.ts'
import type { Phrase } from '../core/words.ts'
import type { Chat, Desk } from './desk.ts'

/** One thing that a user wrote to the bot. */
export interface Ask {
  readonly user: User
  /** What the user may do. */
  readonly level: Level
  /** What was written after the command; in the middle of a talk, the whole answer. Text that may be a password. */
  readonly text: string
  /** What the user said earlier in this talk. */
  readonly answers: Dialogue['answers']
  /** Where it was written. */
  readonly conversation: Conversation
  /** Whether nobody but the user and our bot is there. */
  readonly isPrivate: boolean
  /** What a command begins with there. */
  readonly prefix: string
  /** The chat with a contact that it is, where the user has any say in it. */
  readonly chat?: Chat
  /** The message that was answered with it. */
  readonly about?: RemoteId
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

/** The contact whom a command means that names nobody, and in which chair the user sits: whoever they talk with where it was written. */
export function contactHere({ user, chat }: Ask): { chair: Address; who: Address } | undefined {
  if (!chat?.contact || chat.portal.user !== user.id) return undefined
  return { chair: chat.portal.anchor.as, who: chat.contact }
}
