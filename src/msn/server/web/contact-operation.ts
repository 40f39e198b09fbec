// What an operation of the contact services works with, and what it gives (msnp-services.md A8, A14).

import type { ContactFault } from '../../soap/contact-call.ts'
import type { Element, Inside } from '../../soap/xml.ts'
import { errorCodes } from '../../wire/errors.ts'
import type { Book } from '../book.ts'
import type { Books, Change } from '../books.ts'
import { CommandError } from '../command-error.ts'
import type { Edits } from '../edits.ts'
import { contactOf } from '../edits.ts'
import type { Handle } from '../handle.ts'
import { handleOf } from '../handle.ts'
import type { Presence } from '../presence.ts'

/** Whose book, what is asked, and the parts that do it. */
export interface ContactRequest {
  readonly owner: Handle
  readonly call: Element
  readonly books: Books
  readonly edits: Edits
  readonly presence: Presence
  /** Changes the owner's book, where that is all there is to do; edits of lists go through `edits`. */
  change(change: (book: Book) => Book): Promise<Change>
}

/** What stands in the answer: nothing, a document, or the id of what was made. */
export type ContactResult = { readonly inside?: Inside; readonly made?: string } | undefined

export type ContactOperation = (request: ContactRequest) => Promise<ContactResult>

/** The operation cannot be; the client is told why. */
export class ContactError extends Error {
  override readonly name = 'ContactError'
  readonly fault: ContactFault

  constructor(code: string, reason: string, conflict?: string) {
    super(`fault ${code}`)
    this.fault = { code, reason, conflict }
  }
}

/** What the notification server would answer with a number, as these services say it. */
const faults: Readonly<Record<number, readonly [code: string, reason: string]>> = {
  [errorCodes.invalidParameter]: ['BadEmailArgument', 'This is nobody else’s address.'],
  [errorCodes.invalidHandle]: ['InvalidPassportUser', 'This person cannot be asked today.'],
  [errorCodes.invalidFriendlyName]: ['BadArgumentLength', 'The name is too long.'],
  [errorCodes.listFull]: ['QuotaLimitReached', 'The address book is full.'],
  [errorCodes.notOnList]: ['ContactDoesNotExist', 'There is no such contact.'],
  [errorCodes.tooManyGroups]: ['QuotaLimitReached', 'There are too many groups.'],
  [errorCodes.invalidGroup]: ['GroupDoesNotExist', 'There is no such group.'],
  [errorCodes.cannotRemoveGroupZero]: ['GroupDoesNotExist', 'There is no such group.'],
  [errorCodes.groupNameTaken]: ['GroupAlreadyExists', 'There is a group of this name.'],
  [errorCodes.groupNameTooLong]: ['BadArgumentLength', 'The name of the group is empty or too long.'],
}

/** The fault that stands for an error; undefined for one that is nobody's fault but ours. */
export function faultOf(error: unknown): ContactFault | undefined {
  if (error instanceof ContactError) return error.fault
  if (!(error instanceof CommandError)) return undefined
  const [code, reason] = faults[error.code] ?? ['Forbidden', 'This cannot be done.']
  return { code, reason }
}

/** Does what may be done already: errors of these numbers are none. */
export async function unless<Result>(codes: readonly number[], attempt: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof CommandError && codes.includes(error.code)) return undefined
    throw error
  }
}

/** Somebody else who exists, by address. Throws as `contactOf` does and, where there is nobody, a ContactError with the code `unknown`. */
export async function whom({ owner, edits }: ContactRequest, address: string, unknown = 'InvalidPassportUser'): Promise<Handle> {
  const handle = contactOf(owner, handleOf(address))
  if (await edits.exists(handle)) return handle
  throw new ContactError(unknown, 'There is nobody of this address here.')
}

/** The name under which somebody new stands in a book: what the owner says, what the book has, or the address. */
export function nameIn(book: Book, handle: Handle, said?: string): string {
  return said || (book.contacts.find((contact) => contact.handle === handle)?.name ?? handle)
}
