// MSNFTP, the file transfer of clients before MSN 6, once they are connected (msnp-p2p.md 18): lines both ways, and from the
// sender blocks after the line that says how long the file is.

import { EncodeError, ProtocolError } from '../errors.ts'
import { FrameDecoder, type Inlet } from './framing.ts'
import { bufferOf } from './integers.ts'

/** line: VER, USR, FIL, TFR, BYE or CCL. end: the sender has no more to say, because all is sent or because they cancel. */
export type MsnftpFrame =
  | { readonly kind: 'line'; readonly verb: string; readonly args: readonly string[] }
  | { readonly kind: 'block'; readonly data: Uint8Array }
  | { readonly kind: 'end' }

/** Bytes in a block that every client takes. */
export const largestBlock = 2045
const longestLine = 512
const headerLength = 3
const mostInBlock = 0xffff
const dataFlag = 0
const endFlag = 1
const lineFeed = 0x0a
const lineShape = /^[A-Z]{3}(?: [^ ]+)* *$/
const verbShape = /^[A-Z]{3}$/
const argShape = /^[^\s\p{Cc}]+$/u

/** Turns one direction of an MSNFTP connection into frames. Holds at most twice a block of 64 KiB. */
export class MsnftpDecoder extends FrameDecoder<MsnftpFrame> {
  readonly #from: 'sender' | 'receiver'
  #inBlocks = false

  /** `from`: of the file. */
  constructor(from: 'sender' | 'receiver') {
    super()
    this.#from = from
  }

  protected next(inlet: Inlet): MsnftpFrame | undefined {
    return this.#inBlocks ? nextBlock(inlet) : this.#nextLine(inlet)
  }

  #nextLine(inlet: Inlet): MsnftpFrame | undefined {
    const end = inlet.peek().subarray(0, longestLine).indexOf(lineFeed)
    if (end === -1) {
      if (inlet.length >= longestLine) throw new ProtocolError('line-too-long', `a line is longer than ${longestLine} bytes`)
      return undefined
    }
    const line = inlet
      .take(end + 1)
      .toString('utf8')
      .replace(/\r?\n$/, '')
    if (!lineShape.test(line)) throw new ProtocolError('bad-line', 'a line does not start with a verb')
    const [verb = '', ...args] = line.trimEnd().split(' ')
    this.#inBlocks = this.#from === 'sender' && verb === 'FIL'
    return { kind: 'line', verb, args }
  }
}

/**
 * A frame as bytes.
 * @throws EncodeError when a word cannot stand on a line, the line is longer than 512 bytes, or a block empty or too long
 */
export function writeMsnftp(frame: MsnftpFrame): Buffer {
  switch (frame.kind) {
    case 'line':
      return writeLine(frame.verb, frame.args)
    case 'block':
      return writeBlock(frame.data)
    case 'end':
      return Buffer.of(endFlag, 0, 0)
  }
}

function nextBlock(inlet: Inlet): MsnftpFrame | undefined {
  if (inlet.length < headerLength) return undefined
  const header = bufferOf(inlet.peek())
  const flag = header[0]
  const length = header.readUInt16LE(1)
  if (flag !== dataFlag && flag !== endFlag) throw new ProtocolError('bad-line', 'a block is neither data nor the end')
  if (inlet.length < headerLength + length) return undefined
  const data = inlet.take(length, headerLength)
  return flag === endFlag ? { kind: 'end' } : { kind: 'block', data }
}

function writeLine(verb: string, args: readonly string[]): Buffer {
  if (!verbShape.test(verb)) throw new EncodeError('a verb is not three capital letters')
  if (!args.every((arg) => argShape.test(arg) && arg.isWellFormed()))
    throw new EncodeError(`an argument of ${verb} is empty or holds a space`)
  const line = Buffer.from(`${[verb, ...args].join(' ')}\r\n`)
  if (line.length > longestLine) throw new EncodeError(`a line is longer than ${longestLine} bytes`)
  return line
}

function writeBlock(data: Uint8Array): Buffer {
  if (data.length === 0 || data.length > mostInBlock) throw new EncodeError('a block is empty or longer than 64 KiB')
  const header = Buffer.of(dataFlag, 0, 0)
  header.writeUInt16LE(data.length, 1)
  return Buffer.concat([header, data])
}
