// src/authority: a certificate authority of our own, because nobody can get a public certificate for the host names that vintage clients call.
// It makes keys and certificates, as plain as old systems want them, and knows no file: the command line keeps them, the web server shows the
// certificate of the authority and serves with what it issued. Follows RFC 5280.

// The library needs it, and loads it not.
import 'reflect-metadata'
import { createPrivateKey, X509Certificate as ParsedCertificate, randomBytes } from 'node:crypto'
import { isIPv4 } from 'node:net'
import type { Extension } from '@peculiar/x509'
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'
import { Secret } from '../core/secret.ts'

/** A certificate and the key that belongs to it, in PEM. */
export interface Pair {
  readonly certificate: ParsedCertificate
  readonly key: Secret
}

/** With which sum certificates are signed. Windows before XP SP3 knows only the first; everything of today refuses it. */
type Sum = 'SHA-1' | 'SHA-256'

const algorithm = 'RSASSA-PKCS1-v1_5'
/** In bits: what Windows 98 and Node both take. */
const modulusLength = 2048
const publicExponent = Uint8Array.of(1, 0, 1)
/** In letters (RFC 5280, Appendix A.1): longer host names are cut, the whole of them stands among the alternative names. */
const longestName = 64
/** In milliseconds. */
const day = 24 * 60 * 60 * 1000
const authorityLife = 10 * 365 * day
const serverLife = 2 * 365 * day
/** Certificates begin a day early: clocks of old machines are slow. */
const early = day

/** Makes an authority. It signs with SHA-256 unless it must not. */
export async function newAuthority(name: string, { sha1 = false, now }: { sha1?: boolean; now: number }): Promise<Pair> {
  const keys = await newKeys(sha1 ? 'SHA-1' : 'SHA-256')
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: nameOf(name),
    keys,
    ...plain(keys.privateKey, now, now + authorityLife),
    extensions: [
      new BasicConstraintsExtension(true, 0, true),
      new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
      await SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return pairOf(certificate, keys)
}

/** Makes a key and a certificate for a server with these host names and IPv4 addresses; it is called by the first. */
export async function issue(authority: Pair, hosts: readonly [string, ...string[]], now: number): Promise<Pair> {
  const own = new X509Certificate(authority.certificate.raw)
  const sum: Sum = /sha1/i.test(authority.certificate.signatureAlgorithm ?? '') ? 'SHA-1' : 'SHA-256'
  const signingKey = await readKey(authority.key, sum)
  const keys = await newKeys(sum)
  const certificate = await X509CertificateGenerator.create({
    subject: nameOf(hosts[0]),
    issuer: own.subjectName,
    publicKey: keys.publicKey,
    signingKey,
    ...plain(signingKey, now, Math.min(now + serverLife, own.notAfter.getTime())),
    extensions: await serverExtensions(keys.publicKey, own, hosts),
  })
  return pairOf(certificate, keys)
}

async function serverExtensions(
  publicKey: CryptoKey,
  authority: X509Certificate,
  hosts: readonly string[],
): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    // To take in keys is all that TLS 1.0 with RSA does.
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      hosts.map((value) => ({ type: isIPv4(value) ? ('ip' as const) : ('dns' as const), value })),
    ),
    await SubjectKeyIdentifierExtension.create(publicKey),
    await AuthorityKeyIdentifierExtension.create(authority.publicKey),
  ]
}

/** What every certificate has. */
function plain(signingKey: CryptoKey, from: number, until: number) {
  const serial = randomBytes(16)
  // Positive, and as long as it seems.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40
  return {
    serialNumber: serial.toString('hex'),
    notBefore: new Date(from - early),
    notAfter: new Date(until),
    signingAlgorithm: signingKey.algorithm,
  }
}

function nameOf(commonName: string) {
  return [{ O: ['Nudge'] }, { CN: [commonName.slice(0, longestName)] }]
}

async function newKeys(hash: Sum): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: algorithm, modulusLength, publicExponent, hash }, true, ['sign', 'verify'])
}

async function readKey(key: Secret, hash: Sum): Promise<CryptoKey> {
  const der = createPrivateKey(key.reveal()).export({ type: 'pkcs8', format: 'der' })
  return crypto.subtle.importKey('pkcs8', der, { name: algorithm, hash }, false, ['sign'])
}

async function pairOf(certificate: X509Certificate, { privateKey }: CryptoKeyPair): Promise<Pair> {
  const der = Buffer.from(await crypto.subtle.exportKey('pkcs8', privateKey))
  const key = createPrivateKey({ key: der, type: 'pkcs8', format: 'der' })
  return {
    certificate: new ParsedCertificate(Buffer.from(certificate.rawData)),
    key: new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString()),
  }
}
