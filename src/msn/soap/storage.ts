// The storage service ("SchematizedStore"): what a client asks for its profile and its pictures, and what it gets (msnp-services.md A17). Two
// namespaces say the same: `w10` of WLM 8 and libpurple, `2008` of WLM 2009. Our client keeps nothing there, so this is the server's half.

import { Secret } from '../../core/secret.ts'
import { writeMoment } from './contact-date.ts'
import { readEnvelope, writeEnvelope, writeFault } from './envelope.ts'
import type { Element, Inside } from './xml.ts'
import { childOf, childrenOf, escapeXml, findIn, tag, textOf, textTag } from './xml.ts'

export type StorageVersion = 'w10' | '2008'

const namespaceOf = (version: StorageVersion) => `http://www.msn.com/webservices/storage/${version}`

export type StorageCall =
  | { readonly operation: 'GetProfile' | 'CreateProfile' | 'FindDocuments' | 'ShareItem' }
  /** An absent field keeps its value, an empty one clears it. */
  | { readonly operation: 'UpdateProfile'; readonly name?: string; readonly status?: string }
  /** `shows`: the picture is shown at once. `data` is base64. */
  | { readonly operation: 'CreateDocument'; readonly name: string; readonly data: string; readonly shows: boolean }
  | { readonly operation: 'UpdateDocument'; readonly id: string; readonly data: string }
  /** `isFromList`: the targets are taken out of the list of pictures, not only off the profile. */
  | { readonly operation: 'DeleteRelationships'; readonly targets: readonly string[]; readonly isFromList: boolean }
  | { readonly operation: 'CreateRelationships'; readonly targets: readonly string[] }

export interface StorageRequest {
  readonly version: StorageVersion
  readonly ticket: Secret
  readonly call: StorageCall
}

/** A picture as it is listed. */
export interface ListedPicture {
  readonly id: string
  readonly name: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface WrittenProfile {
  /** 16 hex digits. */
  readonly cid: string
  readonly changedAt: number
  readonly name?: string | undefined
  readonly nameAt: number
  readonly status?: string | undefined
  readonly statusAt: number
  readonly picture?: { readonly id: string; readonly type: string; readonly size: number; readonly url: string } | undefined
}

/** The ids of the profile and of what others see of it, as the official servers numbered them. */
const profileNumber = 106
const expressionNumber = 118
/** More targets are not read. */
const mostTargets = 100

/** The id of something in somebody's storage. */
export function resourceId(cid: string, number: number): string {
  return `${cid}!${number}`
}

/** The number in an id of this person; undefined for one of somebody else. */
export function numberIn(cid: string, id: string): number | undefined {
  const [owner = '', number = ''] = id.split('!')
  return owner.toLowerCase() === cid.toLowerCase() && /^\d{1,9}$/.test(number) ? Number(number) : undefined
}

/** Undefined when it is no request, or for something that nobody asks. */
export function readStorageRequest(xml: string): StorageRequest | undefined {
  const { header, call: element } = readEnvelope(xml) ?? {}
  const call = element && readCall(element)
  if (!call) return undefined
  return {
    // Prefixes are not kept, and nothing else in a request holds a name like this.
    version: xml.includes(namespaceOf('2008')) ? '2008' : 'w10',
    ticket: new Secret(textOf(header, 'StorageUserHeader', 'TicketToken') ?? ''),
    call,
  }
}

function readCall(call: Element): StorageCall | undefined {
  switch (call.name) {
    case 'GetProfile':
    case 'CreateProfile':
    case 'FindDocuments':
    case 'ShareItem':
      return { operation: call.name }
    case 'UpdateProfile':
      return readUpdate(call)
    case 'CreateDocument':
      return {
        operation: call.name,
        name: textOf(call, 'document', 'Name') ?? '',
        data: dataIn(call),
        shows: textOf(call, 'relationshipName') === 'ProfilePhoto',
      }
    case 'UpdateDocument':
      return { operation: call.name, id: textOf(call, 'document', 'ResourceID') ?? '', data: dataIn(call) }
    case 'DeleteRelationships': {
      const handles = childrenOf(childOf(call, 'targetHandles'), 'ObjectHandle')
      const isFromList = textOf(call, 'sourceHandle', 'RelationshipName') === '/UserTiles'
      return { operation: call.name, targets: idsIn(handles, 'ResourceID'), isFromList }
    }
    case 'CreateRelationships': {
      const relationships = childrenOf(childOf(call, 'relationships'), 'Relationship')
      const photos = relationships.filter((each) => textOf(each, 'RelationshipName') === 'ProfilePhoto')
      return { operation: call.name, targets: idsIn(photos, 'TargetID') }
    }
    default:
      return undefined
  }
}

function readUpdate(call: Element): StorageCall {
  const said = childOf(call, 'profile', 'ExpressionProfile')
  const cleared = childOf(call, 'profileAttributesToDelete', 'ExpressionProfileAttributes')
  const field = (name: string) => (textOf(cleared, name) === 'true' ? '' : textOf(said, name))
  const [name, status] = [field('DisplayName'), field('PersonalStatus')]
  return { operation: 'UpdateProfile', ...(name !== undefined && { name }), ...(status !== undefined && { status }) }
}

function dataIn(call: Element): string {
  return findIn(childOf(call, 'document', 'DocumentStreams'), 'Data')?.text ?? ''
}

function idsIn(elements: readonly Element[], name: string): string[] {
  return elements.slice(0, mostTargets).flatMap((element) => textOf(element, name) ?? [])
}

/** The answer to GetProfile. */
export function writeProfile(version: StorageVersion, profile: WrittenProfile): string {
  const { cid, changedAt, name, nameAt, status, statusAt, picture } = profile
  const expression = tag('ExpressionProfile', [
    textTag('ResourceID', resourceId(cid, expressionNumber)),
    textTag('Version', 205),
    textTag('DateModified', writeMoment(changedAt)),
    picture && writePhoto(picture),
    status === undefined
      ? undefined
      : [textTag('PersonalStatus', status), textTag('PersonalStatusLastModified', writeMoment(statusAt))],
    name === undefined ? undefined : [textTag('DisplayName', name), textTag('DisplayNameLastModified', writeMoment(nameAt))],
    picture && textTag('StaticUserTilePublicURL', picture.url),
  ])
  const result = [
    textTag('ResourceID', resourceId(cid, profileNumber)),
    textTag('DateModified', writeMoment(changedAt)),
    expression,
  ]
  return writeAnswer(version, 'GetProfile', cid, tag('GetProfileResult', result))
}

function writePhoto({ id, type, size, url }: NonNullable<WrittenProfile['picture']>) {
  const stream = tag(
    'DocumentStream',
    [
      textTag('DocumentStreamName', 'UserTileStatic'),
      textTag('MimeType', type),
      textTag('DataSize', size),
      textTag('PreAuthURL', url),
      textTag('WriteMode', 'Overwrite'),
      textTag('StreamDataStatus', 'None'),
      textTag('StreamStatus', 'None'),
      textTag('Genie', false),
      textTag('StreamVersion', 0),
      textTag('DocumentStreamType', 'UserTileStatic'),
      textTag('IsAliasForDefault', false),
      textTag('ExpirationDateTime', writeMoment(0)),
    ],
    { 'xsi:type': 'PhotoStream' },
  )
  return tag('Photo', [textTag('ResourceID', id), tag('DocumentStreams', stream)])
}

/** The answer to FindDocuments: the pictures that are kept. */
export function writeDocuments(version: StorageVersion, cid: string, pictures: readonly ListedPicture[]): string {
  const documents = pictures.map(({ id, name, at }) =>
    tag('Document', [textTag('ResourceID', id), textTag('Name', name), textTag('WhenTaken', writeMoment(at))], {
      'xsi:type': 'Photo',
    }),
  )
  return writeAnswer(version, 'FindDocuments', cid, tag('FindDocumentsResult', documents))
}

/** The answer to CreateProfile and CreateDocument: the id of what was made. */
export function writeCreated(
  version: StorageVersion,
  operation: 'CreateProfile' | 'CreateDocument',
  cid: string,
  number = profileNumber,
): string {
  return writeAnswer(version, operation, cid, textTag(`${operation}Result`, resourceId(cid, number)))
}

/** The answer to everything else. */
export function writeStorageDone(version: StorageVersion, { operation }: StorageCall, cid: string): string {
  return writeAnswer(version, operation, cid, undefined)
}

/** What was asked cannot be done. */
export function writeStorageFault(version: StorageVersion, code: 'BadArgument' | 'Forbidden'): string {
  const xmlns = namespaceOf(version)
  return writeFault({ code: 'Client', reason: reasons[code], detail: tag('errorcode', escapeXml(code), { xmlns }) })
}

const reasons = {
  BadArgument: 'This cannot be stored.',
  Forbidden: 'This is not done here.',
} as const

function writeAnswer(version: StorageVersion, operation: string, cid: string, inside: Inside): string {
  const xmlns = namespaceOf(version)
  const user = [
    textTag('Puid', 0),
    // A number, as MSNPSharp reads it; whoever wants to know the owner finds them in the ids.
    textTag('Cid', 0),
    textTag('ApplicationId', 0),
    textTag('DeviceId', 0),
    textTag('IsTrustedDevice', false),
    textTag('IsStrongAuth', false),
    // The ticket that was shown is not repeated.
    tag('TicketToken'),
    textTag('IsAdmin', false),
    textTag('LanguagePreference', 0),
    tag('Claims'),
  ]
  const header = [
    tag('AffinityCacheHeader', textTag('CacheKey', `12r1:${cid}`), { xmlns }),
    tag('StorageUserHeader', user, { xmlns }),
  ]
  return writeEnvelope(tag(`${operation}Response`, inside, { xmlns }), header)
}
