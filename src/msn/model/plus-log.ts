// The encrypted logs of Messenger Plus!, `.ple` (msnp-services.md C4). What is in them is HTML or text, for others to read.

import { createHash } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'
import { ProtocolError } from '../wire/errors.ts'

const start = Buffer.from('\x10\x01MPLE1<<\0', 'latin1')
const check = 'PasswordCheck'
const headerLength = start.length + 8 + check.length
const blockMark = Buffer.from('e9ffa300', 'hex')
const blockHeader = blockMark.length + 4

/**
 * The blocks of a log in plain; undefined when the password is not the one. A block that is cut off, as after a crash, gives what
 * is there of it. Never longer than the log.
 * @throws ProtocolError when it is no such log, or a block does not start where it should
 */
export function openPlusLog(log: Uint8Array, password: Secret): Buffer[] | undefined {
  const bytes = Buffer.from(log.buffer, log.byteOffset, log.byteLength)
  if (bytes.length < headerLength || !bytes.subarray(0, start.length).equals(start))
    throw new ProtocolError('bad-line', 'the start of a Messenger Plus! log is not there')
  const key = keyOf(password, bytes.readUInt32LE(start.length) === 1)
  if (arcFour(key, bytes.subarray(headerLength - check.length, headerLength)).toString('latin1') !== check) return undefined
  const blocks: Buffer[] = []
  for (let at = headerLength; at + blockHeader <= bytes.length; ) {
    if (!bytes.subarray(at, at + blockMark.length).equals(blockMark))
      throw new ProtocolError('bad-line', 'a block of a Messenger Plus! log has no mark')
    const end = at + blockHeader + bytes.readUInt32LE(at + blockMark.length)
    blocks.push(arcFour(key, bytes.subarray(at + blockHeader, end)))
    at = end
  }
  return blocks
}

/** A log of these blocks. `inUnits`: the password counts as units of UTF-16, as newer versions have it, not as bytes. */
export function sealPlusLog(blocks: readonly Uint8Array[], password: Secret, inUnits = true): Buffer {
  const key = keyOf(password, inUnits)
  const parts = [start, word(inUnits ? 1 : 0), word(check.length), arcFour(key, Buffer.from(check, 'latin1'))]
  for (const block of blocks) parts.push(blockMark, word(block.length), arcFour(key, block))
  return Buffer.concat(parts)
}

/** MD5 of the password, each unit added to the next, the last to the first; a sum of 0 becomes 0x73. */
function keyOf(password: Secret, inUnits: boolean): Buffer {
  const plain = password.reveal()
  const size = inUnits ? 2 : 1
  const bytes = Buffer.from(plain, inUnits ? 'utf16le' : 'latin1')
  const mixed = Buffer.alloc(bytes.length)
  for (let at = 0; at < bytes.length; at += size) {
    const sum = bytes.readUIntLE(at, size) + bytes.readUIntLE((at + size) % bytes.length, size)
    mixed.writeUIntLE(sum % 2 ** (8 * size) || 0x73, at, size)
  }
  return createHash('md5').update(mixed).digest()
}

/** RC4, which no longer comes with Node; the same opens and seals. */
function arcFour(key: Uint8Array, data: Uint8Array): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index)
  const swap = (left: number, right: number) => {
    const kept = state[left] ?? 0
    state[left] = state[right] ?? 0
    state[right] = kept
  }
  for (let at = 0, other = 0; at < 256; at++) {
    other = (other + (state[at] ?? 0) + (key[at % key.length] ?? 0)) & 0xff
    swap(at, other)
  }
  const result = Buffer.alloc(data.length)
  for (let place = 0, at = 0, other = 0; place < data.length; place++) {
    at = (at + 1) & 0xff
    other = (other + (state[at] ?? 0)) & 0xff
    swap(at, other)
    result[place] = (data[place] ?? 0) ^ (state[((state[at] ?? 0) + (state[other] ?? 0)) & 0xff] ?? 0)
  }
  return result
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
