import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '../../src/core/errors.ts'
import { Secret } from '../../src/core/secret.ts'
import { openSeal, Seal, SealBroken } from '../../src/mapping/seal.ts'

const seal = new Seal(Buffer.alloc(32, 7))

describe('a seal', () => {
  it('opens what it sealed, for the same subject', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, about) => {
        expect(seal.open(seal.seal(text, about), about)).toBe(text)
      }),
    )
  })

  it('never gives the same envelope twice, and shows nothing of what is in it', () => {
    const envelopes = Array.from({ length: 50 }, () => seal.seal('wherefore', 'login'))
    expect(new Set(envelopes).size).toBe(50)
    for (const envelope of envelopes) expect(Buffer.from(envelope.slice(3), 'base64url').includes('wherefore')).toBe(false)
  })

  it('does not open for another login', () => {
    expect(() => seal.open(seal.seal('wherefore', 'romeo'), 'mercutio')).toThrow(SealBroken)
  })

  it('does not open with another key', () => {
    const other = new Seal(Buffer.alloc(32, 8))
    expect(() => other.open(seal.seal('wherefore', 'login'), 'login')).toThrow(SealBroken)
  })

  it('does not open when any one bit was changed', () => {
    const envelope = seal.seal('wherefore', 'login')
    const bytes = Buffer.from(envelope.slice(3), 'base64url')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(() => seal.open(`s1.${changed.toString('base64url')}`, 'login')).toThrow(SealBroken)
    }
  })

  it('does not open when it was cut short, made longer, or is no envelope at all', () => {
    const envelope = seal.seal('wherefore', 'login')
    for (let length = 0; length < envelope.length; length++)
      expect(() => seal.open(envelope.slice(0, length), 'login')).toThrow(SealBroken)
    for (const text of [`${envelope}AAAA`, `${envelope}.x`, envelope.replace('s1.', 's2.'), 'wherefore', '', '..'])
      expect(() => seal.open(text, 'login')).toThrow(SealBroken)
  })
})

describe('the key', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nudge-key-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const key = Buffer.alloc(32, 7).toString('base64')

  it('comes from the config when it is set', async () => {
    const opened = await openSeal({ key: new Secret(key), keyFile: join(folder, 'unused') })
    expect(opened.open(seal.seal('wherefore', 'login'), 'login')).toBe('wherefore')
    await expect(stat(join(folder, 'unused'))).rejects.toThrow('ENOENT')
  })

  it('is made in a file that nobody else can read, and is the same the next time', async () => {
    const keyFile = join(folder, 'deep', 'key')
    const first = await openSeal({ keyFile })
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600)
    const second = await openSeal({ keyFile })
    expect(second.open(first.seal('wherefore', 'login'), 'login')).toBe('wherefore')
  })

  it('is one key when two processes make it at the same time', async () => {
    const keyFile = join(folder, 'key')
    const [one, other] = await Promise.all([openSeal({ keyFile }), openSeal({ keyFile })])
    expect(other?.open(one?.seal('wherefore', 'login') ?? '', 'login')).toBe('wherefore')
  })

  it('is refused when it is not 32 bytes in base64, without being shown', async () => {
    const wrong = 'c2hvcnQ='
    const refusal = await openSeal({ key: new Secret(wrong), keyFile: 'unused' }).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(StartError)
    expect(String(refusal)).not.toContain(wrong)
    await writeFile(join(folder, 'key'), wrong, { mode: 0o600 })
    const fromFile = await openSeal({ keyFile: join(folder, 'key') }).catch((error: unknown) => error)
    expect(fromFile).toBeInstanceOf(StartError)
    expect(String(fromFile)).not.toContain(wrong)
  })

  it('is refused when others can read its file', async () => {
    const keyFile = join(folder, 'key')
    await openSeal({ keyFile })
    await chmod(keyFile, 0o640)
    await expect(openSeal({ keyFile })).rejects.toThrow(`chmod 600 ${keyFile}`)
    expect(await readFile(keyFile, 'utf8')).toHaveLength(45)
  })
})
