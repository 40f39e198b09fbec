import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Command } from '../../../src/msn/wire/command.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { bring, openBoard, place, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
const nurse = 'nurse@example.com'
/** Two places; ours say them in capitals, the server in small letters. */
const home = `{${'A'.repeat(8)}-1111-2222-3333-${'B'.repeat(12)}}`
const phone = `{${'C'.repeat(8)}-1111-2222-3333-${'D'.repeat(12)}}`
const at = (account: string, guid: string) => `${account};${guid.toLowerCase()}`

let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

/** Answers a call at one place; gives that end of the board and what was said up to and with ANS. */
async function answers(notification: BareClient, account: string): Promise<{ line: BareClient; heard: string[] }> {
  const [, session, , , ticket] = (await notification.hearOnly('RNG')).split(' ')
  const line = await fixture.dial('SB')
  line.say(`ANS 1 ${account} ${ticket} ${session}`)
  const heard: string[] = []
  while (!heard.at(-1)?.startsWith('ANS')) heard.push(await line.hear())
  return { line, heard }
}

async function call(board: BareClient, account: string): Promise<void> {
  board.say(`CAL 5 ${account}`)
  expect(await board.hear()).toMatch(/^CAL 5 RINGING \d+$/)
}

describe('an account that is in two places', () => {
  let athome: BareClient
  let onphone: BareClient

  beforeEach(async () => {
    athome = await signedIn(fixture, juliet, 18, home)
    onphone = await signedIn(fixture, juliet, 16, phone)
  })

  test('is rung in both, each with a ticket of its own that opens once', async () => {
    const board = await openBoard(fixture, await signedIn(fixture, romeo), romeo)
    await call(board, juliet)
    const [one, other] = [await athome.hearOnly('RNG'), await onphone.hearOnly('RNG')].map((line) => line.split(' '))
    expect(one?.[1]).toBe(other?.[1])
    expect(one?.[4]).not.toBe(other?.[4])
    for (const expected of [/^IRO/, /^911/]) {
      const line = await fixture.dial('SB')
      line.say(`ANS 1 ${juliet};${home} ${one?.[4]} ${one?.[1]}`)
      expect(await line.hear()).toMatch(expected)
    }
  })

  test('has a line for each place and one for the person towards MSNP16 and later, and one in all towards others', async () => {
    const board = await openBoard(fixture, await signedIn(fixture, romeo, 18), romeo)
    await bring(board, nurse, await signedIn(fixture, nurse), await fixture.dial('SB'))
    await call(board, juliet)
    const first = await answers(athome, `${juliet};${home}`)
    expect(first.heard).toEqual([
      `IRO 1 1 3 ${at(romeo, place)} ${romeo} 0:0`,
      `IRO 1 2 3 ${romeo} ${romeo} 0:0`,
      `IRO 1 3 3 ${nurse} ${nurse} 0:0`,
      'ANS 1 OK',
    ])
    expect(await first.line.hear()).toBe(`JOI ${juliet} ${juliet} 0:0`)
    expect(await board.hearAll(2)).toEqual([`JOI ${at(juliet, home)} ${juliet} 0:0`, `JOI ${juliet} ${juliet} 0:0`])

    const second = await answers(onphone, `${juliet};${phone.toLowerCase()}`)
    expect(second.heard).toEqual([
      `IRO 1 1 4 ${at(romeo, place)} ${romeo} 0:0`,
      `IRO 1 2 4 ${romeo} ${romeo} 0:0`,
      `IRO 1 3 4 ${nurse} ${nurse} 0:0`,
      `IRO 1 4 4 ${at(juliet, home)} ${juliet} 0:0`,
      'ANS 1 OK',
    ])
    expect(await second.line.hear()).toBe(`JOI ${juliet} ${juliet} 0:0`)
    expect(await board.hear()).toBe(`JOI ${at(juliet, phone)} ${juliet} 0:0`)
    expect(await first.line.hear()).toBe(`JOI ${at(juliet, phone)} ${juliet} 0:0`)

    first.line.say('OUT')
    expect(await board.hear()).toBe(`BYE ${at(juliet, home)}`)
    expect(await second.line.hear()).toBe(`BYE ${at(juliet, home)}`)
    second.line.hangUp()
    expect(await board.hearAll(2)).toEqual([`BYE ${at(juliet, phone)}`, `BYE ${juliet}`])
  })

  test('is one person towards a client of MSNP12, who comes once and goes once', async () => {
    const board = await openBoard(fixture, await signedIn(fixture, romeo), romeo)
    await call(board, juliet)
    const first = await answers(athome, juliet)
    expect(first.heard).toEqual([`IRO 1 1 1 ${romeo} ${romeo} 0:0`, 'ANS 1 OK'])
    const second = await answers(onphone, juliet)
    expect(await board.hear()).toBe(`JOI ${juliet} ${juliet} 0`)
    first.line.say('OUT')
    expect(await first.line.hearOnly('JOI')).toBeTruthy()
    board.say('MSG 6 A', 'x')
    expect(await board.hear()).toBe('ACK 6')
    second.line.say('OUT')
    expect(await board.hear()).toBe(`BYE ${juliet}`)
  })

  test('hears in each place what was said in another, and is nobody to talk to alone', async () => {
    const board = await openBoard(fixture, await signedIn(fixture, romeo), romeo)
    await call(board, juliet)
    const first = await answers(athome, juliet)
    const second = await answers(onphone, juliet)
    first.line.say('MSG 6 A', 'from home')
    for (const line of [board, second.line]) expect(await line.hearOnly('MSG')).toBe(`MSG ${juliet} ${juliet} 9\nfrom home`)
    expect(await first.line.hearOnly('ACK')).toBe('ACK 6')
    board.hangUp()
    await first.line.hearOnly(`BYE ${romeo}`)
    first.line.say('MSG 7 A', 'hello?')
    expect(await first.line.hear()).toBe('NAK 7')
    second.line.say('CAL 8 nobody')
    expect(await second.line.hearOnly('208')).toBe('208 8')
  })

  test('brings its other places in by calling itself, as often as it likes', async () => {
    const board = await openBoard(fixture, athome, `${juliet};${home}`)
    for (let round = 0; round < 2; round++) {
      await call(board, juliet)
      expect(await board.hear()).toBe(`JOI ${juliet} ${juliet} 0:0`)
    }
    const { heard } = await answers(onphone, juliet)
    expect(heard).toEqual([`IRO 1 1 1 ${at(juliet, home)} ${juliet} 0:0`, 'ANS 1 OK'])
    expect(await board.hear()).toBe(`JOI ${at(juliet, phone)} ${juliet} 0:0`)
    expect(athome.unheard.filter((line) => line.startsWith('RNG'))).toEqual([])
    await call(board, juliet)
    await onphone.hearOnly('RNG')
    await settled()
    expect(onphone.unheard.filter((line) => line.startsWith('RNG'))).toEqual([])
  })

  test('keeps the board of one place when another signs out', async () => {
    const board = await openBoard(fixture, athome, juliet)
    const other = await openBoard(fixture, onphone, juliet)
    onphone.say('OUT')
    expect(await other.hear()).toBe(hungUp)
    board.say('MSG 2 A', 'x')
    expect(await board.hear()).toBe('NAK 2')
  })
})

test('two people whose places have the same GUID are two people', async () => {
  const notification = await signedIn(fixture, juliet, 18, home)
  const board = await openBoard(fixture, await signedIn(fixture, romeo, 18, home), romeo)
  await call(board, juliet)
  const { line, heard } = await answers(notification, juliet)
  expect(heard[0]).toBe(`IRO 1 1 2 ${at(romeo, home)} ${romeo} 0:0`)
  expect(await board.hear()).toBe(`JOI ${at(juliet, home)} ${juliet} 0:0`)
  line.say('OUT')
  expect(await board.hearAll(3)).toEqual([`JOI ${juliet} ${juliet} 0:0`, `BYE ${at(juliet, home)}`, `BYE ${juliet}`])
})

test('who signs in anew, as after a connection that died, is on no board of before, and nobody writes to nobody', async () => {
  const board = await openBoard(fixture, await signedIn(fixture, juliet), juliet)
  const there = await bring(board, romeo, await signedIn(fixture, romeo), await fixture.dial('SB'))
  await signedIn(fixture, juliet)
  expect(await there.hear()).toBe(`BYE ${juliet}`)
  expect(await board.hear()).toBe(hungUp)
})

test('who answers twice has the place of their first connection, and others can be called there though nobody else was left', async () => {
  const [ofJuliet, ofRomeo] = [await signedIn(fixture, juliet), await signedIn(fixture, romeo)]
  const board = await openBoard(fixture, ofJuliet, juliet)
  const tickets: string[][] = []
  for (const _ of [1, 2]) {
    await call(board, romeo)
    tickets.push((await ofRomeo.hearOnly('RNG')).split(' '))
    await fixture.timers.pass(30_000)
  }
  const lines: BareClient[] = []
  for (const [, session, , , ticket] of tickets) {
    const line = await fixture.dial('SB')
    line.say(`ANS 1 ${romeo} ${ticket} ${session}`)
    await line.hearOnly('ANS 1 OK')
    lines.push(line)
    board.hangUp()
    await settled()
  }
  expect(await lines[0]?.hearAll(2)).toEqual([`BYE ${juliet}`, hungUp])
  await bring(lines[1] as BareClient, juliet, ofJuliet, await fixture.dial('SB'))
})

test('what somebody says arrives byte for byte, whatever it is and however it was said', async () => {
  const notifications = await Promise.all([signedIn(fixture, juliet), signedIn(fixture, romeo, 18), signedIn(fixture, nurse, 8)])
  const [caller, callee, third] = notifications
  const board = await openBoard(fixture, caller, juliet)
  const others = [
    await bring(board, romeo, callee, await fixture.dial('SB')),
    await bring(board, nurse, third, await fixture.dial('SB')),
  ]
  await others[0]?.hearOnly(`JOI ${nurse}`)
  let trId = 10
  const bodies = [
    'MIME-Version: 1.0\r\nContent-Type: text/plain; charset=UTF-8\r\nMessage-ID: {1}\r\nChunks: 2\r\n\r\nhalf of é',
    'MIME-Version: 1.0\r\nMessage-ID: {1}\r\nChunk: 1\r\n\r\nthe rest',
    'MIME-Version: 1.0\r\nContent-Type: text/x-msnmsgr-datacast\r\n\r\nID: 1\r\n\r\n',
    'MIME-Version: 1.0\r\nContent-Type: text/x-msnmsgr-datacast\r\n\r\nID: 2\r\nData: <msnobj Type="8"/>\r\n',
    'MIME-Version: 1.0\r\nContent-Type: text/x-mms-emoticon\r\n\r\n:x\t<msnobj Type="2"/>\t',
    'MIME-Version: 1.0\r\nContent-Type: text/x-clientcaps\r\n\r\nClient-Name: x\r\n',
    'MIME-Version: 1.0\r\nContent-Type: application/x-ms-ink\r\n\r\nbase64:AAAA',
    'MIME-Version: 1.0\r\nContent-Type: text/x-msmsgscontrol\r\nTypingUser: juliet@example.com\r\n\r\n\r\n',
  ]
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 1664 }),
    fc.constantFrom(...bodies).map((text) => Buffer.from(text)),
    fc
      .uint8Array({ maxLength: 1300 })
      .map((data) => Buffer.concat([Buffer.from('Content-Type: application/x-msnmsgrp2p\r\n\r\n'), data])),
  )
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('U', 'N', 'A', 'S'), payload, async (type, bytes) => {
      trId++
      board.write(encode({ verb: 'MSG', trId, args: [type], payload: bytes }))
      for (const other of others) {
        const heard = (await other.next()) as Command
        expect(heard.args).toEqual([juliet, juliet])
        expect(Buffer.from(heard.payload ?? []).equals(bytes)).toBe(true)
      }
      if (type === 'A' || type === 'S') expect(await board.hear()).toBe(`ACK ${trId}`)
    }),
    { numRuns: 200 },
  )
})

test('who blocked somebody meets them on the board of a third, and neither can call the other', async () => {
  const [one, other, host] = [await signedIn(fixture, juliet), await signedIn(fixture, romeo), await signedIn(fixture, nurse)]
  one.say(`ADC 5 BL N=${romeo}`)
  await one.hearOnly('ADC 5')
  const refused = await openBoard(fixture, other, romeo)
  refused.say(`CAL 2 ${juliet}`)
  expect(await refused.hear()).toBe('217 2')
  const board = await openBoard(fixture, host, nurse)
  const first = await bring(board, juliet, one, await fixture.dial('SB'))
  const second = await bring(board, romeo, other, await fixture.dial('SB'))
  expect(await first.hear()).toBe(`JOI ${romeo} ${romeo} 0`)
  second.say('MSG 2 A', 'x')
  expect(await first.hear()).toBe(`MSG ${romeo} ${romeo} 1\nx`)
})

test('peer-to-peer that is not said as D is relayed; what is said as D and is none is 282, and nobody hears it', async () => {
  const board = await openBoard(fixture, await signedIn(fixture, juliet), juliet)
  const other = await bring(board, romeo, await signedIn(fixture, romeo), await fixture.dial('SB'))
  for (const text of ['', 'x', 'Content-Type: text/plain\r\n\r\nx', '\r\nContent-Type: application/x-msnmsgrp2p\r\n\r\n']) {
    board.say('MSG 2 D', text)
    expect(await board.hear()).toBe('282 2')
  }
  board.say('MSG 3 N', 'Content-Type: application/x-msnmsgrp2p\r\n\r\nx')
  expect(await other.hear()).toContain('x-msnmsgrp2p')
})
