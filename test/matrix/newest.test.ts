import { beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../../src/core/log.ts'
import { HomeserverError } from '../../src/matrix/homeserver-error.ts'
import { Newest } from '../../src/matrix/newest.ts'
import { ManualTimers } from '../support/manual-timers.ts'

let timers: ManualTimers
let written: string[]
/** What the next writes throw, first come first served. */
let refusals: Error[]

beforeEach(() => {
  timers = new ManualTimers()
  written = []
  refusals = []
})

function opened(more: { apart?: number; perSecond?: number; most?: number; repeat?: number } = {}): Newest<string> {
  const newest = new Newest<string>({
    write: async (key, value) => {
      written.push(`${key} ${value}`)
      const refusal = refusals.shift()
      if (refusal) throw refusal
    },
    isNothing: (value) => value === 'offline',
    ...{ apart: 1_000, perSecond: 10, most: 100, timers, clock: timers.clock, log: silent },
    ...more,
  })
  newest.open()
  return newest
}

const went = async (milliseconds: number): Promise<string[]> => {
  await timers.pass(milliseconds)
  return written.splice(0)
}

describe('what is shown now or never', () => {
  it('is written at once, and of what follows too soon only the newest', async () => {
    const newest = opened()
    for (const value of ['online', 'busy', 'away', 'phone']) newest.show('juliet', value)
    newest.show('nurse', 'lunch')
    expect(await went(0)).toEqual(['juliet online', 'nurse lunch'])
    expect(await went(1_000)).toEqual(['juliet phone'])
    expect(await went(60_000)).toEqual([])
    expect(timers.waiting).toBe(0)
  })

  it('is not written twice when it is the same', async () => {
    const newest = opened()
    newest.show('juliet', 'online')
    await went(500)
    newest.show('juliet', 'busy')
    newest.show('juliet', 'online')
    expect(await went(60_000)).toEqual([])
  })

  it('keeps a pace for all together, and loses nobody', async () => {
    const newest = opened()
    for (let number = 0; number < 35; number++) newest.show(`capulet${number}`, 'online')
    expect(await went(0)).toHaveLength(10)
    expect(await went(1_000)).toHaveLength(10)
    expect(await went(2_000)).toHaveLength(15)
  })

  it('is repeated before the homeserver forgets it, after what is new, and what is nothing is not', async () => {
    const newest = opened({ repeat: 20_000, perSecond: 2 })
    newest.show('juliet', 'online')
    newest.show('nurse', 'busy')
    await went(19_500)
    newest.show('tybalt', 'online')
    newest.show('tybalt', 'away')
    expect(await went(500)).toEqual(['tybalt online', 'juliet online'])
    expect(await went(500)).toEqual(['nurse busy', 'tybalt away'].toReversed())
    newest.show('juliet', 'offline')
    newest.show('nurse', 'offline')
    newest.show('tybalt', 'offline')
    await went(3_000)
    expect(await went(120_000)).toEqual([])
  })

  it('that is nothing is not written of somebody who was not shown', async () => {
    const newest = opened()
    for (let number = 0; number < 5_000; number++) newest.show(`capulet${number}`, 'offline')
    expect(await went(60_000)).toEqual([])
  })

  it('lets go of whoever was quiet longest when there are too many', async () => {
    const newest = opened({ most: 2, repeat: 20_000 })
    for (const who of ['juliet', 'nurse', 'tybalt']) newest.show(who, 'online')
    await went(1_000)
    expect(await went(20_000)).toEqual(['nurse online', 'tybalt online'])
  })

  it('is tried again only when it would be repeated anyway, and never where it can never be shown', async () => {
    const newest = opened({ repeat: 20_000 })
    refusals.push(new HomeserverError('PUT', { reason: 'no answer' }), new HomeserverError('PUT', { status: 403 }))
    newest.show('juliet', 'online')
    newest.show('nurse', 'online')
    expect(await went(19_000)).toEqual(['juliet online', 'nurse online'])
    expect(await went(60_000)).toEqual(['juliet online', 'juliet online', 'juliet online'])
  })

  it('waits until the homeserver is known, and ends with it', async () => {
    const newest = opened()
    newest.close()
    newest.show('juliet', 'online')
    newest.show('juliet', 'busy')
    expect(await went(1_000)).toEqual([])
    newest.open()
    expect(await went(0)).toEqual(['juliet busy'])
    newest.show('juliet', 'away')
    newest.close()
    expect(await went(60_000)).toEqual([])
    expect(timers.waiting).toBe(0)
  })
})
