// One account signed in: all that the rest of the gateway sees of the client, for both faces of MSN.

import type { LoginState } from '../../core/login.ts'
import type { Status } from '../../core/signal.ts'
import { codeOf } from '../model/status.ts'
import { ContactBook, type MsnContact } from './contact-book.ts'
import { ClientError } from './errors.ts'
import { isHandle, keyOf } from './handle.ts'
import { Life } from './life.ts'
import type { ListEdits } from './list-edits.ts'
import type { SessionOptions } from './session-options.ts'
import type { Outcome, Stay } from './stay.ts'

export type { Place } from './dialler.ts'
export type { IncomingMessage, SessionHandlers, SessionOptions } from './session-options.ts'
export type { ContactPresence } from './sightings.ts'

export class MsnSession {
  readonly #options: SessionOptions
  readonly #book = new ContactBook()
  readonly #life: Life

  constructor(options: SessionOptions) {
    this.#options = options
    this.#life = new Life(options, this.#book)
  }

  get state(): LoginState {
    return this.#life.state
  }

  /** The list as it is now. */
  get contacts(): readonly MsnContact[] {
    return this.#book.contacts
  }

  /** Whether somebody is on our forward list: then we hear when they come and go. */
  watches(account: string): boolean {
    return this.#book.isOn(account, 'FL')
  }

  /** Whether somebody may neither see us nor write to us; on a board that was open before, they still can. */
  blocks(account: string): boolean {
    return this.#book.isOn(account, 'BL')
  }

  /** Begins to sign in, and to stay so. Resolves with the first state that is not `connecting`; never rejects. */
  connect(): Promise<LoginState> {
    return this.#life.connect()
  }

  /** Signs out. Resolves when everything heard is safe, or known not to be. */
  close(): Promise<void> {
    return this.#life.close()
  }

  /**
   * Says something to a contact, opening a switchboard when there is none. Resolves when the server says that it arrived (`said`), or, for
   * words to somebody who is not there, that it keeps them (`stored`) where it does that. `called` hears that a switchboard was opened and the contact
   * came. Rejects with a ClientError.
   */
  async send(to: string, payload: Uint8Array, called: () => void = () => {}): Promise<Outcome> {
    const handle = this.#reachable(to)
    return this.#online().send(handle, payload, called)
  }

  /** Shows a contact that we write, where a switchboard is open. */
  typing(to: string): void {
    this.#life.stay?.typing(to)
  }

  /**
   * Begins a chat with several people under an id that is nobody else's. Resolves when each of them is there, or is known not to come, with those
   * who do not. Rejects with a ClientError: `contact-offline` when nobody comes.
   */
  async gather(board: string, accounts: readonly string[]): Promise<readonly string[]> {
    const absent = await this.#online().boards.gather(
      board,
      accounts.map((account) => this.#reachable(account)),
    )
    return absent.map(keyOf)
  }

  /** Whether anybody is left in a chat of several. */
  isAlive(board: string): boolean {
    return this.#life.stay?.boards.isAlive(board) ?? false
  }

  /** Calls one more person into a chat of several. Rejects with a ClientError: `not-delivered` when it is over. */
  async invite(board: string, account: string): Promise<void> {
    await this.#online().boards.invite(board, this.#reachable(account))
  }

  /** Says something to everybody in a chat of several. Rejects with a ClientError: `not-delivered` when it is over. */
  async sayOn(board: string, payload: Uint8Array): Promise<void> {
    await this.#online().boards.sayOn(board, payload)
  }

  /** Shows a chat of several that we write. */
  typingOn(board: string): void {
    this.#life.stay?.typingOn(board)
  }

  /** Leaves a chat of several. */
  leaveBoard(board: string): void {
    this.#life.stay?.boards.leave(board)
  }

  /** Changes how we are seen; `offline` means hidden, in which one cannot begin a chat. Kept for the next sign-in when we are not online. */
  async setStatus(status: Status): Promise<void> {
    this.#life.self.status = status === 'offline' ? 'HDN' : codeOf(status)
    await this.#life.stay?.showStatus()
  }

  /** Changes the name that others see. Kept for the next sign-in when we are not online. Rejects with a ClientError. */
  async setName(name: string): Promise<void> {
    this.#life.self.name = name
    await this.#life.stay?.showName()
  }

  /** Changes the personal message, from MSNP11 on. Kept for the next sign-in when we are not online. Rejects with a ClientError. */
  async setPersonal(message: string): Promise<void> {
    this.#life.self.message = message
    await this.#life.stay?.showMessage()
  }

  /** Reads the whole list anew from the server. Rejects with a ClientError. */
  async readListAgain(): Promise<void> {
    await this.#online().list.readAgain()
  }

  /** Puts somebody on our list and allows them to see us; says yes if they wait for that. Rejects with a ClientError. */
  addContact(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.introduce(handle))
  }

  /** Takes somebody off our list; whether they may see us stays as it is. Rejects with a ClientError. */
  removeContact(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.remove(handle))
  }

  /** Keeps somebody from seeing us and writing to us. Rejects with a ClientError. */
  block(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.block(handle))
  }

  /** Lets somebody see us and write to us again. Rejects with a ClientError. */
  unblock(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.unblock(handle))
  }

  /** Says yes to somebody who added us: they see us. They do not come on our own list. Rejects with a ClientError. */
  accept(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.accept(handle))
  }

  /** Says no to somebody who added us: they are blocked. Rejects with a ClientError. */
  decline(account: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.decline(handle))
  }

  /** Changes the name under which our list keeps a contact. Rejects with a ClientError. */
  renameContact(account: string, name: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.rename(handle, name))
  }

  /** Puts a contact into a group, which is made when there is none of that name. Rejects with a ClientError. */
  putInGroup(account: string, group: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.putInGroup(handle, group))
  }

  /** Takes a contact out of a group. Rejects with a ClientError. */
  takeOutOfGroup(account: string, group: string): Promise<void> {
    return this.#edit(account, (edits, handle) => edits.takeOutOfGroup(handle, group))
  }

  /** Changes the name of a group. Rejects with a ClientError. */
  async renameGroup(group: string, name: string): Promise<void> {
    await this.#online().list.edits.renameGroup(group, name)
    this.#options.onContacts(true, this.#book.contacts)
  }

  /** Removes a group; whoever is in it stays on the list. Rejects with a ClientError. */
  async removeGroup(group: string): Promise<void> {
    await this.#online().list.edits.removeGroup(group)
  }

  async #edit(account: string, edit: (edits: ListEdits, handle: string) => Promise<void>): Promise<void> {
    if (!isHandle(account)) throw new ClientError('no-such-contact', 'that is no address of MSN')
    await edit(this.#online().list.edits, this.#spelling(account))
  }

  #reachable(account: string): string {
    if (!isHandle(account)) throw new ClientError('contact-offline', 'that is no address of MSN')
    return this.#spelling(account)
  }

  #online(): Stay {
    const { stay } = this.#life
    if (!stay) throw new ClientError('not-signed-in', 'the account is not signed in')
    return stay
  }

  /** To a server an account may be another when it is written otherwise. */
  #spelling(account: string): string {
    return this.#book.find(account)?.handle ?? account
  }
}
