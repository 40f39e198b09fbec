// src/authority: a certificate authority of our own, because nobody can get a public certificate for the host names that vintage clients call.
// It makes keys and certificates and knows no file: the command line keeps them, the web server shows the certificate and serves with it.

import type { X509Certificate } from 'node:crypto'
import { createPrivateKey, generateKeyPair } from 'node:crypto'
import { promisify } from 'node:util'
import { Secret } from '../core/secret.ts'
import type { Sum } from './certificate.ts'
import { nameOf, signCertificate, subjectOf } from './certificate.ts'

/** A certificate and the key that belongs to it, in PEM. */
export interface Pair {
  readonly certificate: X509Certificate
  readonly key: Secret
}

/** In bits: what Windows 98 and Node both take. */
const keyLength = 2048
/** In milliseconds. */
const day = 24 * 60 * 60 * 1000
const authorityLife = 10 * 365 * day
const serverLife = 2 * 365 * day
/** Certificates begin a day early: clocks of old machines are slow. */
const early = day

const newKeyPair = promisify(generateKeyPair)

/** Makes an authority. */
export async function newAuthority(name: string, sum: Sum, now: number): Promise<Pair> {
  const { privateKey, publicKey } = await newKeyPair('rsa', { modulusLength: keyLength })
  const subject = nameOf(name)
  const life = { from: now - early, until: now + authorityLife }
  const certificate = signCertificate({ subject, issuer: subject, publicKey, issuerKey: privateKey, sum, ...life })
  return { certificate, key: pemOf(privateKey) }
}

/** Makes a key and a certificate for a server with these names, the first of which is the one that it is called by. */
export async function issue(authority: Pair, hosts: readonly [string, ...string[]], now: number): Promise<Pair> {
  const { privateKey, publicKey } = await newKeyPair('rsa', { modulusLength: keyLength })
  const { certificate: own } = authority
  const certificate = signCertificate({
    subject: nameOf(hosts[0]),
    issuer: subjectOf(own),
    issuerKey: createPrivateKey(authority.key.reveal()),
    publicKey,
    hosts,
    sum: sumOf(own),
    from: now - early,
    until: Math.min(now + serverLife, own.validToDate.getTime()),
  })
  return { certificate, key: pemOf(privateKey) }
}

/** With which sum an authority signs: the one that it was made with. */
function sumOf(certificate: X509Certificate): Sum {
  return /sha1/i.test(certificate.signatureAlgorithm ?? '') ? 'sha1' : 'sha256'
}

function pemOf(key: Awaited<ReturnType<typeof newKeyPair>>['privateKey']): Secret {
  return new Secret(key.export({ type: 'pkcs8', format: 'pem' }).toString())
}
