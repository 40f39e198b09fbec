// The offer of a direct connection and its answers, and how to say no so that data flows over the switchboard (msnp-p2p.md 10).

import { headerOf, type MimeHeaders } from '../mime.ts'

export interface TransportOffer {
  /** TCPv1, TRUDPv1, SBBridge … */
  readonly bridges: readonly string[]
  readonly netId: number
  /** Direct-Connect, IP-Restrict-NAT, Firewall … */
  readonly connection: string
  readonly hasUpnp: boolean
  readonly hasFirewall: boolean
  /** GUID in braces that the other side has to show on the connection. */
  readonly nonce?: string
  /** A hash of the nonce; see `hashedNonce`. */
  readonly hashedNonce?: string
}

export interface TransportAnswer {
  readonly bridge: string
  /** Whether the one who answers waits for a connection. */
  readonly isListening: boolean
  readonly nonce?: string
  readonly hashedNonce?: string
}

const noNonce = '{00000000-0000-0000-0000-000000000000}'

/** Reads the fields of a transreqbody. Never fails: what is missing is empty, 0 or false. */
export function readTransportOffer(fields: MimeHeaders): TransportOffer {
  const netId = Number(headerOf(fields, 'NetID'))
  return {
    bridges: (headerOf(fields, 'Bridges') ?? '').split(' ').filter((bridge) => bridge !== ''),
    netId: Number.isSafeInteger(netId) ? netId : 0,
    connection: headerOf(fields, 'Conn-Type') ?? '',
    hasUpnp: isTrue(fields, 'UPnPNat'),
    hasFirewall: isTrue(fields, 'ICF'),
    ...readNonces(fields),
  }
}

/** The fields of a transreqbody. Miranda takes none that lacks one of the first five. */
export function writeTransportOffer(offer: TransportOffer): MimeHeaders {
  return [
    ['Bridges', offer.bridges.join(' ')],
    ['NetID', String(offer.netId)],
    ['Conn-Type', offer.connection],
    ['UPnPNat', String(offer.hasUpnp)],
    ['ICF', String(offer.hasFirewall)],
    ...writeNonces(offer),
  ]
}

/** Reads the fields of a transrespbody, but for the addresses: we dial none that a peer names. Never fails. */
export function readTransportAnswer(fields: MimeHeaders): TransportAnswer {
  return {
    bridge: headerOf(fields, 'Bridge') ?? '',
    isListening: isTrue(fields, 'Listening'),
    ...readNonces(fields),
  }
}

/** The fields of a transrespbody without addresses. */
export function writeTransportAnswer(answer: TransportAnswer): MimeHeaders {
  return [['Bridge', answer.bridge], ['Listening', String(answer.isListening)], ...writeNonces(answer)]
}

/** The answer that every client takes for "then over the switchboard"; it tells nobody an address. */
export function declineTransport(offer: TransportOffer): TransportAnswer {
  const refusal = { bridge: 'TCPv1', isListening: false }
  return offer.hashedNonce === undefined ? { ...refusal, nonce: noNonce } : { ...refusal, hashedNonce: noNonce }
}

function readNonces(fields: MimeHeaders): Pick<TransportOffer, 'nonce' | 'hashedNonce'> {
  const nonce = headerOf(fields, 'Nonce')
  const hashedNonce = headerOf(fields, 'Hashed-Nonce')
  return { ...(nonce === undefined ? {} : { nonce }), ...(hashedNonce === undefined ? {} : { hashedNonce }) }
}

function writeNonces({ nonce, hashedNonce }: Pick<TransportOffer, 'nonce' | 'hashedNonce'>): MimeHeaders {
  return [
    ...(nonce === undefined ? [] : [['Nonce', nonce] as const]),
    ...(hashedNonce === undefined ? [] : [['Hashed-Nonce', hashedNonce] as const]),
  ]
}

function isTrue(fields: MimeHeaders, name: string): boolean {
  return headerOf(fields, name)?.toLowerCase() === 'true'
}
