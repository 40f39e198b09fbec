// The contact services: address book and memberships over SOAP, for MSNP13 and later (msnp-services.md A8 to A14). Who calls shows a ticket; everything
// happens to the book of its owner, and to no other.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { Secret } from '../../../core/secret.ts'
import type { ReceivedCall, ServiceHeader } from '../../soap/contact-call.ts'
import { readContactCall, writeContactAnswer, writeContactFault, writeMade, writeStaleTicket } from '../../soap/contact-call.ts'
import type { Element } from '../../soap/xml.ts'
import type { Book } from '../book.ts'
import type { Books } from '../books.ts'
import type { Edits } from '../edits.ts'
import type { Handle } from '../handle.ts'
import type { Presence } from '../presence.ts'
import type { Tokens } from '../tokens.ts'
import { Turns } from '../turns.ts'
import { addBook, addContact, deleteContacts, readWhole, updateContacts } from './address-book.ts'
import { deleteGroups, makeGroup, putInGroups, renameGroups, takeOutOfGroups } from './address-book-groups.ts'
import { answer, soapHeaders, takeText } from './answer.ts'
import { type ContactOperation, faultOf } from './contact-operation.ts'
import { addMembers, deleteMembers, findMembers } from './sharing.ts'
import { ownerOf } from './ticket-owner.ts'

export interface ContactServiceParts {
  readonly tokens: Tokens
  readonly books: Books
  readonly edits: Edits
  readonly presence: Presence
}

/** Every operation of both services. Circles, gleams and what came after 2009 are not there, which no client minds (A8, A11, A13). */
const operations: Readonly<Record<string, ContactOperation>> = {
  FindMembership: findMembers,
  AddMember: addMembers,
  DeleteMember: deleteMembers,
  ABFindAll: readWhole('ABFindAll'),
  ABFindContactsPaged: readWhole('ABFindContactsPaged'),
  ABAdd: addBook,
  ABContactAdd: addContact,
  ABContactUpdate: updateContacts,
  ABContactDelete: deleteContacts,
  ABGroupAdd: makeGroup,
  ABGroupUpdate: renameGroups,
  ABGroupDelete: deleteGroups,
  ABGroupContactAdd: putInGroups,
  ABGroupContactDelete: takeOutOfGroups,
}

interface Said {
  readonly status: 200 | 500
  readonly body: string
}

/** In bytes. A client that accepts a whole list of people at once writes more than it does for anything else. */
const longestRequest = 128 * 1024

/** The services as a plugin of fastify. What one owner asks is done one after the other, however much comes at once. */
export function contactServices(parts: ContactServiceParts): FastifyPluginAsync {
  const turns = new Turns(1)
  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const { status, body } = await call(parts, turns, request)
    return answer(reply, status, soapHeaders, body)
  }
  return async (app) => {
    takeText(app, longestRequest)
    app.post('/abservice/abservice.asmx', serve)
    app.post('/abservice/SharingService.asmx', serve)
  }
}

async function call(parts: ContactServiceParts, turns: Turns, request: FastifyRequest): Promise<Said> {
  const asked = typeof request.body === 'string' ? readContactCall(request.body) : undefined
  if (!asked) return failed(writeContactFault('', { code: 'BadArgument', reason: 'This is no request.' }))
  const ticket = ticketIn(asked, request.headers.cookie)
  const owner = ticket && (await ownerOf(parts.tokens, ticket))
  if (!owner) return failed(writeStaleTicket())
  const { operation } = asked
  const run = Object.hasOwn(operations, operation) ? operations[operation] : undefined
  if (!run) return failed(writeContactFault(operation, { code: 'Forbidden', reason: 'This is not done here.' }))
  try {
    const { result, book } = await turns.take(owner, () => perform(parts, owner, asked.call, run))
    const header = { cacheKey: `12r1:${book.serial}`, host: request.host }
    return { status: 200, body: written(operation, header, result) }
  } catch (error) {
    const fault = faultOf(error)
    if (!fault) throw error
    return failed(writeContactFault(operation, fault))
  }
}

/** Does it, and tells the owner's other places when their book is another one. */
async function perform(parts: ContactServiceParts, owner: Handle, call: Element, run: ContactOperation) {
  const { books, edits, presence } = parts
  let isChanged = false
  const change = async (how: (book: Book) => Book) => {
    const done = await books.change(owner, how)
    isChanged ||= done.before.serial !== done.after.serial
    return done
  }
  const result = await run({ owner, call, books, edits, presence, change })
  if (isChanged) await edits.tellPlaces(owner)
  return { result, book: await books.of(owner) }
}

function written(operation: string, header: ServiceHeader, result: Awaited<ReturnType<ContactOperation>>): string {
  if (result?.made !== undefined) return writeMade(operation, header, result.made)
  return writeContactAnswer(operation, header, result?.inside)
}

/** The ticket in the header or, from a client of MSNP13, in the cookie that the profile gave it. */
function ticketIn({ ticket }: ReceivedCall, cookie = ''): Secret | undefined {
  const inCookie = /(?:^|;\s*)MSPAuth=([^;\s]+)/i.exec(cookie)?.[1]
  return ticket ?? (inCookie === undefined ? undefined : new Secret(inCookie))
}

function failed(body: string): Said {
  return { status: 500, body }
}
