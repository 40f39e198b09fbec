// Changes of somebody's lists together with what follows from them: the others hear that they were added or removed, and whoever may or may not
// see the owner from now on is shown that. One way for every door: the notification server's commands and the web services.

import type { ListName } from '../model/lists.ts'
import { isOn } from '../model/lists.ts'
import { errorCodes } from '../wire/errors.ts'
import type { Accounts } from './accounts.ts'
import type { Book } from './book.ts'
import { addedBy, contactIn, putInGroup, putOn, removedBy, shows, takeOff, takeOutOfGroup } from './book.ts'
import type { Books, Change } from './books.ts'
import { CommandError } from './command-error.ts'
import type { Directory } from './directory.ts'
import type { Handle } from './handle.ts'
import type { Presence } from './presence.ts'
import type { Strangers } from './strangers.ts'

interface Parts {
  readonly accounts: Accounts
  readonly books: Books
  readonly directory: Directory
  readonly presence: Presence
  readonly strangers: Strangers
  isHostedAddress(email: string): boolean
  welcomes(handle: Handle): boolean
  summon(handle: Handle): Promise<boolean>
}

/** What is put: on which list, under which name, and into which group, by GUID or number. */
export interface Put {
  readonly list: Exclude<ListName, 'PL'>
  readonly name?: string | undefined
  readonly group?: string | undefined
  /** What they are told, if they are new on FL and have to answer. */
  readonly invitation?: string | undefined
  /** The session that asks: the owner's other places are told that their list has changed. */
  readonly by?: number
}

/** What is taken: off which list or, where a group is named, out of that alone. */
export interface Taken {
  readonly list: Exclude<ListName, 'RL'>
  readonly group?: string | undefined
  readonly by?: number
}

export class Edits {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Whether there is somebody of this address: with an account here, or hosted and welcome. */
  async exists(handle: Handle): Promise<boolean> {
    const { accounts, isHostedAddress, welcomes } = this.#parts
    return isHostedAddress(handle) ? welcomes(handle) : accounts.exists(handle)
  }

  /**
   * Puts somebody on a list of the owner, or into a group: who is on FL already is only put into the group. They must exist.
   * `isNew`: they came on FL. Throws a CommandError as `putOn` and `putInGroup` do, and 208 when too many strangers turned to somebody hosted
   * today; then nothing has changed.
   */
  async put(
    owner: Handle,
    who: Handle,
    { list, name, group, invitation, by }: Put,
  ): Promise<Change & { readonly isNew: boolean }> {
    if (list === 'FL') await this.#checkStranger(owner, who)
    const change = await this.#parts.books.change(owner, (book) => {
      if (group === undefined) return putOn(book, list, who, name)
      return putInGroup(list === 'FL' && isFriend(book, who) ? book : putOn(book, list, who, name), who, group)
    })
    const isNew = list === 'FL' && !isFriend(change.before, who)
    if (isNew) await this.#introduce(owner, change.after.name, who, invitation)
    await this.#show(owner, who, change)
    await this.tellPlaces(owner, by)
    return { ...change, isNew }
  }

  /** Takes somebody off a list of the owner, or out of a group. Throws a CommandError as `takeOff` and `takeOutOfGroup` do. */
  async take(owner: Handle, who: Handle, { list, group, by }: Taken): Promise<Change> {
    const change = await this.#parts.books.change(owner, (book) => {
      return group === undefined ? takeOff(book, list, who) : takeOutOfGroup(book, who, group)
    })
    if (list === 'FL' && group === undefined) await this.#forget(owner, who)
    await this.#show(owner, who, change)
    await this.tellPlaces(owner, by)
    return change
  }

  /** Tells the owner's places, where there are several, that the book has changed; but not the one that did it, if that is known. */
  async tellPlaces(owner: Handle, by?: number): Promise<void> {
    const { seats = [] } = (await this.#parts.directory.find(owner)) ?? {}
    if (seats.length > 1) await this.#parts.directory.tell(owner, { kind: 'book', ...(by === undefined ? {} : { by }) })
  }

  async #checkStranger(owner: Handle, who: Handle): Promise<void> {
    const { isHostedAddress, strangers } = this.#parts
    if (isHostedAddress(who) && !(await strangers.admit(who, owner))) throw new CommandError(errorCodes.invalidHandle)
  }

  async #introduce(owner: Handle, name: string, who: Handle, invitation?: string): Promise<void> {
    const { books, directory, isHostedAddress, summon } = this.#parts
    const { before, after } = await books.change(who, (book) => addedBy(book, owner, name, invitation))
    if (before.serial !== after.serial) await directory.tell(who, { kind: 'added', handle: owner, name, serial: after.serial })
    if (isHostedAddress(who) && !(await directory.find(who))) void summon(who)
  }

  async #forget(owner: Handle, who: Handle): Promise<void> {
    const { before, after } = await this.#parts.books.change(who, (book) => removedBy(book, owner))
    if (before.serial !== after.serial)
      await this.#parts.directory.tell(who, { kind: 'removed', handle: owner, serial: after.serial })
  }

  async #show(owner: Handle, who: Handle, { before, after }: Change): Promise<void> {
    if (shows(before, who) !== shows(after, who)) await this.#parts.presence.reveal(owner, who)
  }
}

/** The handle that the owner's own address is not; throws 201 for it, because nobody is their own contact. */
export function contactOf(owner: Handle, who: Handle | undefined): Handle {
  if (!who || who === owner) throw new CommandError(errorCodes.invalidParameter)
  return who
}

function isFriend(book: Book, who: Handle): boolean {
  return isOn(contactIn(book, who)?.lists ?? 0, 'FL')
}
