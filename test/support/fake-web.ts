// The web services of a network, in memory: what is asked of them is kept, and the list changes as it would.

import { Secret } from '../../src/core/secret.ts'
import { ClientError } from '../../src/msn/client/errors.ts'
import type {
  AddressBook,
  OfflineBox,
  OfflineMail,
  OfflineText,
  TicketOffice,
  WebServices,
} from '../../src/msn/client/web-ports.ts'
import type { Group, ListEntry, Roster } from '../../src/msn/model/contact-list.ts'
import type { ListName } from '../../src/msn/model/lists.ts'
import { listBit } from '../../src/msn/model/lists.ts'

/** The list of the sign-in transcripts: Romeo among friends, Tybalt blocked. */
export const veronese: readonly ListEntry[] = [
  {
    ...{ handle: 'romeo@example.com', name: 'Romeo', lists: 11, guid: 'c1f9a363-4ee9-4a33-a434-b056a4c55b98' },
    ...{ groups: ['6f1d7b56-3c2a-4e0e-9d55-0a4f1d6f3c11'], properties: {} },
  },
  { handle: 'tybalt@example.net', name: 'Tybalt', lists: 4, groups: [], properties: {} },
]
export const friends: Group = { id: '6f1d7b56-3c2a-4e0e-9d55-0a4f1d6f3c11', name: 'Friends' }

export class FakeWeb implements WebServices {
  /** What was asked, in order: `add nurse@example.com`. */
  readonly asked: string[] = []
  readonly entries = new Map<string, ListEntry>()
  readonly groups = new Map<string, string>()
  /** The account's own name. */
  ownName: string | undefined = 'Juliet'
  /** What waits for us. */
  readonly mails = new Map<string, OfflineMail>()
  /** What we left for others. */
  readonly left: OfflineText[] = []
  /** Thrown by whatever is asked for, when it is set. */
  failure: ClientError | undefined

  constructor(entries: readonly ListEntry[] = [], groups: readonly Group[] = []) {
    for (const entry of entries) this.entries.set(entry.handle, entry)
    for (const { id, name } of groups) this.groups.set(id, name)
  }

  readonly tickets: TicketOffice = {
    signInTicket: async (policy) => {
      this.#ask(`ticket ${policy}`)
      return { ticket: new Secret('t=clear&p='), secret: new Secret(Buffer.alloc(24, 7).toString('base64')) }
    },
  }

  readonly book: AddressBook = {
    fetch: async (): Promise<Roster> => {
      this.#ask('fetch')
      const groups = [...this.groups].map(([id, name]) => ({ id, name }))
      const properties = this.ownName === undefined ? {} : { MFN: this.ownName }
      return { entries: [...this.entries.values()], groups, privacy: 'AL', prompt: 'A', properties }
    },
    add: async (handle, network) => {
      this.#ask(network === undefined ? `add ${handle}` : `add ${handle} ${network}`)
      const guid = `00000000-0000-0000-0000-00000000000${this.entries.size}`
      this.#change(handle, (entry) => ({ ...entry, guid, lists: entry.lists | listBit.FL }))
      return guid
    },
    remove: async (guid) => {
      const handle = this.#handleOf(guid)
      this.#ask(`remove ${handle}`)
      this.#change(handle, (entry) => ({ ...entry, lists: entry.lists & ~listBit.FL }))
    },
    rename: async (guid, name) => {
      const handle = this.#handleOf(guid)
      this.#ask(`rename ${handle} ${name}`)
      this.#change(handle, (entry) => ({ ...entry, name }))
    },
    renameSelf: async (name) => {
      this.#ask(`renameSelf ${name}`)
      this.ownName = name
    },
    addMember: async (list, handle) => this.#member('addMember', list, handle),
    removeMember: async (list, handle) => this.#member('removeMember', list, handle),
    addGroup: async (name) => {
      this.#ask(`addGroup ${name}`)
      const id = `11111111-0000-0000-0000-00000000000${this.groups.size}`
      this.groups.set(id, name)
      return id
    },
    renameGroup: async (id, name) => {
      this.#ask(`renameGroup ${this.groups.get(id)} ${name}`)
      this.groups.set(id, name)
    },
    removeGroup: async (id) => {
      this.#ask(`removeGroup ${this.groups.get(id)}`)
      this.groups.delete(id)
    },
    addToGroup: async (guid, id) => this.#ask(`addToGroup ${this.#handleOf(guid)} ${this.groups.get(id)}`),
    removeFromGroup: async (guid, id) => this.#ask(`removeFromGroup ${this.#handleOf(guid)} ${this.groups.get(id)}`),
  }

  readonly offline: OfflineBox = {
    list: async () => {
      this.#ask('list')
      return [...this.mails.values()].map(({ id, from }) => ({ id, from }))
    },
    get: async (id) => {
      this.#ask(`get ${id}`)
      const mail = this.mails.get(id)
      if (!mail) throw new ClientError('server-error', 'there is no such message')
      return mail
    },
    remove: async (ids) => {
      this.#ask(`remove ${ids.join(' ')}`)
      for (const id of ids) this.mails.delete(id)
    },
    store: async (text) => {
      this.#ask(`store ${text.to}`)
      this.left.push(text)
    },
  }

  #ask(what: string): void {
    this.asked.push(what)
    if (this.failure) throw this.failure
  }

  #member(verb: 'addMember' | 'removeMember', list: Exclude<ListName, 'FL'>, handle: string): void {
    this.#ask(`${verb} ${list} ${handle}`)
    this.#change(handle, (entry) => {
      const lists = verb === 'addMember' ? entry.lists | listBit[list] : entry.lists & ~listBit[list]
      return { ...entry, lists }
    })
  }

  #change(handle: string, change: (entry: ListEntry) => ListEntry): void {
    const entry = this.entries.get(handle) ?? { handle, name: handle, lists: 0, groups: [], properties: {} }
    this.entries.set(handle, change(entry))
  }

  #handleOf(guid: string): string {
    for (const entry of this.entries.values()) if (entry.guid === guid) return entry.handle
    throw new ClientError('no-such-contact', 'there is no such contact')
  }
}
