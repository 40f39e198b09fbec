// What a session needs of the web services of its network (msnp-services.md, part A). Somebody else speaks HTTP; every part is of one account, and
// what a server does not have is absent. All of it rejects with a ClientError: `refused` when the password is wrong, `connection-lost` when
// nobody answers, `no-such-contact`, else `server-error`.

import type { Secret } from '../../core/secret.ts'
import type { Roster } from '../model/contact-list.ts'
import type { ListName } from '../model/lists.ts'

/** What signs somebody in from MSNP15 on: the ticket, and in base64 the secret that goes with it. */
export interface SignInTicket {
  readonly ticket: Secret
  readonly secret: Secret
}

/** Tickets for a password: RST or RST2. Needed from MSNP15 on. */
export interface TicketOffice {
  /** A ticket of messengerclear.live.com under the policy that the server named in `USR SSO S`, never one that was used before and refused. */
  signInTicket(policy: string): Promise<SignInTicket>
}

/** The contact list, kept by the contact services from MSNP13 on. Doing what is done already is no error. */
export interface AddressBook {
  /** The whole list; the account's own name is `properties.MFN`. */
  fetch(): Promise<Roster>
  /** Puts somebody on the forward list; gives the GUID of the contact, also of one who was there. `network` where it is not MSN itself. */
  add(handle: string, network?: number): Promise<string>
  /** Takes a contact off the forward list. */
  remove(contact: string): Promise<void>
  /** Changes the name under which the list keeps a contact. */
  rename(contact: string, name: string): Promise<void>
  /** Changes the account's own name. */
  renameSelf(name: string): Promise<void>
  addMember(list: Exclude<ListName, 'FL'>, handle: string): Promise<void>
  removeMember(list: Exclude<ListName, 'FL'>, handle: string): Promise<void>
  /** Gives the GUID of the new group. */
  addGroup(name: string): Promise<string>
  renameGroup(group: string, name: string): Promise<void>
  removeGroup(group: string): Promise<void>
  addToGroup(contact: string, group: string): Promise<void>
  removeFromGroup(contact: string, group: string): Promise<void>
}

/** A message that was left for us, as it was announced. */
export interface OfflineNote {
  readonly id: string
  readonly from: string
  readonly fromName?: string | undefined
  /** Milliseconds since 1970. */
  readonly sentAt?: number | undefined
}

/** A message that was left for us. */
export interface OfflineMail extends OfflineNote {
  readonly text: string
  /** Which of a sender's messages belong together, and their order. */
  readonly runId?: string | undefined
  readonly sequence?: number | undefined
}

/** A message to leave for somebody. */
export interface OfflineText {
  readonly to: string
  /** Our own name. */
  readonly name: string
  readonly text: string
  /** A GUID without braces, the same for all that we leave for one contact in this session. */
  readonly runId: string
  /** From 1. */
  readonly sequence: number
}

/** Messages that were left: what the server keeps for us, and what it shall keep for others. */
export interface OfflineBox {
  list(): Promise<readonly OfflineNote[]>
  get(id: string): Promise<OfflineMail>
  remove(ids: readonly string[]): Promise<void>
  /** Rejects with `contact-offline` when the server will not keep it for them. */
  store(message: OfflineText): Promise<void>
}

export interface WebServices {
  readonly tickets?: TicketOffice
  readonly book?: AddressBook
  readonly offline?: OfflineBox
}
