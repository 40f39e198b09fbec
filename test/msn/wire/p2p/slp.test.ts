import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError, ProtocolError } from '../../../../src/msn/wire/errors.ts'
import { headerOf } from '../../../../src/msn/wire/mime.ts'
import {
  readObjectContext,
  readSessionOffer,
  sessionField,
  sessionPurposes,
  writeObjectContext,
  writeSessionOffer,
} from '../../../../src/msn/wire/p2p/session-body.ts'
import {
  readSlp,
  type SlpAnswer,
  type SlpRequest,
  sessionIdOf,
  slpAnswer,
  slpAnswers,
  slpTypes,
  writeSlp,
} from '../../../../src/msn/wire/p2p/slp.ts'
import {
  declineTransport,
  readTransportAnswer,
  readTransportOffer,
  writeTransportAnswer,
  writeTransportOffer,
} from '../../../../src/msn/wire/p2p/transport-body.ts'
import vectors from '../../../vectors/p2p.json' with { type: 'json' }
import { confirmed, guid, handle, line, u32 } from './values.ts'

const invite: SlpRequest = {
  method: 'INVITE',
  to: { handle: 't2h@hotmail.com' },
  from: { handle: 't1h@hotmail.com' },
  branch: '{CDE28DAF-B67C-4B2D-8186-D3F46EEF0916}',
  cseq: 0,
  callId: '{F87327A8-741F-4FEF-AB63-45D06F51A0C2}',
  contentType: slpTypes.session,
  fields: [],
}

const messages = confirmed(vectors.slpMessages)

describe('messages', () => {
  it.each(messages.filter(({ text }) => text))('$name', ({ text = '', contentLength, total }) => {
    const bytes = Buffer.from(text)
    expect(bytes).toHaveLength(total ?? 0)
    const message = readSlp(bytes)
    expect(writeSlp(message).toString()).toBe(text)
    expect(text).toContain(`\r\nContent-Length: ${contentLength}\r\n`)
    expect(readSlp(bytes.subarray(0, -1))).toEqual(message)
  })

  it.each(messages.filter(({ contextLength }) => contextLength))('$name', (vector) => {
    const sessionId = Number('180646677'.slice(0, vector.sessionIdDigits))
    const context = 'A'.repeat(vector.contextLength ?? 0)
    const offer = { purpose: sessionPurposes.file, sessionId, appId: 2, context }
    const bytes = writeSlp({ ...invite, fields: writeSessionOffer(offer) })
    expect(bytes.toString()).toContain(`\r\nContent-Length: ${vector.contentLength}\r\n`)
    if (vector.total !== undefined) expect(bytes).toHaveLength(vector.total)
    const read = readSlp(bytes)
    expect(readSessionOffer(read.fields)).toEqual(offer)
    expect(sessionIdOf(read)).toBe(sessionId)
  })

  it('decline an offer as a real client did', () => {
    const declined = messages.find(({ name }) => name.startsWith('603'))
    const answer = slpAnswer(invite, slpAnswers.declined, slpTypes.session, sessionField(180_646_677))
    expect(writeSlp(answer).toString()).toBe(declined?.text)
  })

  it('come back as they were written', () => {
    const address = fc.oneof(fc.record({ handle }), fc.record({ handle, endpoint: guid }))
    const fields = fc.array(fc.tuple(fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,12}$/), line), { maxLength: 5 })
    const rest = { to: address, from: address, cseq: u32, callId: guid, contentType: fc.constantFrom(...Object.values(slpTypes)) }
    const start = fc.oneof(
      fc.record({ method: fc.constantFrom('INVITE', 'BYE', 'ACK') }),
      fc.record({ status: fc.integer({ min: 100, max: 999 }), phrase: line }),
    )
    const via = fc.oneof(fc.constant({}), fc.record({ branch: guid }))
    fc.assert(
      fc.property(start, via, fc.record({ ...rest, fields }), (first, second, third) => {
        const message: SlpRequest | SlpAnswer = { ...first, ...second, ...third }
        expect(readSlp(writeSlp(message))).toEqual(message)
      }),
    )
  })

  it('are read from clients that write less space, wrong lengths and their own address', () => {
    const text =
      'BYE MSNMSGR:alice@example.com MSNSLP/1.0\r\nTo:<msnmsgr:bob@example.net;{1}>\r\nFrom: <msnmsgr:alice@example.com>\r\n' +
      'Via: MSNSLP/1.0/TLP;branch={A0}\r\nCSeq: 0\r\nCall-ID: {1}\r\nContent-Length: 999\r\n\r\nContext: dAMAgQ=='
    expect(readSlp(Buffer.from(text))).toEqual({
      ...{ method: 'BYE', to: { handle: 'bob@example.net', endpoint: '{1}' }, from: { handle: 'alice@example.com' } },
      ...{ branch: '{A0}', cseq: 0, callId: '{1}', contentType: '', fields: [['Context', 'dAMAgQ==']] },
    })
  })

  it('are a ProtocolError when the start, an address or the call is missing, or 64 KiB are exceeded', () => {
    const whole = writeSlp(invite).toString()
    for (const part of ['INVITE MSNMSGR', 'To: <msnmsgr:', 'From: <', 'Call-ID: '])
      expect(() => readSlp(Buffer.from(whole.replace(part, 'X'))), part).toThrow(ProtocolError)
    expect(() => readSlp(new Uint8Array())).toThrow(ProtocolError)
    expect(() => readSlp(Buffer.concat([Buffer.from(whole), Buffer.alloc(65_536)]))).toThrow(ProtocolError)
  })

  it('give a message or a ProtocolError for any bytes', () => {
    const lines = [
      ...['INVITE MSNMSGR:b@c MSNSLP/1.0', 'MSNSLP/1.0 200 OK', 'MSNSLP/1.0 200', 'To: <msnmsgr:b@c>', 'From: <msnmsgr:;>'],
      ...['Call-ID: x', 'Call-ID:', 'CSeq: 99999999999', 'Via: ;branch=', '', '\0', 'From: <msnmsgr:a>'],
    ]
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.array(fc.constantFrom(...lines), { maxLength: 12, size: 'max' }).map((some) => Buffer.from(some.join('\r\n'))),
    )
    const mutated = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })).map(([at, byte]) => {
      const message = writeSlp(invite)
      message[at % message.length] = byte
      return message
    })
    fc.assert(
      fc.property(fc.oneof(bytes, mutated), (some) => {
        try {
          const { fields, callId } = readSlp(some)
          expect(callId).not.toBe('')
          expect(fields.length).toBeLessThanOrEqual(some.length)
          readSessionOffer(fields)
          readTransportOffer(fields)
          readTransportAnswer(fields)
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    [{ method: 'in vite' }],
    [{ to: { handle: 'a>b' } }],
    [{ callId: 'x\r\nX: 1' }],
    [{ branch: 'x\r\nX: 1' }],
    [{ fields: [['Context', 'a\r\nb']] as const }],
  ])('are not written with %j', (change) => {
    expect(() => writeSlp({ ...invite, ...change })).toThrow(EncodeError)
  })

  it.each([
    [99, 'OK'],
    [1000, 'OK'],
    [200, 'OK\r\nX: 1'],
  ])('are not written with the status %i %j', (status, phrase) => {
    expect(() => writeSlp(slpAnswer(invite, { status, phrase }, slpTypes.failure, []))).toThrow(EncodeError)
  })
})

describe('offers of sessions', () => {
  it('are read with a purpose in any case and without a context, and not when incomplete', () => {
    const fields = [
      ['EUF-GUID', sessionPurposes.object.toLowerCase()],
      ['SessionID', '5'],
      ['AppID', '1'],
    ] as const
    expect(readSessionOffer(fields)).toEqual({ purpose: sessionPurposes.object, sessionId: 5, appId: 1 })
    for (const [name] of fields) expect(readSessionOffer(fields.filter((field) => field[0] !== name))).toBeUndefined()
    for (const wrong of ['-1', '4294967296', 'x', ''])
      expect(readSessionOffer([fields[0], ['SessionID', wrong], fields[2]]), wrong).toBeUndefined()
  })

  it('come back as they were written', () => {
    const offer = { purpose: guid, sessionId: u32, appId: u32 }
    const offers = fc.oneof(fc.record(offer), fc.record({ ...offer, context: fc.base64String() }))
    fc.assert(
      fc.property(offers, (any) => {
        expect(readSessionOffer(writeSessionOffer(any))).toEqual(any)
      }),
    )
    expect(() => sessionField(-1)).toThrow(EncodeError)
  })

  it('name an object with a NUL behind it or without, padded or not', () => {
    const object = '<msnobj Creator="juliet@example.com" Location="café"/>'
    const context = writeObjectContext(object)
    expect(Buffer.from(context, 'base64').at(-1)).toBe(0)
    for (const written of [context, context.replace(/=+$/, ''), Buffer.from(object).toString('base64')])
      expect(readObjectContext(written)).toBe(object)
  })
})

describe('offers of direct connections', () => {
  it.each(messages.filter(({ name }) => name.startsWith('transreqbody')))('$name', ({ text = '' }) => {
    const { fields } = readSlp(Buffer.from(text))
    const offer = readTransportOffer(fields)
    expect(offer).toMatchObject({ bridges: ['TRUDPv1', 'TCPv1'], netId: -873_796_291, connection: 'IP-Restrict-NAT' })
    expect(offer).toMatchObject({ hasUpnp: false, hasFirewall: false })
    expect(offer.hashedNonce).toBe(headerOf(fields, 'Hashed-Nonce'))
    expect(writeTransportOffer(offer)).toEqual(fields)
  })

  it('come back as they were written, as their answers do', () => {
    const nonces = fc.oneof(fc.constant({}), fc.record({ nonce: guid }), fc.record({ hashedNonce: guid }))
    const bridge = fc.constantFrom('TCPv1', 'TRUDPv1', 'SBBridge', 'TURNv1')
    const bools = { hasUpnp: fc.boolean(), hasFirewall: fc.boolean() }
    const offers = fc.record({
      ...{ bridges: fc.array(bridge, { maxLength: 4 }), netId: fc.integer(), connection: fc.constantFrom('Firewall', '') },
      ...bools,
    })
    fc.assert(
      fc.property(offers, bridge, fc.boolean(), nonces, (offer, over, isListening, nonce) => {
        expect(readTransportOffer(writeTransportOffer({ ...offer, ...nonce }))).toEqual({ ...offer, ...nonce })
        const answer = { bridge: over, isListening, ...nonce }
        expect(readTransportAnswer(writeTransportAnswer(answer))).toEqual(answer)
      }),
    )
  })

  it('are declined with a nonce of zeros, hashed when the offer was', () => {
    const offer = readTransportOffer([])
    const zeros = '{00000000-0000-0000-0000-000000000000}'
    expect(writeTransportAnswer(declineTransport(offer))).toEqual([
      ['Bridge', 'TCPv1'],
      ['Listening', 'false'],
      ['Nonce', zeros],
    ])
    expect(writeTransportAnswer(declineTransport({ ...offer, hashedNonce: zeros })).at(-1)).toEqual(['Hashed-Nonce', zeros])
  })
})
