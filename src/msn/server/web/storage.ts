// The storage service: display name, personal message and display picture that go with an account from one machine to the next
// (msnp-services.md A17). Pictures are handed out at addresses that nobody can guess, as what they are and never as what a client calls them.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { puidOf } from '../../model/member-id.ts'
import { writeStaleTicket } from '../../soap/contact-call.ts'
import type { StorageCall, StorageRequest, WrittenProfile } from '../../soap/storage.ts'
import {
  numberIn,
  readStorageRequest,
  resourceId,
  writeCreated,
  writeDocuments,
  writeProfile,
  writeStorageDone,
  writeStorageFault,
} from '../../soap/storage.ts'
import { renameOwner } from '../book.ts'
import type { Books } from '../books.ts'
import { CommandError } from '../command-error.ts'
import type { Handle } from '../handle.ts'
import { largestPicture, type Profiles } from '../profiles.ts'
import type { Tokens } from '../tokens.ts'
import { answer, soapHeaders, takeText } from './answer.ts'
import { originOf } from './asked-host.ts'
import { ownerOf } from './ticket-owner.ts'

export interface StorageParts {
  readonly tokens: Tokens
  readonly books: Books
  readonly profiles: Profiles
}

/** In bytes: the largest picture in base64, and what is around it. */
const longestRequest = Math.ceil(largestPicture / 3) * 4 + 16 * 1024
/** Nothing in a picture is run, whatever a browser takes it for. */
const pictureHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Cache-Control': 'private, max-age=86400',
}

/** A call of somebody who is who they say. */
interface OwnCall {
  readonly owner: Handle
  readonly cid: string
  readonly version: StorageRequest['version']
  readonly call: StorageCall
  readonly origin: string
}

/** The service as a plugin of fastify. */
export function storageService(parts: StorageParts): FastifyPluginAsync {
  const serve = async (request: FastifyRequest, reply: FastifyReply) => {
    const asked = typeof request.body === 'string' ? readStorageRequest(request.body) : undefined
    if (!asked) return answer(reply, 500, soapHeaders, writeStorageFault('w10', 'Forbidden'))
    const owner = await ownerOf(parts.tokens, asked.ticket)
    if (!owner) return answer(reply, 500, soapHeaders, writeStaleTicket())
    const done = await run(parts, { ...asked, owner, cid: puidOf(owner), origin: originOf(request) })
    return answer(reply, done === undefined ? 500 : 200, soapHeaders, done ?? writeStorageFault(asked.version, 'BadArgument'))
  }

  const picture = async (request: FastifyRequest<{ Params: { secret: string } }>, reply: FastifyReply) => {
    const found = await parts.profiles.pictureAt(request.params.secret)
    if (!found) return answer(reply, 404)
    return answer(reply, 200, { 'Content-Type': found.type, ...pictureHeaders }, found.bytes)
  }

  return async (app) => {
    takeText(app, longestRequest)
    app.post('/storageservice/SchematizedStore.asmx', serve)
    app.get('/storage/usertile/:secret/static', picture)
  }
}

/** Does what was asked; gives the answer. Undefined when it cannot be done. */
async function run(parts: StorageParts, own: OwnCall): Promise<string | undefined> {
  const { owner, cid, version, call } = own
  const { profiles } = parts
  switch (call.operation) {
    case 'GetProfile':
      return writeProfile(version, await profileOf(parts, own))
    case 'FindDocuments': {
      const { pictures } = await profiles.of(owner)
      return writeDocuments(
        version,
        cid,
        pictures.map(({ number, name, at }) => ({ id: resourceId(cid, number), name, at })),
      )
    }
    case 'CreateProfile':
      return writeCreated(version, call.operation, cid)
    case 'CreateDocument': {
      const number = await profiles.addPicture(owner, call.name, Buffer.from(call.data, 'base64'))
      if (number === undefined) return undefined
      if (call.shows) await profiles.show(owner, number)
      return writeCreated(version, call.operation, cid, number)
    }
    default:
      return (await change(parts, own)) ? writeStorageDone(version, call, cid) : undefined
  }
}

/** Changes something; false when it cannot be done. */
async function change({ books, profiles }: StorageParts, { owner, cid, call }: OwnCall): Promise<boolean> {
  switch (call.operation) {
    case 'UpdateProfile':
      if (call.name && !(await rename(books, owner, call.name))) return false
      if (call.status !== undefined) await profiles.setStatus(owner, call.status)
      return true
    case 'UpdateDocument': {
      const number = numberIn(cid, call.id)
      return number !== undefined && (await profiles.replacePicture(owner, number, Buffer.from(call.data, 'base64')))
    }
    case 'CreateRelationships':
      for (const id of call.targets) await profiles.show(owner, numberIn(cid, id))
      return true
    case 'DeleteRelationships':
      for (const id of call.targets) await takeOff(profiles, owner, numberIn(cid, id), call.isFromList)
      return true
    default:
      // Shared items are not kept; clients do not look at the answer.
      return call.operation === 'ShareItem'
  }
}

async function takeOff(profiles: Profiles, owner: Handle, number: number | undefined, isFromList: boolean): Promise<void> {
  if (number === undefined) return
  if (isFromList) await profiles.removePicture(owner, number)
  else if ((await profiles.of(owner)).shown === number) await profiles.show(owner, undefined)
}

/** The name that all other doors show, too; whoever sees the owner now hears it by PRP, which clients send as well. */
async function rename(books: Books, owner: Handle, name: string): Promise<boolean> {
  try {
    await books.change(owner, (book) => (book.name === name ? book : renameOwner(book, name)))
    return true
  } catch (error) {
    if (error instanceof CommandError) return false
    throw error
  }
}

async function profileOf({ books, profiles }: StorageParts, { owner, cid, origin }: OwnCall): Promise<WrittenProfile> {
  const [book, profile] = await Promise.all([books.of(owner), profiles.of(owner)])
  const shown = profile.pictures.find((picture) => picture.number === profile.shown)
  const type = shown && (await profiles.pictureAt(shown.secret))?.type
  return {
    cid,
    changedAt: Math.max(profile.changedAt, book.changedAt),
    // Who never chose a name has their address for one, which is no name to roam.
    name: book.name === owner ? undefined : book.name,
    nameAt: book.changedAt,
    status: profile.status,
    statusAt: profile.statusAt,
    picture: shown &&
      type && {
        id: resourceId(cid, shown.number),
        type,
        size: shown.size,
        url: `${origin}/storage/usertile/${shown.secret}/static`,
      },
  }
}
