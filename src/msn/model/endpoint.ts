// A place where somebody is signed in, one of several from MSNP16 on (msnp-core.md 3.13).

import type { ClientId } from './client-id.ts'
import type { StatusCode } from './status.ts'

/** What only the owner's other places are told of a place. An absent field keeps its value. */
export interface EndpointDetails {
  /** What the owner calls the place: `Laptop`. */
  readonly name?: string
  readonly idle?: boolean
  /** 1 computer, 2 web, 3 mobile, 4 Xbox. */
  readonly clientType?: number
  readonly status?: StatusCode
}

/** A place. */
export interface Endpoint {
  /** A GUID in small letters without braces. Two people may have the same one. */
  readonly id: string
  readonly clientId: ClientId
  readonly details: EndpointDetails
}

const form = /^\{?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\}?$/i

/** Reads the GUID of a place, with braces or without, in any case. Undefined when it is none. */
export function endpointId(text: string): string | undefined {
  return form.exec(text)?.[1]?.toLowerCase()
}
