// What every dialect that has it must do, one dialect at a time. docs/msn-compatibility.md links here.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { systemTimers } from '../../../src/core/timers.ts'
import { md5Proof } from '../../../src/msn/auth/md5.ts'
import { answerFor } from '../../../src/msn/model/challenge.ts'
import { listBit } from '../../../src/msn/model/lists.ts'
import { httpGateway } from '../../../src/msn/server/web/gateway.ts'
import { BareClient, hungUp } from '../../support/bare-client.ts'
import { openBoard, place, proven, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { password, startServer } from '../../support/msn-server.ts'
import { PollingLine } from '../../support/polling-line.ts'
import { startSite } from '../../support/web-site.ts'

const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
const all = Array.from({ length: 17 }, (_, index) => index + 2)
const from = (first: number, last = 18) => all.filter((dialect) => dialect >= first && dialect <= last)

let fixture: TestServer
beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

/** What a dialect proves a password with. */
function familyOf(dialect: number): string {
  return dialect < 8 ? 'MD5' : dialect < 15 ? 'TWN' : 'SSO'
}

/** Somebody signed in and online, on a line of any kind. */
async function enter(account: string, dialect: number, line?: BareClient): Promise<BareClient> {
  if (!line && dialect >= 8) return signedIn(fixture, account, dialect)
  const own = line ?? (await fixture.dial('NS'))
  own.dialect = dialect
  if (dialect >= 15) await proven(fixture, own, account, dialect)
  else {
    own.say(`VER 1 MSNP${dialect}`)
    own.say(`USR 2 ${familyOf(dialect)} I ${account}`)
    const salt = (await own.hearOnly('USR 2')).split(' ')[4] ?? ''
    const proof = dialect < 8 ? md5Proof(salt, new Secret(password)).reveal() : await fixture.ticketFor(account)
    own.say(`USR 3 ${familyOf(dialect)} S ${proof}`)
    await own.hearOnly('MSG Hotmail')
  }
  own.say(`CHG 4 NLN${dialect < 8 ? '' : ' 0'}`)
  await own.hearOnly('CHG 4')
  return own
}

/** What was heard until the answer to a ping. */
async function heardSoFar(line: BareClient): Promise<string[]> {
  line.say('PNG')
  const heard: string[] = []
  for (let said = await line.hear(); !said.startsWith('QNG'); said = await line.hear()) heard.push(said)
  return heard
}

/** Romeo watches Juliet, who does not have him. */
async function romeoWatches(dialect: number): Promise<{ romeoThere: BareClient; julietThere: BareClient }> {
  await fixture.server.services.edits.put(romeo as never, juliet as never, { list: 'FL' })
  const julietThere = await enter(juliet, dialect)
  const romeoThere = await enter(romeo, dialect)
  await heardSoFar(romeoThere)
  return { romeoThere, julietThere }
}

describe('signing in', () => {
  it.each(all)('with a wrong proof is 911 and the end, at MSNP%i', async (dialect) => {
    const line = await fixture.dial('NS')
    line.dialect = dialect
    line.say(`VER 1 MSNP${dialect}`)
    line.say(`USR 2 ${familyOf(dialect)} I ${juliet}`)
    await line.hearOnly('USR 2')
    line.say(`USR 3 ${familyOf(dialect)} S ${'0'.repeat(32)}${dialect < 15 ? '' : ' AAAA'}${dialect < 16 ? '' : ` ${place}`}`)
    expect(await line.hearAll(2)).toEqual(['911 3', hungUp])
  })

  it.each(all)('may come in one write up to the first question, at MSNP%i', async (dialect) => {
    const line = await fixture.dial('NS')
    line.dialect = dialect
    const second = dialect < 8 ? 'INF 2' : `CVR 2 0x0409 winnt 5.1 i386 MSNMSGR 8.0.0812 msmsgs ${juliet}`
    line.write(`VER 1 MSNP${dialect}\r\n${second}\r\nUSR 3 ${familyOf(dialect)} I ${juliet}\r\n`)
    expect(await line.hear()).toBe(`VER 1 MSNP${dialect}`)
    expect(await line.hear()).toMatch(/^(INF|CVR) 2 /)
    expect(await line.hearOnly('USR')).toMatch(new RegExp(`^USR 3 ${familyOf(dialect)} S `))
  })

  it.each(from(2, 15))('a second time sends the first away with OUT OTH, at MSNP%i', async (dialect) => {
    const first = await enter(juliet, dialect)
    const second = await enter(juliet, dialect)
    expect(await first.hearOnly('OUT')).toBe('OUT OTH')
    expect(await first.hear()).toBe(hungUp)
    second.say('PNG')
    expect(await second.hearOnly('QNG')).toMatch(/^QNG/)
  })

  it.each(from(16))('at one place sends another away, at MSNP%i', async (dialect) => {
    const first = await enter(juliet, dialect)
    const second = await signedIn(fixture, juliet, dialect, '{CAFEBABE-1C6E-4BEA-8B3E-9C464006A774}')
    second.say(`UUN 5 ${juliet};${place} 4`, 'goawyplzthxbye')
    expect(await second.hearOnly('UUN')).toBe('UUN 5 OK')
    expect(await first.hearOnly('UBN')).toContain('goawyplzthxbye')
  })

  it.each(from(4))('goes through the HTTP gateway as well, at MSNP%i', async (dialect) => {
    const site = await startSite(
      httpGateway({ timers: systemTimers, carry: (role, carrier) => fixture.server.carry(role, carrier) }),
    )
    const line = new BareClient(new PollingLine(`http://127.0.0.1:${site.port}/gateway/gateway.dll`, 'NS'))
    try {
      await enter(juliet, dialect, line)
      line.say('URL 5 INBOX')
      expect(await line.hearOnly('URL')).toMatch(/^URL 5 http/)
    } finally {
      await site.stop()
    }
  })
})

describe('who is seen', () => {
  it.each(all)('goes for whom they block, who cannot call them either, at MSNP%i', async (dialect) => {
    const { romeoThere, julietThere } = await romeoWatches(dialect)
    if (dialect < 10) julietThere.say(`ADD 5 BL ${romeo} Romeo`)
    else if (dialect < 13) julietThere.say(`ADC 5 BL N=${romeo}`)
    else julietThere.say('ADL 5', '<ml><d n="example.com"><c n="romeo" l="4" t="1"/></d></ml>')
    expect(await romeoThere.hearOnly('FLN')).toContain(juliet)
    const board = await openBoard(fixture, romeoThere, dialect < 16 ? romeo : `${romeo};${place}`)
    board.say(`CAL 2 ${juliet}`)
    expect(await board.hear()).toBe('217 2')
    expect((await heardSoFar(julietThere)).filter((line) => line.startsWith('RNG'))).toEqual([])
  })

  it.each(all)('is seen only by those they allow once they say BLP BL, at MSNP%i', async (dialect) => {
    const { romeoThere, julietThere } = await romeoWatches(dialect)
    julietThere.say('BLP 5 BL')
    expect(await julietThere.hearOnly('BLP')).toMatch(/^BLP 5 (\d+ )?BL$/)
    await romeoThere.hearOnly('FLN')
    await fixture.server.services.edits.put(juliet as never, romeo as never, { list: 'AL' })
    expect(await romeoThere.hearOnly('NLN')).toContain(juliet)
  })

  it.each(from(9))('has a picture, which is passed on as it came, at MSNP%i', async (dialect) => {
    const { romeoThere, julietThere } = await romeoWatches(dialect)
    const picture = '%3Cmsnobj%20Creator%3D%22juliet%40example.com%22%20Size%3D%2224539%22%20Type%3D%223%22%2F%3E'
    julietThere.say(`CHG 5 NLN 2147778596 ${picture}`)
    expect((await romeoThere.hearOnly('NLN')).split(' ').at(-1)).toBe(picture)
  })

  it.each(from(5, 12))('tells a phone number to those who may see it, at MSNP%i', async (dialect) => {
    const { romeoThere, julietThere } = await romeoWatches(dialect)
    julietThere.say('PRP 5 PHM 555%201')
    expect(await julietThere.hearOnly('PRP')).toMatch(/^PRP 5 (\d+ )?PHM 555%201$/)
    expect(await romeoThere.hearOnly('BPR')).toMatch(/^BPR (\d+ )?juliet@example\.com PHM 555%201$/)
  })
})

describe('on a board', () => {
  it.each(all)('each kind of acknowledgement is kept, at MSNP%i', async (dialect) => {
    const [julietThere, romeoThere] = [await enter(juliet, dialect), await enter(romeo, dialect)]
    const at = (account: string) => (dialect < 16 ? account : `${account};${place}`)
    const board = await openBoard(fixture, julietThere, at(juliet))
    for (const [index, type] of ['U', 'N', 'A'].entries()) board.say(`MSG 5${index} ${type}`, 'nobody is here')
    expect(await board.hearAll(2)).toEqual(['NAK 51', 'NAK 52'])
    board.say(`CAL 91 ${romeo}`)
    const [, session, , , ticket] = (await romeoThere.hearOnly('RNG')).split(' ')
    const other = await fixture.dial('SB')
    other.say(`ANS 1 ${at(romeo)} ${ticket} ${session}`)
    await other.hearOnly('ANS 1 OK')
    await board.hearOnly(`JOI ${romeo}`)
    const p2p = 'MIME-Version: 1.0\r\nContent-Type: application/x-msnmsgrp2p\r\n\r\n'
    for (const [index, type] of ['U', 'N', 'A', 'D', 'S'].entries()) board.say(`MSG 6${index} ${type}`, type === 'D' ? p2p : type)
    expect([await board.hearOnly('ACK'), ...(await board.hearAll(2))]).toEqual(['ACK 62', 'ACK 63', 'ACK 64'])
    const heard = [await other.hearOnly('MSG'), ...(await other.hearAll(4))]
    expect(heard.map((line) => line.split('\n').slice(1).join('\n'))).toEqual(['U', 'N', 'A', p2p, 'S'])
  })
})

describe('the challenge', () => {
  it.each(from(6))('is asked after the first CHG and answered with QRY, at MSNP%i', async (dialect) => {
    await fixture.stop()
    fixture = await startServer({ challenge: true })
    const line = await enter(juliet, dialect)
    const digits = (await line.hearOnly('CHL')).split(' ')[2] ?? ''
    const product =
      dialect < 11 ? { id: 'msmsgs@msnmsgr.com', key: 'Q1P7W2E4J9R8U3S5' } : { id: 'PROD0119GSJUC$18', key: 'ILTXC!4IXB5FB*PX' }
    line.say(`QRY 5 ${product.id}`, answerFor(dialect, digits, product))
    expect(await line.hearOnly('QRY')).toBe('QRY 5')
  })
})

describe('a request to be added', () => {
  it.each(all)('waits for an answer, whatever the dialect, at MSNP%i', async (dialect) => {
    const { julietThere } = await romeoWatches(dialect)
    const { books } = fixture.server.services
    const listsOfRomeo = async () => (await books.of(juliet as never)).contacts.find(({ handle }) => handle === romeo)?.lists
    expect(await listsOfRomeo()).toBe(listBit.PL)
    if (dialect < 10) julietThere.say(`ADD 5 AL ${romeo} Romeo`)
    else if (dialect < 13) julietThere.say(`ADC 5 AL N=${romeo}`)
    else julietThere.say('ADL 5', '<ml><d n="example.com"><c n="romeo" l="2" t="1"/></d></ml>')
    await julietThere.hearOnly(dialect < 10 ? 'ADD 5' : dialect < 13 ? 'ADC 5' : 'ADL 5')
    expect(await listsOfRomeo()).toBe(listBit.AL | listBit.RL)
  })
})
