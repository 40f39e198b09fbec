// Real clients and a server that is not ours, recorded byte for byte: nothing is lost on the way through the codec.

import { readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Speaker } from '../../../src/msn/wire/command.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { trace } from '../../../src/msn/wire/trace.ts'
import { isErrorVerb, isSpoken, verbsOf } from '../../../src/msn/wire/verbs.ts'
import { decodeAll, plain, singleBytes } from '../../support/codec-case.ts'
import { streamsOf } from './streams.ts'

const folder = new URL('../../traces/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.pcap'))

/** How many commands stand in each, both directions together, as counted by those who made the recordings. */
const commands: Readonly<Record<string, number>> = {
  'contacts-and-offline.pcap': 187,
  'file-offer-and-three-party.pcap': 684,
  'libpurple-msnp18-chat.pcap': 183,
  'libpurple-msnp18-display-picture.pcap': 63,
  'libpurple-msnp18-with-pecan-msnp12.pcap': 225,
}

describe.each(files)('%s', (file) => {
  const streams = streamsOf(new URL(file, folder))

  it('is decoded without loss but for the space that a server left at the end of LST lines', () => {
    for (const { from, dialect, bytes } of streams) {
      const again = Buffer.concat(decodeAll(from, dialect, [bytes]).map(encode))
      expect(again.equals(withoutTrailingSpace(bytes)), `${from} MSNP${dialect}`).toBe(true)
    }
  })

  it('is whole: the last byte completes a command, and none is missing', () => {
    const count = streams.reduce((sum, { from, dialect, bytes }) => sum + decodeAll(from, dialect, [bytes]).length, 0)
    expect(count).toBe(commands[file])
  })

  it('gives the same commands byte by byte', () => {
    for (const { from, dialect, bytes } of streams) {
      const single = decodeAll(from, dialect, singleBytes(bytes))
      expect(single.map(plain)).toEqual(decodeAll(from, dialect, [bytes]).map(plain))
    }
  })

  it('holds only verbs that the table has for that speaker and dialect', () => {
    for (const { from, dialect, bytes } of streams) {
      for (const { verb } of decodeAll(from, dialect, [bytes])) {
        const known = dialect === undefined ? isErrorVerb(verb) || verbsOf(from).includes(verb) : isSpoken(from, verb, dialect)
        expect(known, `${from} MSNP${dialect} ${verb}`).toBe(true)
      }
    }
  })

  it('shows no ticket when traced', () => {
    const secrets = new Set(streams.flatMap(({ from, bytes }) => ticketsOf(from, bytes)))
    const shown = streams.flatMap(({ from, dialect, bytes }) => decodeAll(from, dialect, [bytes]).map((one) => trace(from, one)))
    const all = shown.join('\n')
    for (const secret of secrets) expect(all.includes(secret), secret).toBe(false)
  })
})

it('finds tickets in the recordings to look for', () => {
  const found = files.flatMap((file) => streamsOf(new URL(file, folder)).flatMap(({ from, bytes }) => ticketsOf(from, bytes)))
  expect(found.length).toBeGreaterThan(30)
})

function withoutTrailingSpace(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/^(LST [^\r\n]*) \r\n/gm, '$1\r\n'), 'latin1')
}

/** What must stay hidden, found by searching the bytes rather than through the codec. */
function ticketsOf(from: Speaker, bytes: Buffer): string[] {
  const patterns =
    from === 'client'
      ? [/USR \d+ (?:TWN|SSO) S (\S+)/g, /USR \d+ SSO S \S+ (\S+)/g, /USR \d+ SHA A (\S+)/g, /(?:USR|ANS) \d+ \S+@\S+ (\S+)/g]
      : [/ CKI (\S+)/g, /MSPAuth: (\S+)/g]
  const text = bytes.toString('latin1')
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''))
}
