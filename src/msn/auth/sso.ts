// The signature over the server's nonce, MSNP15 and later (msnp-core.md 3.6).

import { createCipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'

const hashMagic = 'WS-SecureConversationSESSION KEY HASH'
const cipherMagic = 'WS-SecureConversationSESSION KEY ENCRYPTION'
const headerLength = 28
const ivLength = 8
const hashLength = 20
/** 3DES and SHA-1 as Windows numbers them; 1 is CBC. */
const [cbc, tripleDes, sha1] = [1, 0x6603, 0x8004]

/** The blob of `USR SSO S`. The nonce counts as the text that it is, undecoded; `secret` is the proof token in base64. */
export function ssoBlob(nonce: string, secret: Secret, iv: Uint8Array = randomBytes(ivLength)): string {
  const key = Buffer.from(secret.reveal(), 'base64')
  const hash = createHmac('sha1', derive(key, hashMagic)).update(nonce).digest()
  const cipher = createCipheriv('des-ede3-cbc', derive(key, cipherMagic), iv).setAutoPadding(false)
  // Filled up to whole blocks with bytes that say how many they are, eight of them where nothing is missing.
  const missing = ivLength - (Buffer.byteLength(nonce) % ivLength)
  const padded = Buffer.concat([Buffer.from(nonce), Buffer.alloc(missing, missing)])
  const sealed = Buffer.concat([cipher.update(padded), cipher.final()])
  const header = Buffer.alloc(headerLength)
  const words = [headerLength, cbc, tripleDes, sha1, ivLength, hashLength, sealed.length]
  words.forEach((word, index) => {
    header.writeUInt32LE(word, index * 4)
  })
  return Buffer.concat([header, iv, hash, sealed]).toString('base64')
}

/** Whether a blob is the one that this secret makes of this nonce, with the IV that stands in it. */
export function isSsoBlob(blob: string, nonce: string, secret: Secret): boolean {
  const given = Buffer.from(blob, 'base64')
  if (given.length < headerLength + ivLength) return false
  const expected = Buffer.from(ssoBlob(nonce, secret, given.subarray(headerLength, headerLength + ivLength)), 'base64')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** A key of 24 bytes for one purpose. */
function derive(key: Uint8Array, magic: string): Buffer {
  const hmac = (...parts: (Uint8Array | string)[]) => {
    const sum = createHmac('sha1', key)
    for (const part of parts) sum.update(part)
    return sum.digest()
  }
  const first = hmac(magic)
  const third = hmac(first)
  return Buffer.concat([hmac(first, magic), hmac(third, magic)]).subarray(0, 24)
}
