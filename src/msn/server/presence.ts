// Who sees whom, and who is told when somebody changes (msnp-core.md 3.11). The answer is always in the book of the one who is seen.

import { isDeepStrictEqual } from 'node:util'
import { contactPhones } from '../dialect/roster.ts'
import type { Properties, PropertyKey } from '../model/contact-list.ts'
import { looksOffline } from '../model/status.ts'
import type { Book, BookContact } from './book.ts'
import { seers, shows, watchers } from './book.ts'
import type { Books } from './books.ts'
import type { Directory, Shift, Showing } from './directory.ts'
import type { Handle } from './handle.ts'
import type { Notice, PresenceNews } from './notice.ts'

export class Presence {
  readonly #books: Books
  readonly #directory: Directory

  constructor(books: Books, directory: Directory) {
    this.#books = books
    this.#directory = directory
  }

  /** Tells the owner's other places what has become of them and, where it can be seen, everybody who watches them and may. */
  async announce(handle: Handle, shift: Shift): Promise<void> {
    const { after } = shift
    if (after && !isDeepStrictEqual(shift.before, after)) await this.#directory.tell(handle, { kind: 'self', showing: after })
    const news = newsIn(shift)
    if (!news) return
    const book = await this.#books.of(handle)
    // Whoever came back while their leaving was about to be told is not gone.
    if (!after && (await this.#directory.find(handle))?.showing) return
    const notice = noticeOf(handle, after, news)
    await Promise.all(seers(book).map((watcher) => this.#directory.tell(watcher, notice)))
  }

  /** Tells everybody who watches somebody and may that they have another phone number; an empty one is none. */
  async announceProperty(handle: Handle, key: PropertyKey, value: string): Promise<void> {
    if (!contactPhones.includes(key)) return
    const book = await this.#books.of(handle)
    await Promise.all(
      seers(book).map(async (watcher) => {
        if (!(await this.#directory.find(watcher))) return
        const serial = String((await this.#books.of(watcher)).serial)
        await this.#directory.tell(watcher, { kind: 'property', handle, key, value, serial })
      }),
    )
  }

  /** The phone numbers of somebody, as far as a watcher may see them. */
  async phonesOf(handle: Handle, watcher: Handle): Promise<Properties> {
    const book = await this.#books.of(handle)
    if (!shows(book, watcher)) return {}
    return Object.fromEntries(
      Object.entries(book.properties).filter(([key]) => (contactPhones as readonly string[]).includes(key)),
    )
  }

  /** Tells one watcher, who may or may not see somebody from now on. */
  async reveal(handle: Handle, watcher: Handle): Promise<void> {
    const book = await this.#books.of(handle)
    if (watchers(book).includes(watcher)) await this.#reveal(handle, book, [watcher])
  }

  /** Tells everybody who watches somebody, each what they may see: after a change of who may. */
  async revealToAll(handle: Handle): Promise<void> {
    const book = await this.#books.of(handle)
    await this.#reveal(handle, book, watchers(book))
  }

  /** Those of somebody's contacts whom they see now. */
  async visibleTo(watcher: Handle, contacts: readonly BookContact[]): Promise<Showing[]> {
    const seen = await Promise.all(contacts.map(({ handle }) => this.visible(handle, watcher)))
    return seen.filter((showing) => showing !== undefined)
  }

  /** How somebody shows themselves to a watcher; undefined when they look offline. */
  async visible(handle: Handle, watcher: Handle): Promise<Showing | undefined> {
    const { showing } = (await this.#directory.find(handle)) ?? {}
    if (!visibly(showing)) return undefined
    return shows(await this.#books.of(handle), watcher) ? showing : undefined
  }

  async #reveal(handle: Handle, book: Book, who: readonly Handle[]): Promise<void> {
    const { showing } = (await this.#directory.find(handle)) ?? {}
    const noticeFor = (watcher: Handle) => noticeOf(handle, shows(book, watcher) ? showing : undefined, 'all')
    await Promise.all(who.map((watcher) => this.#directory.tell(watcher, noticeFor(watcher))))
  }
}

/** What watchers can see of a change. */
function newsIn({ before, after }: Shift): PresenceNews | undefined {
  const [was, is] = [visibly(before), visibly(after)]
  if (!was || !is) return was || is ? 'all' : undefined
  const { personal, endpoints, ...status } = is
  const { personal: personalBefore, endpoints: endpointsBefore, ...statusBefore } = was
  if (!isDeepStrictEqual(status, statusBefore)) return 'status'
  return isDeepStrictEqual([personal, endpoints], [personalBefore, endpointsBefore]) ? undefined : 'personal'
}

function visibly(showing: Showing | undefined): Showing | undefined {
  return showing && !looksOffline(showing.status) ? showing : undefined
}

function noticeOf(handle: Handle, showing: Showing | undefined, news: PresenceNews): Notice {
  const seen = visibly(showing)
  return { kind: 'presence', handle, ...(seen && { showing: seen }), news }
}
