import { describe, expect, it } from 'vitest'
import type { Speaker } from '../../../src/msn/wire/command.ts'
import { trace } from '../../../src/msn/wire/trace.ts'
import { decodeAll, utf8 } from '../../support/codec-case.ts'

const traced = (from: Speaker, bytes: string | Uint8Array) =>
  decodeAll(from, undefined, [Buffer.from(bytes)]).map((command) => trace(from, command))

describe('trace', () => {
  it('shows a line as a transcript does', () => {
    expect(traced('client', 'VER 1 MSNP8 CVR0\r\n')).toEqual(['C: VER 1 MSNP8 CVR0'])
    expect(traced('server', 'NLN NLN juliet@example.com  0\r\n')).toEqual(['S: NLN NLN juliet@example.com  0'])
  })

  it('shows a payload line by line, an empty line for a CRLF at its end', () => {
    expect(traced('client', 'MSG 3 N 9\r\nA: b\r\n\r\ncPNG\r\n')).toEqual(['C: MSG 3 N 9\nA: b\n\nc', 'C: PNG'])
    expect(traced('client', 'MSG 3 N 6\r\nA: b\r\n')).toEqual(['C: MSG 3 N 6\nA: b\n'])
    expect(traced('server', 'UUX 3 0\r\n')).toEqual(['S: UUX 3 0'])
  })

  it('lets no control character through to a terminal, and no byte that is not text', () => {
    expect(traced('server', 'FLN j\x1b[2J\x07@example.com\r\n')).toEqual(['S: FLN j\\x1b[2J\\x07@example.com'])
    expect(traced('client', 'MSG 3 N 8\r\na\tb\n\rc\x9b')).toEqual(['C: MSG 3 N 8\na\tb\\x0a\\x0dc\\x9b'])
    expect(trace('client', { verb: 'MSG', trId: 3, args: ['D'], payload: Uint8Array.of(0x61, 0, 0xff, 0xe9) })).toBe(
      'C: MSG 3 D 4\na\\x00\\xff\\xe9',
    )
  })

  it.each<[Speaker, string, string]>([
    ['client', 'USR 3 TWN I juliet@example.com', 'C: USR 3 TWN I juliet@example.com'],
    ['client', 'USR 4 TWN S t=hunter2&p=hunter2', 'C: USR 4 TWN S •••'],
    ['client', 'USR 4 MD5 S hunter2', 'C: USR 4 MD5 S •••'],
    ['client', 'USR 4 CTP S hunter2', 'C: USR 4 CTP S •••'],
    ['client', 'USR 4 SSO S t=hunter2 hunter2 {hunter2}', 'C: USR 4 SSO S ••• ••• •••'],
    ['client', 'USR 4 SHA A hunter2', 'C: USR 4 SHA A •••'],
    ['client', 'USR TWN S hunter2', 'C: USR TWN S •••'],
    ['client', 'USR 4 twn S hunter2', 'C: USR 4 ••• ••• •••'],
    ['client', 'USR 4 hunter2', 'C: USR 4 •••'],
    ['client', 'USR 1 juliet@example.com;{a} hunter2', 'C: USR 1 juliet@example.com;{a} •••'],
    ['client', 'USR 1 juliet@example.com I hunter2', 'C: USR 1 juliet@example.com ••• •••'],
    ['client', 'ANS 1 juliet@example.com hunter2 117', 'C: ANS 1 juliet@example.com ••• 117'],
    ['client', 'ANS 1 hunter2', 'C: ANS 1 •••'],
    ['server', 'XFR 9 SB 192.0.2.1:1864 CKI hunter2', 'S: XFR 9 SB 192.0.2.1:1864 CKI •••'],
    ['server', 'XFR 9 SB CKI hunter2', 'S: XFR 9 SB CKI •••'],
    ['server', 'XFR 9 SB h:1 CKI hunter2 U messenger.msn.com 1', 'S: XFR 9 SB h:1 CKI ••• U messenger.msn.com 1'],
    ['server', 'XFR 3 NS 192.0.2.1:1863 0 192.0.2.2:1863', 'S: XFR 3 NS 192.0.2.1:1863 0 192.0.2.2:1863'],
    ['server', 'RNG 117 h:1864 CKI hunter2 romeo@example.com R', 'S: RNG 117 h:1864 CKI ••• romeo@example.com R'],
    ['server', 'USR 4 OK juliet@example.com 1 0', 'S: USR 4 OK juliet@example.com 1 0'],
  ])('%s: %s', (from, line, shown) => {
    expect(traced(from, `${line}\r\n`)).toEqual([shown])
  })

  it('shows the answer to a challenge', () => {
    expect(traced('client', 'QRY 9 PROD0090YUAUV{2B 4\r\n1f2e')).toEqual(['C: QRY 9 PROD0090YUAUV{2B 4\n1f2e'])
  })

  it.each(['\r\n', '\n'])('hides the ticket of the profile and the key of a transfer, with lines ended by %j', (end) => {
    const payload = ['kv: 11', 'MSPAuth: hunter2', 'mspauth:hunter2', 'AuthCookie : hunter2', 'sid: 507', ''].join(end)
    const shown = trace('server', { verb: 'MSG', args: ['Hotmail', 'Hotmail'], payload: utf8(payload) })
    expect(shown).not.toContain('hunter2')
    expect(shown).toContain('sid: 507')
    expect(shown.match(/: •••/g)).toHaveLength(3)
  })
})
