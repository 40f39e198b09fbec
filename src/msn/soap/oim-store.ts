// OimWS: how a client leaves a message for somebody who is not there (msnp-services.md A16.3). Both ways. `Store` is what MSN 7.5 and WLM 8.0 say,
// `Store2` what came after; they differ in their namespace.

import { Secret } from '../../core/secret.ts'
import { formatMime, headerOf, parseMime } from '../wire/mime.ts'
import { readEncodedWords, writeEncodedWord } from './encoded-word.ts'
import { readEnvelope, writeEnvelope, writeFault } from './envelope.ts'
import { base64Lines, runIdIn, sequenceIn, textOfPart } from './oim-mail.ts'
import type { Element, Inside, Xml } from './xml.ts'
import { childOf, escapeXml, findIn, tag, textOf, textTag } from './xml.ts'

export type StoreVersion = 'Store' | 'Store2'

const namespaces: Readonly<Record<StoreVersion, string>> = {
  Store: 'http://messenger.msn.com/ws/2004/09/oim/',
  Store2: 'http://messenger.live.com/ws/2006/09/oim/',
}
const sequenceNamespace = 'http://schemas.xmlsoap.org/ws/2003/03/rm'
const utilityNamespace = 'http://schemas.xmlsoap.org/ws/2002/07/utility'

/** What is left, by whom and for whom. */
export interface StoreRequest {
  readonly version: StoreVersion
  readonly from: string
  readonly fromName: string
  readonly to: string
  /** `t=…&p=…`, for messengersecure.live.com. */
  readonly ticket: Secret
  /** The product id, as challenges know it. */
  readonly product: string
  /** The answer to the last challenge; empty for the first message. */
  readonly lockKey: string
  /** GUID without braces; absent where the client says none. */
  readonly runId?: string
  readonly sequence: number
  /** Undefined when the content is none that can be read. */
  readonly text: string | undefined
}

/** What stands in the header `SOAPAction`. */
export function storeAction(version: StoreVersion): string {
  return namespaces[version] + version
}

export function writeStore(request: StoreRequest): string {
  const { version, from, fromName, to, ticket, product, lockKey, sequence } = request
  const xmlns = namespaces[version]
  const sender = {
    memberName: from,
    friendlyName: writeEncodedWord(fromName),
    'xml:lang': 'en-US',
    proxy: 'MSNMSGR',
    xmlns,
    msnpVer: 'MSNP15',
    buildVer: '8.5.1302',
  }
  return writeEnvelope(
    [tag('MessageType', escapeXml('text'), { xmlns }), tag('Content', escapeXml(contentOf(request)), { xmlns })],
    [
      tag('From', undefined, sender),
      tag('To', undefined, { memberName: to, xmlns }),
      tag('Ticket', undefined, { passport: ticket.reveal(), appid: product, lockkey: lockKey, xmlns }),
      tag('Sequence', [identifier(), textTag('MessageNumber', sequence)], { xmlns: sequenceNamespace }),
    ],
  )
}

function contentOf({ runId, sequence, text = '' }: StoreRequest): string {
  const headers: [string, string][] = [
    ['MIME-Version', '1.0'],
    ['Content-Type', 'text/plain; charset=UTF-8'],
    ['Content-Transfer-Encoding', 'base64'],
    ['X-OIM-Message-Type', 'OfflineMessage'],
    ...(runId === undefined ? [] : [['X-OIM-Run-Id', `{${runId}}`] as [string, string]]),
    ['X-OIM-Sequence-Num', String(sequence)],
  ]
  return formatMime(headers, base64Lines(text)).toString()
}

/** Undefined when it is no request. What a client leaves out is empty. */
export function readStore(xml: string): StoreRequest | undefined {
  const { header, body } = readEnvelope(xml) ?? {}
  const from = childOf(header, 'From')?.attributes
  const to = childOf(header, 'To')?.attributes['memberName']
  const ticket = childOf(header, 'Ticket')?.attributes
  if (!from?.['memberName'] || !to || !ticket) return undefined
  return {
    // Prefixes are not kept, and nothing else in a request holds a name like this.
    version: xml.includes(namespaces.Store2) ? 'Store2' : 'Store',
    from: from['memberName'],
    fromName: readEncodedWords(from['friendlyName'] ?? ''),
    to,
    ticket: new Secret(ticket['passport'] ?? ''),
    product: ticket['appid'] ?? '',
    lockKey: ticket['lockkey'] ?? '',
    ...readContent(childOf(body, 'Content')?.text ?? '', numberIn(childOf(header, 'Sequence'))),
  }
}

/** The counting and the text, where there is text. The number in the header counts where the content has none. */
function readContent(content: string, number: number): Pick<StoreRequest, 'runId' | 'sequence' | 'text'> {
  const { headers, body } = parseMime(Buffer.from(content.trimStart()))
  const runId = runIdIn(headers)
  const isMessage = headerOf(headers, 'Content-Type') !== undefined && body.length > 0
  return {
    ...(runId !== undefined && { runId }),
    sequence: headerOf(headers, 'X-OIM-Sequence-Num') === undefined ? number : sequenceIn(headers),
    text: isMessage ? textOfPart(headers, body) : undefined,
  }
}

function numberIn(sequence: Element | undefined): number {
  const number = Number(textOf(sequence, 'MessageNumber'))
  return Number.isSafeInteger(number) && number > 0 ? number : 1
}

/** Why nothing was stored, as `faultcode` says it, but for a wrong ticket or lock key. */
export type StoreRefusal = 'SystemUnavailable' | 'SenderThrottleLimitExceeded' | 'InvalidContent'

/**
 * What became of it. `challenge`: ask again with the answer to `lockKey`, and with a new ticket where `renew`. `refused` has the code of the fault,
 * whatever it is.
 */
export type StoreAnswer =
  | { readonly kind: 'stored' }
  | { readonly kind: 'challenge'; readonly lockKey?: string; readonly renew: boolean }
  | { readonly kind: 'refused'; readonly code: string }

/** It is stored. `number` is that of the request. */
export function writeStored(version: StoreVersion, number: number): string {
  const range = tag('AcknowledgmentRange', undefined, { Upper: String(number), Lower: String(number) })
  return writeEnvelope(
    tag('StoreResponse', textTag('PointsConsumed', 0), { xmlns: namespaces[version] }),
    tag('SequenceAcknowledgment', [identifier(), range], { xmlns: sequenceNamespace }),
  )
}

/** The lock key is missing or wrong. The element names its namespace: msn-pecan looks for it with a blank behind the name. */
export function writeLockKeyChallenge(version: StoreVersion, lockKey: string): string {
  const challenge = tag('LockKeyChallenge', escapeXml(lockKey), { xmlns: namespaces[version] })
  return writeAuthenticationFault(version, challenge)
}

/** The ticket opens nothing. */
export function writeTicketChallenge(version: StoreVersion): string {
  return writeAuthenticationFault(version, [textTag('RequiredAuthPolicy', 'MBI_SSL'), textTag('TweenerChallenge', 'id=507')])
}

export function writeStoreRefusal(version: StoreVersion, code: StoreRefusal): string {
  return writeFault({ code, namespace: namespaces[version], reason: reasons[code] })
}

const reasons: Readonly<Record<StoreRefusal, string>> = {
  SystemUnavailable: 'The message cannot be delivered to this recipient.',
  SenderThrottleLimitExceeded: 'Too many messages were sent in a short time.',
  InvalidContent: 'The content of the message cannot be read, or is too long.',
}

/** What a server answers. Undefined for what is neither an answer nor a fault. */
export function readStoreAnswer(xml: string): StoreAnswer | undefined {
  const { call, fault } = readEnvelope(xml) ?? {}
  if (call?.name === 'StoreResponse') return { kind: 'stored' }
  if (!fault) return undefined
  if (fault.code !== 'AuthenticationFailed') return { kind: 'refused', code: fault.code }
  const lockKey = textOf(findIn(fault.detail, 'LockKeyChallenge'))
  const renew = findIn(fault.detail, 'TweenerChallenge') !== undefined || findIn(fault.detail, 'RequiredAuthPolicy') !== undefined
  return { kind: 'challenge', ...(lockKey && { lockKey }), renew }
}

function writeAuthenticationFault(version: StoreVersion, detail: Inside): string {
  return writeFault({
    code: 'AuthenticationFailed',
    namespace: namespaces[version],
    reason: 'The sender could not be authenticated.',
    detail,
  })
}

function identifier(): Xml {
  return tag('Identifier', escapeXml('http://messenger.msn.com'), { xmlns: utilityNamespace })
}
