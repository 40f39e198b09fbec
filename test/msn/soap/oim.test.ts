import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { OfflineMessage } from '../../../src/msn/model/offline-message.ts'
import { readEncodedWords, writeEncodedWord } from '../../../src/msn/soap/encoded-word.ts'
import type { MailSummary } from '../../../src/msn/soap/mail-data.ts'
import { readMailData, writeArrivedMailData, writeInitialMailData } from '../../../src/msn/soap/mail-data.ts'
import type { BoxCall } from '../../../src/msn/soap/oim-box.ts'
import {
  boxAction,
  readBoxRequest,
  readDeleted,
  readMessage,
  readMetadata,
  writeBoxFault,
  writeBoxRequest,
  writeDeleted,
  writeMessage,
  writeMetadata,
} from '../../../src/msn/soap/oim-box.ts'
import { readOimMail, writeOimMail } from '../../../src/msn/soap/oim-mail.ts'
import type { StoreRequest } from '../../../src/msn/soap/oim-store.ts'
import {
  readStore,
  readStoreAnswer,
  storeAction,
  writeLockKeyChallenge,
  writeStore,
  writeStored,
  writeStoreRefusal,
  writeTicketChallenge,
} from '../../../src/msn/soap/oim-store.ts'

/** Text that XML can hold, with everything that means something to it. */
const text = fc
  .string({ unit: 'grapheme' })
  .map((each) => each.replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''))
const line = text.map((each) => each.replace(/[\t\n\r]/g, ''))
const guid = fc.uuid().map((each) => each.toUpperCase())
const address = fc.constantFrom('romeo@example.com', "o'brien+x@example.com", 'a&b@example.com')
const time = fc.integer({ min: 0, max: 4_000_000_000_000 })

const message: fc.Arbitrary<OfflineMessage> = fc.record({
  id: guid,
  from: address,
  name: line,
  receivedAt: time,
  runId: guid,
  sequence: fc.integer({ min: 1, max: 1_000_000 }),
  text: fc.string({ unit: 'grapheme', minLength: 1 }),
})
const name = line.map((each) => each.trim()).filter((each) => each !== '')
const summary: fc.Arbitrary<MailSummary> = fc.record({
  id: guid,
  from: address,
  fromName: name,
  size: fc.nat(),
  at: time,
})

describe('a name in a header', () => {
  test('is read back, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (each) => {
        expect(readEncodedWords(writeEncodedWord(each))).toBe(each)
      }),
    )
  })

  test.each([
    ['=?utf-8?B?QWxpY2U=?=', 'Alice'],
    ['=?UTF-8?Q?Caf=C3=A9_noir?=', 'Café noir'],
    ['=?iso-8859-1?q?Caf=E9?=', 'Café'],
    ['=?utf-8?B?QWxp?= =?utf-8?B?Y2U=?=', 'Alice'],
    ['Alice', 'Alice'],
    ['=?klingon?B?QWxpY2U=?=', '=?klingon?B?QWxpY2U=?='],
  ])('%s is %s', (written, read) => expect(readEncodedWords(written)).toBe(read))
})

describe('the mail of a message', () => {
  test('is read back as it was written', () => {
    fc.assert(
      fc.property(message, ({ id: _, receivedAt, name, ...each }) => {
        const mail = readOimMail(writeOimMail('juliet@example.com', { id: 'ID', receivedAt, name, ...each }))
        expect(mail).toEqual({ ...each, ...(name && { name }), sentAt: receivedAt })
      }),
    )
  })

  test('has LF at the end of each line, as MSNPSharp wants it, and lines of at most 76 in its body', () => {
    const long = { id: 'ID', from: 'a@b', name: 'A', receivedAt: 0, sequence: 1, text: 'x'.repeat(1000) }
    const mail = writeOimMail('juliet@example.com', long)
    expect(mail).not.toContain('\r')
    const [, body = ''] = mail.split('\n\n')
    expect(body.split('\n').every((each) => each.length > 0 && each.length <= 76)).toBe(true)
  })

  test('bears the stamps that the official servers wrote', () => {
    const mail = writeOimMail('b@example.net', {
      id: 'ID',
      from: 'alice@example.com',
      name: 'Alice',
      receivedAt: Date.UTC(2007, 8, 6, 4, 42, 12, 467),
      sequence: 1,
      text: 'Hello',
    })
    expect(mail).toContain('\nX-OriginalArrivalTime: 06 Sep 2007 04:42:12.0467 (UTC) FILETIME=[01C7F040:4AAB6C30]\n')
    expect(mail).toContain('\nDate: 5 Sep 2007 20:42:12 -0800\n')
    expect(mail).toMatch(/\n\nSGVsbG8=$/)
  })

  test('of the official servers is read: folded headers, and the time without FILETIME', () => {
    const mail = [
      'Received: from OIM-SSL([65.54.195.253]) by OIM with Microsoft SMTPSVC;',
      '\t Thu, 6 Sep 2007 04:42:12 -0700',
      'From: =?utf-8?B?QWxp?=',
      ' =?utf-8?B?Y2U=?= <alice@example.com>',
      'To: bob@example.net',
      'Content-Type: text/plain; charset="UTF-8"',
      'Content-Transfer-Encoding: base64',
      'X-OIM-Run-Id: {6c1f0e0a-2222-4333-8444-0a0b0c0d0e0f}',
      'X-OIM-Sequence-Num: 3',
      'X-OriginalArrivalTime: 06 Sep 2007 04:42:12.0467 (UTC)',
      '',
      'SGVs',
      'bG8=',
    ].join('\r\n')
    expect(readOimMail(mail)).toEqual({
      from: 'alice@example.com',
      name: 'Alice',
      sentAt: Date.UTC(2007, 8, 6, 4, 42, 12, 467),
      runId: '6c1f0e0a-2222-4333-8444-0a0b0c0d0e0f',
      sequence: 3,
      text: 'Hello',
    })
  })

  test('with nothing but a date has that time, in its zone', () => {
    expect(readOimMail('Date: 5 Sep 2007 21:42:12 -0700\n\nhi').sentAt).toBe(Date.UTC(2007, 8, 6, 4, 42, 12))
    const unset = 'X-OriginalArrivalTime: x FILETIME=[00000000:00000000]\n'
    expect(readOimMail(`${unset}Date: 5 Sep 2007 21:42:12 -0700\n\nhi`).sentAt).toBe(Date.UTC(2007, 8, 6, 4, 42, 12))
    expect(readOimMail(`${unset}\nhi`).sentAt).toBeUndefined()
  })

  test('of a phone has its text in one part of several', () => {
    const mail = [
      'Content-Type: multipart/mixed; boundary="=_x"',
      '',
      '--=_x',
      'Content-Type: text/html',
      '',
      '<b>no</b>',
      '--=_x',
      'Content-Type: text/plain; charset=iso-8859-1',
      'Content-Transfer-Encoding: quoted-printable',
      '',
      'Caf=E9 =',
      'noir',
      '--=_x--',
      '',
    ].join('\r\n')
    expect(readOimMail(mail).text).toBe('Café noir')
  })

  test('can be anything, and is still read', () => {
    const broken = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      message.map((each) => writeOimMail('b@c', each).slice(0, -200)),
    )
    fc.assert(
      fc.property(broken, (each) => {
        expect(typeof readOimMail(each).text).toBe('string')
      }),
    )
  })
})

describe('Mail-Data', () => {
  test('lists what waits, and is read back', () => {
    fc.assert(
      fc.property(fc.array(summary, { maxLength: 25 }), (waiting) => {
        expect(readMailData(writeInitialMailData(waiting))).toEqual(waiting)
      }),
    )
  })

  test('counts, in the words of the official servers', () => {
    const at = Date.UTC(2007, 8, 6, 4, 42, 12)
    const mail = { id: 'ID', from: 'a&b@example.com', fromName: 'Alice', size: 950, at }
    expect(writeInitialMailData([mail])).toBe(
      '<MD><E><I>1</I><IU>1</IU><O>0</O><OU>0</OU></E><Q><QTM>409600</QTM><QNM>204800</QNM></Q>' +
        '<M><T>11</T><S>6</S><RT>2007-09-06T04:42:12.000Z</RT><RS>0</RS><SZ>950</SZ><E>a&amp;b@example.com</E><I>ID</I>' +
        '<F>00000000-0000-0000-0000-000000000009</F><N>=?utf-8?B?QWxpY2U=?=</N><SU> </SU></M></MD>',
    )
  })

  test('of one that arrives has no time and lies in the folder of new ones', () => {
    const mail = { id: 'ID', from: 'a@example.com', fromName: 'Alice', size: 950 }
    const data = writeArrivedMailData({ ...mail, at: 5 })
    expect(data).toMatch(/^<MD><M><T>11<\/T><S>6<\/S><RS>0<\/RS>.*<F>\.!!OIM<\/F>/)
    expect(readMailData(data)).toEqual([mail])
  })

  test('is too large above 25 messages', () => {
    const mail = { id: 'ID', from: 'a@example.com', fromName: 'Alice', size: 950, at: 0 }
    expect(writeInitialMailData(Array.from({ length: 26 }, () => mail))).toBe('too-large')
    expect(readMailData(' too-large\r\n')).toBe('too-large')
  })

  test('can be anything, and is read or is nothing', () => {
    const broken = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(summary, { maxLength: 3 }).map((waiting) => writeInitialMailData(waiting).slice(0, -20)),
    )
    fc.assert(
      fc.property(broken, (each) => {
        expect(readMailData(each)).toBeUndefined()
      }),
    )
    expect(readMailData('<MD><M><I>no sender</I></M><M><E>no@id</E></M></MD>')).toEqual([])
  })
})

describe('the box', () => {
  const ticket = fc.constantFrom('t=abc&p=', 't=a+b/c==&p=xyz', 't=&p=')
  const calls: fc.Arbitrary<BoxCall> = fc.oneof(
    fc.constant({ operation: 'GetMetadata' } as const),
    fc.record({ operation: fc.constant('GetMessage' as const), id: guid }),
    fc.record({ operation: fc.constant('DeleteMessages' as const), ids: fc.array(guid) }),
  )

  test('is asked, and the question is read back', () => {
    fc.assert(
      fc.property(calls, ticket, (call, each) => {
        const read = readBoxRequest(writeBoxRequest({ call, ticket: new Secret(each) }))
        expect(read?.call).toEqual(call)
        expect(read?.ticket.reveal()).toBe(each)
      }),
    )
  })

  test('answers, and the answers are read back', () => {
    fc.assert(
      fc.property(fc.array(summary), (waiting) => {
        expect(readMetadata(writeMetadata(waiting))).toEqual(waiting)
      }),
    )
    fc.assert(
      fc.property(text, (mail) => {
        expect(readMessage(writeMessage(mail))).toBe(mail)
      }),
    )
    expect(readDeleted(writeDeleted())).toBe(true)
  })

  test('may refuse, and then there is no answer', () => {
    const fault = writeBoxFault()
    expect([readMetadata(fault), readMessage(fault), readDeleted(fault)]).toEqual([undefined, undefined, false])
  })

  test('is asked nothing by what is no question', () => {
    for (const each of ['', 'hello', '<Envelope/>', writeDeleted(), writeBoxFault()]) expect(readBoxRequest(each)).toBeUndefined()
  })

  test('is asked under these names', () => {
    expect(boxAction({ operation: 'GetMetadata' })).toBe('http://www.hotmail.msn.com/ws/2004/09/oim/rsi/GetMetadata')
  })
})

describe('leaving a message', () => {
  const request: fc.Arbitrary<StoreRequest> = fc.record(
    {
      version: fc.constantFrom('Store', 'Store2'),
      from: address,
      fromName: line,
      to: address,
      ticket: fc.constant(new Secret('t=a+b&p=')),
      product: fc.constantFrom('PROD0119GSJUC$18', 'PROD0101{0RM?UBW', 'PROD0112J1LW7%NB'),
      lockKey: fc.constantFrom('', '0123456789abcdef0123456789abcdef'),
      runId: guid,
      sequence: fc.integer({ min: 1, max: 1000 }),
      text: fc.string({ unit: 'grapheme', minLength: 1 }),
    },
    { requiredKeys: ['version', 'from', 'fromName', 'to', 'ticket', 'product', 'lockKey', 'sequence', 'text'] },
  )

  test('is asked, and the question is read back', () => {
    fc.assert(
      fc.property(request, (each) => {
        expect(readStore(writeStore(each))).toEqual(each)
      }),
    )
  })

  test('without a content that can be read has no text', () => {
    const [asked] = fc.sample(request, 1)
    const written = writeStore(asked as StoreRequest)
    expect(readStore(written.replace(/<Content .*<\/Content>/s, ''))?.text).toBeUndefined()
    expect(readStore(written.replace(/<Content (.*?)>.*<\/Content>/s, '<Content $1>hello</Content>'))?.text).toBeUndefined()
  })

  test('can be broken off anywhere, and is then no question', () => {
    fc.assert(
      fc.property(request, fc.nat(), (each, at) => {
        const written = writeStore(each)
        expect(readStore(written.slice(0, at % written.length))).toBeUndefined()
      }),
    )
  })

  test('is answered: stored, a challenge, a new ticket, or a refusal', () => {
    for (const version of ['Store', 'Store2'] as const) {
      expect(readStoreAnswer(writeStored(version, 3))).toEqual({ kind: 'stored' })
      expect(readStoreAnswer(writeLockKeyChallenge(version, '123'))).toEqual({ kind: 'challenge', lockKey: '123', renew: false })
      expect(readStoreAnswer(writeTicketChallenge(version))).toEqual({ kind: 'challenge', renew: true })
      const code = 'SystemUnavailable'
      expect(readStoreAnswer(writeStoreRefusal(version, code))).toEqual({ kind: 'refused', code })
    }
    expect(readStoreAnswer('<html/>')).toBeUndefined()
  })

  test('says the number and the namespace of its question', () => {
    expect(writeStored('Store', 3)).toContain('<AcknowledgmentRange Upper="3" Lower="3">')
    expect(writeLockKeyChallenge('Store', '1')).toContain(
      '<faultcode xmlns:q0="http://messenger.msn.com/ws/2004/09/oim/">q0:AuthenticationFailed</faultcode>',
    )
    expect(writeLockKeyChallenge('Store', '1')).toContain(
      '<LockKeyChallenge xmlns="http://messenger.msn.com/ws/2004/09/oim/">1</LockKeyChallenge>',
    )
    expect(storeAction('Store2')).toBe('http://messenger.live.com/ws/2006/09/oim/Store2')
  })
})
