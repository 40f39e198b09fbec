import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/msn/wire/command.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import { EncodeError } from '../../../src/msn/wire/errors.ts'
import { utf8 } from '../../support/codec-case.ts'

describe('encode', () => {
  it('counts the payload in bytes, not in characters', () => {
    expect(encode({ verb: 'MSG', trId: 3, args: ['A'], payload: utf8('é😀') }).toString()).toBe('MSG 3 A 6\r\né😀')
  })

  it('writes transaction 0', () => {
    expect(encode({ verb: 'SBS', trId: 0, args: ['null'] }).toString()).toBe('SBS 0 null\r\n')
  })

  it('tells an empty payload from none', () => {
    expect(encode({ verb: 'UUX', trId: 3, args: [], payload: utf8('') }).toString()).toBe('UUX 3 0\r\n')
    expect(encode({ verb: 'QRY', trId: 3, args: [] }).toString()).toBe('QRY 3\r\n')
  })

  it('writes an empty last argument as a trailing space', () => {
    expect(encode({ verb: 'BPR', args: ['PHH', ''] }).toString()).toBe('BPR PHH \r\n')
  })

  it.each<[string, Command]>([
    ['a space', { verb: 'CHG', trId: 1, args: ['hunter2 x'] }],
    ['a line feed', { verb: 'CHG', trId: 1, args: ['hunter2\n'] }],
    ['a carriage return', { verb: 'CHG', trId: 1, args: ['\rhunter2'] }],
    ['half a surrogate pair', { verb: 'CHG', trId: 1, args: ['hunter2\ud83d'] }],
    ['a verb with a line break', { verb: 'A\r\n', args: ['hunter2'] }],
    ['a verb in small letters', { verb: 'chg', args: ['hunter2'] }],
    ['a fraction as transaction', { verb: 'CHG', trId: 1.5, args: ['hunter2'] }],
    ['a negative transaction', { verb: 'CHG', trId: -1, args: ['hunter2'] }],
    ['a transaction beyond 32 bits', { verb: 'CHG', trId: 2 ** 32, args: ['hunter2'] }],
    ['no number as transaction', { verb: 'CHG', trId: Number.NaN, args: ['hunter2'] }],
  ])('refuses %s and quotes nothing', (_name, command) => {
    expect(() => encode(command)).toThrow(EncodeError)
    expect(() => encode(command)).not.toThrow(/hunter2/)
  })
})
