// Passwords of accounts as they are kept: argon2id, computed off the event loop.

import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import type { Secret } from '../../core/secret.ts'

const derive = promisify(argon2)
/** 19 MiB, two passes. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const tagLength = 32
const form = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

/** What is kept of a password: algorithm, cost and salt stand in it. */
export async function hashPassword(password: Secret): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await derive('argon2id', { message: password.reveal(), nonce, tagLength, ...cost })
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${unpadded(nonce)}$${unpadded(tag)}`
}

/** Whether a password is the one that was kept. False for a hash that cannot be read. */
export async function isPassword(password: Secret, kept: string): Promise<boolean> {
  const [, memory, passes, parallelism, salt, hash] = form.exec(kept) ?? []
  if (salt === undefined || hash === undefined) return false
  const expected = Buffer.from(hash, 'base64')
  const tag = await derive('argon2id', {
    message: password.reveal(),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  })
  return timingSafeEqual(Buffer.from(tag), expected)
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replace(/=+$/, '')
}
