// Whom a peer-to-peer message is for: a handle, and from WLM 2009 on one of its endpoints (msnp-p2p.md 3, 6).

import { EncodeError } from '../errors.ts'

export interface PeerAddress {
  readonly handle: string
  /** Which of the places where they are signed in: a GUID in braces. */
  readonly endpoint?: string
}

/** Reads `bob@example.net;{guid}`. Never fails; the handle may be anything, and compares in any case. */
export function parsePeerAddress(text: string): PeerAddress {
  const cut = text.indexOf(';')
  if (cut === -1) return { handle: text.trim() }
  return { handle: text.slice(0, cut).trim(), endpoint: text.slice(cut + 1).trim() }
}

/**
 * An address as headers have it.
 * @throws EncodeError when a part is empty, or holds what would end it
 */
export function formatPeerAddress({ handle, endpoint }: PeerAddress): string {
  return endpoint === undefined ? plain(handle) : `${plain(handle)};${plain(endpoint)}`
}

function plain(part: string): string {
  if (/^[^\s;<>\p{Cc}]+$/u.test(part) && part.isWellFormed()) return part
  throw new EncodeError('a peer address is empty or holds a space, a bracket or a semicolon')
}
