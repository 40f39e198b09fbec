// The envelope around what a SOAP service is asked and answers, and its faults (msnp-services.md A8, A16). SOAP 1.1.

import type { Element, Inside } from './xml.ts'
import { childOf, escapeXml, findIn, parseXml, tag, textOf, textTag, xmlDocument } from './xml.ts'

/** What came: `call` is the first element of the body, named after the operation. Neither is there beside a fault. */
export interface Envelope {
  readonly header?: Element
  readonly body?: Element
  readonly call?: Element
  readonly fault?: SoapFault
}

/** A service says no. `code` is without its prefix. */
export interface SoapFault {
  readonly code: string
  readonly reason: string
  readonly detail?: Element
}

/** A fault as it is written. */
export interface FaultForm {
  readonly code: string
  /** Where the code comes from, if not from SOAP itself. */
  readonly namespace?: string
  readonly reason: string
  readonly actor?: string
  readonly detail?: Inside
}

const namespaces = {
  'xmlns:soap': 'http://schemas.xmlsoap.org/soap/envelope/',
  'xmlns:xsi': 'http://www.w3.org/2001/XMLSchema-instance',
  'xmlns:xsd': 'http://www.w3.org/2001/XMLSchema',
}
/** Of what others say, in characters. */
const longestReason = 200

/** A request or an answer. */
export function writeEnvelope(body: Inside, header?: Inside): string {
  const head = header === undefined ? undefined : tag('soap:Header', header)
  return xmlDocument(tag('soap:Envelope', [head, tag('soap:Body', body)], namespaces))
}

/** A fault, where an answer was wanted. */
export function writeFault({ code, namespace, reason, actor, detail }: FaultForm): string {
  const faultcode = namespace
    ? tag('faultcode', escapeXml(`q0:${code}`), { 'xmlns:q0': namespace })
    : textTag('faultcode', `soap:${code}`)
  return writeEnvelope(
    tag('soap:Fault', [
      faultcode,
      textTag('faultstring', reason),
      actor === undefined ? undefined : textTag('faultactor', actor),
      detail === undefined ? undefined : tag('detail', detail),
    ]),
  )
}

/** Reads a request or an answer. Undefined when it is no envelope. `mostElements`: where a larger one than usual is expected. */
export function readEnvelope(xml: string, mostElements?: number): Envelope | undefined {
  const root = parseXml(xml, mostElements)
  if (root?.name !== 'Envelope') return undefined
  const header = childOf(root, 'Header')
  const fault = readFault(root)
  const body = childOf(root, 'Body')
  const call = body?.children[0]
  return { ...(header && { header }), ...(fault ? { fault } : { ...(body && { body }), ...(call && { call }) }) }
}

/** Some servers put the fault right under the envelope. */
function readFault(root: Element): SoapFault | undefined {
  const fault = childOf(root, 'Body', 'Fault') ?? childOf(root, 'Fault')
  if (!fault) return undefined
  const code = textOf(fault, 'faultcode') ?? textOf(findIn(fault, 'Code'), 'Value') ?? ''
  const reason = textOf(fault, 'faultstring') ?? textOf(findIn(fault, 'Reason'), 'Text') ?? ''
  const detail = childOf(fault, 'detail') ?? childOf(fault, 'Detail')
  return { code: code.replace(/^.*:/s, ''), reason: reason.slice(0, longestReason), ...(detail && { detail }) }
}
