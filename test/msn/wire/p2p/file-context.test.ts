import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError, ProtocolError } from '../../../../src/msn/wire/errors.ts'
import { type FileContext, readFileContext, writeFileContext } from '../../../../src/msn/wire/p2p/file-context.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { confirmed, u64 } from './values.ts'

const png = Buffer.from('89504e470d0a1a0a0000', 'hex')
const text: FileContext = { version: 2, size: 11, name: 'a.txt' }

describe('a file', () => {
  it.each(confirmed(vectors.fileContexts))('$name', ({ base64, byteLength, decoded, prefix }) => {
    const context: FileContext = { version: 3, size: decoded.fileSize, name: decoded.fileName }
    expect(readFileContext(base64)).toEqual(context)
    const written = writeFileContext(context)
    expect(written).toBe(base64)
    expect(written.startsWith(prefix ?? '?')).toBe(true)
    expect(Buffer.from(written, 'base64')).toHaveLength(byteLength)
    expect(readFileContext(base64.replace(/=+$/, ''))).toEqual(context)
  })

  it('comes back as it was written', () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((any) => !any.includes('\0'))
    const files: fc.Arbitrary<FileContext> = fc.oneof(
      fc.record({ version: fc.constantFrom(2, 3), size: u64, name }),
      fc.record({
        version: fc.constantFrom(2, 3),
        size: u64,
        name,
        preview: fc.uint8Array().map((more) => Buffer.concat([png, more])),
      }),
    )
    fc.assert(
      fc.property(files, (file) => {
        expect(readFileContext(writeFileContext(file))).toEqual(file)
      }),
    )
  })

  it('has its preview found wherever a client put it', () => {
    const bytes = Buffer.from(writeFileContext({ ...text, version: 3 }), 'base64')
    const early = Buffer.concat([bytes.subarray(0, 628), png])
    expect(readFileContext(early.toString('base64')).preview).toEqual(png)
    expect(readFileContext(bytes.subarray(0, 540).toString('base64'))).toEqual({ ...text, version: 3 })
  })

  it('has its name cut, never inside a character', () => {
    const cut = readFileContext(writeFileContext({ ...text, name: `${'a'.repeat(258)}😀` }))
    expect(cut.name).toBe('a'.repeat(258))
    expect(readFileContext(writeFileContext({ ...text, name: 'b'.repeat(400) })).name).toBe('b'.repeat(259))
  })

  it('is read from a name without an end', () => {
    const bytes = Buffer.from(writeFileContext(text), 'base64').fill(0x41, 20, 540)
    expect(readFileContext(bytes.toString('base64')).name).toBe('\u4141'.repeat(260))
  })

  it('is a ProtocolError when cut off or larger than any file', () => {
    const bytes = Buffer.from(writeFileContext(text), 'base64')
    expect(() => readFileContext(bytes.subarray(0, 539).toString('base64'))).toThrow(ProtocolError)
    expect(() => readFileContext('')).toThrow(ProtocolError)
    bytes.fill(0xff, 8, 16)
    expect(() => readFileContext(bytes.toString('base64'))).toThrow(ProtocolError)
  })

  it('is a file or a ProtocolError, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.uint8Array({ minLength: 500, maxLength: 700, size: 'max' })), (some) => {
        try {
          const file = readFileContext(typeof some === 'string' ? some : Buffer.from(some).toString('base64'))
          expect(file.name.length).toBeLessThanOrEqual(260)
          expect(file.name.isWellFormed()).toBe(true)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
    )
  })

  it.each([[{ size: -1 }], [{ size: 0.5 }], [{ name: '' }], [{ name: 'a\0b' }], [{ preview: Buffer.from('GIF89a') }]])(
    'is not written with %j',
    (change) => {
      expect(() => writeFileContext({ ...text, ...change })).toThrow(EncodeError)
    },
  )
})
