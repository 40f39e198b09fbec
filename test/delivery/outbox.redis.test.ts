import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Delivery, DeliveryId } from '../../src/core/delivery.ts'
import type { RemoteId } from '../../src/core/event.ts'
import type { LineId } from '../../src/core/line.ts'
import type { Held } from '../../src/delivery/outbox.ts'
import { delivery, juliet, outboxOn, textOf } from '../support/deliveries.ts'
import { TestRedis } from '../support/redis.ts'

const line = '01-a-room' as LineId
const idOf = (text: string) => delivery(line, text).id

describe('the outbox', () => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await TestRedis.start()
  })
  afterAll(() => redis.stop())

  let now: number
  let parts: ReturnType<typeof outboxOn>
  beforeEach(async () => {
    now = 1_000_000
    parts = outboxOn(redis, { deaf: true, clock: () => now })
    await parts.connection.flushall()
  })

  async function push(...texts: string[]): Promise<void> {
    for (const text of texts) await parts.outbox.push(delivery(line, text))
  }

  async function take(): Promise<Held> {
    const held = await parts.outbox.take(line)
    if (!held) throw new Error('the line is empty')
    return held
  }

  const texts = async () => (await parts.outbox.range(line, 0, 100)).map((one) => one && textOf(one))

  it('gives back a delivery just as it was pushed', async () => {
    const whole: Delivery = delivery(line, 'x', {
      target: { kind: 'portal', portal: 'p' as never, end: 'room' },
      content: { kind: 'text', runs: [{ text: 'café 😀\n', style: { bold: true, color: 'ff00ff' } }], rightToLeft: true },
      deadline: 5,
      origin: { conversation: { ...juliet, as: juliet }, id: '$e' as never },
    })
    await parts.outbox.push(whole)
    expect((await take()).delivery).toEqual(whole)
  })

  it('refuses the same delivery again, even after it was delivered', async () => {
    await push('a')
    expect(await parts.outbox.pop(await take(), true)).toBe('empty')
    expect(await parts.outbox.push(delivery(line, 'a'))).toBe(false)
    expect(await parts.outbox.length(line)).toBe(0)
  })

  it('leaves nothing behind of a line that is empty, but the ids that it must refuse', async () => {
    await push('a')
    await parts.outbox.pop(await take(), true)
    const left = (await parts.connection.keys('*')).filter((key) => !key.includes('outbox-seen'))
    expect(left).toEqual([parts.keys.outbox.fence])
  })

  it('hands out the next with each pop, counting tries for each', async () => {
    await push('a', 'b')
    await take()
    const again = await take()
    expect([textOf(again.delivery), again.tries]).toEqual(['a', 1])
    const next = await parts.outbox.pop(again, true)
    expect(next).toMatchObject({ tries: 0, delivery: { id: idOf('b') } })
  })

  it('lets nobody pop who has lost the line to another', async () => {
    await push('a', 'b')
    const slow = await take()
    const quick = await take()
    expect(await parts.outbox.pop(slow, true)).toBe('lost')
    expect(await parts.outbox.park(slow, juliet, 2, now)).toBe('lost')
    expect(await texts()).toEqual(['a', 'b'])
    expect(await parts.outbox.pop(quick, false)).toBe('more')
    expect(await texts()).toEqual(['b'])
  })

  it('takes nothing away when a pop is sent twice, as after an outage', async () => {
    await push('a', 'b', 'c')
    const held = await take()
    await parts.outbox.pop(held, true)
    expect(await parts.outbox.pop(held, true)).toMatchObject({ delivery: { id: idOf('b') } })
    expect(await texts()).toEqual(['b', 'c'])
  })

  it('cancels what has not been tried', async () => {
    await push('a', 'b', 'c')
    await take()
    expect(await parts.outbox.cancel(line, idOf('b'))).toEqual({ wasTold: false, wasTried: false })
    expect(await parts.outbox.cancel(line, idOf('b'))).toBeUndefined()
    expect(await parts.outbox.cancel(line, 'unknown' as DeliveryId)).toBeUndefined()
    expect(await texts()).toEqual(['a', 'c'])
  })

  it('cancels a head that nobody tried yet, and then leaves nothing behind', async () => {
    await push('a')
    expect(await parts.outbox.cancel(line, idOf('a'))).toEqual({ wasTold: false, wasTried: false })
    expect(await parts.outbox.sweep()).toBe(0)
    expect(await parts.outbox.take(line)).toBeUndefined()
  })

  it('cancels the head of a line that waits for somebody', async () => {
    await push('a', 'b')
    expect(await parts.outbox.park(await take(), juliet, 2, now + 60_000)).toBe('parked')
    expect(await parts.outbox.cancel(line, idOf('a'))).toEqual({ wasTold: true, wasTried: false })
    expect((await take()).told).toBe(1)
  })

  it('never cancels the head while it is under way, whatever came before', async () => {
    await push('a', 'b')
    expect(await parts.outbox.rest(await take(), now)).toBe('resting')
    await take()
    expect(await parts.outbox.cancel(line, idOf('a'))).toBeUndefined()
    await parts.outbox.park(await take(), juliet, 2, now + 60_000)
    await take()
    expect(await parts.outbox.cancel(line, idOf('a'))).toBeUndefined()
    expect(await texts()).toEqual(['a', 'b'])
  })

  it('cancels no head that was tried, where only what is untried is meant', async () => {
    await push('a', 'b')
    await parts.outbox.rest(await take(), now + 60_000)
    expect(await parts.outbox.cancel(line, idOf('a'), { untried: true })).toBeUndefined()
    expect(await parts.outbox.cancel(line, idOf('b'), { untried: true })).toEqual({ wasTold: false, wasTried: false })
    expect(await parts.outbox.cancel(line, idOf('a'))).toEqual({ wasTold: false, wasTried: true })
  })

  it('cancels a head that waits to be tried again, and says that it was tried; the next one was not', async () => {
    await push('a', 'b')
    await parts.outbox.rest(await take(), now + 60_000)
    expect(await parts.outbox.cancel(line, idOf('a'))).toEqual({ wasTold: false, wasTried: true })
    expect(await take()).toMatchObject({ delivery: { id: idOf('b') }, tries: 0 })
  })

  it('rests only when everybody was told, where there is something to tell, and only for whoever holds the line', async () => {
    await push('a', 'b')
    const held = await take()
    expect(await parts.outbox.rest(held, now, 1)).toBe('more')
    expect(await parts.outbox.rest(held, now, 2)).toBe('resting')
    const next = await take()
    expect(next.told).toBe(2)
    expect(await parts.outbox.rest(held, now)).toBe('lost')
  })

  it('replaces in place what has not been tried, and nothing else', async () => {
    await push('a', 'b')
    await take()
    const edited = (text: string) => ({ ...delivery(line, text), content: delivery(line, `${text}!`).content })
    expect(await parts.outbox.replace(edited('b'), idOf('b2'))).toBe(true)
    expect(await parts.outbox.replace(edited('a'), idOf('a2'))).toBe(false)
    expect(await texts()).toEqual(['a', 'b!'])
  })

  it('replaces once for each change, which cannot be pushed any more', async () => {
    await push('a')
    const as = (text: string) => ({ ...delivery(line, 'a'), content: delivery(line, text).content })
    expect(await parts.outbox.replace(as('one'), idOf('first'))).toBe(true)
    expect(await parts.outbox.replace(as('two'), idOf('second'))).toBe(true)
    expect(await parts.outbox.replace(as('one'), idOf('first'))).toBe(true)
    expect(await parts.outbox.push(delivery(line, 'first'))).toBe(false)
    expect(await texts()).toEqual(['two'])
  })

  it('replaces the head of a line that waits for somebody, but not one that may have arrived', async () => {
    await push('a')
    const edited = { ...delivery(line, 'a'), content: delivery(line, 'a!').content }
    await parts.outbox.park(await take(), juliet, 1, now + 60_000)
    expect(await parts.outbox.replace(edited, idOf('a2'))).toBe(true)
    expect(await parts.outbox.get(line, idOf('a'))).toEqual(edited)
    await parts.outbox.rest(await take(), now)
    expect(await parts.outbox.replace(delivery(line, 'a'), idOf('a3'))).toBe(false)
  })

  it('takes a head of which a part arrived before its recipient left for one that may have arrived', async () => {
    await push('a', 'b')
    await parts.outbox.park(await take(), juliet, 2, now + 60_000, true)
    expect(await parts.outbox.replace({ ...delivery(line, 'a'), content: delivery(line, 'a!').content }, idOf('a2'))).toBe(false)
    expect(await parts.outbox.cancel(line, idOf('a'))).toEqual({ wasTold: true, wasTried: true })
  })

  it('does not mistake one id for another that it begins with', async () => {
    await push('a1', 'a')
    expect(await parts.outbox.cancel(line, idOf('a'))).toBeDefined()
    expect(await texts()).toEqual(['a1'])
  })

  it('finds a delivery wherever it stands in a long line, and how many stand before it', async () => {
    const all = Array.from({ length: 250 }, (_, index) => `word-${index}`)
    await push(...all)
    for (const place of [0, 99, 100, 249]) {
      const text = all[place] ?? ''
      expect(await parts.outbox.placeOf(line, idOf(text))).toBe(place)
      expect(await parts.outbox.get(line, idOf(text))).toEqual(delivery(line, text))
    }
    expect(await parts.outbox.placeOf(line, idOf('word-250'))).toBeUndefined()
    expect(await parts.outbox.get(line, idOf('word-250'))).toBeUndefined()
  })

  it('finds the changes of a message, and nothing else that names it', async () => {
    const of = '$one' as RemoteId
    const gist = { by: 'romeo', line: 'two' }
    const change = { ...delivery(line, 'change'), gist: { ...gist, of } }
    const others = [
      delivery(line, of),
      { ...delivery(line, 'other'), gist: { ...gist, line: of, of: '$one-more' as RemoteId } },
      { ...delivery(line, 'quote'), gist },
    ]
    for (const one of [...others, change]) await parts.outbox.push(one)
    expect(await parts.outbox.changesOf(line, of)).toEqual([change])
  })

  it('parks only when everybody was told', async () => {
    await push('a')
    const held = await take()
    await push('b')
    expect(await parts.outbox.park(held, juliet, 1, now)).toBe('more')
    expect(await parts.outbox.park(held, juliet, 2, now)).toBe('parked')
  })

  it('does not park for somebody who returned since the head was taken, and parks for one who returned before', async () => {
    await push('a')
    const held = await take()
    await parts.outbox.returned(juliet)
    expect(await parts.outbox.park(held, juliet, 1, now)).toBe('back')
    expect(await parts.outbox.park(await take(), juliet, 1, now)).toBe('parked')
  })

  it('finds a line in the sweep once its time has come: woken in vain, under way too long, postponed, parked', async () => {
    const isDue = async (after: number) => {
      now += after
      return (await parts.outbox.sweep()) === 1
    }
    await push('a')
    expect([await isDue(0), await isDue(4_999), await isDue(1)]).toEqual([false, false, true])
    const held = await take()
    expect([await isDue(29_999), await isDue(1)]).toEqual([false, true])
    await parts.outbox.rest(held, now + 100_000)
    expect([await isDue(100_000), await isDue(5_000)]).toEqual([false, true])
    await parts.outbox.park(held, juliet, 1, now + 300_000)
    expect([await isDue(299_999), await isDue(1)]).toEqual([false, true])
  })
})
