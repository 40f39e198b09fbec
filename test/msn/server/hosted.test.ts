import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { bring, hosted, openBoard, signedIn, signIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

const mercutio = 'mercutio@verona.example'
let fixture: TestServer
let summon: (email: string) => Promise<boolean>

beforeEach(async () => {
  summon = async () => false
  fixture = await startServer({ summon: (email) => summon(email) })
})
afterEach(() => fixture.stop())

describe('signing in', () => {
  test('a hosted person comes in with a ticket of ours, under the name that they have at home', async () => {
    const line = await hosted(fixture, mercutio)
    line.say('SYN 5 0 0')
    expect(await line.hearOnly('PRP')).toBe('PRP MFN Mercutio')
  })

  test('a ticket opens once', async () => {
    const ticket = await fixture.server.hostedTicket(mercutio, 'Mercutio')
    await signIn(fixture.dialInside('NS'), mercutio, ticket)
    const second = fixture.dialInside('NS')
    await expect(signIn(second, mercutio, ticket)).rejects.toThrow('hung up')
  })

  test('a ticket of a hosted person is worth nothing on a socket', async () => {
    const line = await fixture.dial('NS')
    const ticket = await fixture.server.hostedTicket(mercutio, 'Mercutio')
    await expect(signIn(line, mercutio, ticket)).rejects.toThrow('hung up')
  })

  test('there are no tickets for addresses that are not hosted, and no accounts at those that are', async () => {
    await expect(fixture.server.hostedTicket('juliet@example.com', 'Juliet')).rejects.toThrow(RangeError)
    await expect(fixture.server.accounts.add(mercutio, new Secret('x'))).rejects.toMatchObject({
      phrase: { key: 'account.hosted' },
    })
  })
})

describe('what a hosted person is told', () => {
  let juliet: BareClient
  let romeo: BareClient
  let line: BareClient
  let board: BareClient
  let ours: BareClient
  let theirs: BareClient

  beforeEach(async () => {
    juliet = await signedIn(fixture, 'juliet@example.com')
    romeo = await signedIn(fixture, 'romeo@example.com')
    line = await hosted(fixture, mercutio)
    board = await openBoard(fixture, juliet, 'juliet@example.com')
    ours = await bring(board, mercutio, line, fixture.dialInside('SB'))
    theirs = await fixture.dial('SB')
  })

  /** What the sender has heard so far: everything before the answer to a question that is answered at once. */
  const acknowledged = async () => {
    board.say('CAL 99 nobody')
    const heard: string[] = []
    for (let line = await board.hear(); line !== '208 99'; line = await board.hear()) heard.push(line)
    return heard
  }

  test('is acknowledged when it is stored, and not before', async () => {
    board.say('MSG 2 A', 'peace')
    expect(await ours.hear()).toBe('MSG juliet@example.com juliet@example.com 1 5\npeace')
    expect(await acknowledged()).toEqual([])
    ours.say('STO 1')
    expect(await board.hear()).toBe('ACK 2')
  })

  test('is refused when it cannot be stored, when nobody says so for 30 s, and when the hosted person leaves', async () => {
    for (const trId of [2, 3, 4]) board.say(`MSG ${trId} A`, 'peace')
    await ours.hearAll(3)
    ours.say('NST 2')
    expect(await board.hear()).toBe('NAK 3')
    await fixture.timers.pass(29_999)
    expect(await acknowledged()).toEqual([])
    await fixture.timers.pass(1)
    expect(await board.hearAll(2)).toEqual(['NAK 2', 'NAK 4'])
    board.say('MSG 5 D', 'Content-Type: application/x-msnmsgrp2p\r\n\r\npeace')
    await ours.hear()
    ours.hangUp()
    expect((await board.hearAll(2)).sort()).toEqual(['BYE mercutio@verona.example', 'NAK 5'])
  })

  test('is acknowledged once, in the order of storing, however often it is said to be stored', async () => {
    for (const trId of [2, 3]) board.say(`MSG ${trId} A`, 'peace')
    await ours.hearAll(2)
    for (const receipt of [2, 2, 99, 1]) ours.say(`STO ${receipt}`)
    ours.say('NST 1')
    expect(await board.hearAll(2)).toEqual(['ACK 3', 'ACK 2'])
    expect(await acknowledged()).toEqual([])
  })

  test('reaches everybody at once, but is acknowledged when the last who has to store it did', async () => {
    await bring(board, 'romeo@example.com', romeo, theirs)
    await ours.hearOnly('JOI')
    board.say('MSG 2 A', 'peace')
    expect(await theirs.hear()).toBe('MSG juliet@example.com juliet@example.com 5\npeace')
    await ours.hear()
    expect(await acknowledged()).toEqual([])
    ours.say('STO 1')
    expect(await board.hear()).toBe('ACK 2')
  })

  test('needs no receipt when it is typing, and no NAK when nobody asked for one', async () => {
    board.say('MSG 2 U', 'typing')
    expect(await ours.hear()).toBe('MSG juliet@example.com juliet@example.com 6\ntyping')
    board.say('MSG 3 S', 'invitation')
    await ours.hear()
    ours.say('NST 1')
    board.say('MSG 4 N', 'nudge')
    await ours.hear()
    ours.say('STO 2')
    board.say('MSG 5 N', 'nudge')
    await ours.hear()
    ours.say('NST 3')
    expect(await board.hear()).toBe('NAK 5')
  })

  test('cannot be said to be stored by a vintage client', async () => {
    await bring(board, 'romeo@example.com', romeo, theirs)
    await ours.hearOnly('JOI')
    board.say('MSG 2 A', 'peace')
    await ours.hear()
    await theirs.hear()
    theirs.say('STO 1')
    expect(await theirs.hear()).toBe('200 0')
    expect(await acknowledged()).toEqual([])
  })

  test('makes the sender wait while hundreds are on their way, and none of them is lost', async () => {
    const count = 600
    for (let trId = 2; trId < count + 2; trId++) board.say(`MSG ${trId} A`, `${trId}`)
    await settled()
    const first = ours.unheard.length
    expect(first).toBeLessThan(count)
    for (let receipt = 1; receipt <= count; receipt++) {
      expect(await ours.hear()).toContain(`\n${receipt + 1}`)
      ours.say(`STO ${receipt}`)
    }
    expect(await board.hearAll(count)).toEqual(Array.from({ length: count }, (_, index) => `ACK ${index + 2}`))
  })

  test('is acknowledged on relaying where only vintage clients hear it', async () => {
    ours.hangUp()
    await board.hearOnly('BYE')
    await bring(board, 'romeo@example.com', romeo, theirs)
    board.say('MSG 2 A', 'peace')
    expect(await board.hear()).toBe('ACK 2')
    expect(await theirs.hear()).toBe('MSG juliet@example.com juliet@example.com 5\npeace')
  })
})

describe('summoning', () => {
  test('somebody who is called and not signed in is summoned, and then rung', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    const board = await openBoard(fixture, juliet, 'juliet@example.com')
    let line: BareClient | undefined
    summon = async (email) => {
      line = await hosted(fixture, email)
      return true
    }
    board.say(`CAL 2 ${mercutio}`)
    expect(await board.hear()).toMatch(/^CAL 2 RINGING \d+$/)
    expect(await line?.hear()).toMatch(/^RNG \d+ 127\.0\.0\.1:\d+ CKI \S+ juliet@example\.com /)
  })

  test('217 when nobody comes, and when summoning fails', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    const board = await openBoard(fixture, juliet, 'juliet@example.com')
    board.say(`CAL 2 ${mercutio}`)
    expect(await board.hear()).toBe('217 2')
    summon = () => Promise.reject(new Error('no such user'))
    board.say(`CAL 3 ${mercutio}`)
    expect(await board.hear()).toBe('217 3')
  })

  test('somebody who is added appears once they allow it', async () => {
    const juliet = await signedIn(fixture, 'juliet@example.com')
    let line: BareClient | undefined
    summon = async (email) => {
      line = await hosted(fixture, email)
      return true
    }
    juliet.say(`ADC 5 FL N=${mercutio} F=Mercutio`)
    expect(await juliet.hear()).toMatch(/^ADC 5 FL N=mercutio@verona\.example F=Mercutio C=/)
    await settled()
    line?.say('SYN 5 0 0')
    expect(await line?.hearOnly('LST')).toBe('LST N=juliet@example.com F=juliet@example.com 16 1')
    expect(juliet.unheard).toEqual([])
    line?.say('ADC 6 AL N=juliet@example.com')
    expect(await juliet.hear()).toBe(`NLN NLN ${mercutio} Mercutio 0`)
  })

  test('a second sign-in of a hosted person ends the first', async () => {
    const first = await hosted(fixture, mercutio)
    await hosted(fixture, mercutio)
    expect(await first.hear()).toBe('OUT OTH')
    expect(await first.hear()).toBe(hungUp)
  })
})
