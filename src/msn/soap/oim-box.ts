// RSI: how a client reads and deletes the offline messages that wait for it (msnp-services.md A16.2). Both ways.

import { Secret } from '../../core/secret.ts'
import { readEnvelope, writeEnvelope, writeFault } from './envelope.ts'
import type { MailSummary } from './mail-data.ts'
import { readBox, writeBox } from './mail-data.ts'
import { childOf, childrenOf, findIn, tag, textOf, textTag } from './xml.ts'

const namespace = 'http://www.hotmail.msn.com/ws/2004/09/oim/rsi'

export type BoxCall =
  | { readonly operation: 'GetMetadata' }
  | { readonly operation: 'GetMessage'; readonly id: string }
  | { readonly operation: 'DeleteMessages'; readonly ids: readonly string[] }

export interface BoxRequest {
  readonly call: BoxCall
  /** `t=…&p=…`. */
  readonly ticket: Secret
}

/** More ids in one request are not read. */
const mostIds = 1000

/** What stands in the header `SOAPAction`. */
export function boxAction({ operation }: BoxCall): string {
  return `${namespace}/${operation}`
}

export function writeBoxRequest({ call, ticket }: BoxRequest): string {
  const [, t = '', p = ''] = /^(?:t=)?([^&]*)(?:&p=(.*))?$/s.exec(ticket.reveal()) ?? []
  const cookie = tag('PassportCookie', [textTag('t', t), textTag('p', p)], { xmlns: namespace })
  return writeEnvelope(tag(call.operation, parameters(call), { xmlns: namespace }), cookie)
}

function parameters(call: BoxCall) {
  if (call.operation === 'GetMessage') return [textTag('messageId', call.id), textTag('alsoMarkAsRead', false)]
  if (call.operation === 'DeleteMessages')
    return tag(
      'messageIds',
      call.ids.map((id) => textTag('messageId', id)),
    )
  return undefined
}

/** Undefined when it is no request, or for something that nobody asks. A request without a ticket has an empty one. */
export function readBoxRequest(xml: string): BoxRequest | undefined {
  const { header, call } = readEnvelope(xml) ?? {}
  const cookie = childOf(header, 'PassportCookie')
  const t = (textOf(cookie, 't') ?? '').replace(/^t=/, '')
  const ticket = new Secret(`t=${t}&p=${textOf(cookie, 'p') ?? ''}`)
  switch (call?.name) {
    case 'GetMetadata':
      return { ticket, call: { operation: 'GetMetadata' } }
    case 'GetMessage':
      return { ticket, call: { operation: 'GetMessage', id: textOf(call, 'messageId') ?? '' } }
    case 'DeleteMessages': {
      const ids = childrenOf(childOf(call, 'messageIds'), 'messageId').slice(0, mostIds)
      return { ticket, call: { operation: 'DeleteMessages', ids: ids.map((id) => id.text.trim()) } }
    }
    default:
      return undefined
  }
}

export function writeMetadata(waiting: readonly MailSummary[]): string {
  return writeEnvelope(tag('GetMetadataResponse', writeBox('MD', waiting), { xmlns: namespace }))
}

/** The messages that wait. Undefined when the answer is none: a fault, say. */
export function readMetadata(xml: string): readonly MailSummary[] | undefined {
  const box = findIn(answerTo('GetMetadata', xml), 'MD')
  return box && readBox(box)
}

export function writeMessage(mail: string): string {
  return writeEnvelope(tag('GetMessageResponse', textTag('GetMessageResult', mail), { xmlns: namespace }))
}

/** The mail. Undefined when the answer is none. */
export function readMessage(xml: string): string | undefined {
  return childOf(answerTo('GetMessage', xml), 'GetMessageResult')?.text
}

export function writeDeleted(): string {
  return writeEnvelope(tag('DeleteMessagesResponse', undefined, { xmlns: namespace }))
}

/** Whether the answer says that messages were deleted. */
export function readDeleted(xml: string): boolean {
  return answerTo('DeleteMessages', xml) !== undefined
}

/** The ticket opens nothing, there is no such message, or the request is none. */
export function writeBoxFault(): string {
  return writeFault({
    code: 'Client',
    reason: 'The request is not one that this service can answer.',
    detail: textTag('errorcode', 'E_INVALIDREQUEST'),
  })
}

function answerTo(operation: string, xml: string) {
  const { call } = readEnvelope(xml) ?? {}
  return call?.name === `${operation}Response` ? call : undefined
}
