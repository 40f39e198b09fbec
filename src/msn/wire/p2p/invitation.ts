// The classic invitation, `text/x-msmsgsinvite`: how clients before MSN 6 agree on an MSNFTP transfer, and on much that we only
// decline (msnp-core.md 5.6, msnp-p2p.md 18).

import { headerOf, type MimeHeaders } from '../mime.ts'
import { fitting, parseUnsigned } from './integers.ts'

/** What `mediaTypeOf` gives for such a payload; its body is header lines. */
export const invitationMediaType = 'text/x-msmsgsinvite'

/** Application-GUID of a file; the same as the purpose of a session, in the case that old clients write. */
export const fileApplication = '{5D3E02AB-6190-11d3-BBBB-00C04F795683}'

export type Invitation = Invite | Accept | Cancel

export interface Invite {
  readonly command: 'INVITE'
  /** What joins the steps of one invitation. */
  readonly cookie: number
  readonly applicationName: string
  /** Of files `fileApplication`, to be compared in any case. */
  readonly application: string
  /** As the peer wrote it. */
  readonly file?: { readonly name: string; readonly size: number }
  /** The one who invites says that nobody can connect to them. */
  readonly isUnreachable: boolean
}

export interface Accept {
  readonly command: 'ACCEPT'
  readonly cookie: number
  /** Where whoever writes this listens. The key is asked for on the connection: never to be logged. */
  readonly listens?: { readonly ip: string; readonly internalIp?: string; readonly port: number; readonly authCookie: string }
  /** The receiver listens, and the sender is to connect. */
  readonly senderConnects: boolean
}

export interface Cancel {
  readonly command: 'CANCEL'
  readonly cookie: number
  /** REJECT, TIMEOUT, FTTIMEOUT, OUTBANDCANCEL, REJECT_NOT_INSTALLED … */
  readonly code: string
}

/** The step that the fields of a body describe; undefined when it is none. */
export function readInvitation(fields: MimeHeaders): Invitation | undefined {
  const cookie = parseUnsigned(headerOf(fields, 'Invitation-Cookie'))
  if (cookie === undefined) return undefined
  switch (headerOf(fields, 'Invitation-Command')?.toUpperCase()) {
    case 'INVITE':
      return readInvite(cookie, fields)
    case 'ACCEPT':
      return readAccept(cookie, fields)
    case 'CANCEL':
      return { command: 'CANCEL', cookie, code: headerOf(fields, 'Cancel-Code') ?? '' }
    default:
      return undefined
  }
}

/**
 * The fields of a body, in the order in which official clients write them; an empty line follows them.
 * @throws EncodeError when a number does not fit
 */
export function writeInvitation(invitation: Invitation): MimeHeaders {
  const start: MimeHeaders = [
    ['Invitation-Command', invitation.command],
    ['Invitation-Cookie', String(fitting(invitation.cookie, 32, 'the cookie of an invitation'))],
  ]
  switch (invitation.command) {
    case 'INVITE':
      return writeInvite(invitation, start)
    case 'ACCEPT':
      return writeAccept(invitation, start)
    case 'CANCEL':
      return [...start, ['Cancel-Code', invitation.code]]
  }
}

function readInvite(cookie: number, fields: MimeHeaders): Invite {
  const name = headerOf(fields, 'Application-File')
  const size = headerOf(fields, 'Application-FileSize') ?? ''
  const hasFile = name !== undefined && /^\d+$/.test(size) && Number.isSafeInteger(Number(size))
  return {
    command: 'INVITE',
    cookie,
    applicationName: headerOf(fields, 'Application-Name') ?? '',
    application: headerOf(fields, 'Application-GUID') ?? '',
    ...(hasFile ? { file: { name, size: Number(size) } } : {}),
    isUnreachable: headerOf(fields, 'Connectivity')?.toUpperCase() === 'N',
  }
}

function writeInvite({ applicationName, application, file, isUnreachable }: Invite, start: MimeHeaders): MimeHeaders {
  const fields: (readonly [string, string])[] = [
    ['Application-Name', applicationName],
    ['Application-GUID', application],
    ...start,
  ]
  if (file) {
    const size = fitting(file.size, 64, 'the size of a file')
    fields.push(['Application-File', file.name], ['Application-FileSize', String(size)])
  }
  if (isUnreachable) fields.push(['Connectivity', 'N'])
  return fields
}

function readAccept(cookie: number, fields: MimeHeaders): Accept {
  const ip = headerOf(fields, 'IP-Address')
  const internalIp = headerOf(fields, 'IP-Address-Internal')
  const port = parseUnsigned(headerOf(fields, 'Port'))
  const authCookie = headerOf(fields, 'AuthCookie')
  const isPort = port !== undefined && port > 0 && port <= 0xffff
  const listens =
    ip !== undefined && isPort && authCookie !== undefined
      ? { listens: { ip, ...(internalIp === undefined ? {} : { internalIp }), port, authCookie } }
      : {}
  const senderConnects = headerOf(fields, 'Sender-Connect')?.toUpperCase() === 'TRUE'
  return { command: 'ACCEPT', cookie, ...listens, senderConnects }
}

function writeAccept({ listens, senderConnects }: Accept, start: MimeHeaders): MimeHeaders {
  const fields: (readonly [string, string])[] = [...start]
  if (listens) {
    fields.push(['IP-Address', listens.ip])
    if (listens.internalIp !== undefined) fields.push(['IP-Address-Internal', listens.internalIp])
    fields.push(['Port', String(fitting(listens.port, 16, 'a port'))], ['AuthCookie', listens.authCookie])
  }
  if (senderConnects) fields.push(['Sender-Connect', 'TRUE'])
  return [...fields, ['Launch-Application', 'FALSE'], ['Request-Data', 'IP-Address:']]
}
