// What all calls of the contact services have in common: who calls, where the service is, and what it says when it will not (msnp-services.md A8, A14).

import { Secret } from '../../core/secret.ts'
import { readEnvelope, writeEnvelope, writeFault } from './envelope.ts'
import type { Element, Inside } from './xml.ts'
import { childOf, escapeXml, findIn, tag, textOf, textTag } from './xml.ts'

/** The one namespace of these services. */
const contactNamespace = 'http://www.msn.com/webservices/AddressBook'

/** The address book of an account, in every account. */
export const ownBook = '00000000-0000-0000-0000-000000000000'

/** The header `SOAPAction` of a call. */
export function contactAction(operation: string): string {
  return `"${contactNamespace}/${operation}"`
}

export interface ContactCall {
  /** Such as `FindMembership`. */
  readonly operation: string
  /** What the call is part of; servers take any. */
  readonly scenario: string
  readonly ticket: Secret
  /** From the last answer. */
  readonly cacheKey?: string | undefined
}

/** A call as a server gets it. `ticket` is absent where it is in a cookie, as at MSNP13. */
export interface ReceivedCall {
  readonly operation: string
  readonly call: Element
  readonly ticket?: Secret
}

/** What a server says besides the answer: where to go next, and what to show there. */
export interface ServiceHeader {
  readonly cacheKey: string
  readonly host: string
}

/** Why a call does nothing. `conflict`: the id of what is there already. */
export interface ContactFault {
  readonly code: string
  readonly reason: string
  readonly conflict?: string | undefined
}

/** `stale`: the ticket is over; ask for another. */
export type ContactAnswer =
  | { readonly kind: 'answer'; readonly answer: Element; readonly cacheKey?: string; readonly host?: string }
  | { readonly kind: 'stale' }
  | { readonly kind: 'fault'; readonly fault: ContactFault }

/** The namespace of the code that says that a ticket is over. */
const secureConversation = 'http://schemas.xmlsoap.org/ws/2004/04/sc'
/** A thousand contacts, each on two lists, with some 50 elements. */
const mostElements = 200_000
const applicationId = 'CFE80F9D-180F-4399-82AB-413F33A1FA11'

/** A whole request; `inside` is what the operation's own document holds. */
export function writeContactCall({ operation, scenario, ticket, cacheKey }: ContactCall, inside?: Inside): Secret {
  const header = [
    inNamespace('ABApplicationHeader', [
      textTag('ApplicationId', applicationId),
      textTag('IsMigration', false),
      textTag('PartnerScenario', scenario),
      cacheKey === undefined ? undefined : textTag('CacheKey', cacheKey),
    ]),
    inNamespace('ABAuthHeader', [textTag('ManagedGroupRequest', false), textTag('TicketToken', ticket.reveal())]),
  ]
  return new Secret(writeEnvelope(inNamespace(operation, inside), header))
}

/** Reads a request. Undefined when it is none. */
export function readContactCall(xml: string): ReceivedCall | undefined {
  const { header, call } = readEnvelope(xml) ?? {}
  if (!call) return undefined
  const ticket = textOf(header, 'ABAuthHeader', 'TicketToken')
  return { operation: call.name, call, ...(ticket && { ticket: new Secret(ticket) }) }
}

/** A whole answer; `inside` is what stands in `…Response`. */
export function writeContactAnswer(operation: string, { cacheKey, host }: ServiceHeader, inside?: Inside): string {
  const header = inNamespace('ServiceHeader', [
    textTag('Version', '15.01.1408.0000'),
    textTag('CacheKey', cacheKey),
    textTag('CacheKeyChanged', true),
    textTag('PreferredHostName', host),
    textTag('SessionId', ownBook),
  ])
  return writeEnvelope(inNamespace(`${operation}Response`, inside), header)
}

/** The answer that gives the id of what was made: of a contact, a group or a book. */
export function writeMade(operation: string, header: ServiceHeader, id: string): string {
  const inside = operation === 'ABAdd' ? textTag('ABAddResult', id) : tag(`${operation}Result`, textTag('guid', id))
  return writeContactAnswer(operation, header, inside)
}

/** The id of what was made. */
export function readMade(answer: Element): string | undefined {
  const result = answer.children.find(({ name }) => name.endsWith('Result'))
  return (textOf(result, 'guid') ?? result?.text.trim()) || undefined
}

/** A fault of an operation. */
export function writeContactFault(operation: string, { code, reason, conflict }: ContactFault): string {
  const detail = [
    tag('errorcode', escapeXml(code), { xmlns: contactNamespace }),
    tag('errorstring', escapeXml(reason), { xmlns: contactNamespace }),
    tag('machineName', escapeXml('nudge'), { xmlns: contactNamespace }),
    tag('additionalDetails', conflict === undefined ? undefined : textTag('conflictObjectId', conflict)),
  ]
  return writeFault({ code: 'Client', reason, actor: `${contactNamespace}/${operation}`, detail })
}

/** The answer to a ticket that opens nothing. Clients look at the code and ask for another. */
export function writeStaleTicket(): string {
  return writeFault({ code: 'BadContextToken', namespace: secureConversation, reason: 'The ticket is over, or was never good.' })
}

/** Reads an answer. Undefined when it is none. */
export function readContactAnswer(xml: string): ContactAnswer | undefined {
  const { header, call, fault } = readEnvelope(xml, mostElements) ?? {}
  if (fault) {
    if (/^(?:BadContextToken|AuthenticationFailed|FailedAuthentication)$/.test(fault.code)) return { kind: 'stale' }
    const conflict = findIn(fault.detail, 'conflictObjectId')?.text.trim()
    const code = textOf(fault.detail, 'errorcode') || fault.code
    return { kind: 'fault', fault: { code, reason: fault.reason, ...(conflict && { conflict }) } }
  }
  if (!call?.name.endsWith('Response')) return undefined
  const service = childOf(header, 'ServiceHeader')
  const cacheKey = textOf(service, 'CacheKey')
  const host = textOf(service, 'PreferredHostName')
  return { kind: 'answer', answer: call, ...(cacheKey && { cacheKey }), ...(host && { host }) }
}

function inNamespace(name: string, inside: Inside) {
  return tag(name, inside, { xmlns: contactNamespace })
}
