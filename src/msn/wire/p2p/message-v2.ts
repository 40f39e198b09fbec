// A chunk of version 2 as a switchboard carries it: headers, data, footer (msnp-p2p.md 11).

import { EncodeError, ProtocolError } from '../errors.ts'
import { type HeaderV2, readHeaderV2, writeHeaderV2 } from './header-v2.ts'
import { bufferOf, fitting } from './integers.ts'

export interface MessageV2 {
  readonly header: HeaderV2
  /** Behind the data header. */
  readonly payload: Uint8Array
  readonly appId: number
}

const footerLength = 4

/**
 * A chunk. The payload shares memory with `bytes`.
 * @throws ProtocolError when something is cut off, or lengths do not agree
 */
export function readMessageV2(bytes: Uint8Array): MessageV2 {
  const { header, length } = readHeaderV2(bytes)
  const transportLength = bytes[0] ?? 0
  const end = transportLength + header.payloadLength
  if (end + footerLength > bytes.length) throw new ProtocolError('bad-length', 'a P2P message is cut off')
  return { header, payload: bytes.subarray(length, end), appId: bufferOf(bytes).readUInt32BE(end) }
}

/**
 * The bytes of a chunk. The header's `payloadLength` is for the caller to set.
 * @throws EncodeError when it is not that of the payload, or a number does not fit its field
 */
export function writeMessageV2({ header, payload, appId }: MessageV2): Buffer {
  const headers = writeHeaderV2(header)
  const transportLength = headers.readUInt8(0)
  if (headers.length - transportLength + payload.length !== header.payloadLength)
    throw new EncodeError('a header announces another payload than there is')
  const footer = Buffer.alloc(footerLength)
  footer.writeUInt32BE(fitting(appId, 32, 'the application'))
  return Buffer.concat([headers, payload, footer])
}
