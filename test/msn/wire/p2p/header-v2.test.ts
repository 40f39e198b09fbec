import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError, ProtocolError } from '../../../../src/msn/wire/errors.ts'
import {
  type FieldV2,
  type HeaderV2,
  nextSequence,
  operationsV2,
  readHeaderV2,
  writeHeaderV2,
} from '../../../../src/msn/wire/p2p/header-v2.ts'
import { readMessageV2, writeMessageV2 } from '../../../../src/msn/wire/p2p/message-v2.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { confirmed, hex, u16, u32, u64 } from './values.ts'

const captures = confirmed(vectors.p2pV2)

describe('captured headers', () => {
  it.each(captures)('$name', ({ hex: bytes, decoded, bodyHex }) => {
    const { header, length } = readHeaderV2(hex(bytes))
    const { operation, payloadLength, sequence } = header
    expect({ operation, payloadLength, sequence }).toEqual({
      operation: decoded.opCode,
      payloadLength: decoded.payloadLength,
      sequence: decoded.sequence,
    })
    expect(header.fields).toEqual(decoded.tlvs.map(fieldOf))
    expect(header.data && { transfer: header.data.transfer, sessionId: header.data.sessionId }).toEqual(
      decoded.data && { transfer: decoded.data.tf, sessionId: decoded.data.sessionId },
    )
    expect(header.data?.packageNumber).toBe(decoded.data?.packageNumber)
    expect(length).toBe(decoded.headerLength + (decoded.data?.headerLength ?? 0))
    expect(writeHeaderV2(header).toString('hex')).toBe(bytes.slice(0, length * 2))
    expect(bytes.slice(length * 2)).toBe(bodyHex ?? '')
  })

  it('acknowledge each other by the sequence behind them', () => {
    const found = (name: string) => readHeaderV2(hex(captures.find((capture) => capture.name === name)?.hex ?? '')).header
    const second = found('second INVITE, SYN|RAK')
    const ack = found('ACK of the second INVITE, itself SYN|RAK')
    const ackOfAck = found('ACK of that ACK')
    expect(ack.operation).toBe(operationsV2.syn | operationsV2.rak)
    expect(ack.fields[0]).toEqual({ kind: 'ack', sequence: nextSequence(second) })
    expect(ackOfAck.fields[0]).toEqual({ kind: 'ack', sequence: nextSequence(ack) })
    expect(ackOfAck.sequence).toBe(nextSequence(second))
    const ackOfEmpty = found('ACK of the empty RAK')
    expect(ackOfEmpty.fields[0]).toEqual({ kind: 'ack', sequence: nextSequence(found('empty RAK')) })
    expect(ackOfEmpty.sequence).toBe(nextSequence(found('INVITE, SYN|RAK (data header shown, MSNSLP text left out)')))
  })

  it('carry a preparation in a whole message', () => {
    const preparation = captures.find(({ name }) => name === 'data preparation')?.hex ?? ''
    const message = readMessageV2(hex(`${preparation}0000000c`))
    expect(message).toMatchObject({ payload: Buffer.alloc(4), appId: 12 })
    expect(writeMessageV2(message).toString('hex')).toBe(`${preparation}0000000c`)
    expect(() => readMessageV2(hex(preparation))).toThrow(ProtocolError)
  })
})

describe('any header', () => {
  const word = fc.record({ protocol: u16, implementation: u16, version: u16, reserved: u16, capabilities: u32 })
  const sequence = fc.record({ kind: fc.constantFrom('ack' as const, 'nak' as const), sequence: u32 })
  const other = fc.record({
    kind: fc.constant('other' as const),
    type: fc.integer({ min: 4, max: 255 }),
    value: fc.uint8Array({ maxLength: 20 }).map((value) => Buffer.from(value)),
  })
  const transportField: fc.Arbitrary<FieldV2> = fc.oneof(
    word.map((info) => ({ kind: 'peer-info' as const, info })),
    sequence,
    other,
  )
  const dataField: fc.Arbitrary<FieldV2> = fc.oneof(
    u64.map((bytes) => ({ kind: 'remaining' as const, bytes })),
    other,
  )
  const fields = (field: fc.Arbitrary<FieldV2>) => fc.array(field, { maxLength: 4 })
  const start = fc.record({ operation: fc.nat(255), sequence: u32, fields: fields(transportField) })
  const data = fc.record({ transfer: fc.nat(255), packageNumber: u16, sessionId: u32, fields: fields(dataField) })

  it('comes back as it was written, with its message', () => {
    fc.assert(
      fc.property(start, fc.option(data, { nil: undefined }), fc.uint8Array(), u32, (first, second, bytes, appId) => {
        const dataLength = second ? writeHeaderV2({ ...empty, payloadLength: 60_000, data: second }).length - 8 : 0
        const payload = Buffer.from(second ? bytes : [])
        const header: HeaderV2 = { ...first, payloadLength: dataLength + payload.length, ...(second ? { data: second } : {}) }
        expect(readHeaderV2(writeHeaderV2(header)).header).toEqual(header)
        expect(readMessageV2(writeMessageV2({ header, payload, appId }))).toEqual({ header, payload, appId })
      }),
    )
  })

  it('is one that can be written, or a ProtocolError, whatever the bytes', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      fc.uint8Array({ minLength: 40, maxLength: 60 }).map((some) => {
        some[0] = 8 + ((some[0] ?? 0) % 4) * 4
        some[some[0]] = 8 + ((some[1] ?? 0) % 3) * 4
        return some
      }),
    )
    fc.assert(
      fc.property(bytes, (some) => {
        try {
          const { header } = readHeaderV2(some)
          const again = writeHeaderV2({ ...header, payloadLength: header.data ? 65_535 : 0 })
          expect(readHeaderV2(again).header).toEqual({ ...header, payloadLength: header.data ? 65_535 : 0 })
          readMessageV2(some)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('has a sequence that starts again behind its end', () => {
    expect(nextSequence({ ...empty, sequence: 0xffff_ffff, payloadLength: 3 })).toBe(2)
  })

  it.each<[string, Partial<HeaderV2>]>([
    ['a payload without its header', { payloadLength: 8 }],
    ['a data header without payload', { data: { transfer: 1, packageNumber: 0, sessionId: 0, fields: [] } }],
    ['an operation of two bytes', { operation: 256 }],
    ['what remains in the wrong header', { fields: [{ kind: 'remaining', bytes: 1 }] }],
    ['a field that is padding', { fields: [{ kind: 'other', type: 0, value: Buffer.alloc(1) }] }],
    ['more fields than fit', { fields: [{ kind: 'other', type: 9, value: Buffer.alloc(250) }] }],
  ])('is not written with %s', (_, change) => {
    expect(() => writeHeaderV2({ ...empty, ...change })).toThrow(EncodeError)
  })

  it('is not written before another payload than it announces', () => {
    const second = { transfer: 1, packageNumber: 0, sessionId: 0, fields: [] }
    const header = { ...empty, payloadLength: 12, data: second }
    expect(() => writeMessageV2({ header, payload: Buffer.alloc(5), appId: 0 })).toThrow(EncodeError)
  })

  it.each(['', '07020000', '0900000000000000000000', '0c00000000000000', '0800000400000000', '0c0000000000000001ff0000'])(
    'is not read from %s',
    (bytes) => {
      expect(() => readHeaderV2(hex(bytes))).toThrow(ProtocolError)
    },
  )
})

const empty: HeaderV2 = { operation: 0, payloadLength: 0, sequence: 0, fields: [] }

interface Tlv {
  readonly type: number
  readonly sequence?: number
  readonly peerInfo?: {
    readonly protocolVersion: number
    readonly implementationId: number
    readonly version: number
    readonly reserved: number
    readonly capabilities: number
  }
}

function fieldOf({ peerInfo, sequence }: Tlv): FieldV2 {
  if (!peerInfo) return { kind: 'ack', sequence: sequence ?? -1 }
  const { protocolVersion: protocol, implementationId: implementation, version, reserved, capabilities } = peerInfo
  return { kind: 'peer-info', info: { protocol, implementation, version, reserved, capabilities } }
}
