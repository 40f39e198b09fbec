// X.509 certificates (RFC 5280), as plain as old systems want them: RSA, and only extensions that they know.

import type { KeyObject } from 'node:crypto'
import { createHash, createPublicKey, randomBytes, sign, X509Certificate } from 'node:crypto'
import { isIPv4 } from 'node:net'
import { bits, boolean, integer, itemsIn, nothing, octets, oid, sequence, set, text, time, value } from './der.ts'

/** With which sum certificates are signed. Windows before XP SP3 knows only the first; everything of today refuses it. */
export type Sum = 'sha1' | 'sha256'

export interface Order {
  /** As a `Name` in DER, see `nameOf`. */
  readonly subject: Buffer
  readonly publicKey: KeyObject
  readonly issuer: Buffer
  readonly issuerKey: KeyObject
  readonly sum: Sum
  /** Milliseconds since 1970. */
  readonly from: number
  readonly until: number
  /** Host names and IPv4 addresses that a server with this certificate may have; absent: it is an authority's own. */
  readonly hosts?: readonly string[]
}

const signatures: Readonly<Record<Sum, string>> = { sha1: '1.2.840.113549.1.1.5', sha256: '1.2.840.113549.1.1.11' }
const attribute = { commonName: '2.5.4.3', organization: '2.5.4.10' } as const
const extension = {
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const
const serverAuthentication = '1.3.6.1.5.5.7.3.1'

/** Signs a certificate. */
export function signCertificate(order: Order): X509Certificate {
  const algorithm = sequence(oid(signatures[order.sum]), nothing)
  const body = sequence(
    value(0xa0, integer(Buffer.from([2]))),
    integer(serialNumber()),
    algorithm,
    order.issuer,
    sequence(time(order.from), time(order.until)),
    order.subject,
    order.publicKey.export({ type: 'spki', format: 'der' }),
    value(0xa3, sequence(...(order.hosts ? serverExtensions(order, order.hosts) : authorityExtensions(order)))),
  )
  return new X509Certificate(sequence(body, algorithm, bits(sign(order.sum, body, order.issuerKey))))
}

/** In letters (RFC 5280, Appendix A.1): long host names are cut, the whole of them stands among the alternative names. */
const longestName = 64

/** The name of an authority or of a server. */
export function nameOf(commonName: string): Buffer {
  const part = (kind: string, content: string) => set(sequence(oid(kind), text(content)))
  return sequence(part(attribute.organization, 'Nudge'), part(attribute.commonName, commonName.slice(0, longestName)))
}

/** The subject of a certificate, byte for byte: what it issues has to repeat it so. */
export function subjectOf(certificate: X509Certificate): Buffer {
  const [body] = itemsIn(certificate.raw)
  const subject = body && itemsIn(body)[5]
  if (!subject) throw new RangeError('a certificate without a subject')
  return subject
}

function authorityExtensions({ publicKey }: Order): Buffer[] {
  return [
    extensionOf(extension.basicConstraints, sequence(boolean(true), integer(Buffer.from([0]))), true),
    // Signs certificates and lists of revoked ones: the 5th and the 6th bit.
    extensionOf(extension.keyUsage, bits(Buffer.from([0x06]), 1), true),
    extensionOf(extension.subjectKey, octets(keyId(publicKey))),
  ]
}

function serverExtensions({ publicKey, issuerKey }: Order, hosts: readonly string[]): Buffer[] {
  return [
    extensionOf(extension.basicConstraints, sequence(), true),
    // Signs, and takes in keys, which is all that TLS 1.0 with RSA does: the first and the third bit.
    extensionOf(extension.keyUsage, bits(Buffer.from([0xa0]), 5), true),
    extensionOf(extension.extendedKeyUsage, sequence(oid(serverAuthentication))),
    extensionOf(extension.alternativeNames, sequence(...hosts.map(alternativeName))),
    extensionOf(extension.subjectKey, octets(keyId(publicKey))),
    extensionOf(extension.authorityKey, sequence(value(0x80, keyId(createPublicKey(issuerKey))))),
  ]
}

function extensionOf(id: string, content: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [boolean(true)] : []), octets(content))
}

function alternativeName(host: string): Buffer {
  return isIPv4(host) ? value(0x87, Buffer.from(host.split('.').map(Number))) : value(0x82, Buffer.from(host, 'ascii'))
}

/** SHA-1 of the key's bits (RFC 5280 4.2.1.2): a label, not a proof. */
function keyId(key: KeyObject): Buffer {
  const content = itemsIn(key.export({ type: 'spki', format: 'der' }))[1]
  if (!content) throw new RangeError('a public key without bits')
  // Behind its tag, its length (two or three bytes more for RSA) and the count of unused bits.
  const start = 2 + ((content[1] ?? 0) & 0x80 ? (content[1] ?? 0) & 0x7f : 0) + 1
  return createHash('sha1').update(content.subarray(start)).digest()
}

function serialNumber(): Buffer {
  const serial = randomBytes(16)
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return serial
}
