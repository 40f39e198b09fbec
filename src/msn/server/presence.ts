// Who sees whom, and who is told when somebody changes (msnp-core.md 3.11). The answer is always in the book of the one who is seen.

import { looksOffline } from '../model/status.ts'
import type { BookContact } from './book.ts'
import { admits, watchers } from './book.ts'
import type { Books } from './books.ts'
import type { Directory, Notice, PresenceNews, Showing } from './directory.ts'
import type { Handle } from './handle.ts'

export class Presence {
  readonly #books: Books
  readonly #directory: Directory

  constructor(books: Books, directory: Directory) {
    this.#books = books
    this.#directory = directory
  }

  /** Tells everybody who watches somebody and may. No `showing`: they are gone. */
  async announce(handle: Handle, showing: Showing | undefined, news: PresenceNews): Promise<void> {
    const book = await this.#books.of(handle)
    // Whoever came back while their leaving was about to be told is not gone.
    if (!showing && (await this.#directory.find(handle))?.showing) return
    const notice = noticeOf(handle, showing, news)
    await Promise.all(watchers(book).map((watcher) => admits(book, watcher) && this.#directory.tell(watcher, notice)))
  }

  /** Tells one watcher, who may or may not see somebody from now on. */
  async reveal(handle: Handle, watcher: Handle): Promise<void> {
    const book = await this.#books.of(handle)
    if (!watchers(book).includes(watcher)) return
    const { showing } = (await this.#directory.find(handle)) ?? {}
    await this.#directory.tell(watcher, noticeOf(handle, admits(book, watcher) ? showing : undefined, 'all'))
  }

  /** Tells everybody who watches somebody, each what they may see: after a change of who may. */
  async revealToAll(handle: Handle): Promise<void> {
    const book = await this.#books.of(handle)
    await Promise.all(watchers(book).map((watcher) => this.reveal(handle, watcher)))
  }

  /** Those of somebody's contacts whom they see now. */
  async visibleTo(watcher: Handle, contacts: readonly BookContact[]): Promise<Showing[]> {
    const seen = await Promise.all(contacts.map(({ handle }) => this.visible(handle, watcher)))
    return seen.filter((showing) => showing !== undefined)
  }

  /** How somebody shows themselves to a watcher; undefined when they look offline. */
  async visible(handle: Handle, watcher: Handle): Promise<Showing | undefined> {
    const { showing } = (await this.#directory.find(handle)) ?? {}
    if (!showing || looksOffline(showing.status)) return undefined
    return admits(await this.#books.of(handle), watcher) ? showing : undefined
  }
}

function noticeOf(handle: Handle, showing: Showing | undefined, news: PresenceNews): Notice {
  if (!showing || looksOffline(showing.status)) return { kind: 'presence', handle, news }
  return { kind: 'presence', handle, showing, news }
}
