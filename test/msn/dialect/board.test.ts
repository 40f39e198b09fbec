import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  bare,
  readBoardTicket,
  readJoined,
  readLeft,
  readRing,
  readRollCall,
  readSaid,
  readTransfer,
  writeBoardTicket,
  writeJoined,
  writeLeft,
  writeRing,
  writeRollCall,
  writeSaid,
} from '../../../src/msn/dialect/board.ts'
import { Decoder } from '../../../src/msn/wire/decoder.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { clientId, dialect, handle, name, token, trId } from './values.ts'

const address = fc.constantFrom('127.0.0.1:1864', '[::1]:1864', 'sb.example.org:1864')

describe('in every dialect', () => {
  test('a ticket and a ring are read as they were written', () => {
    fc.assert(
      fc.property(dialect, trId, address, token, fc.nat(), handle, name, (version, id, place, ticket, session, who, called) => {
        expect(readBoardTicket(writeBoardTicket(version, id, { address: place, ticket }))).toEqual({ address: place, ticket })
        const ring = { session: String(session), address: place, ticket, handle: who, name: called }
        expect(readRing(writeRing(version, ring))).toEqual(ring)
      }),
    )
  })

  test('a participant is read as they were written; capabilities from MSNP12 on', () => {
    fc.assert(
      fc.property(dialect, trId, handle, name, clientId, (version, id, who, called, caps) => {
        const participant = { handle: who, name: called, clientId: caps }
        const expected = {
          handle: who,
          name: called,
          ...(version < 12 ? {} : { clientId: version < 16 ? { flags: caps.flags } : caps }),
        }
        expect(readJoined(writeJoined(version, participant))).toEqual(expected)
        const line = writeRollCall(version, id, { ...participant, index: 2, count: 3 })
        expect(readRollCall(line)).toEqual({ ...expected, index: 2, count: 3 })
      }),
    )
  })
})

test('a message keeps its bytes, and its receipt where it has one', () => {
  fc.assert(
    fc.property(handle, name, fc.uint8Array(), fc.option(fc.nat(), { nil: undefined }), (who, called, payload, receipt) => {
      const [command] = new Decoder({ from: 'server' }).push(encode(writeSaid({ handle: who, name: called }, payload, receipt)))
      expect(command && readSaid(command)).toEqual({ handle: who, name: called, ...(receipt === undefined ? {} : { receipt }) })
      expect(Buffer.from(command?.payload ?? []).equals(Buffer.from(payload))).toBe(true)
    }),
  )
})

test('endpoints are the person that they belong to', () => {
  expect(bare('juliet@example.com;{4F81FB18}')).toBe('juliet@example.com')
  expect(readJoined({ verb: 'JOI', args: ['juliet@example.com;{4F81FB18}', 'Juliet', '1:2'] })?.handle).toBe('juliet@example.com')
  expect(readLeft({ verb: 'BYE', args: ['juliet@example.com;{4F81FB18}', '1'] })).toEqual({
    handle: 'juliet@example.com',
    idle: true,
  })
  expect(readLeft(writeLeft('juliet@example.com'))).toEqual({ handle: 'juliet@example.com', idle: false })
})

test('a transfer to a switchboard is no transfer to a notification server, and the other way round', () => {
  const command = (...args: string[]) => ({ verb: 'XFR', trId: 1, args })
  expect(readTransfer(command('NS', '10.0.0.1:1863', '0', '10.0.0.2:1863'))).toBe('10.0.0.1:1863')
  expect(readTransfer(command('NS', '0'))).toBeUndefined()
  expect(readTransfer(command('SB', '10.0.0.1:1864', 'CKI', 'x'))).toBeUndefined()
  expect(readBoardTicket(command('NS', '10.0.0.1:1863'))).toBeUndefined()
  expect(readRing({ verb: 'RNG', args: ['1', 'x:1', 'XXX', 't', 'a@b'] })).toBeUndefined()
})
