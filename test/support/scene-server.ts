// The lists of the cast on our server, as they are before a scene begins.

import { addGroup, renameOwner } from '../../src/msn/server/book.ts'
import type { Handle } from '../../src/msn/server/handle.ts'
import type { Services } from '../../src/msn/server/services.ts'
import type { Actor, Before } from './stage.ts'
import { accountOf, nameOf } from './stage.ts'

export async function prepare({ books, edits }: Services, before: Partial<Record<Actor, Before>>): Promise<void> {
  const handle = (who: Actor) => accountOf(who) as Handle
  const all = Object.entries(before) as [Actor, Before][]
  for (const who of ['juliet', 'romeo', 'nurse', 'tybalt'] as const)
    await books.change(handle(who), (book) => renameOwner(book, nameOf(who)))
  for (const [owner, { friends, blocked = [], group }] of all) {
    for (const who of friends) await edits.put(handle(owner), handle(who), { list: 'AL' })
    for (const who of blocked) await edits.put(handle(owner), handle(who), { list: 'BL' })
    if (group !== undefined) await books.change(handle(owner), (book) => addGroup(book, group))
  }
  for (const [owner, { friends, group }] of all) {
    for (const who of friends)
      await edits.put(handle(owner), handle(who), { list: 'FL', name: nameOf(who), ...(group !== undefined && { group: '1' }) })
    for (const who of friends) if (!before[who]) await edits.put(handle(who), handle(owner), { list: 'FL' })
  }
}
