// Changes of the contact list up to MSNP12: ADD and ADC, REM, and the groups (msnp-core.md 3.17).

import type { Addition, Removal } from '../dialect/edits.ts'
import {
  readAdded,
  readGroupAdded,
  readRemoved,
  writeAdd,
  writeAddGroup,
  writeRemove,
  writeRemoveGroup,
  writeRenameGroup,
} from '../dialect/edits.ts'
import { writeContactName } from '../dialect/settings.ts'
import type { ListName } from '../model/lists.ts'
import type { ContactBook } from './contact-book.ts'
import { ClientError } from './errors.ts'
import type { ListSteps, ListTold } from './list-edits.ts'
import type { NotificationServer } from './notification.ts'

/** 215: they are there already. 216: they are not there. 225: they are not in the group. Then nothing is left to do. */
const done: ReadonlySet<number | undefined> = new Set([215, 216, 225])
/** Before this there are no groups. */
const firstGroups = 7
/** From here on contacts go by GUID, and PL is a list of its own; before, whoever is on RL and neither on AL nor on BL waits. */
const firstGuids = 10

export class WireSteps implements ListSteps {
  readonly #server: NotificationServer
  readonly #book: ContactBook
  readonly #told: ListTold

  /** `told` hears of what the server confirmed, as of what others did. */
  constructor(server: NotificationServer, book: ContactBook, told: ListTold) {
    this.#server = server
    this.#book = book
    this.#told = told
  }

  async put(list: ListName, handle: string): Promise<void> {
    if (list === 'PL' || (list === 'RL' && this.#dialect < firstGuids)) return
    await this.#add({ list, handle, ...(list === 'FL' && { name: handle }) })
  }

  async take(list: ListName, handle: string): Promise<void> {
    if (list === 'PL' && this.#dialect < firstGuids) return
    const guid = this.#book.find(handle)?.guid
    await this.#remove({ list, handle, ...(guid !== undefined && { guid }) })
  }

  async rename(handle: string, name: string): Promise<void> {
    const guid = this.#book.find(handle)?.guid ?? handle
    await this.#server.request((trId) => writeContactName(this.#dialect, trId, { handle, guid }, name))
    this.#told.added({ list: 'FL', handle, name })
  }

  async addGroup(name: string): Promise<string> {
    if (this.#dialect < firstGroups) throw new ClientError('server-error', 'this version of MSN knows no groups')
    const group = readGroupAdded(this.#dialect, await this.#server.request((trId) => writeAddGroup(this.#dialect, trId, name)))
    if (!group) throw new ClientError('server-error', 'the server answered ADG without the number of the group')
    this.#book.nameGroup(group.id, name)
    return group.id
  }

  async renameGroup(id: string, name: string): Promise<void> {
    await this.#server.request((trId) => writeRenameGroup(this.#dialect, trId, { id, name }))
    this.#book.nameGroup(id, name)
  }

  async removeGroup(id: string): Promise<void> {
    await this.#server.request((trId) => writeRemoveGroup(trId, id))
    this.#book.nameGroup(id, undefined)
  }

  async putInGroup(handle: string, group: string): Promise<void> {
    const { guid, name = handle } = this.#book.find(handle) ?? {}
    const byGuid = this.#dialect >= firstGuids && guid !== undefined
    await this.#add({ list: 'FL', ...(byGuid ? { guid } : { handle, name }), group })
  }

  async takeOutOfGroup(handle: string, group: string): Promise<void> {
    const guid = this.#book.find(handle)?.guid
    await this.#remove({ list: 'FL', handle, ...(guid !== undefined && { guid }), group })
  }

  get #dialect(): number {
    return this.#server.dialect
  }

  /** A server may say that it is so already; then it is. */
  async #add(addition: Addition): Promise<void> {
    const reply = await ignoring(this.#server.request((trId) => writeAdd(this.#dialect, trId, addition)))
    this.#told.added((reply && readAdded(this.#dialect, reply)) ?? addition)
  }

  async #remove(removal: Removal): Promise<void> {
    const reply = await ignoring(this.#server.request((trId) => writeRemove(this.#dialect, trId, removal)))
    this.#told.removed((reply && readRemoved(this.#dialect, reply)) ?? removal)
  }
}

async function ignoring<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step
  } catch (error) {
    if (!(error instanceof ClientError && done.has(error.number))) throw error
    return undefined
  }
}
