import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { EncodeError } from '../../../../src/msn/wire/errors.ts'
import { formatHeaders, mediaTypeOf, parseMime } from '../../../../src/msn/wire/mime.ts'
import {
  fileApplication,
  type Invitation,
  invitationMediaType,
  readInvitation,
  writeInvitation,
} from '../../../../src/msn/wire/p2p/invitation.ts'
import { line, u32, u64 } from './values.ts'

/** The steps of a transfer, as msnp-p2p.md 18 shows them. */
const steps: readonly (readonly [string, readonly string[], Invitation])[] = [
  [
    'offer',
    [
      'Application-Name: File Transfer',
      `Application-GUID: ${fileApplication}`,
      'Invitation-Command: INVITE',
      'Invitation-Cookie: 33267',
      'Application-File: a.txt',
      'Application-FileSize: 11',
      'Connectivity: N',
    ],
    {
      ...{ command: 'INVITE', cookie: 33_267, applicationName: 'File Transfer', application: fileApplication },
      ...{ file: { name: 'a.txt', size: 11 }, isUnreachable: true },
    },
  ],
  [
    'acceptance',
    ['Invitation-Command: ACCEPT', 'Invitation-Cookie: 33267', 'Launch-Application: FALSE', 'Request-Data: IP-Address:'],
    { command: 'ACCEPT', cookie: 33_267, senderConnects: false },
  ],
  [
    'address',
    [
      'Invitation-Command: ACCEPT',
      'Invitation-Cookie: 33267',
      'IP-Address: 192.0.2.5',
      'Port: 6891',
      'AuthCookie: 93301',
      'Launch-Application: FALSE',
      'Request-Data: IP-Address:',
    ],
    {
      ...{ command: 'ACCEPT', cookie: 33_267, senderConnects: false },
      listens: { ip: '192.0.2.5', port: 6891, authCookie: '93301' },
    },
  ],
  [
    'refusal',
    ['Invitation-Command: CANCEL', 'Invitation-Cookie: 33267', 'Cancel-Code: REJECT'],
    { command: 'CANCEL', cookie: 33_267, code: 'REJECT' },
  ],
]

describe('an invitation', () => {
  it.each(steps)('has its %s read and written', (_, lines, invitation) => {
    const body = `${lines.join('\r\n')}\r\n`
    expect(readInvitation(parseMime(Buffer.from(`${body}\r\n`)).headers)).toEqual(invitation)
    expect(formatHeaders(writeInvitation(invitation))).toBe(body)
  })

  it('comes back as it was written', () => {
    const file = fc.option(fc.record({ name: line, size: u64 }), { nil: undefined })
    const invite = fc.record({ cookie: u32, applicationName: line, application: line, isUnreachable: fc.boolean() })
    const address = { ip: fc.ipV4(), port: fc.integer({ min: 1, max: 65_535 }), authCookie: fc.stringMatching(/^\d{1,9}$/) }
    const listens = fc.oneof(fc.record(address), fc.record({ ...address, internalIp: fc.ipV4() }))
    const accept = { cookie: u32, senderConnects: fc.boolean() }
    const invitations: fc.Arbitrary<Invitation> = fc.oneof(
      fc.tuple(invite, file).map(([one, any]) => ({ command: 'INVITE' as const, ...one, ...(any ? { file: any } : {}) })),
      fc.record({ command: fc.constant('ACCEPT' as const), ...accept }),
      fc.record({ command: fc.constant('ACCEPT' as const), ...accept, listens }),
      fc.record({ command: fc.constant('CANCEL' as const), cookie: u32, code: line }),
    )
    fc.assert(
      fc.property(invitations, (invitation) => {
        const { headers } = parseMime(Buffer.from(formatHeaders(writeInvitation(invitation))))
        expect(readInvitation(headers)).toEqual(invitation)
      }),
    )
  })

  it('is none without a cookie or with an unknown command, and never an error', () => {
    expect(mediaTypeOf([['Content-Type', 'text/x-msmsgsinvite; charset=UTF-8']])).toBe(invitationMediaType)
    expect(readInvitation([])).toBeUndefined()
    expect(readInvitation([['Invitation-Cookie', '1']])).toBeUndefined()
    expect(readInvitation([['Invitation-Command', 'CANCEL']])).toBeUndefined()
    const name = fc.constantFrom(...steps.flatMap(([, lines]) => lines.map((one) => one.split(':', 1)[0] ?? '')))
    const value = fc.oneof(line, fc.constantFrom('INVITE', 'ACCEPT', 'CANCEL', '0', '-1', '65536', '1e9'))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 12 }), (fields) => {
        const invitation = readInvitation(fields)
        if (invitation) expect(readInvitation(writeInvitation(invitation))).toEqual(invitation)
      }),
    )
  })

  it('is not written with numbers that do not fit', () => {
    expect(() => writeInvitation({ command: 'CANCEL', cookie: -1, code: 'REJECT' })).toThrow(EncodeError)
    const listens = { ip: '192.0.2.5', port: 65_536, authCookie: '1' }
    expect(() => writeInvitation({ command: 'ACCEPT', cookie: 1, listens, senderConnects: false })).toThrow(EncodeError)
  })
})
