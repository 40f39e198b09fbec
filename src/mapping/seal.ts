// Credentials are encrypted at rest: AES-256-GCM under one key, each envelope bound to what it is about,
// so that a sealed password moved to another login does not open.

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { link, mkdir, open, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Redis } from 'ioredis'
import { StartError } from '../core/errors.ts'
import { say } from '../core/words.ts'
import type { StorageConfig } from './config.ts'
import type { Keys } from './keys.ts'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const version = 's1'

/** An envelope does not open: another key, another subject, or not what was sealed. */
export class SealBroken extends Error {
  override readonly name = 'SealBroken'

  constructor() {
    super('a sealed record does not open')
  }
}

export class Seal {
  readonly #key: Buffer

  /** Takes 32 bytes. */
  constructor(key: Buffer) {
    if (key.length !== keyBytes) throw new RangeError(`a key has ${keyBytes} bytes, not ${key.length}`)
    this.#key = key
  }

  /** An envelope, `s1.` and base64url of nonce, tag and ciphertext, that opens only for the same `about`. */
  seal(text: string, about: string): string {
    const nonce = randomBytes(nonceBytes)
    const cipher = createCipheriv('aes-256-gcm', this.#key, nonce).setAAD(Buffer.from(about))
    const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return `${version}.${Buffer.concat([nonce, cipher.getAuthTag(), hidden]).toString('base64url')}`
  }

  /** What was sealed. Throws SealBroken. */
  open(envelope: string, about: string): string {
    const [found, body = '', ...rest] = envelope.split('.')
    const bytes = Buffer.from(body, 'base64url')
    if (found !== version || rest.length > 0 || bytes.length < nonceBytes + tagBytes) throw new SealBroken()
    const nonce = bytes.subarray(0, nonceBytes)
    const tag = bytes.subarray(nonceBytes, nonceBytes + tagBytes)
    const decipher = createDecipheriv('aes-256-gcm', this.#key, nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(about)).setAuthTag(tag)
    try {
      return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8')
    } catch {
      throw new SealBroken()
    }
  }
}

/** The seal of this gateway: its key from the config, or from the key file, which is made when there is none. Throws a StartError. */
export async function openSeal({ key, keyFile }: StorageConfig): Promise<Seal> {
  if (key) {
    const bytes = keyIn(key.reveal())
    if (!bytes) throw new StartError(say({ key: 'seal.bad-key' }))
    return new Seal(bytes)
  }
  const text = (await readKeyFile(keyFile)) ?? (await makeKeyFile(keyFile))
  const bytes = keyIn(text.trim())
  if (!bytes) throw new StartError(say({ key: 'seal.bad-key-file', params: { file: keyFile } }))
  return new Seal(bytes)
}

/** Refuses with a StartError a key that is not the one that this Redis was written with. */
export async function checkSeal(redis: Redis, keys: Keys, seal: Seal): Promise<void> {
  await redis.set(keys.seal, seal.seal('sealed', keys.seal), 'NX')
  try {
    seal.open((await redis.get(keys.seal)) ?? '', keys.seal)
  } catch (error) {
    if (error instanceof SealBroken) throw new StartError(say({ key: 'seal.wrong-key' }))
    throw error
  }
}

function keyIn(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined
  return Buffer.from(text, 'base64')
}

async function readKeyFile(file: string): Promise<string | undefined> {
  try {
    await using handle = await open(file, 'r')
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0) throw new StartError(say({ key: 'seal.open-key-file', params: { file } }))
    return await handle.readFile('utf8')
  } catch (error) {
    if (error instanceof StartError) throw error
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new StartError(say({ key: 'seal.unreadable-key-file', params: { file, reason: String(error) } }))
  }
}

/** Makes the key file whole or not at all; when somebody else is faster, theirs counts. */
async function makeKeyFile(file: string): Promise<string> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(draft, `${randomBytes(keyBytes).toString('base64')}\n`, { mode: 0o600, flag: 'wx', flush: true })
    await link(draft, file).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    })
  } catch (error) {
    throw new StartError(say({ key: 'seal.unreadable-key-file', params: { file, reason: String(error) } }))
  } finally {
    await rm(draft, { force: true })
  }
  return (await readKeyFile(file)) ?? ''
}
