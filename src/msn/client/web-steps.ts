// Changes of the contact list from MSNP13 on: the contact services keep it, and the notification server is told whom this session wants
// (msnp-core.md 3.10, msnp-services.md A11, A12).

import { listedWith, readListing, writeListing } from '../dialect/listing.ts'
import { msnNetwork } from '../dialect/presence.ts'
import { type ListName, listBit } from '../model/lists.ts'
import type { ContactBook } from './contact-book.ts'
import { ClientError } from './errors.ts'
import type { ListSteps, ListTold } from './list-edits.ts'
import type { NotificationServer } from './notification.ts'
import type { AddressBook } from './web-ports.ts'

/** The first dialect with FQY. */
const firstQuery = 14
/** The notification server hears of these; RL and PL are its own. */
const wanted: readonly ListName[] = ['FL', 'AL', 'BL']
/** 208: the server knows no such address. */
const unknown = 208

export class WebSteps implements ListSteps {
  readonly #server: NotificationServer
  readonly #web: AddressBook
  readonly #book: ContactBook
  readonly #told: ListTold

  constructor(server: NotificationServer, web: AddressBook, book: ContactBook, told: ListTold) {
    this.#server = server
    this.#web = web
    this.#book = book
    this.#told = told
  }

  async put(list: ListName, handle: string): Promise<void> {
    if (list === 'FL') {
      const network = this.#networkOf(handle) ?? (await this.#ask(handle))
      const guid = await this.#web.add(handle, network)
      await this.#tell('ADL', list, handle, network)
      const name = this.#book.find(handle)?.name ?? handle
      return this.#told.added({ list, handle, name, guid, ...(network !== undefined && { network }) })
    }
    await this.#web.addMember(list, handle)
    await this.#tell('ADL', list, handle)
    this.#told.added({ list, handle })
  }

  async take(list: ListName, handle: string): Promise<void> {
    if (list === 'FL') await this.#web.remove(this.#guid(handle))
    else await this.#web.removeMember(list, handle)
    await this.#tell('RML', list, handle)
    this.#told.removed({ list, handle })
  }

  async rename(handle: string, name: string): Promise<void> {
    await this.#web.rename(this.#guid(handle), name)
    this.#told.added({ list: 'FL', handle, name })
  }

  async addGroup(name: string): Promise<string> {
    const id = await this.#web.addGroup(name)
    this.#book.nameGroup(id, name)
    return id
  }

  async renameGroup(id: string, name: string): Promise<void> {
    await this.#web.renameGroup(id, name)
    this.#book.nameGroup(id, name)
  }

  async removeGroup(id: string): Promise<void> {
    await this.#web.removeGroup(id)
    this.#book.nameGroup(id, undefined)
  }

  async putInGroup(handle: string, group: string): Promise<void> {
    await this.#web.addToGroup(this.#guid(handle), group)
    this.#told.added({ list: 'FL', handle, group })
  }

  async takeOutOfGroup(handle: string, group: string): Promise<void> {
    await this.#web.removeFromGroup(this.#guid(handle), group)
    this.#told.removed({ list: 'FL', handle, group })
  }

  #guid(handle: string): string {
    const guid = this.#book.find(handle)?.guid
    if (guid === undefined) throw new ClientError('no-such-contact', 'that is nobody on the list')
    return guid
  }

  #networkOf(handle: string): number | undefined {
    return this.#book.find(handle)?.network
  }

  async #tell(verb: 'ADL' | 'RML', list: ListName, handle: string, network = this.#networkOf(handle)): Promise<void> {
    if (!wanted.includes(list)) return
    const people = [listedWith(handle, listBit[list], network)]
    await this.#server.request((trId) => writeListing(verb, trId, { initial: false, people }))
  }

  /** Asks whether there is such an address, as clients do, and gives its network where it is not MSN. Rejects with `no-such-contact`. */
  async #ask(handle: string): Promise<number | undefined> {
    if (this.#server.dialect < firstQuery) return undefined
    const people = [{ handle }]
    try {
      const { payload } = await this.#server.request((trId) => writeListing('FQY', trId, { initial: false, people }))
      const [found] = (payload && readListing(payload)?.people) ?? []
      return found?.network === msnNetwork ? undefined : found?.network
    } catch (error) {
      if (error instanceof ClientError && error.number === unknown)
        throw new ClientError('no-such-contact', 'the server knows no such address', { cause: error, number: unknown })
      // A server that does not know the question may know the answer all the same.
      if (!(error instanceof ClientError && error.code === 'server-error')) throw error
      return undefined
    }
  }
}
