// The operations of the sharing service: who is allowed, blocked, has the owner, or waits for an answer (msnp-services.md A9, A12). Adding who is
// there and deleting who is not is no error: clients do both, and the notification server may have been faster.

import { isOn } from '../../model/lists.ts'
import { cidOf } from '../../model/member-id.ts'
import type { Member, MemberList } from '../../soap/membership.ts'
import { readMemberEdit, wantsDeltas, writeMemberships } from '../../soap/membership.ts'
import { errorCodes } from '../../wire/errors.ts'
import type { Book, BookContact } from '../book.ts'
import { contactIn } from '../book.ts'
import type { Handle } from '../handle.ts'
import { handleOf } from '../handle.ts'
import { fullSyncRequired } from './address-book.ts'
import { ContactError, type ContactOperation, type ContactRequest, unless, whom } from './contact-operation.ts'

const unknown = 'UserDoesNotExist'
const lists = ['AL', 'BL', 'RL', 'PL'] as const satisfies readonly MemberList[]

/** FindMembership: always everybody; who asks for what is new is told to ask for that. */
export const findMembers: ContactOperation = async ({ owner, call, books }) => {
  if (wantsDeltas(call)) throw fullSyncRequired()
  const book = await books.of(owner)
  const { changedAt } = book
  const members = book.contacts.flatMap((contact) =>
    lists.filter((list) => isOn(contact.lists, list)).map((list) => memberOf(contact, list, changedAt)),
  )
  return { inside: writeMemberships({ owner: { handle: owner, cid: cidOf(owner) }, members, changedAt }) }
}

/** AddMember: AL, BL or, as an answer to somebody who waits, RL. Nobody makes others wait. */
export const addMembers: ContactOperation = async (request) => {
  for (const member of readMemberEdit(request.call)) {
    if (member.network !== 1) throw new ContactError(unknown, 'There is nobody of another network here.')
    if (member.list !== 'PL') await addMember(request, member.list, await whom(request, member.handle ?? '', unknown))
  }
  return undefined
}

async function addMember({ owner, edits }: ContactRequest, list: 'AL' | 'BL' | 'RL', who: Handle): Promise<void> {
  const put = () => unless([errorCodes.alreadyThere], () => edits.put(owner, who, { list }))
  if (list === 'RL') return void (await put())
  // Whoever is blocked is not allowed any more, in whatever order a client says so.
  await unless([errorCodes.notOnList], () => edits.take(owner, who, { list: list === 'AL' ? 'BL' : 'AL' }))
  await put()
}

/** DeleteMember: by id or by address. RL is not the owner's to edit; who refuses somebody may leave it alone. */
export const deleteMembers: ContactOperation = async ({ owner, call, books, edits }) => {
  for (const member of readMemberEdit(call)) {
    const { list } = member
    const contact = contactNamed(await books.of(owner), member)
    if (contact && list !== 'RL') await unless([errorCodes.notOnList], () => edits.take(owner, contact.handle, { list }))
  }
  return undefined
}

/** Whom a request means. An address is surer than an id, which two could share. */
function contactNamed(book: Book, { list, id, handle }: Member): BookContact | undefined {
  if (handle !== undefined) return contactIn(book, handleOf(handle) ?? ('' as Handle))
  const named = book.contacts.filter((contact) => memberNumber(contact, list) === id)
  return named.length === 1 ? named[0] : undefined
}

function memberOf(contact: BookContact, list: MemberList, changedAt: number): Member {
  const { handle, invitation } = contact
  return {
    ...{ list, handle, network: 1, id: memberNumber(contact, list), cid: cidOf(handle), changedAt },
    ...(list === 'PL' && invitation !== undefined && { invitation }),
  }
}

/** A number of 31 bits, which is what libpurple and MSNPSharp read: most of a GUID's first eight digits, and the list. */
function memberNumber({ guid }: BookContact, list: MemberList): string {
  return String(Number.parseInt(guid.slice(0, 7), 16) * 8 + lists.indexOf(list) + 1)
}
