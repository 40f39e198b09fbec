import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Secret } from '../../../src/core/secret.ts'
import { md5Proof } from '../../../src/msn/auth/md5.ts'
import { limitsConfig } from '../../../src/msn/server/limits.ts'
import { Pace } from '../../../src/msn/server/pace.ts'
import { SignInTries } from '../../../src/msn/server/sign-in-tries.ts'
import { hungUp } from '../../support/bare-client.ts'
import { ManualTimers, settled } from '../../support/manual-timers.ts'
import { bring, hosted, openBoard, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { password, startServer } from '../../support/msn-server.ts'

const juliet = 'juliet@example.com'
const romeo = 'romeo@example.com'
let fixture: TestServer

const limited = async (limits: Partial<ReturnType<typeof limitsConfig.parse>>) => {
  fixture = await startServer({ limits: { ...limitsConfig.parse({}), ...limits } })
}
afterEach(() => fixture.stop())

describe('connections', () => {
  test('beyond so many from one address the next is hung up on, until one of them ends', async () => {
    await limited({ connectionsPerAddress: 2 })
    const first = await fixture.dial('NS')
    await fixture.dial('SB')
    const third = await fixture.dial('NS')
    expect(await third.hear()).toBe(hungUp)
    first.hangUp()
    for (;;) {
      const next = await fixture.dial('NS')
      next.say('VER 1 MSNP12')
      if ((await next.hear()) === 'VER 1 MSNP12') break
    }
    expect(fixture.logged.filter((line) => line.includes('too many connections from one address')).length).toBeGreaterThan(0)
  })

  test('beyond so many in all the next is hung up on; sessions of ours do not count', async () => {
    await limited({ connections: 1 })
    await hosted(fixture, 'mercutio@verona.example')
    const line = await fixture.dial('NS')
    line.say('VER 1 MSNP12')
    expect(await line.hear()).toBe('VER 1 MSNP12')
    expect(await (await fixture.dial('SB')).hear()).toBe(hungUp)
  })
})

describe('on a board', () => {
  test('who talks too fast is slowed down, and nothing that they say is lost or swapped', async () => {
    await limited({ messagesPerSecond: 10 })
    const board = await openBoard(fixture, await signedIn(fixture, juliet), juliet)
    const other = await bring(board, romeo, await signedIn(fixture, romeo), await fixture.dial('SB'))
    for (let count = 0; count < 35; count++) board.say(`MSG ${count} N`, `${count}`)
    const heard = async () => {
      await settled()
      return other.unheard.length
    }
    while ((await heard()) < 10);
    expect(await heard()).toBe(10)
    for (const seconds of [1, 2]) {
      await fixture.timers.pass(1000)
      while ((await heard()) < 10 + seconds * 10);
    }
    expect(await heard()).toBe(30)
    await fixture.timers.pass(1000)
    const said = (await other.hearAll(35)).map((line) => Number(line.split('\n')[1]))
    expect(said).toEqual(Array.from({ length: 35 }, (_, count) => count))
  })

  test('the sixth call in vain within a minute is 713; after one that is not in vain the count begins anew', async () => {
    await limited({})
    const board = await openBoard(fixture, await signedIn(fixture, juliet), juliet)
    const calls = async (trId: number, who: string) => {
      board.say(`CAL ${trId} ${who}`)
      return (await board.hear()).split(' ')[0]
    }
    for (let trId = 2; trId < 7; trId++) expect(await calls(trId, 'nobody@example.com')).toBe('217')
    expect(await calls(7, 'nobody@example.com')).toBe('713')
    await signedIn(fixture, romeo)
    expect(await calls(8, romeo)).toBe('CAL')
    expect(await calls(9, 'nobody@example.com')).toBe('217')
  })

  test('a hundred people are the most; the next one is not called', async () => {
    await limited({})
    const board = await openBoard(fixture, await signedIn(fixture, juliet), juliet)
    for (let count = 1; count <= 100; count++) {
      const guest = `guest${count}@verona.example`
      await hosted(fixture, guest)
      board.say(`CAL ${count} ${guest}`)
      expect((await board.hear()).split(' ')[0]).toBe(count < 100 ? 'CAL' : '920')
    }
    await fixture.timers.pass(30_000)
    board.say('CAL 101 guest100@verona.example')
    expect((await board.hear()).split(' ')[0]).toBe('CAL')
  })

  test('where nobody says anything for long enough, everybody is told so and hung up on', async () => {
    await limited({ idleBoardMinutes: 10 })
    const notification = await signedIn(fixture, juliet)
    const board = await openBoard(fixture, notification, juliet)
    const other = await bring(board, romeo, await signedIn(fixture, romeo, 8), await fixture.dial('SB'))
    await fixture.timers.pass(9 * 60_000)
    board.say('MSG 5 A', 'x')
    await board.hearOnly('ACK')
    await other.hearOnly('MSG')
    await fixture.timers.pass(10 * 60_000)
    expect(board.unheard).toEqual([])
    await fixture.timers.pass(60_000)
    expect(await board.hearAll(2)).toEqual([`BYE ${romeo} 1`, hungUp])
    expect(await other.hearAll(2)).toEqual([`BYE ${juliet} 1`, hungUp])
  })
})

test('more boards in a minute than anybody opens are refused with 800, and the session goes on', async () => {
  await limited({ boardsPerMinute: 3 })
  const line = await signedIn(fixture, juliet)
  const asks = async (trId: number) => {
    line.say(`XFR ${trId} SB`)
    return (await line.hear()).split(' ')[0]
  }
  expect([await asks(5), await asks(6), await asks(7), await asks(8)]).toEqual(['XFR', 'XFR', 'XFR', '800'])
  line.say('PNG')
  expect(await line.hear()).toMatch(/^QNG/)
})

describe('whoever', () => {
  const floods = [
    ['writes past the boards', 18, (trId: number) => [`UUN ${trId} ${romeo} 3`, 'x'.repeat(100)], 'UBN'],
    [
      'adds and removes somebody',
      9,
      (trId: number) => [trId % 2 ? `ADD ${trId} FL ${romeo} Romeo` : `REM ${trId} FL ${romeo}`],
      /^(ADD|REM) /,
    ],
    ['changes a phone number', 9, (trId: number) => [`PRP ${trId} PHH ${trId}`], 'BPR'],
  ] as const
  test.for(floods)('%s too often has to wait, and is not heard more often', async ([, dialect, line, what]) => {
    await limited({ changesPerMinute: 10 })
    await fixture.server.services.edits.put(romeo as never, juliet as never, { list: 'FL' })
    const other = await signedIn(fixture, romeo, dialect)
    const busy = await signedIn(fixture, juliet, dialect)
    for (let count = 0; count < 30; count++) {
      const [said = '', payload] = line(2 * count + 11 + (count % 2))
      busy.say(said, payload)
    }
    busy.say('PNG')
    const heard = async () => {
      await settled()
      return other.unheard.filter((each) => (typeof what === 'string' ? each.startsWith(what) : what.test(each))).length
    }
    while ((await heard()) < 9);
    // One of ten was the sign-in.
    expect(await heard()).toBe(9)
    await fixture.timers.pass(6000)
    expect(await heard()).toBe(10)
    await fixture.timers.pass(60_000)
    await fixture.timers.pass(60_000)
    await busy.hearOnly('QNG')
    expect(await heard()).toBe(30)
  })

  test('writes more past the boards than anybody has to say is told so, and nobody is given it', async () => {
    await limited({})
    const other = await signedIn(fixture, romeo, 18)
    const busy = await signedIn(fixture, juliet, 18)
    busy.say(`UUN 5 ${romeo} 3`, 'x'.repeat(8193))
    expect(await busy.hear()).toBe('285 5')
    await settled()
    expect(other.unheard.filter((line) => line.startsWith('UBN'))).toEqual([])
  })
})

test('for a pace, whatever the times: never more than so many at once, and never more than the pace in the long run', async () => {
  await limited({})
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.nat(500), { minLength: 1, maxLength: 200 }), (times, gaps) => {
      const pace = new Pace(times, 1000)
      let now = 0
      const done: number[] = []
      for (const gap of gaps) {
        now += gap
        if (pace.wait(now) > 0) continue
        pace.count(now)
        done.push(now)
      }
      for (const from of done) {
        expect(done.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(times * 2)
        expect(done.filter((at) => at === from).length).toBeLessThanOrEqual(times)
      }
    }),
  )
})

describe('wrong passwords', () => {
  let timers: ManualTimers
  let tries: SignInTries
  let looked = 0
  const wrong = async () => {
    looked++
    return undefined
  }
  const right = async () => {
    looked++
    return 'in'
  }
  /** What comes of a try, with as much time as it wants. */
  const outcome = async (account: string, address: string, check: () => Promise<string | undefined>) => {
    const began = timers.clock()
    const result = tries.guard(account, address, check)
    await settled()
    while (timers.next !== undefined) await timers.pass(timers.next)
    return [await result, timers.clock() - began]
  }

  beforeEach(async () => {
    await limited({})
    timers = new ManualTimers()
    tries = new SignInTries({ most: 10, clock: timers.clock, timers })
    looked = 0
  })

  test('cost nothing at first, then twice as much each time, then nothing is looked at for a quarter of an hour', async () => {
    const waits: unknown[] = []
    for (let count = 0; count < 10; count++) waits.push((await outcome(juliet, 'here', wrong))[1])
    expect(waits).toEqual([0, 0, 0, 250, 500, 1000, 2000, 4000, 8000, 8000])
    expect(await outcome(juliet.toUpperCase(), 'here', right)).toEqual([undefined, 0])
    expect(looked).toBe(10)
    expect(await outcome(romeo, 'here', right)).toEqual(['in', 0])
    expect(await outcome(juliet, 'there', right)).toEqual(['in', 0])
    await timers.pass(15 * 60_000)
    expect(await outcome(juliet, 'here', right)).toEqual(['in', 0])
  })

  test('are forgotten with the right one', async () => {
    for (let count = 0; count < 5; count++) await outcome(juliet, 'here', wrong)
    expect((await outcome(juliet, 'here', right))[0]).toBe('in')
    expect(await outcome(juliet, 'here', wrong)).toEqual([undefined, 0])
  })

  test('for many accounts from one address, or for one account from many, shut that address or account out', async () => {
    for (let count = 0; count < 50; count++) await outcome(`guest${count}@example.com`, 'here', wrong)
    expect((await outcome(juliet, 'here', right))[0]).toBeUndefined()
    for (let count = 0; count < 200; count++) await outcome(romeo, `address ${count}`, wrong)
    expect((await outcome(romeo, 'there', right))[0]).toBeUndefined()
    expect((await outcome(juliet, 'there', right))[0]).toBe('in')
  })

  test('of somebody who guesses from everywhere do not shut the owner out of where they were right before', async () => {
    expect((await outcome(juliet, '192.0.2.1', right))[0]).toBe('in')
    for (let count = 0; count < 250; count++) await outcome(juliet, `198.51.100.${count}`, wrong)
    expect((await outcome(juliet, '192.0.2.2', right))[0]).toBeUndefined()
    expect((await outcome(juliet, '192.0.2.1', right))[0]).toBe('in')
    for (let count = 0; count < 10; count++) await outcome(juliet, '192.0.2.1', wrong)
    expect((await outcome(juliet, '192.0.2.1', right))[0]).toBeUndefined()
  })

  test('are those of one account however its address is written, and of one place wherever in its network', async () => {
    for (let count = 0; count < 10; count++) await outcome(`${juliet};{${count}}`, `2001:db8::${count}`, wrong)
    expect((await outcome(juliet, '2001:db8::ffff', right))[0]).toBeUndefined()
    expect((await outcome(juliet, '2001:db8:0:1::1', right))[0]).toBe('in')
  })

  test('for many accounts at the same time are looked at a few at a time, and no more of them than one after the other', async () => {
    let most = 0
    let busy = 0
    const slow = async () => {
      most = Math.max(most, ++busy)
      await new Promise((resolve) => setImmediate(resolve))
      busy--
      return wrong()
    }
    await Promise.all(Array.from({ length: 500 }, (_, count) => tries.guard(`guest${count}@example.com`, 'here', slow)))
    expect(most).toBe(8)
    expect(looked).toBeLessThan(50 + 8)
    expect((await outcome(juliet, 'there', right))[0]).toBe('in')
  })

  test('are not those that could not be looked at', async () => {
    const broken = async () => {
      throw new Error('no store')
    }
    for (let count = 0; count < 20; count++) await expect(tries.guard(juliet, 'here', broken)).rejects.toThrow('no store')
    expect(await outcome(juliet, 'here', right)).toEqual(['in', 0])
  })

  test('cannot be tried all at the same time instead', async () => {
    const results = Array.from({ length: 100 }, () => tries.guard(juliet, 'here', wrong))
    await timers.pass(60_000)
    await Promise.all(results)
    expect(looked).toBe(10)
  })

  test('shut out those of MSN 1.0 to 4.7 as well, with the answer of any wrong one', async () => {
    await fixture.stop()
    await limited({ wrongPasswords: 2 })
    const signIn = async (proofOf: (salt: string) => string) => {
      const line = await fixture.dial('NS')
      line.say('VER 1 MSNP7')
      line.say(`USR 2 MD5 I ${juliet}`)
      const salt = (await line.hearOnly('USR 2')).split(' ')[4] ?? ''
      line.say(`USR 3 MD5 S ${proofOf(salt)}`)
      return (await line.hear()).split(' ').slice(0, 3).join(' ')
    }
    const right = (salt: string) => md5Proof(salt, new Secret(password)).reveal()
    expect(await signIn(right)).toBe('USR 3 OK')
    expect([await signIn(() => 'x'), await signIn(() => 'x'), await signIn(right)]).toEqual(['911 3', '911 3', '911 3'])
  })
})
