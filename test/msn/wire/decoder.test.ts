import { describe, expect, it } from 'vitest'
import type { Command } from '../../../src/msn/wire/command.ts'
import { Decoder, type DecoderOptions } from '../../../src/msn/wire/decoder.ts'
import { ProtocolError, type ProtocolErrorCode } from '../../../src/msn/wire/errors.ts'
import { codecCase, decodeAll, plain, utf8 } from '../../support/codec-case.ts'

codecCase('a first word from a client', {
  from: 'client',
  bytes: 'VER 1 MSNP12 MSNP11 CVR0\r\n',
  command: { verb: 'VER', trId: 1, args: ['MSNP12', 'MSNP11', 'CVR0'] },
})
codecCase('a command of one word', { from: 'client', bytes: 'OUT\r\n', command: { verb: 'OUT', args: [] } })
codecCase('a transaction that a client numbers 0', {
  from: 'client',
  bytes: 'VER 0 MSNP15\r\n',
  command: { verb: 'VER', trId: 0, args: ['MSNP15'] },
})
codecCase('the largest transaction id', {
  from: 'client',
  bytes: 'CHG 4294967295 NLN 0\r\n',
  command: { verb: 'CHG', trId: 4_294_967_295, args: ['NLN', '0'] },
})
codecCase('a number too large for a transaction id', {
  from: 'client',
  bytes: 'CHG 4294967296 NLN\r\n',
  command: { verb: 'CHG', args: ['4294967296', 'NLN'] },
})
codecCase('a verb that should have a transaction id and has none', {
  from: 'client',
  bytes: 'VER MSNP8 CVR0\r\n',
  command: { verb: 'VER', args: ['MSNP8', 'CVR0'] },
})
codecCase('a message from Juliet', {
  from: 'server',
  bytes: 'MSG juliet@example.com Juliet 8\r\ncafé ok',
  command: { verb: 'MSG', args: ['juliet@example.com', 'Juliet'], payload: utf8('café ok') },
})
codecCase('a message to Juliet', {
  from: 'client',
  bytes: 'MSG 4294 A 11\r\n😀\r\n\r\nx\r\n',
  command: { verb: 'MSG', trId: 4294, args: ['A'], payload: utf8('😀\r\n\r\nx\r\n') },
})
codecCase('a sender without a name', {
  from: 'server',
  bytes: 'MSG juliet@example.com  2\r\nhi',
  command: { verb: 'MSG', args: ['juliet@example.com', ''], payload: utf8('hi') },
})
codecCase('a raw name that is not ASCII', {
  from: 'server',
  bytes: 'NLN NLN juliet@example.com Žülië😀 1073741824\r\n',
  command: { verb: 'NLN', args: ['NLN', 'juliet@example.com', 'Žülië😀', '1073741824'] },
})
codecCase('a payload that looks like commands', {
  from: 'server',
  bytes: 'MSG juliet@example.com J 14\r\nOUT\r\nMSG 1 A 9',
  command: { verb: 'MSG', args: ['juliet@example.com', 'J'], payload: utf8('OUT\r\nMSG 1 A 9') },
})
codecCase('a payload of every byte', {
  from: 'client',
  bytes: Buffer.concat([utf8('MSG 9 D 256\r\n'), Uint8Array.from({ length: 256 }, (_, byte) => byte)]),
  command: { verb: 'MSG', trId: 9, args: ['D'], payload: Uint8Array.from({ length: 256 }, (_, byte) => byte) },
})
codecCase('an empty payload', {
  from: 'server',
  dialect: 18,
  bytes: 'UBX 1:juliet@example.com 0\r\n',
  command: { verb: 'UBX', args: ['1:juliet@example.com'], payload: utf8('') },
})
codecCase('a personal message from a client', {
  from: 'client',
  bytes: 'UUX 8 13\r\n<Data></Data>',
  command: { verb: 'UUX', trId: 8, args: [], payload: utf8('<Data></Data>') },
})
codecCase('the answer to a personal message', {
  from: 'server',
  bytes: 'UUX 8 0\r\n',
  command: { verb: 'UUX', trId: 8, args: [], payload: utf8('') },
})
codecCase('a list that was taken', {
  from: 'server',
  dialect: 13,
  bytes: 'ADL 5 OK\r\n',
  command: { verb: 'ADL', trId: 5, args: ['OK'] },
})
codecCase('a list that the server sends on its own account', {
  from: 'server',
  dialect: 13,
  bytes: 'ADL 0 9\r\n<ml></ml>',
  command: { verb: 'ADL', trId: 0, args: [], payload: utf8('<ml></ml>') },
})
codecCase('a circle that was taken', {
  from: 'server',
  dialect: 18,
  bytes: 'PUT 14 OK 2\r\nok',
  command: { verb: 'PUT', trId: 14, args: ['OK'], payload: utf8('ok') },
})
codecCase('the answer to a challenge', {
  from: 'client',
  bytes: 'QRY 9 PROD0090YUAUV{2B 4\r\n1f2e',
  command: { verb: 'QRY', trId: 9, args: ['PROD0090YUAUV{2B'], payload: utf8('1f2e') },
})
codecCase('a challenge that was met', { from: 'server', bytes: 'QRY 9\r\n', command: { verb: 'QRY', trId: 9, args: [] } })
codecCase('shields, asked for', {
  from: 'client',
  bytes: 'GCF 6 Shields.xml\r\n',
  command: { verb: 'GCF', trId: 6, args: ['Shields.xml'] },
})
codecCase('shields, pushed', {
  from: 'server',
  dialect: 13,
  bytes: 'GCF 0 5\r\n<a\n/>',
  command: { verb: 'GCF', trId: 0, args: [], payload: utf8('<a\n/>') },
})
codecCase('an error', { from: 'server', bytes: '911 4\r\n', command: { verb: '911', trId: 4, args: [] } })
codecCase('an error with its explanation', {
  from: 'server',
  dialect: 15,
  bytes: '241 7 3\r\nbad',
  command: { verb: '241', trId: 7, args: [], payload: utf8('bad') },
})
codecCase('an error with two numbers before there were explanations', {
  from: 'server',
  dialect: 12,
  bytes: '241 7 3\r\n',
  command: { verb: '241', trId: 7, args: ['3'] },
})
codecCase('a verb that nobody knows', {
  from: 'client',
  bytes: 'XYZ 5 some thing 12\r\n',
  command: { verb: 'XYZ', trId: 5, args: ['some', 'thing', '12'] },
})
codecCase('a verb that the other side says', {
  from: 'client',
  bytes: 'UBX juliet@example.com 12\r\n',
  command: { verb: 'UBX', args: ['juliet@example.com', '12'] },
})
codecCase('a ring, whose first number is no transaction', {
  from: 'server',
  bytes: 'RNG 11752013 192.0.2.1:1864 CKI 99.4711 romeo@example.com Romeo\r\n',
  command: { verb: 'RNG', args: ['11752013', '192.0.2.1:1864', 'CKI', '99.4711', 'romeo@example.com', 'Romeo'] },
})
codecCase('the seconds until the next ping', { from: 'server', bytes: 'QNG 50\r\n', command: { verb: 'QNG', args: ['50'] } })
codecCase('a bare LF', {
  from: 'client',
  bytes: 'MSG 1 N 2\nhi',
  command: { verb: 'MSG', trId: 1, args: ['N'], payload: utf8('hi') },
  encoded: 'MSG 1 N 2\r\nhi',
})
codecCase('a trailing space', {
  from: 'server',
  dialect: 12,
  bytes: 'LST N=juliet@example.com F=J 3 1 \r\n',
  command: { verb: 'LST', args: ['N=juliet@example.com', 'F=J', '3', '1'] },
  encoded: 'LST N=juliet@example.com F=J 3 1\r\n',
})
codecCase('more spaces at the end', {
  from: 'client',
  bytes: 'PRP 3 PHH   \r\n',
  command: { verb: 'PRP', trId: 3, args: ['PHH'] },
  encoded: 'PRP 3 PHH\r\n',
})
codecCase('an empty argument between others', {
  from: 'client',
  bytes: 'ADD 3 AL juliet@example.com  0\r\n',
  command: { verb: 'ADD', trId: 3, args: ['AL', 'juliet@example.com', '', '0'] },
})
codecCase('a length with leading zeros', {
  from: 'client',
  bytes: 'MSG 007 U 002\r\nhi',
  command: { verb: 'MSG', trId: 7, args: ['U'], payload: utf8('hi') },
  encoded: 'MSG 7 U 2\r\nhi',
})

describe('what belongs to a SYN lost its transaction id with MSNP8', () => {
  const read = (dialect: number, line: string) => decodeAll('server', dialect, [utf8(`${line}\r\n`)])[0]

  it.each([
    [7, 'GTC 5 17 A', { verb: 'GTC', trId: 5, args: ['17', 'A'] }],
    [8, 'GTC A', { verb: 'GTC', args: ['A'] }],
    [9, 'GTC 6 18 N', { verb: 'GTC', trId: 6, args: ['18', 'N'] }],
    [7, 'BLP 5 17 AL', { verb: 'BLP', trId: 5, args: ['17', 'AL'] }],
    [12, 'BLP AL', { verb: 'BLP', args: ['AL'] }],
    [18, 'BLP 5 AL', { verb: 'BLP', trId: 5, args: ['AL'] }],
    [7, 'PRP 5 17 PHH 555', { verb: 'PRP', trId: 5, args: ['17', 'PHH', '555'] }],
    [7, 'PRP 5 17 PHH', { verb: 'PRP', trId: 5, args: ['17', 'PHH'] }],
    [7, 'PRP 17 PHH 555', { verb: 'PRP', args: ['17', 'PHH', '555'] }],
    [8, 'PRP PHH 555', { verb: 'PRP', args: ['PHH', '555'] }],
    [12, 'PRP 7 MFN 1', { verb: 'PRP', trId: 7, args: ['MFN', '1'] }],
    [7, 'LSG 5 17 1 2 0 Other 0', { verb: 'LSG', trId: 5, args: ['17', '1', '2', '0', 'Other', '0'] }],
    [8, 'LSG 0 Other 0', { verb: 'LSG', args: ['0', 'Other', '0'] }],
    [12, 'LSG 2006 6f1d', { verb: 'LSG', args: ['2006', '6f1d'] }],
    [
      7,
      'LST 5 FL 17 1 1 juliet@example.com J 0',
      { verb: 'LST', trId: 5, args: ['FL', '17', '1', '1', 'juliet@example.com', 'J', '0'] },
    ],
    [8, 'LST juliet@example.com J 11 0', { verb: 'LST', args: ['juliet@example.com', 'J', '11', '0'] }],
    [7, 'BPR 17 juliet@example.com PHH', { verb: 'BPR', args: ['17', 'juliet@example.com', 'PHH'] }],
    [8, 'BPR PHH 555', { verb: 'BPR', args: ['PHH', '555'] }],
  ])('MSNP%i: %s', (dialect, line, command) => {
    expect(read(dialect, line)).toEqual(command)
  })
})

describe('what a stream holds beside commands', () => {
  it('passes over blank lines', () => {
    expect(decodeAll('server', 8, [utf8('\r\n\nQNG 50\r\n\r\n\r\nOUT\r\n\n')])).toEqual([
      { verb: 'QNG', args: ['50'] },
      { verb: 'OUT', args: [] },
    ])
  })

  it('replaces bytes of a line that are no UTF-8', () => {
    expect(decodeAll('server', 8, [Buffer.from('FLN j\xff@example.com\r\n', 'latin1')])).toEqual([
      { verb: 'FLN', args: ['j\ufffd@example.com'] },
    ])
  })

  it('keeps commands intact when the chunk they came in is written over', () => {
    const chunk = Buffer.from('MSG 1 N 5\r\nhelloMSG 2 N 5\r\nhe')
    const decoder = new Decoder({ from: 'client' })
    const [first] = decoder.push(chunk)
    chunk.fill(0)
    const [second] = decoder.push(utf8('llo'))
    expect([first, second].map((command) => command && plain(command))).toEqual([
      { verb: 'MSG', trId: 1, args: ['N'], payload: 'hello' },
      { verb: 'MSG', trId: 2, args: ['N'], payload: 'hello' },
    ])
  })

  it('takes up a dialect that becomes known between two commands', () => {
    const decoder = new Decoder({ from: 'server' })
    const commands = [...decoder.push(utf8('VER 1 MSNP8\r\n'))]
    decoder.dialect = 8
    commands.push(...decoder.push(utf8('LSG 0 Other 0\r\n')))
    expect(commands.at(-1)).toEqual({ verb: 'LSG', args: ['0', 'Other', '0'] })
  })
})

describe('bounds', () => {
  const long = 'x'.repeat(40)

  it.each<[string, Omit<DecoderOptions, 'from'>, string, ProtocolErrorCode]>([
    ['a line that ends too late', { maxLine: 32 }, `CHG 1 ${long}\r\n`, 'line-too-long'],
    ['a line that does not end', { maxLine: 32 }, long, 'line-too-long'],
    ['a payload above the bound', { maxPayload: 1664 }, 'MSG 1 A 1665\r\n', 'payload-too-long'],
    ['a length beyond all numbers', {}, 'MSG 1 A 9999999999\r\n', 'payload-too-long'],
    ['a length of eleven digits', {}, 'MSG 1 A 00000000001\r\n', 'bad-length'],
    ['a length that is a word', {}, 'MSG 1 A five\r\n', 'bad-length'],
    ['a negative length', {}, 'MSG 1 A -5\r\n', 'bad-length'],
    ['a hexadecimal length', {}, 'MSG 1 A 0x5\r\n', 'bad-length'],
    ['a missing length', {}, 'UUX\r\n', 'bad-length'],
    ['a line that starts with a space', {}, ' VER 1 MSNP8\r\n', 'bad-line'],
    ['a verb of two letters', {}, 'VE 1 MSNP8\r\n', 'bad-line'],
    ['a verb of four letters', {}, 'VERS 1 MSNP8\r\n', 'bad-line'],
    ['a verb in small letters', {}, 'ver 1 MSNP8\r\n', 'bad-line'],
    ['a lone carriage return', {}, 'CHG 1 NLN\r0\r\n', 'bad-line'],
    ['another protocol', {}, 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n', 'bad-line'],
  ])('refuses %s', (_name, options, bytes, code) => {
    const failure = failureOf(new Decoder({ from: 'client', ...options }), utf8(bytes))
    expect(failure).toBeInstanceOf(ProtocolError)
    expect(failure.code).toBe(code)
  })

  it('takes a line and a payload that are just as long as allowed', () => {
    const decoder = new Decoder({ from: 'client', maxLine: 12, maxPayload: 4 })
    expect([...decoder.push(utf8('MSG 1234 N 4\nabcd'))]).toHaveLength(1)
    expect([...decoder.push(utf8('MSG 123 N 4\r\nabcd'))]).toHaveLength(1)
  })

  it('finds a line too long without waiting for its end', () => {
    const decoder = new Decoder({ from: 'client', maxLine: 4 })
    for (const byte of utf8('VER ')) decoder.push(Uint8Array.of(byte))
    expect(failureOf(decoder, utf8('1')).code).toBe('line-too-long')
  })

  it('holds space for what has arrived, not for what was announced', () => {
    const decoder = new Decoder({ from: 'client' })
    for (let count = 0; count < 10; count++) decoder.push(utf8(count === 0 ? 'MSG 1 A 65536\r\n' : 'x'))
    expect(decoder.held).toBeLessThan(200)
  })

  it('holds no more than its bound, however its space grew', () => {
    const decoder = new Decoder({ from: 'client', maxLine: 16, maxPayload: 1000 })
    for (const byte of utf8(`MSG 1 A 1000\r\n${'x'.repeat(999)}`)) decoder.push(Uint8Array.of(byte))
    expect(decoder.held).toBeGreaterThanOrEqual(999)
    expect(decoder.held).toBeLessThanOrEqual(1016)
  })

  it('holds nothing between commands', () => {
    const decoder = new Decoder({ from: 'client' })
    for (const byte of utf8('MSG 1 A 300\r\n'.concat('x'.repeat(300), 'PNG\r\n'))) decoder.push(Uint8Array.of(byte))
    expect(decoder.held).toBe(0)
  })
})

describe('after bytes that are not MSNP', () => {
  it('gives the commands before them, then throws', () => {
    const decoder = new Decoder({ from: 'client' })
    const heard: string[] = []
    const listen = () => {
      for (const { verb } of decoder.push(utf8('PNG\r\nOUT\r\n???\r\nPNG\r\n'))) heard.push(verb)
    }
    expect(listen).toThrow(ProtocolError)
    expect(heard).toEqual(['PNG', 'OUT'])
  })

  it('is dead: throws the same error again and holds nothing', () => {
    const decoder = new Decoder({ from: 'client' })
    const failure = failureOf(decoder, utf8('PNG\r\n???\r\n'))
    expect(failureOf(decoder, utf8('PNG\r\n'))).toBe(failure)
    expect(failureOf(decoder, new Uint8Array())).toBe(failure)
    expect(decoder.held).toBe(0)
  })

  it.each([
    'USR 4 TWN S t=hunter2\rx\r\n',
    'usr 4 TWN S hunter2\r\n',
    'MSG hunter2 hunter2\r\n',
    `USR 1 ${'hunter2'.repeat(2000)}`,
  ])('quotes nothing that was said', (bytes) => {
    const { message, stack } = failureOf(new Decoder({ from: 'client' }), utf8(bytes))
    expect(`${message}${stack}`).not.toContain('hunter2')
  })
})

function failureOf(decoder: Decoder, bytes: Uint8Array): ProtocolError {
  const commands: Command[] = []
  try {
    for (const command of decoder.push(bytes)) commands.push(command)
  } catch (error) {
    if (error instanceof ProtocolError) return error
    throw error
  }
  throw new Error(`no error, but ${commands.length} commands`)
}
