// What somebody says about themselves and their places: the XML of UUX and UBX (msnp-core.md 3.13).

import { longClientId } from '../model/client-id.ts'
import type { Endpoint, EndpointDetails } from '../model/endpoint.ts'
import { endpointId } from '../model/endpoint.ts'
import type { Personal } from '../model/personal.ts'
import { isStatusCode } from '../model/status.ts'
import type { Element, Xml } from '../soap/xml.ts'
import { childOf, childrenOf, parseXml, tag, textOf, textTag } from '../soap/xml.ts'
import type { Dialect } from '../wire/dialect.ts'

/** The elements in the order in which they are written, and the first dialect whose clients know them. */
const elements: readonly (readonly [name: string, field: keyof Personal, first: Dialect])[] = [
  ['PSM', 'message', 11],
  ['CurrentMedia', 'media', 11],
  ['MachineGuid', 'machineGuid', 13],
  ['DDP', 'movingPicture', 18],
  ['SignatureSound', 'signatureSound', 16],
  ['Scene', 'scene', 18],
  ['ColorScheme', 'colorScheme', 18],
]
/** Clients expect these two whatever they hold. */
const expected: ReadonlySet<string> = new Set(['PSM', 'CurrentMedia'])
/** In characters; everybody's other places get a copy. */
const longestName = 64

/**
 * Reads the payload of UUX or UBX; an empty one says nothing, and neither does one about a place alone (another root element).
 * Undefined when it is not XML, or has a DOCTYPE.
 */
export function readPersonal(payload: Uint8Array): Personal | undefined {
  if (payload.length === 0) return {}
  const root = parsed(payload)
  if (!root) return undefined
  if (root.name !== 'Data') return {}
  const found = elements.flatMap(([name, field]) => {
    const text = childOf(root, name)?.text
    return text === undefined ? [] : [[field, text] as const]
  })
  return Object.fromEntries(found)
}

/** Reads what a client says in UUX about the place where it is, in `Data` or alone (AMSN and PUR). */
export function readPlace(payload: Uint8Array): EndpointDetails {
  const root = parsed(payload)
  const place = root?.name === 'Data' ? childOf(root, 'PrivateEndpointData') : root
  return place?.name === 'PrivateEndpointData' ? detailsIn(place) : {}
}

/** Reads what UBX tells the owner of their places, ours among them; what has no GUID is passed over. */
export function readOwnPlaces(payload: Uint8Array): Pick<Endpoint, 'id' | 'details'>[] {
  const root = payload.length === 0 ? undefined : parsed(payload)
  if (root?.name !== 'Data') return []
  return childrenOf(root, 'PrivateEndpointData').flatMap((place) => {
    const id = endpointId(place.attributes['id'] ?? '')
    return id === undefined ? [] : [{ id, details: detailsIn(place) }]
  })
}

function detailsIn(place: Element): EndpointDetails {
  const [name, idle, type, status = ''] = ['EpName', 'Idle', 'ClientType', 'State'].map((each) => textOf(place, each))
  return {
    ...(name !== undefined && { name: [...name].slice(0, longestName).join('') }),
    ...(idle !== undefined && { idle: idle.toLowerCase() === 'true' }),
    ...(type !== undefined && /^\d{1,3}$/.test(type) && { clientType: Number(type) }),
    ...(isStatusCode(status) && { status }),
  }
}

/** The payload of UBX. The places are named from MSNP16 on; the owner's own other places are told more about each (`isOwn`). */
export function writePersonal(dialect: Dialect, personal: Personal, endpoints: readonly Endpoint[] = [], isOwn = false): Buffer {
  const said = elements.flatMap(([name, field, first]) => {
    const text = personal[field] ?? (expected.has(name) ? '' : undefined)
    return dialect < first || text === undefined ? [] : [textTag(name, text)]
  })
  const named = dialect < 16 ? [] : endpoints
  return Buffer.from(tag('Data', [said, named.map(placeTag), isOwn ? named.map(detailsTag) : []]))
}

function placeTag({ id, clientId }: Endpoint): Xml {
  return tag('EndpointData', textTag('Capabilities', longClientId(clientId)), { id: `{${id}}` })
}

function detailsTag({ id, details }: Endpoint): Xml {
  const { name = '', idle = false, clientType = 1, status = 'NLN' } = details
  const inside = [textTag('EpName', name), textTag('Idle', idle), textTag('ClientType', clientType), textTag('State', status)]
  return tag('PrivateEndpointData', inside, { id: `{${id}}` })
}

function parsed(payload: Uint8Array): Element | undefined {
  return parseXml(Buffer.from(payload).toString('utf8'))
}
