import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../../src/core/secret.ts'
import { newAnswer, products } from '../../../../src/msn/model/challenge.ts'
import { putOn } from '../../../../src/msn/server/book.ts'
import { Books } from '../../../../src/msn/server/books.ts'
import type { Handle } from '../../../../src/msn/server/handle.ts'
import { offlineServices } from '../../../../src/msn/server/web/offline.ts'
import { readMailData } from '../../../../src/msn/soap/mail-data.ts'
import type { BoxCall } from '../../../../src/msn/soap/oim-box.ts'
import { readDeleted, readMessage, readMetadata, writeBoxRequest } from '../../../../src/msn/soap/oim-box.ts'
import { readOimMail } from '../../../../src/msn/soap/oim-mail.ts'
import type { StoreRequest } from '../../../../src/msn/soap/oim-store.ts'
import { readStoreAnswer, writeStore } from '../../../../src/msn/soap/oim-store.ts'
import { proven, signedIn } from '../../../support/msn-cast.ts'
import type { TestServer } from '../../../support/msn-server.ts'
import { startServer } from '../../../support/msn-server.ts'
import type { WebSite } from '../../../support/web-site.ts'
import { startSite } from '../../../support/web-site.ts'

const romeo = 'romeo@example.com' as Handle
const juliet = 'juliet@example.com' as Handle
const product = { id: 'PROD0119GSJUC$18', key: 'ILTXC!4IXB5FB*PX' }

let fixture: TestServer
let site: WebSite

beforeEach(async () => {
  fixture = await startServer()
  const { tokens, books, offline, clock } = fixture.server.services
  site = await startSite(offlineServices({ tokens, books, offline, clock }))
})
afterEach(async () => {
  await site.stop()
  await fixture.stop()
})

const ticketOf = async (handle: Handle) => (await fixture.server.tokens.issue(handle, 'services', 3600)).ticket

async function leave(request: Partial<StoreRequest> = {}) {
  const asked: StoreRequest = {
    version: 'Store2',
    from: romeo,
    fromName: 'Romeo',
    to: juliet,
    ticket: await ticketOf(romeo),
    product: product.id,
    lockKey: '',
    sequence: 1,
    text: 'But, soft!',
    ...request,
  }
  const { status, text } = await site.post('/OimWS/oim.asmx', writeStore(asked))
  return { status, answer: readStoreAnswer(text), text }
}

/** The answer to the question that Romeo is asked first. */
async function lockKey(of = product): Promise<string> {
  const { answer } = await leave({ product: of.id })
  return newAnswer((answer?.kind === 'challenge' && answer.lockKey) || '', of)
}

async function box(call: BoxCall, handle = juliet, path = '/rsi/rsi.asmx') {
  return site.post(path, writeBoxRequest({ call, ticket: await ticketOf(handle) }))
}

test.each(['/rsi/rsi.asmx', '/OimWS/oim.asmx'])(
  'no connection to %s is kept, because libpurple asks on one that has ended, and waits for ever',
  async (path) => {
    const { headers } = await site.post(path, '')
    expect(headers.get('connection')).toBe('close')
  },
)

describe('leaving a message', () => {
  test('first asks for the lock key, and then takes it until it is half a day old', async () => {
    const first = await leave()
    expect(first).toMatchObject({ status: 500, answer: { kind: 'challenge', renew: false } })
    const key = newAnswer((first.answer as { lockKey: string }).lockKey, product)
    expect(await leave({ lockKey: key })).toMatchObject({ status: 200, answer: { kind: 'stored' } })
    expect(await leave({ lockKey: key, sequence: 2 })).toMatchObject({ answer: { kind: 'stored' } })
    await fixture.timers.pass(12 * 3_600_000)
    expect(await leave({ lockKey: key })).toMatchObject({ answer: { kind: 'challenge' } })
    expect(await fixture.server.offline.list(juliet)).toMatchObject([{ sequence: 1 }, { sequence: 2 }])
  })

  test.each(products)('is open to $id', async (known) => {
    expect((await leave({ product: known.id, lockKey: await lockKey(known) })).answer).toEqual({ kind: 'stored' })
  })

  test('stays closed to a wrong key, a product that nobody knows, and the key of somebody else', async () => {
    const key = await lockKey()
    for (const wrong of [
      { lockKey: '0'.repeat(32) },
      { lockKey: key, product: 'PROD' },
      { lockKey: key, from: juliet, ticket: await ticketOf(juliet), to: romeo },
    ])
      expect((await leave(wrong)).answer).toMatchObject({ kind: 'challenge', renew: false })
    expect(await fixture.server.offline.list(juliet)).toEqual([])
  })

  test('needs a ticket that is good', async () => {
    const refused = await leave({ lockKey: await lockKey(), ticket: new Secret('t=stolen&p=') })
    expect(refused).toMatchObject({ status: 500, answer: { kind: 'challenge', renew: true } })
    expect(refused.text).not.toContain('stolen')
  })

  test.each([
    ['for nobody', { to: 'nobody@example.com' }, 'SystemUnavailable'],
    ['for what is no address', { to: 'juliet' }, 'SystemUnavailable'],
    ['in the name of somebody else', { from: juliet }, 'SystemUnavailable'],
    ['without text', { text: '' }, 'InvalidContent'],
    ['of more than 8 KiB', { text: 'x'.repeat(8193) }, 'InvalidContent'],
  ])('%s is refused', async (_what, request, code) => {
    expect((await leave({ lockKey: await lockKey(), ...request })).answer).toEqual({ kind: 'refused', code })
    expect(await fixture.server.offline.list(juliet)).toEqual([])
  })

  test('for somebody who blocks the sender looks as if there were nobody', async () => {
    await new Books(fixture.records, fixture.timers.clock, () => false).change(juliet, (book) => putOn(book, 'BL', romeo))
    const key = await lockKey()
    const blocked = await leave({ lockKey: key })
    const nobody = await leave({ lockKey: key, to: 'nobody@example.com' })
    expect([blocked.status, blocked.text]).toEqual([nobody.status, nobody.text])
  })

  test('too often in a minute is refused', async () => {
    const key = await lockKey()
    for (let count = 1; count <= 30; count++) expect((await leave({ lockKey: key })).answer).toEqual({ kind: 'stored' })
    expect((await leave({ lockKey: key })).answer).toEqual({ kind: 'refused', code: 'SenderThrottleLimitExceeded' })
  })

  test('is answered in the namespace in which it was asked, old or new', async () => {
    const old = await leave({ version: 'Store', lockKey: await lockKey() })
    expect(old.text).toContain('<StoreResponse xmlns="http://messenger.msn.com/ws/2004/09/oim/">')
  })

  test.each(['', 'hello', '<Envelope/>', '<!DOCTYPE x><Envelope/>'])('with "%s" is a fault', async (xml) => {
    expect((await site.post('/OimWS/oim.asmx', xml)).status).toBe(500)
  })
})

describe('the box', () => {
  test('lists what waits, hands it out and deletes it', async () => {
    await fixture.timers.pass(1_000_000)
    const key = await lockKey()
    await leave({ lockKey: key, runId: '6C1F0E0A-2222-4333-8444-0A0B0C0D0E0F', text: 'café' })
    await leave({ lockKey: key, sequence: 2, text: 'It is the east' })
    const waiting = readMetadata((await box({ operation: 'GetMetadata' })).text) ?? []
    expect(waiting).toMatchObject([{ from: romeo, fromName: 'Romeo', at: 1_000_000 }, { from: romeo }])

    const id = waiting[0]?.id ?? ''
    const mail = readMessage((await box({ operation: 'GetMessage', id })).text) ?? ''
    expect(Buffer.byteLength(mail)).toBe(waiting[0]?.size)
    expect(readOimMail(mail)).toEqual({
      from: romeo,
      name: 'Romeo',
      sentAt: 1_000_000,
      runId: '6C1F0E0A-2222-4333-8444-0A0B0C0D0E0F',
      sequence: 1,
      text: 'café',
    })

    expect(readDeleted((await box({ operation: 'DeleteMessages', ids: [id] })).text)).toBe(true)
    expect(readMetadata((await box({ operation: 'GetMetadata' })).text)).toHaveLength(1)
  })

  test('of one person is closed to another', async () => {
    await leave({ lockKey: await lockKey() })
    const [{ id } = { id: '' }] = await fixture.server.offline.list(juliet)
    expect((await box({ operation: 'GetMessage', id }, romeo)).status).toBe(500)
    await box({ operation: 'DeleteMessages', ids: [id] }, romeo)
    expect(await fixture.server.offline.list(juliet)).toHaveLength(1)
  })

  test('is closed without a ticket, and to a ticket that only signs in', async () => {
    const { ticket } = await fixture.server.tokens.issue(juliet, 'sign-in', 3600)
    for (const each of [ticket, new Secret('')]) {
      const { status, text } = await site.post(
        '/rsi/rsi.asmx',
        writeBoxRequest({ call: { operation: 'GetMetadata' }, ticket: each }),
      )
      expect([status, text.includes('<faultcode>soap:Client</faultcode>')]).toEqual([500, true])
    }
  })

  test('opens to the ticket of the messenger, which clients of MSN 7.5 have', async () => {
    const ticket = new Secret(await fixture.ticketFor(juliet))
    const { text } = await site.post('/rsi/rsi.asmx', writeBoxRequest({ call: { operation: 'GetMetadata' }, ticket }))
    expect(readMetadata(text)).toEqual([])
  })

  test('is found under two slashes, and in small letters', async () => {
    expect((await box({ operation: 'GetMetadata' }, juliet, '//RSI/RSI.asmx')).status).toBe(200)
  })
})

describe('the notification server', () => {
  test('tells of a message that arrives, and that messages are gone', async () => {
    const julietThere = await signedIn(fixture, juliet, 15)
    await leave({ lockKey: await lockKey() })
    const arrived = await julietThere.hearOnly('MSG Hotmail')
    expect(arrived).toContain('Content-Type: text/x-msmsgsoimnotification; charset=UTF-8')
    const data = readMailData(/Mail-Data: (.*)\r\n/.exec(arrived)?.[1] ?? '')
    const [{ id } = { id: '' }] = data as readonly { id: string }[]
    expect(readOimMail(readMessage((await box({ operation: 'GetMessage', id })).text) ?? '').text).toBe('But, soft!')

    await box({ operation: 'DeleteMessages', ids: [id] })
    expect(await julietThere.hearOnly('MSG Hotmail')).toMatch(
      /Src-Folder: \.!!OIM\r\nDest-Folder: \.!!trAsH\r\nMessage-Delta: 1\r\n/,
    )
  })

  test.each([11, 12, 13, 14, 15, 16, 17, 18])('lists what waits to a client of MSNP%i that signs in', async (dialect) => {
    await leave({ lockKey: await lockKey() })
    const line = await fixture.dial('NS')
    if (dialect < 15) {
      line.dialect = dialect
      line.say(`VER 1 MSNP${dialect}`)
      line.say(`USR 2 TWN I ${juliet}`)
      line.say(`USR 3 TWN S ${await fixture.ticketFor(juliet)}`)
      await line.hearOnly('MSG Hotmail')
    } else await proven(fixture, line, juliet, dialect)
    line.say('CHG 4 NLN 0')
    const waiting = await line.hearOnly('MSG Hotmail')
    expect(waiting).toContain('text/x-msmsgsinitialmdatanotification')
    expect(waiting).toContain(`<E>${romeo}</E>`)
  })

  test('says nothing of it to a client of MSNP10, and the message waits for a later one', async () => {
    const julietThere = await signedIn(fixture, juliet, 10)
    await leave({ lockKey: await lockKey() })
    julietThere.say('PNG')
    expect(await julietThere.hear()).toMatch(/^QNG/)
    expect(await fixture.server.offline.list(juliet)).toHaveLength(1)
  })

  test('takes one from libpurple, which sends no SOAP and no Dest-Agent', async () => {
    const romeoThere = await signedIn(fixture, romeo, 18)
    const payload =
      'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nUser-Agent: Pidgin/2.14.12\r\nX-MMS-IM-Format: FN=Segoe%20UI; EF=; CO=0; PF=0; RL=0\r\n\r\noffline message for bob'
    romeoThere.say(`UUM 14 ${juliet} 1 1`, payload)
    romeoThere.say('PNG')
    expect(await romeoThere.hear()).toMatch(/^QNG/)
    const [{ id } = { id: '' }] = readMetadata((await box({ operation: 'GetMetadata' })).text) ?? []
    const mail = readOimMail(readMessage((await box({ operation: 'GetMessage', id })).text) ?? '')
    expect(mail).toMatchObject({ from: romeo, text: 'offline message for bob' })
  })
})
