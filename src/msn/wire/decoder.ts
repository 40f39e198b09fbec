// Bytes in, commands out: the reading half of the one codec, for both directions (msnp-core.md, section 1).
// It is fed and never reads, owns its leftovers, and knows nothing of sessions; what a command means is for others.
//
// Decoding loses nothing of a canonical stream: encoding the commands again gives the same bytes. Not kept of others: a bare LF
// (CRLF is written), blank lines, spaces at the end of a line, leading zeros of a TrID or length, bytes that are not UTF-8 in a line
// (U+FFFD). A payload is kept to the byte.

import type { Command, Speaker } from './command.ts'
import { ProtocolError } from './errors.ts'
import { commandOf, type Line, parseLine } from './line.ts'

export interface DecoderOptions {
  /** Who is speaking on this stream. */
  readonly from: Speaker
  /** Longest line in bytes, its LF not counted. */
  readonly maxLine?: number
  /** Longest payload in bytes. A switchboard takes 1664 from a client (msnp-core.md 1.6). */
  readonly maxPayload?: number
}

const lineFeed = 0x0a
const carriageReturn = 0x0d
const smallestBuffer = 64
const nothing = Buffer.alloc(0)

/** Turns one direction of one connection into commands. */
export class Decoder {
  /** The dialect of the session, once it is known: before VER it is not, and a switchboard has that of its ticket. */
  dialect: number | undefined
  readonly #from: Speaker
  readonly #maxLine: number
  readonly #maxPayload: number
  #buffer: Buffer = nothing
  #filled = 0
  #awaited: { readonly line: Line; readonly lineBytes: number; readonly payloadLength: number } | undefined
  #failure: ProtocolError | undefined

  constructor({ from, maxLine = 8192, maxPayload = 65_536 }: DecoderOptions) {
    this.#from = from
    this.#maxLine = maxLine
    this.#maxPayload = maxPayload
  }

  /** Bytes held for a command that is not complete yet: never more than `maxLine` and `maxPayload` together. */
  get held(): number {
    return this.#buffer.length + (this.#awaited?.lineBytes ?? 0)
  }

  /**
   * The commands that these bytes complete. The chunk is read at once and not kept, nothing in the commands shares memory with
   * it. Where the bytes turn out not to be MSNP, the commands before that place still come, then the iteration throws; from
   * then on the decoder is dead and every push throws the same error.
   * @throws ProtocolError
   */
  push(chunk: Uint8Array): Iterable<Command> {
    if (this.#failure) throw this.#failure
    const commands: Command[] = []
    try {
      this.#read(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength), commands)
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error
      this.#failure = error
      this.#release()
      this.#awaited = undefined
      if (commands.length === 0) throw error
      return thenThrow(commands, error)
    }
    return commands
  }

  #read(chunk: Buffer, commands: Command[]): void {
    let at = 0
    while (at < chunk.length) at = this.#awaited ? this.#readPayload(chunk, at, commands) : this.#readLine(chunk, at, commands)
  }

  #readLine(chunk: Buffer, at: number, commands: Command[]): number {
    const found = chunk.indexOf(lineFeed, at)
    const end = found === -1 ? chunk.length : found
    const lineBytes = this.#filled + end - at
    if (lineBytes > this.#maxLine) throw new ProtocolError('line-too-long', `a line is longer than ${this.#maxLine} bytes`)
    if (found === -1) {
      this.#hold(chunk, at, end, this.#maxLine)
      return end
    }
    let text: string
    if (this.#filled === 0) text = textOf(chunk, at, end)
    else {
      this.#hold(chunk, at, end, this.#maxLine)
      text = textOf(this.#buffer, 0, this.#filled)
      this.#release()
    }
    if (text !== '') this.#begin(text, lineBytes, commands)
    return end + 1
  }

  /** A line is whole: the command is too, unless a payload follows. */
  #begin(text: string, lineBytes: number, commands: Command[]): void {
    const line = parseLine(text, this.#from, this.dialect)
    const { payloadLength } = line
    if (payloadLength === undefined) commands.push(commandOf(line))
    else if (payloadLength === 0) commands.push(commandOf(line, Buffer.alloc(0)))
    else if (payloadLength <= this.#maxPayload) this.#awaited = { line, lineBytes, payloadLength }
    else throw new ProtocolError('payload-too-long', `${line.verb} announces more than ${this.#maxPayload} bytes`)
  }

  #readPayload(chunk: Buffer, at: number, commands: Command[]): number {
    const awaited = this.#awaited
    if (!awaited) return at
    const { line, payloadLength } = awaited
    const end = Math.min(chunk.length, at + payloadLength - this.#filled)
    if (end - at === payloadLength) commands.push(commandOf(line, copyOf(chunk, at, end)))
    else {
      this.#hold(chunk, at, end, payloadLength)
      if (this.#filled < payloadLength) return end
      commands.push(commandOf(line, this.#buffer.subarray(0, payloadLength)))
      this.#release()
    }
    this.#awaited = undefined
    return end
  }

  /** Keeps a piece of the chunk. Space grows with what has arrived, not with what was announced, and by doubling, up to `most`. */
  #hold(chunk: Buffer, start: number, end: number, most: number): void {
    const needed = this.#filled + end - start
    if (needed > this.#buffer.length) {
      const grown = Buffer.allocUnsafeSlow(Math.min(most, Math.max(smallestBuffer, needed, this.#buffer.length * 2)))
      this.#buffer.copy(grown, 0, 0, this.#filled)
      this.#buffer = grown
    }
    chunk.copy(this.#buffer, this.#filled, start, end)
    this.#filled = needed
  }

  #release(): void {
    this.#buffer = nothing
    this.#filled = 0
  }
}

function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start)
  bytes.copy(copy, 0, start, end)
  return copy
}

function textOf(bytes: Buffer, start: number, end: number): string {
  return bytes.toString('utf8', start, end > start && bytes[end - 1] === carriageReturn ? end - 1 : end)
}

function* thenThrow(commands: readonly Command[], error: ProtocolError): Generator<Command, void> {
  yield* commands
  throw error
}
