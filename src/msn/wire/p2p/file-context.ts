// The file that an INVITE offers, as its Context says it (msnp-p2p.md 9.1).

import { EncodeError, ProtocolError } from '../errors.ts'
import { fitting, readSize } from './integers.ts'

export interface FileContext {
  /** 3 from MSN 7 on, 2 from older and third-party clients, which everybody takes. */
  readonly version: 2 | 3
  /** In bytes; a cap, not a promise. */
  readonly size: number
  /** As the peer wrote it: it may hold a path, and characters that mislead. */
  readonly name: string
  /** A small PNG, unchecked. */
  readonly preview?: Uint8Array
}

const lengths = { 2: 574, 3: 638 } as const
const namePlace = 20
const nameLength = 520
const nameEnd = namePlace + nameLength
const markPlace = 570
const withPreview = 0
const withoutPreview = 1
const pngStart = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

/**
 * Reads a Context. Length, version and type are not believed, because clients disagree on them: the name has its place, and the
 * preview starts where a PNG starts.
 * @throws ProtocolError when it is cut off before the end of the name, or the size is beyond 2^53 - 1
 */
export function readFileContext(context: string): FileContext {
  const bytes = Buffer.from(context, 'base64')
  if (bytes.length < nameEnd) throw new ProtocolError('bad-length', 'the context of a file is cut off')
  const padded = bytes.toString('utf16le', namePlace, nameEnd)
  const end = padded.indexOf('\0')
  const start = bytes.indexOf(pngStart, nameEnd)
  return {
    version: bytes.readUInt32LE(4) === 3 ? 3 : 2,
    size: readSize(bytes, 8, 'the size of a file'),
    name: (end === -1 ? padded : padded.slice(0, end)).toWellFormed(),
    ...(start === -1 ? {} : { preview: bytes.subarray(start) }),
  }
}

/**
 * The Context that offers a file, with its padding. A name of more than 259 units is cut, never inside a character.
 * @throws EncodeError when the size is none, the name is empty or holds a NUL, or the preview is no PNG
 */
export function writeFileContext({ version, size, name, preview }: FileContext): string {
  if (name === '' || name.includes('\0')) throw new EncodeError('the name of a file is empty or holds a NUL')
  if (preview && !pngStart.equals(preview.subarray(0, pngStart.length))) throw new EncodeError('a preview is no PNG')
  const bytes = Buffer.alloc(lengths[version])
  bytes.writeUInt32LE(lengths[version], 0)
  bytes.writeUInt32LE(version, 4)
  bytes.writeBigUInt64LE(BigInt(fitting(size, 64, 'the size of a file')), 8)
  bytes.writeUInt32LE(preview ? withPreview : withoutPreview, 16)
  bytes.write(fittingName(name), namePlace, nameLength - 2, 'utf16le')
  bytes.writeUInt32LE(0xffff_ffff, markPlace)
  return (preview ? Buffer.concat([bytes, preview]) : bytes).toString('base64')
}

function fittingName(name: string): string {
  const most = nameLength / 2 - 1
  const cut = name.toWellFormed().slice(0, most)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}
