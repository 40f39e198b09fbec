// What an INVITE asks for, and the two things that stand in its Context (msnp-p2p.md 6, 7, 8).

import { headerOf, type MimeHeaders } from '../mime.ts'
import { fitting, parseUnsigned } from './integers.ts'

/** What a session is for; GUIDs in braces (the table of msnp-p2p.md 7). */
export const sessionPurposes = {
  object: '{A4268EEC-FEC5-49E5-95C3-F126696BDBF6}',
  file: '{5D3E02AB-6190-11D3-BBBB-00C04F795683}',
} as const

export interface SessionOffer {
  /** The EUF-GUID; one of `sessionPurposes`, or something that is to be declined. */
  readonly purpose: string
  readonly sessionId: number
  /** Only echoed in the footers of data: 1 objects of MSN 6 and 7.0, 2 files, 11 emoticons, winks and clips, 12 pictures. */
  readonly appId: number
  /** Base64, often without its padding; an offer without one is to be answered with 500. */
  readonly context?: string
}

/** The offer in the fields of an INVITE; undefined when they are incomplete. */
export function readSessionOffer(fields: MimeHeaders): SessionOffer | undefined {
  const purpose = headerOf(fields, 'EUF-GUID')?.toUpperCase()
  const sessionId = parseUnsigned(headerOf(fields, 'SessionID'))
  const appId = parseUnsigned(headerOf(fields, 'AppID'))
  const context = headerOf(fields, 'Context')
  if (purpose === undefined || sessionId === undefined || appId === undefined) return undefined
  return { purpose, sessionId, appId, ...(context === undefined ? {} : { context }) }
}

/**
 * The fields of an INVITE.
 * @throws EncodeError when a number does not fit
 */
export function writeSessionOffer({ purpose, sessionId, appId, context }: SessionOffer): MimeHeaders {
  const fields: MimeHeaders = [
    ['EUF-GUID', purpose],
    ...sessionField(sessionId),
    ['AppID', String(fitting(appId, 32, 'the application'))],
  ]
  return context === undefined ? fields : [...fields, ['Context', context]]
}

/**
 * The fields of an answer, which name the session and nothing else.
 * @throws EncodeError when the number does not fit
 */
export function sessionField(sessionId: number): MimeHeaders {
  return [['SessionID', String(fitting(sessionId, 32, 'the session'))]]
}

/** The text of an MSNObject in a Context, as its owner wrote it, because some compare it. Half of all clients end it with a NUL. */
export function readObjectContext(context: string): string {
  return Buffer.from(context, 'base64').toString('utf8').replace(/\0+$/, '')
}

/** The Context that asks for an object, with the NUL that official clients write. */
export function writeObjectContext(object: string): string {
  return Buffer.from(`${object}\0`).toString('base64')
}
