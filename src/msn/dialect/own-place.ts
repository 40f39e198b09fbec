// What a client tells of the place where it is: UUX with the place as its root, as clients of old wrote it (msnp-core.md 3.13). MSNP16 and later.

import type { ClientId } from '../model/client-id.ts'
import { longClientId } from '../model/client-id.ts'
import type { StatusCode } from '../model/status.ts'
import { tag, textTag } from '../soap/xml.ts'

/** What the program can do. */
export function writeOwnPlace(clientId: ClientId): Buffer {
  return Buffer.from(tag('EndpointData', textTag('Capabilities', longClientId(clientId))))
}

/** What the owner's other places show: the name of this one, and its status. It is a computer, and never idle. */
export function writeOwnPlaceDetails(name: string, status: StatusCode): Buffer {
  const inside = [textTag('EpName', name), textTag('Idle', false), textTag('ClientType', 1), textTag('State', status)]
  return Buffer.from(tag('PrivateEndpointData', inside))
}
