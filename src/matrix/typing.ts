// Who began and who stopped typing. The homeserver only ever says who types.

import type { TypingList } from './events.ts'
import { Recent } from './recent.ts'

/** One person's change. */
export interface TypingChange {
  readonly user: string
  readonly typing: boolean
}

/** Compares what is said of each room with what was said before. */
export class TypingWatch {
  readonly #typing = new Recent<ReadonlySet<string>>(1000)

  /** What changed with this list. */
  changes(list: TypingList): TypingChange[] {
    const before = this.#typing.get(list.room) ?? new Set()
    const now = new Set(list.users)
    this.#typing.set(list.room, now)
    const began = [...now].filter((user) => !before.has(user)).map((user) => ({ user, typing: true }))
    const stopped = [...before].filter((user) => !now.has(user)).map((user) => ({ user, typing: false }))
    return [...began, ...stopped]
  }
}
