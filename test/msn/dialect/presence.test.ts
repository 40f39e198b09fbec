import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPersonal } from '../../../src/msn/dialect/personal.ts'
import {
  readChange,
  readOffline,
  readOnline,
  readPersonalOf,
  writeAlreadyOnline,
  writeChange,
  writeOffline,
  writeOnline,
  writePersonalOf,
} from '../../../src/msn/dialect/presence.ts'
import { readClientId } from '../../../src/msn/model/client-id.ts'
import { Decoder } from '../../../src/msn/wire/decoder.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import vectors from '../../vectors/presence.json' with { type: 'json' }
import { clientId, dialect, handle, name, object, status, trId } from './values.ts'

function commandOf(line: string, version: number) {
  const decoder = new Decoder({ from: 'server' })
  decoder.dialect = version
  const length = Number(/ (\d+)$/.exec(line)?.[1] ?? 0)
  const [command] = decoder.push(Buffer.from(`${line}\r\n${line.startsWith('UBX') ? 'x'.repeat(length) : ''}`))
  if (!command) throw new Error(`not one command: ${line}`)
  return command
}

describe('the lines of the vectors', () => {
  test.each(vectors.lines.filter(({ confirmed }) => confirmed))('MSNP$version $line', ({ version, line, parsed }) => {
    const command = commandOf(line, version)
    const who = { handle: parsed.email, network: 'network' in parsed ? parsed.network : 1 }
    if (command.verb === 'FLN') expect(readOffline(version, command)).toEqual(who)
    else if (command.verb === 'UBX') expect(readPersonalOf(version, command)).toEqual(who)
    else {
      const read = readOnline(version, command)
      expect(read).toMatchObject({ ...who, status: parsed.status, name: parsed.friendlyName })
      expect(read?.clientId).toEqual('capabilities' in parsed ? readClientId(parsed.capabilities ?? '') : { flags: 0 })
      const object = 'msnobject' in parsed ? parsed.msnobject : undefined
      expect(read?.object).toBe(object === '0' || object === '<msnobj/>' ? undefined : object)
      expect(read?.icon).toBe('iconUrl' in parsed ? parsed.iconUrl : undefined)
    }
    expect(command.trId).toBe('trid' in parsed ? parsed.trid : undefined)
  })
})

describe('in every dialect', () => {
  const sighting = fc.record({ handle, network: fc.constantFrom(1, 32), name, status, clientId, object, icon: fc.webUrl() })

  test('somebody who is there is read as they were written, as far as the dialect can tell', () => {
    fc.assert(
      fc.property(dialect, trId, sighting, (version, id, { object, icon, ...seen }) => {
        const expected = {
          ...seen,
          network: version >= 14 ? seen.network : 1,
          clientId: version < 8 ? { flags: 0 } : version < 16 ? { flags: seen.clientId.flags } : seen.clientId,
          ...(version >= 9 ? { object } : {}),
          ...(version >= 14 && version < 18 ? { icon } : {}),
        }
        const online = writeOnline(version, { ...seen, object, icon })
        expect(readOnline(version, commandOf(encode(online).toString().trimEnd(), version))).toEqual(expected)
        const already = writeAlreadyOnline(version, id, { ...seen, object, icon })
        expect([already.verb, already.trId]).toEqual(version >= 18 ? ['NLN', undefined] : ['ILN', id])
        expect(readOnline(version, already)).toEqual(expected)
      }),
    )
  })

  test('without a picture there is none', () => {
    fc.assert(
      fc.property(dialect, sighting, (version, { object: _, icon: __, ...seen }) => {
        const read = readOnline(version, writeOnline(version, seen))
        expect([read?.object, read?.icon]).toEqual([undefined, undefined])
      }),
    )
  })

  test('somebody without a name is called by their address', () => {
    fc.assert(
      fc.property(dialect, sighting, (version, seen) => {
        expect(readOnline(version, writeOnline(version, { ...seen, name: '' }))?.name).toBe(seen.handle)
      }),
    )
  })

  test('somebody who went, and whose message it is, are read as they were written', () => {
    fc.assert(
      fc.property(dialect, handle, fc.constantFrom(1, 32), (version, who, network) => {
        const expected = { handle: who, network: version >= 14 ? network : 1 }
        expect(readOffline(version, writeOffline(version, { handle: who, network }))).toEqual(expected)
        expect(readPersonalOf(version, writePersonalOf(version, { handle: who, network }, { personal: {} }))).toEqual(expected)
      }),
    )
  })

  test('a personal message names the machine from MSNP13 on', () => {
    fc.assert(
      fc.property(dialect, (version) => {
        fc.pre(version >= 11)
        const personal = { message: 'But, soft!', media: '', machineGuid: '{44BFD5A4-7450-4BDA-BA3A-C51B3031126D}' }
        const { payload } = writePersonalOf(version, { handle: 'juliet@example.com', network: 1 }, { personal })
        const { machineGuid: _, ...short } = personal
        expect(payload && readPersonal(payload)).toEqual(version < 13 ? short : personal)
      }),
    )
  })

  test('a change of status is read as it was written', () => {
    fc.assert(
      fc.property(dialect, trId, status, clientId, fc.option(object, { nil: undefined }), (version, id, code, caps, picture) => {
        const change = { status: code, clientId: caps, ...(picture === undefined ? {} : { object: picture }) }
        const expected = {
          status: code,
          ...(version >= 8 ? { clientId: version < 16 ? { flags: caps.flags } : caps } : {}),
          ...(version >= 9 && picture !== undefined ? { object: picture } : {}),
        }
        expect(readChange(writeChange(version, id, change))).toEqual(expected)
      }),
    )
  })
})

describe('CHG as clients really write it', () => {
  const read = (...args: string[]) => readChange({ verb: 'CHG', trId: 1, args })

  test('AMSN gives a second number at MSNP12', () => {
    expect(read('NLN', '2147778596:0')).toEqual({ status: 'NLN', clientId: { flags: 2_147_778_596, extended: 0 } })
  })

  test('"0", an empty object and the capabilities once more are no picture', () => {
    for (const object of ['0', '%3Cmsnobj%2F%3E', '28', ''])
      expect(read('NLN', '28', object)).toEqual({ status: 'NLN', clientId: { flags: 28 } })
  })

  test('the capabilities may be missing, but not nonsense', () => {
    expect(read('BSY')).toEqual({ status: 'BSY' })
    expect(read('BSY', 'x')).toBeUndefined()
    expect(read('bsy')).toBeUndefined()
    expect(read()).toBeUndefined()
  })
})
