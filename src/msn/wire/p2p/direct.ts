// A direct TCP connection between two clients: frames of a length and a body (msnp-p2p.md 10).

import { EncodeError, ProtocolError } from '../errors.ts'
import { FrameDecoder, type Inlet } from './framing.ts'

const lengthBytes = 4
/** Longest frame either way, in bytes; clients send up to 8 kB. */
const longestFrame = 16 * 1024

/** The body of the first frame, from the side that connects. Then come a handshake, and messages without footer. */
export const directGreeting: Uint8Array = Buffer.from('foo\0')

/** Turns one direction of a direct connection into the bodies of its frames. Holds at most twice a frame. */
export class DirectDecoder extends FrameDecoder<Buffer> {
  protected next(inlet: Inlet): Buffer | undefined {
    if (inlet.length < lengthBytes) return undefined
    const length = inlet.peek().readUInt32LE(0)
    if (length > longestFrame) throw new ProtocolError('payload-too-long', `a frame announces more than ${longestFrame} bytes`)
    return inlet.length < lengthBytes + length ? undefined : inlet.take(length, lengthBytes)
  }
}

/**
 * A frame.
 * @throws EncodeError when the body is longer than 16 KiB
 */
export function writeDirectFrame(body: Uint8Array): Buffer {
  if (body.length > longestFrame) throw new EncodeError(`a frame has more than ${longestFrame} bytes`)
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32LE(body.length)
  return Buffer.concat([length, body])
}
