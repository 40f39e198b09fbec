import { beforeEach, describe, expect, it } from 'vitest'
import { Gaps, TransactionMissing } from '../../src/matrix/gaps.ts'
import { MemoryRecords } from '../support/memory-stores.ts'

let records: MemoryRecords
let now: number
let gaps: Gaps

beforeEach(() => {
  records = new MemoryRecords()
  now = 0
  gaps = new Gaps(records, () => now)
})

/** What a homeserver hears that sends these, one after another. */
async function send(...transactions: string[]): Promise<string> {
  const answers: string[] = []
  for (const transaction of transactions) {
    try {
      await gaps.check(transaction)
      await gaps.taken(transaction)
      answers.push(transaction)
    } catch (error) {
      if (!(error instanceof TransactionMissing)) throw error
      answers.push('refused')
    }
  }
  return answers.join(' ')
}

describe('transactions', () => {
  it('are taken as they come when they are in order, also again', async () => {
    expect(await send('5', '6', '6', '7')).toBe('5 6 6 7')
  })

  it('are refused once behind a gap, and in order when the missing one comes first', async () => {
    expect(await send('5', '7', '6', '7', '8')).toBe('5 refused 6 7 8')
    expect(await send('10', '9', '10')).toBe('refused 9 10')
  })

  it('are missed across a restart', async () => {
    await send('5')
    gaps = new Gaps(records, () => now)
    expect(await send('7', '6', '7')).toBe('refused 6 7')
  })

  it('may have gaps that mean nothing: then nobody asks again for a while', async () => {
    expect(await send('5', '7', '7', '9', '12')).toBe('5 refused 7 9 12')
    now = 11 * 60_000
    expect(await send('14', '14')).toBe('refused 14')
  })

  it('begin anew when the homeserver does', async () => {
    expect(await send('700', '1', '2', '4', '3', '4')).toBe('700 1 2 refused 3 4')
  })

  it('need not be numbered', async () => {
    expect(await send('a', '5', 'b', '1700000000000', '6', 'c')).toBe('a 5 b 1700000000000 6 c')
  })
})
