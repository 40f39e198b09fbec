// The web services of offline messages: a client reads and deletes what waits for it (RSI), and leaves messages for others (OimWS)
// (msnp-services.md A16). From MSNP18 on clients leave them by UUM instead; both ways lead to `OfflineMessages`. Clients below MSNP11 know of none
// of it: CAL answers them 217, and what others leave for them waits until they come with a later client.

import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock } from '../../../core/clock.ts'
import { longestOfflineText } from '../../model/offline-message.ts'
import type { BoxCall } from '../../soap/oim-box.ts'
import { readBoxRequest, writeBoxFault, writeDeleted, writeMessage, writeMetadata } from '../../soap/oim-box.ts'
import { writeOimMail } from '../../soap/oim-mail.ts'
import type { StoreRequest } from '../../soap/oim-store.ts'
import { readStore, writeLockKeyChallenge, writeStored, writeStoreRefusal, writeTicketChallenge } from '../../soap/oim-store.ts'
import type { Books } from '../books.ts'
import { type Handle, handleOf } from '../handle.ts'
import type { OfflineMessages } from '../offline.ts'
import { summaryOf } from '../offline.ts'
import type { Tokens } from '../tokens.ts'
import { answer, soapHeaders, takeText } from './answer.ts'
import { LockKeys } from './lock-key.ts'
import { ownerOf } from './ticket-owner.ts'

export interface OfflineServiceParts {
  readonly tokens: Tokens
  readonly books: Books
  readonly offline: OfflineMessages
  readonly clock: Clock
}

interface Said {
  readonly status: 200 | 500
  readonly body: string
}

/** In bytes. */
const longestRequest = 64 * 1024

/** The services as a plugin of fastify. */
export function offlineServices(parts: OfflineServiceParts): FastifyPluginAsync {
  const lockKeys = new LockKeys(parts.clock)
  const serve = (service: (xml: string) => Promise<Said>) => async (request: FastifyRequest, reply: FastifyReply) => {
    const { status, body } = await service(typeof request.body === 'string' ? request.body : '')
    return answer(reply, status, soapHeaders, body)
  }

  return async (app) => {
    takeText(app, longestRequest)
    app.post(
      '/rsi/rsi.asmx',
      serve((xml) => readBox(parts, xml)),
    )
    app.post(
      '/OimWS/oim.asmx',
      serve((xml) => leaveMessage(parts, lockKeys, xml)),
    )
  }
}

async function readBox(parts: OfflineServiceParts, xml: string): Promise<Said> {
  const asked = readBoxRequest(xml)
  const owner = asked && (await ownerOf(parts.tokens, asked.ticket))
  const body = owner && (await answerCall(parts.offline, owner, asked.call))
  return body === undefined ? { status: 500, body: writeBoxFault() } : { status: 200, body }
}

async function answerCall(offline: OfflineMessages, owner: Handle, call: BoxCall): Promise<string | undefined> {
  switch (call.operation) {
    case 'GetMetadata':
      return writeMetadata((await offline.list(owner)).map((message) => summaryOf(owner, message)))
    case 'GetMessage': {
      const message = await offline.get(owner, call.id)
      return message && writeMessage(writeOimMail(owner, message))
    }
    case 'DeleteMessages':
      await offline.remove(owner, call.ids)
      return writeDeleted()
  }
}

async function leaveMessage(parts: OfflineServiceParts, lockKeys: LockKeys, xml: string): Promise<Said> {
  const asked = readStore(xml)
  if (!asked) return { status: 500, body: writeBoxFault() }
  const { version, product, lockKey, sequence } = asked
  const owner = await ownerOf(parts.tokens, asked.ticket)
  if (!owner) return { status: 500, body: writeTicketChallenge(version) }
  if (!lockKeys.opens(owner, product, lockKey))
    return { status: 500, body: writeLockKeyChallenge(version, lockKeys.challenge(owner)) }
  const refusal = await store(parts, owner, asked)
  return refusal
    ? { status: 500, body: writeStoreRefusal(version, refusal) }
    : { status: 200, body: writeStored(version, sequence) }
}

/** Leaves the message; gives why not. */
async function store(
  { books, offline }: OfflineServiceParts,
  owner: Handle,
  { from, fromName, to, text, ...count }: StoreRequest,
) {
  if (!text || Buffer.byteLength(text) > longestOfflineText) return 'InvalidContent'
  const recipient = handleOf(to)
  if (!recipient || handleOf(from) !== owner) return 'SystemUnavailable'
  const name = fromName || (await books.of(owner)).name
  const outcome = await offline.store(owner, name, recipient, { body: text, ...count })
  if (outcome === 'stored') return undefined
  return outcome === 'throttled' ? 'SenderThrottleLimitExceeded' : 'SystemUnavailable'
}
