import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { answerFor } from '../../../src/msn/model/challenge.ts'
import type { Handle } from '../../../src/msn/server/handle.ts'
import { limitsConfig } from '../../../src/msn/server/limits.ts'
import { hungUp } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { bring, openBoard, signedIn, signIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

describe('time', () => {
  test('a client that does not sign in is sent away after a minute, one that does stays', async () => {
    const silent = await fixture.dial('NS')
    const board = await fixture.dial('SB')
    const juliet = await signedIn(fixture, 'juliet@example.com')
    await fixture.timers.pass(60_000)
    expect(await silent.hear()).toBe(hungUp)
    expect(await board.hear()).toBe(hungUp)
    juliet.say('PNG')
    expect(await juliet.hear()).toBe('QNG 50')
  })

  test('a ticket for a board is good for two minutes', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    juliet.say('XFR 5 SB')
    const ticket = (await juliet.hearOnly('XFR')).split(' ')[5]
    await fixture.timers.pass(120_000)
    const board = await fixture.dial('SB')
    board.say(`USR 1 juliet@example.com ${ticket}`)
    expect(await board.hearAll(2)).toEqual(['911 1', hungUp])
  })

  test('a client that pings is gone when nothing was heard or said for long enough; whoever hears others is not', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    const romeo = await signedIn(fixture, 'romeo@example.com')
    romeo.say('ADC 5 FL N=juliet@example.com F=Juliet')
    await romeo.hearOnly('ILN')
    await juliet.hearOnly('ADC 0 RL')
    await fixture.timers.pass(100_000)
    juliet.say('CHG 5 BSY 0')
    await juliet.hearOnly('CHG')
    await romeo.hearOnly('NLN')
    await fixture.timers.pass(100_000)
    expect(juliet.unheard).toEqual([])
    expect(romeo.unheard).toEqual([])
    await fixture.timers.pass(200_000)
    expect(await juliet.hear()).toBe(hungUp)
    expect((await romeo.hearAll(1))[0]).toMatch(/^FLN juliet|hung up/)
  })

  test('somebody who did not come can be called again after a while, or at once where they signed in anew', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    await signedIn(fixture, 'romeo@example.com')
    const board = await openBoard(fixture, juliet, 'juliet@example.com')
    const calls = async (trId: number) => {
      board.say(`CAL ${trId} romeo@example.com`)
      return (await board.hear()).slice(0, 7)
    }
    expect([await calls(2), await calls(3)]).toEqual(['CAL 2 R', '215 3'])
    await signedIn(fixture, 'romeo@example.com')
    expect([await calls(4), await calls(5)]).toEqual(['CAL 4 R', '215 5'])
    await fixture.timers.pass(30_000)
    expect(await calls(6)).toBe('CAL 6 R')
  })
})

describe('contacts', () => {
  test('a displaced session that was seen goes before its successor comes', async () => {
    const romeo = await signedIn(fixture, 'romeo@example.com')
    romeo.say('ADC 5 FL N=juliet@example.com F=Juliet')
    await romeo.hearOnly('ADC')
    const first = await signedIn(fixture, 'juliet@example.com')
    expect(await romeo.hear()).toMatch(/^NLN/)
    await signedIn(fixture, 'juliet@example.com', 8)
    expect(await romeo.hearAll(2)).toEqual(['FLN juliet@example.com', 'NLN NLN juliet@example.com juliet@example.com 0'])
    expect(await first.hearAll(2)).toEqual(['OUT OTH', hungUp])
    await settled()
    expect(romeo.unheard).toEqual([])
  })

  test('blocking hides at once, unblocking shows at once, and nobody else is told', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    const romeo = await signedIn(fixture, 'romeo@example.com')
    const nurse = await signedIn(fixture, 'nurse@example.com')
    for (const watcher of [romeo, nurse]) {
      watcher.say('ADC 5 FL N=juliet@example.com F=Juliet')
      await watcher.hearOnly('ILN 5')
    }
    await juliet.hearAll(2)
    juliet.say('ADC 6 BL N=romeo@example.com')
    expect(await romeo.hear()).toBe('FLN juliet@example.com')
    juliet.say('CHG 7 BSY 0')
    expect(await nurse.hear()).toMatch(/^NLN BSY/)
    juliet.say('REM 8 BL romeo@example.com')
    expect(await romeo.hear()).toBe('NLN BSY juliet@example.com juliet@example.com 0')
    juliet.say('BLP 9 BL')
    expect(await romeo.hear()).toBe('FLN juliet@example.com')
    expect(await nurse.hear()).toBe('FLN juliet@example.com')
    juliet.say('ADC 10 AL N=nurse@example.com')
    expect(await nurse.hear()).toMatch(/^NLN BSY/)
    await settled()
    expect(romeo.unheard).toEqual([])
  })

  test('nobody sees somebody who blocked them at their own sign-in either', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    juliet.say('ADC 5 BL N=romeo@example.com')
    await juliet.hearOnly('ADC')
    const romeo = await signedIn(fixture, 'romeo@example.com')
    romeo.say('ADC 5 FL N=juliet@example.com F=Juliet')
    await romeo.hearOnly('ADC')
    const again = await signedIn(fixture, 'romeo@example.com')
    again.say('PNG')
    expect(await again.hear()).toBe('QNG 50')
  })

  test.each([
    ['at sign-in', 'CHG 4 NLN 0', 1],
    ['when they are added', 'ADC 4 FL N=romeo@example.com F=Romeo', 2],
  ])('who goes while somebody is told that they are there, %s, is told to be gone after that', async (when, line, reads) => {
    const romeo = await signedIn(fixture, 'romeo@example.com')
    const juliet = when === 'at sign-in' ? await fixture.dial('NS') : await signedIn(fixture, 'juliet@example.com')
    if (when === 'at sign-in') {
      const { edits } = fixture.server.services
      await edits.put('juliet@example.com' as Handle, 'romeo@example.com' as Handle, { list: 'FL' })
      juliet.dialect = 12
      juliet.say('VER 1 MSNP12')
      juliet.say('USR 2 TWN I juliet@example.com')
      juliet.say(`USR 3 TWN S ${await fixture.ticketFor('juliet@example.com')}`)
      await juliet.hearOnly('MSG')
    }
    const { get } = fixture.records
    let left = reads
    let go = () => {}
    const isRead = new Promise<void>((read) => {
      fixture.records.get = async (noun, id) => {
        const record = await get.call(fixture.records, noun, id)
        if (noun !== 'books' || id !== 'romeo@example.com' || --left > 0) return record
        fixture.records.get = get
        read()
        await new Promise<void>((resolve) => {
          go = resolve
        })
        return record
      }
    })
    juliet.say(line)
    await isRead
    romeo.hangUp()
    await settled()
    go()
    await settled()
    expect(juliet.unheard.map((each) => each.slice(0, 3)).filter((verb) => /LN$/.test(verb))).toEqual(['ILN', 'FLN'])
  })

  test('a change is not told to a session that has not said how it is', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    juliet.say('ADC 5 FL N=romeo@example.com F=Romeo')
    await juliet.hearOnly('ADC')
    const romeo = await fixture.dial('NS')
    romeo.dialect = 12
    romeo.say('VER 1 MSNP12')
    romeo.say('USR 2 TWN I romeo@example.com')
    romeo.say(`USR 3 TWN S ${await fixture.ticketFor('romeo@example.com')}`)
    await romeo.hearOnly('MSG')
    romeo.say('ADC 4 FL N=juliet@example.com F=Juliet')
    expect((await romeo.hearAll(2)).map((line) => line.slice(0, 5))).toEqual(['ADC 4', 'ILN 4'])
    juliet.say('CHG 6 AWY 0')
    await juliet.hearOnly('CHG 6')
    romeo.say('PNG')
    expect(await romeo.hear()).toBe('QNG 50')
  })
})

describe('the challenge', () => {
  beforeEach(async () => {
    await fixture.stop()
    fixture = await startServer({ challenge: true })
  })

  test('is asked after the first CHG; the right answer is taken, a wrong one ends the session', async () => {
    for (const [dialect, id, key] of [
      [12, 'PROD0101{0RM?UBW', 'CFHUR$52U_{VIX5T'],
      [9, 'msmsgs@msnmsgr.com', 'Q1P7W2E4J9R8U3S5'],
    ] as const) {
      const juliet = await signedIn(fixture, 'juliet@example.com', dialect)
      const [, , digits = ''] = (await juliet.hear()).split(' ')
      expect(digits).toMatch(/^\d{20}$/)
      juliet.say(`QRY 5 ${id}`, answerFor(dialect, digits, { id, key }))
      expect(await juliet.hear()).toBe('QRY 5')
      await fixture.timers.pass(60_000)
      juliet.say('PNG')
      expect(await juliet.hear()).toMatch(/^QNG/)
    }
    const romeo = await signedIn(fixture, 'romeo@example.com')
    await romeo.hearOnly('CHL')
    romeo.say('QRY 5 msmsgs@msnmsgr.com', '0'.repeat(32))
    expect(await romeo.hearAll(2)).toEqual(['540 5', hungUp])
  })

  test('has to be answered', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    await juliet.hearOnly('CHL')
    await fixture.timers.pass(50_000)
    expect(await juliet.hearAll(2)).toEqual(['OUT', hungUp])
  })
})

describe('bounds', () => {
  test('a message that is too long ends its connection, and nobody else notices', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    const romeo = await signedIn(fixture, 'romeo@example.com')
    const board = await openBoard(fixture, juliet, 'juliet@example.com')
    const other = await bring(board, 'romeo@example.com', romeo, await fixture.dial('SB'))
    board.say('MSG 3 A', 'x'.repeat(1664))
    expect(await board.hear()).toBe('ACK 3')
    await other.hearOnly('MSG')
    board.say('MSG 4 A', 'x'.repeat(1665))
    expect(await board.hear()).toBe(hungUp)
    expect(await other.hear()).toBe('BYE juliet@example.com')
  })

  test('one who does not read slows the sender down and is cut off; the sender goes on', async () => {
    await fixture.stop()
    fixture = await startServer({ limits: { ...limitsConfig.parse({}), messagesPerSecond: 1_000_000 } })
    const juliet = await signedIn(fixture, 'juliet@example.com')
    const romeo = await signedIn(fixture, 'romeo@example.com')
    const board = await openBoard(fixture, juliet, 'juliet@example.com')
    const stuck = await bring(board, 'romeo@example.com', romeo, await fixture.dial('SB'))
    stuck.pause()
    const count = 20_000
    let acknowledged = 0
    const counting = (async () => {
      for (let line = await board.hear(); !line.startsWith('BYE'); line = await board.hear()) acknowledged++
    })()
    for (let trId = 100; trId < count; trId++) board.say(`MSG ${trId} A`, 'x'.repeat(1500))
    // The wait for the one who does not read is the shortest there is.
    while (fixture.timers.next !== 30_000) await settled()
    expect(acknowledged).toBeLessThan(count - 100)
    await fixture.timers.pass(30_000)
    await counting
    board.say('CAL 99 nobody@example.com')
    expect(await board.hearOnly('217')).toBe('217 99')
  })

  test('no secret is in the log, at any level', async () => {
    const ticket = await fixture.ticketFor('juliet@example.com')
    const juliet = await signIn(await fixture.dial('NS'), 'juliet@example.com', ticket)
    juliet.say('XFR 5 SB')
    const board = (await juliet.hearOnly('XFR')).split(' ')[5] ?? ''
    const line = await fixture.dial('SB')
    line.say(`USR 1 juliet@example.com ${board}`)
    await line.hearOnly('USR')
    line.say('MSG 2 A', 'the words')
    await line.hear()
    const log = fixture.logged.join('\n')
    expect(log).toContain('CHG 4 NLN 0')
    for (const secret of [ticket.slice(2, -3), board]) expect(log).not.toContain(secret)
    expect(fixture.logged.filter((entry) => !entry.includes('"level":"trace"')).join('\n')).not.toContain('the words')
  })
})

test('while the records cannot be reached whoever needs them is disconnected; chats go on', async () => {
  const juliet = await signedIn(fixture, 'juliet@example.com')
  const romeo = await signedIn(fixture, 'romeo@example.com')
  const board = await openBoard(fixture, juliet, 'juliet@example.com')
  const other = await bring(board, 'romeo@example.com', romeo, await fixture.dial('SB'))
  const { get } = fixture.records
  fixture.records.get = () => Promise.reject(new Error('the records are away'))
  juliet.say('SYN 5 0 0')
  expect(await juliet.hear()).toBe(hungUp)
  board.say('MSG 5 A', 'still here')
  expect([await board.hear(), (await other.hear()).slice(0, 8)]).toEqual(['ACK 5', 'MSG juli'])
  fixture.records.get = get
  const again = await signedIn(fixture, 'juliet@example.com')
  again.say('SYN 5 0 0')
  expect(await again.hear()).toMatch(/^SYN 5 /)
})

test('stopping says goodbye to everybody', async () => {
  const juliet = await signedIn(fixture, 'juliet@example.com')
  const board = await openBoard(fixture, juliet, 'juliet@example.com')
  const stopped = fixture.server.stop()
  expect(await juliet.hearAll(2)).toEqual(['OUT SSD', hungUp])
  expect(await board.hear()).toBe(hungUp)
  await stopped
})

test('a port that is taken is said in one sentence', async () => {
  const { notification } = fixture.server.ports
  await expect(
    startServer({ listen: { host: '127.0.0.1', notificationPort: notification, switchboardPort: 0 } }),
  ).rejects.toMatchObject({ name: 'StartError', message: expect.stringContaining(`${notification}`) })
})
