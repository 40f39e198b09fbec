// A peer-to-peer message as the payload of a switchboard's MSG (msnp-p2p.md 3). Send it as `D`; take only what is for us.

import { formatMime, headerOf, type MimeHeaders, type MimeMessage } from '../mime.ts'
import { formatPeerAddress, type PeerAddress, parsePeerAddress } from './peer-address.ts'

/** What `mediaTypeOf` gives for such a payload. */
export const p2pMediaType = 'application/x-msnmsgrp2p'

export interface Carried {
  /** Whom of those on the board it is for. */
  readonly to: PeerAddress
  /** Only WLM 2009 and later say it. */
  readonly from?: PeerAddress
  /** Header, data and footer of version 1 or 2. */
  readonly bytes: Uint8Array
}

/** What a payload of that type carries; undefined when it does not say for whom. The bytes share memory with it. */
export function readCarried({ headers, body }: MimeMessage): Carried | undefined {
  const to = headerOf(headers, 'P2P-Dest')
  const from = headerOf(headers, 'P2P-Src')
  if (to === undefined) return undefined
  return { to: parsePeerAddress(to), ...(from === undefined ? {} : { from: parsePeerAddress(from) }), bytes: body }
}

/**
 * The payload that carries it.
 * @throws EncodeError when an address cannot stand in a header
 */
export function writeCarried({ to, from, bytes }: Carried): Buffer {
  const headers: MimeHeaders = [
    ['MIME-Version', '1.0'],
    ['Content-Type', p2pMediaType],
    ['P2P-Dest', formatPeerAddress(to)],
  ]
  return formatMime(from ? [...headers, ['P2P-Src', formatPeerAddress(from)]] : headers, bytes)
}
