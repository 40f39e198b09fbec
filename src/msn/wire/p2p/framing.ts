// Streams of frames over TCP, cut anywhere: what direct connections and MSNFTP share.

import { ProtocolError } from '../errors.ts'
import { bufferOf } from './integers.ts'

const nothing = Buffer.alloc(0)

/** The bytes that have come and are not yet read. */
export class Inlet {
  #bytes: Buffer = nothing
  #start = 0
  #end = 0

  /** Bytes that can be read. */
  get length(): number {
    return this.#end - this.#start
  }

  /** Bytes of memory. */
  get held(): number {
    return this.#bytes.length
  }

  /** Copies a chunk behind what is there. */
  add(chunk: Uint8Array): void {
    const needed = this.length + chunk.length
    if (this.#end + chunk.length > this.#bytes.length) {
      const wider = needed > this.#bytes.length ? Buffer.allocUnsafeSlow(Math.max(needed, this.length * 2)) : this.#bytes
      this.#bytes.copy(wider, 0, this.#start, this.#end)
      this.#bytes = wider
      this.#end -= this.#start
      this.#start = 0
    }
    this.#bytes.set(chunk, this.#end)
    this.#end += chunk.length
  }

  /** What can be read, without taking it; good until the next call. */
  peek(): Buffer {
    return this.#bytes.subarray(this.#start, this.#end)
  }

  /** Takes that many bytes, as a copy, after passing over some. */
  take(length: number, passed = 0): Buffer {
    const taken = Buffer.from(this.peek().subarray(passed, passed + length))
    this.#start += passed + length
    return taken
  }

  /** Gives back memory that is not needed for what is left. */
  settle(): void {
    if (this.length === 0) this.clear()
    else if (this.#bytes.length > this.length * 2) {
      this.#bytes = Buffer.from(this.peek())
      this.#start = 0
      this.#end = this.#bytes.length
    }
  }

  clear(): void {
    this.#bytes = nothing
    this.#start = 0
    this.#end = 0
  }
}

/** Turns one direction of one connection into frames. */
export abstract class FrameDecoder<Frame> {
  readonly #inlet = new Inlet()
  #failure: ProtocolError | undefined

  /** Bytes held for a frame that is not complete yet. */
  get held(): number {
    return this.#inlet.held
  }

  /**
   * The frames that these bytes complete. Where the bytes turn out to be none, the frames before that place still come, then the
   * iteration throws; from then on the decoder is dead and every push throws the same error.
   * @throws ProtocolError
   */
  push(chunk: Uint8Array): Iterable<Frame> {
    if (this.#failure) throw this.#failure
    this.#inlet.add(bufferOf(chunk))
    const frames: Frame[] = []
    try {
      for (let frame = this.next(this.#inlet); frame !== undefined; frame = this.next(this.#inlet)) frames.push(frame)
      this.#inlet.settle()
    } catch (error) {
      this.#inlet.clear()
      if (!(error instanceof ProtocolError)) throw error
      this.#failure = error
      return thenThrow(frames, error)
    }
    return frames
  }

  /** Takes the next frame; undefined while it is not complete. */
  protected abstract next(inlet: Inlet): Frame | undefined
}

function* thenThrow<Frame>(frames: readonly Frame[], error: ProtocolError): Generator<Frame, void> {
  yield* frames
  throw error
}
