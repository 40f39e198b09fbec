// The confirmed vectors that concern the wire.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { escapeFully, unescapeArg } from '../../../src/msn/wire/escape.ts'
import { decodeAll, utf8 } from '../../support/codec-case.ts'

interface PresenceLine {
  readonly version: number
  readonly line: string
  readonly parsed: {
    readonly command: string
    readonly trid?: number
    readonly payloadLength?: number
    readonly [field: string]: unknown
  }
  readonly confirmed: boolean
}

interface Payload {
  readonly payload: string
  readonly bytes: number
  readonly confirmed: boolean
}

const presence = read<{ lines: PresenceLine[]; personalStatus: Payload[] }>('presence.json')
const misc = read<{
  gcfChecksum: { policiesPayload?: string; policiesBytes?: number; confirmed: boolean }[]
  membershipPayloadLengths: Payload[]
}>('misc.json')

describe('presence lines', () => {
  it.each(confirmed(presence.lines))('MSNP$version $line', ({ version, line, parsed }) => {
    const payload = 'x'.repeat(parsed.payloadLength ?? 0)
    const bytes = `${line}\r\n${payload}`
    const [command, ...more] = decodeAll('server', version, [utf8(bytes)])
    expect(more).toEqual([])
    expect(command?.verb).toBe(parsed.command)
    expect(command?.trId).toBe(parsed.trid)
    expect(command?.payload?.length).toBe(parsed.payloadLength)
    expect(command && encode(command).toString()).toBe(bytes)
    const texts = command?.args.map(unescapeArg)
    for (const field of ['status', 'friendlyName', 'capabilities', 'msnobject', 'iconUrl']) {
      if (parsed[field] !== undefined) expect(texts, field).toContain(parsed[field])
    }
  })

  it.each(confirmed(presence.lines).filter(({ parsed }) => typeof parsed['msnobject'] === 'string'))(
    'escapes the object of $line',
    ({ line, parsed }) => {
      expect(line.split(' ')).toContain(escapeFully(String(parsed['msnobject'])))
    },
  )
})

describe('lengths of payloads', () => {
  it.each(confirmed(presence.personalStatus))('UBX $bytes', ({ payload, bytes }) => {
    const ubx = { verb: 'UBX', args: ['juliet@example.com'], payload: utf8(payload) }
    expect(encode(ubx).toString()).toBe(`UBX juliet@example.com ${bytes}\r\n${payload}`)
    expect(decodeAll('server', 12, [encode(ubx)])).toEqual([ubx])
  })

  it.each(confirmed(misc.membershipPayloadLengths))('ADL $bytes', ({ payload, bytes }) => {
    const adl = { verb: 'ADL', trId: 5, args: [], payload: utf8(payload) }
    expect(encode(adl).toString()).toBe(`ADL 5 ${bytes}\r\n${payload}`)
    expect(decodeAll('client', 13, [encode(adl)])).toEqual([adl])
  })

  it.each(confirmed(misc.gcfChecksum).filter(({ policiesPayload }) => policiesPayload))('GCF $policiesBytes', (vector) => {
    const gcf = { verb: 'GCF', trId: 0, args: [], payload: utf8(vector.policiesPayload ?? '') }
    expect(encode(gcf).toString()).toBe(`GCF 0 ${vector.policiesBytes}\r\n${vector.policiesPayload}`)
    expect(decodeAll('server', 13, [encode(gcf)])).toEqual([gcf])
  })
})

function read<Vectors>(file: string): Vectors {
  return JSON.parse(readFileSync(new URL(`../../vectors/${file}`, import.meta.url), 'utf8'))
}

function confirmed<Vector extends { readonly confirmed: boolean }>(vectors: readonly Vector[]): Vector[] {
  return vectors.filter((vector) => vector.confirmed)
}
