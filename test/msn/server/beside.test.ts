// What the notification server answers beside sign-in, lists and presence.

import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerFor, products } from '../../../src/msn/model/challenge.ts'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { bring, openBoard, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

/** The value of a header in the body of a message. */
function fieldOf(message: string, name: string): string | undefined {
  return new RegExp(`^${name}: (.*)\\r$`, 'm').exec(message)?.[1]
}

describe('offline messages', () => {
  const text = (words: string, type = 'text/plain; charset=UTF-8') => `MIME-Version: 1.0\r\nContent-Type: ${type}\r\n\r\n${words}`

  test('are told of one by one to whoever is there, and all at once to whoever comes', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 18)
    juliet.say('UUM 5 romeo@example.com 1 1', text('wherefore'))
    await settled()
    const again = await signedIn(fixture, 'romeo@example.com', 11)
    const waiting = await again.hear()
    expect(waiting).toContain('Content-Type: text/x-msmsgsinitialmdatanotification; charset=UTF-8')
    expect(fieldOf(waiting, 'Mail-Data')).toMatch(/^<MD><E><I>1<\/I><IU>1<\/IU>.*<E>juliet@example.com<\/E>/)
    juliet.say('UUM 6 romeo@example.com 1 1', text('art thou'))
    const arrived = await again.hear()
    expect(arrived).toContain('Content-Type: text/x-msmsgsoimnotification; charset=UTF-8')
    const id = /<I>([0-9A-F-]+)<\/I>/.exec(arrived)?.[1] ?? ''
    await fixture.server.offline.remove('romeo@example.com' as never, [id])
    const deleted = await again.hear()
    expect(deleted).toContain('text/x-msmsgsactivemailnotification')
    expect([fieldOf(deleted, 'Src-Folder'), fieldOf(deleted, 'Message-Delta')]).toEqual(['.!!OIM', '1'])
    expect((await fixture.server.offline.list('romeo@example.com' as never)).map(({ text }) => text)).toEqual(['wherefore'])
  })

  test('are too many to be listed above 25, and old clients are told of none', async () => {
    for (let number = 0; number < 26; number++)
      await fixture.server.offline.store('juliet@example.com' as never, 'Juliet', 'romeo@example.com' as never, {
        body: `${number}`,
      })
    const romeo = await signedIn(fixture, 'romeo@example.com', 12)
    expect(fieldOf(await romeo.hear(), 'Mail-Data')).toBe('too-large')
    const old = await signedIn(fixture, 'romeo@example.com', 10)
    await fixture.server.offline.store('juliet@example.com' as never, 'Juliet', 'romeo@example.com' as never, { body: 'x' })
    old.say('PNG')
    expect(await old.hear()).toBe('QNG 50')
  })

  test('that are not kept are refused, and typing and nudges are let go', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 18)
    const tybalt = await signedIn(fixture, 'tybalt@example.com', 12)
    tybalt.say('ADC 5 BL N=juliet@example.com')
    await tybalt.hearOnly('ADC')
    juliet.say('UUM 5 nobody@example.com 1 1', text('hello'))
    juliet.say('UUM 6 tybalt@example.com 1 1', text('hello'))
    juliet.say('UUM 7 romeo@example.com 32 1', text('hello'))
    juliet.say('UUM 8 romeo@example.com 1 1', text('x'.repeat(9000)))
    expect(await juliet.hearAll(4)).toEqual(['217 5', '217 6', '204 7', '210 8'])
    juliet.say('UUM 9 romeo@example.com 1 2', text('', 'text/x-msmsgscontrol'))
    juliet.say('UUM 10 romeo@example.com 1 3', text('ID: 1', 'text/x-msnmsgr-datacast'))
    juliet.say('PNG')
    expect(await juliet.hear()).toBe('QNG 50')
    expect(await fixture.server.offline.list('romeo@example.com' as never)).toEqual([])
  })
})

describe('phone numbers', () => {
  test('are told to those who may see them, as their dialect writes it', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 12)
    const watchers: [BareClient, string][] = []
    for (const [account, dialect, form] of [
      ['romeo@example.com', 12, 'BPR juliet@example.com PHM 555%201'],
      ['nurse@example.com', 8, 'BPR 2 juliet@example.com PHM 555%201'],
    ] as const) {
      const line = await signedIn(fixture, account, dialect)
      line.say(dialect < 10 ? 'ADD 5 FL juliet@example.com Juliet' : 'ADC 5 FL N=juliet@example.com F=Juliet')
      await line.hearOnly('ILN')
      watchers.push([line, form])
    }
    const tybalt = await signedIn(fixture, 'tybalt@example.com', 12)
    tybalt.say('ADC 5 FL N=juliet@example.com F=Juliet')
    await tybalt.hearOnly('ILN')
    juliet.say('ADC 6 BL N=tybalt@example.com')
    expect(await tybalt.hear()).toBe('FLN juliet@example.com')
    juliet.say('PRP 7 PHM 555%201')
    for (const [line, form] of watchers) expect(await line.hear()).toBe(form)
    for (const [line, stamp] of [[watchers[0]?.[0], '0 0'] as const, [tybalt, '0 0'] as const]) line?.say(`SYN 8 ${stamp}`)
    expect(await watchers[0]?.[0].hearOnly('BPR')).toBe('BPR PHM 555%201')
    tybalt.say('PNG')
    const heard: string[] = []
    for (let said = await tybalt.hear(); said !== 'QNG 50'; said = await tybalt.hear()) heard.push(said)
    expect(heard.filter((line) => line.startsWith('BPR'))).toEqual([])
    juliet.say('ADC 9 BL N=romeo@example.com')
    await watchers[0]?.[0].hearOnly('FLN')
  })

  test('of somebody new on the list come with them', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 9)
    juliet.say('PRP 5 PHH 555')
    await juliet.hearOnly('PRP')
    const romeo = await signedIn(fixture, 'romeo@example.com', 12)
    romeo.say('ADC 5 FL N=juliet@example.com F=Juliet')
    await romeo.hearOnly('ADC')
    expect(await romeo.hear()).toBe('BPR juliet@example.com PHH 555')
    expect(await romeo.hear()).toMatch(/^ILN 5/)
  })
})

describe('dispatch', () => {
  const dialects = Array.from({ length: 17 }, (_, index) => index + 2)
  test.each(dialects)('a client of MSNP%i is sent on and hung up on', async (dialect) => {
    const rest = dialect === 2 ? '' : dialect < 7 ? ' 0' : dialect < 13 ? ' 0 {there}' : ' U D'
    await fixture.stop()
    fixture = await startServer({ listen: { host: '127.0.0.1', notificationPort: 0, switchboardPort: 0, dispatchPort: 0 } })
    const { dispatch = 0, notification } = fixture.server.ports
    const line = await fixture.dialPort(dispatch)
    const there = `127.0.0.1:${notification}`
    line.say(`VER 1 MSNP${dialect}`)
    expect(await line.hear()).toBe(`VER 1 MSNP${dialect}`)
    line.say(`USR 2 ${dialect < 8 ? 'MD5' : dialect < 15 ? 'TWN' : 'SSO'} I juliet@example.com`)
    expect(await line.hear()).toBe(`XFR 2 NS ${there}${rest.replace('{there}', there)}`)
    expect(await line.hear()).toBe(hungUp)
  })

  test('there is none where nobody asked for it', () => {
    expect(fixture.server.ports.dispatch).toBeUndefined()
  })
})

describe('versions of clients', () => {
  test.each([
    ['7.5.0324', '8.1', '8.1'],
    ['8.1.0178', '8.1', '8.1.0178'],
    ['14.0.8117.0416', '8.1', '14.0.8117.0416'],
    ['7.0.0777', '7.0.0813', '7.0.0813'],
  ])('%s, where %s is the oldest, is recommended %s', async (version, oldestClient, recommended) => {
    await fixture.stop()
    fixture = await startServer({ oldestClient })
    const line = await fixture.dial('NS')
    line.say('VER 1 MSNP12')
    line.say(`CVR 2 0x0409 winnt 5.1 i386 MSNMSGR ${version} MSMSGS juliet@example.com`)
    const page = 'http://msn.example.com/'
    expect(await line.hearOnly('CVR')).toBe(`CVR 2 ${recommended} ${recommended} ${recommended} ${page} ${page}`)
  })
})

describe('small things', () => {
  test('WebTV turns calls off and on again', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 12)
    const romeo = await signedIn(fixture, 'romeo@example.com', 12)
    juliet.say('IMS 5 OFF')
    expect(await juliet.hear()).toBe('IMS 5 0 OFF')
    const board = await openBoard(fixture, romeo, 'romeo@example.com')
    board.say('CAL 2 juliet@example.com')
    await board.hear()
    juliet.say('IMS 6 ON')
    expect(await juliet.hear()).toBe('IMS 6 0 ON')
    const other = await openBoard(fixture, romeo, 'romeo@example.com')
    await bring(other, 'juliet@example.com', juliet, await fixture.dial('SB'))
  })

  test('there are no pages, reports or circles, and nobody is sent away for asking', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 18)
    juliet.say('PAG 5 romeo@example.com', '<TEXT xml:space="preserve">hi</TEXT>')
    juliet.say('PGD 6 romeo@example.com 1', '<TEXT xml:space="preserve">hi</TEXT>')
    juliet.say('VAS 7 romeo@example.com 1 2', 'rude')
    juliet.say('PUT 8', 'Routing: 1.0\r\n\r\n')
    juliet.say('SDG 9', 'Routing: 1.0\r\n\r\n')
    juliet.say('DEL 10', 'Routing: 1.0\r\n\r\n')
    expect(await juliet.hearAll(5)).toEqual(['715 5', '800 6', '933 8', '933 9', '933 10'])
    juliet.say('USR 11 SHA A dGlja2V0')
    expect(await juliet.hear()).toBe('USR 11 OK juliet@example.com 0 0')
    juliet.say('USR 12 SSO I juliet@example.com')
    expect(await juliet.hear()).toBe('207 12')
  })

  test('a page to change the password is known, and the first page for everything else', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 8)
    juliet.say('URL 5 PASSWORD')
    juliet.say('URL 6 INBOX')
    const start = 'http://msn.example.com/'
    expect(await juliet.hearAll(2)).toEqual([`URL 5 ${start}password ${start} 1`, `URL 6 ${start} ${start} 1`])
  })

  test('a client may ask for the question', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com', 12)
    juliet.say('CHL 5')
    const digits = (await juliet.hear()).split(' ')[2] ?? ''
    juliet.say('CHL 6')
    expect(await juliet.hear()).toBe(`CHL 0 ${digits}`)
    const product = products.find(({ id }) => id === 'PROD0101{0RM?UBW')
    if (!product) throw new Error('the product is not known')
    juliet.say(`QRY 7 ${product.id}`, answerFor(12, digits, product))
    expect(await juliet.hear()).toBe('QRY 7')
  })
})
