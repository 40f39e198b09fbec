// What a person means by adding, accepting or blocking somebody, in steps that a server takes (msnp-core.md 3.17, msnp-services.md A12).
// Nothing here happens by itself: whoever waits for an answer waits until the user gives it.

import type { Addition, Removal } from '../dialect/edits.ts'
import type { ListName } from '../model/lists.ts'
import type { ContactBook } from './contact-book.ts'
import { ClientError } from './errors.ts'

/** Hears of every step that was taken. */
export interface ListTold {
  added(addition: Addition): void
  removed(removal: Removal): void
}

/** The single steps. How they are written differs: on the wire up to MSNP12, by web service from 13 on. All reject with a ClientError. */
export interface ListSteps {
  /** Puts somebody on a list. Being there already is no error. */
  put(list: ListName, handle: string): Promise<void>
  /** Takes somebody off a list. Not being there is no error. */
  take(list: ListName, handle: string): Promise<void>
  /** Changes the name under which the list keeps somebody who is on FL. */
  rename(handle: string, name: string): Promise<void>
  /** Gives the id of the new group. */
  addGroup(name: string): Promise<string>
  renameGroup(id: string, name: string): Promise<void>
  removeGroup(id: string): Promise<void>
  putInGroup(handle: string, id: string): Promise<void>
  takeOutOfGroup(handle: string, id: string): Promise<void>
}

export class ListEdits {
  readonly #steps: ListSteps
  readonly #book: ContactBook

  constructor(steps: ListSteps, book: ContactBook) {
    this.#steps = steps
    this.#book = book
  }

  /** Puts somebody on FL and AL, off BL, and says yes if they wait for an answer: the user asked for them. */
  async introduce(handle: string): Promise<void> {
    await this.#put('FL', handle)
    await this.#allow(handle)
    await this.#answer(handle)
  }

  /** Takes somebody off FL. Whether they may see us stays as it is. */
  async remove(handle: string): Promise<void> {
    await this.#take('FL', handle)
  }

  /** Says yes to somebody who added us: they see us from now on. They do not come on our own list. */
  async accept(handle: string): Promise<void> {
    await this.#allow(handle)
    await this.#answer(handle)
  }

  /** Says no to somebody who added us: they are blocked. */
  async decline(handle: string): Promise<void> {
    await this.block(handle)
    await this.#answer(handle)
  }

  /** Puts somebody on BL, and off AL first: the server does not do that for us. */
  async block(handle: string): Promise<void> {
    await this.#take('AL', handle)
    await this.#put('BL', handle)
  }

  /** Allows whoever was blocked. */
  async unblock(handle: string): Promise<void> {
    await this.#allow(handle)
  }

  /** Changes the name under which the list keeps somebody. */
  async rename(handle: string, name: string): Promise<void> {
    this.#friend(handle)
    await this.#steps.rename(handle, name)
  }

  /** Puts somebody who is on FL into the group of this name, which is made where there is none. */
  async putInGroup(handle: string, name: string): Promise<void> {
    this.#friend(handle)
    const id = this.#book.groupNamed(name) ?? (await this.#steps.addGroup(name))
    if (!this.#book.find(handle)?.groups.includes(id)) await this.#steps.putInGroup(handle, id)
  }

  async takeOutOfGroup(handle: string, name: string): Promise<void> {
    const id = this.#group(name)
    if (this.#book.find(handle)?.groups.includes(id)) await this.#steps.takeOutOfGroup(handle, id)
  }

  async renameGroup(name: string, to: string): Promise<void> {
    await this.#steps.renameGroup(this.#group(name), to)
  }

  /** Whoever is in it stays on FL: some servers remove only a group that is empty. */
  async removeGroup(name: string): Promise<void> {
    const id = this.#group(name)
    for (const handle of this.#book.membersOf(id)) await this.#steps.takeOutOfGroup(handle, id)
    await this.#steps.removeGroup(id)
  }

  async #allow(handle: string): Promise<void> {
    await this.#take('BL', handle)
    await this.#put('AL', handle)
  }

  /** Whoever waited for an answer has one. */
  async #answer(handle: string): Promise<void> {
    if (!this.#book.isOn(handle, 'PL')) return
    await this.#put('RL', handle)
    await this.#take('PL', handle)
  }

  async #put(list: ListName, handle: string): Promise<void> {
    if (!this.#book.isOn(handle, list)) await this.#steps.put(list, handle)
  }

  async #take(list: ListName, handle: string): Promise<void> {
    if (this.#book.isOn(handle, list)) await this.#steps.take(list, handle)
  }

  #friend(handle: string): void {
    if (!this.#book.isOn(handle, 'FL')) throw new ClientError('no-such-contact', 'that is nobody on the list')
  }

  #group(name: string): string {
    const id = this.#book.groupNamed(name)
    if (id === undefined) throw new ClientError('no-such-contact', 'there is no group of that name')
    return id
  }
}
