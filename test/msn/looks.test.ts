import { beforeEach, describe, expect, it } from 'vitest'
import { networkId } from '../../src/core/address.ts'
import { Looks } from '../../src/msn/looks.ts'
import { ManualTimers } from '../support/manual-timers.ts'
import { MemoryRecords } from '../support/memory-stores.ts'

const romeo = { network: networkId('verona'), id: 'romeo@verona.example' }
const minutes = (count: number) => count * 60_000

let timers: ManualTimers
let records: MemoryRecords
let faded: string[]
let looks: Looks

function makeLooks(): Looks {
  return new Looks({
    records,
    unknown: 'online',
    faded: (as) => faded.push(as.id),
    timers,
    clock: timers.clock,
  })
}

beforeEach(() => {
  timers = new ManualTimers()
  records = new MemoryRecords()
  faded = []
  looks = makeLooks()
})

const status = async () => (await looks.of(romeo)).status

describe('who wants to be seen online only while they are active', () => {
  it('is online for that long after they last did something, and then away', async () => {
    await looks.choose(romeo, { status: { minutes: 10, otherwise: 'away' } })
    expect(await status()).toBe('online')
    await timers.pass(minutes(9))
    expect(await looks.active(romeo)).toBe(true)
    await timers.pass(minutes(9.9))
    expect(await status()).toBe('online')
    expect(faded).toEqual([])
    await timers.pass(minutes(0.1))
    expect(faded).toEqual([romeo.id])
    expect(await status()).toBe('away')
  })

  it('is invisible then, if they want that, and is so after a restart until they do something', async () => {
    await looks.choose(romeo, { status: { minutes: 10, otherwise: 'offline' } })
    looks.stop()
    looks = makeLooks()
    expect(await status()).toBe('offline')
    await looks.active(romeo)
    expect(await status()).toBe('online')
    looks.stop()
    expect(timers.waiting).toBe(0)
  })

  it('is seen as at home again when they want that', async () => {
    await looks.choose(romeo, { status: { minutes: 10, otherwise: 'away' } })
    looks.seenAtHome(romeo, { status: 'busy' })
    expect(await status()).toBe('online')
    await looks.choose(romeo, { status: 'auto' })
    expect(await status()).toBe('busy')
    expect(await looks.active(romeo)).toBe(false)
    expect(timers.waiting).toBe(0)
  })
})

describe('a personal message', () => {
  it('is that at home, one of their own, none, and that at home again', async () => {
    const message = async () => (await looks.of(romeo)).message
    looks.seenAtHome(romeo, { status: 'online', message: 'in love' })
    expect(await message()).toBe('in love')
    await looks.choose(romeo, { message: 'banished' })
    expect(await message()).toBe('banished')
    await looks.choose(romeo, { message: '' })
    expect(await message()).toBe('')
    await looks.choose(romeo, { message: null })
    expect(await message()).toBe('in love')
  })
})

describe('a look that was kept', () => {
  it('is none where it cannot be read', async () => {
    for (const record of [
      'x',
      { status: 'sad' },
      { status: { minutes: -1, otherwise: 'away' } },
      { status: { minutes: '9' } },
      null,
    ]) {
      await records.update('msn-looks', `${romeo.network}/${romeo.id}`, () => record)
      looks = makeLooks()
      expect(await looks.of(romeo)).toEqual({ status: 'online', message: undefined })
    }
  })
})
