// What a person means by adding or blocking somebody, in steps that a server takes (msnp-core.md 3.17).

import { isOn } from '../model/lists.ts'
import type { ContactBook } from './contact-book.ts'
import { ClientError } from './errors.ts'
import type { NotificationServer } from './notification.ts'

/** 215: they are there already. 216: they are not there. Then nothing is left to do. */
const done: ReadonlySet<number | undefined> = new Set([215, 216])

/** Puts somebody on FL and AL, off BL, and says yes if they wait for an answer. Rejects with a ClientError. */
export async function introduce(server: NotificationServer, book: ContactBook, handle: string): Promise<void> {
  const lists = book.find(handle)?.lists ?? 0
  if (!isOn(lists, 'FL')) await ignoring(server.add({ list: 'FL', handle, name: handle }))
  if (isOn(lists, 'BL')) await ignoring(server.remove({ list: 'BL', handle }))
  if (!isOn(lists, 'AL')) await ignoring(server.add({ list: 'AL', handle }))
  if (isOn(lists, 'PL')) {
    await ignoring(server.add({ list: 'RL', handle }))
    await ignoring(server.remove({ list: 'PL', handle }))
  }
}

/** Puts somebody on BL, and off AL first: the server does not do that for us. Rejects with a ClientError. */
export async function block(server: NotificationServer, book: ContactBook, handle: string): Promise<void> {
  if (book.isOn(handle, 'AL')) await ignoring(server.remove({ list: 'AL', handle }))
  if (!book.isOn(handle, 'BL')) await ignoring(server.add({ list: 'BL', handle }))
}

async function ignoring(step: Promise<void>): Promise<void> {
  try {
    await step
  } catch (error) {
    if (!(error instanceof ClientError && done.has(error.number))) throw error
  }
}
