import { describe, expect, it } from 'vitest'
import { MessageRefused } from '../../../src/msn/client/errors.ts'
import { Inbox } from '../../../src/msn/client/inbox.ts'
import { ManualTimers, settled } from '../../support/manual-timers.ts'

function inbox(hosted: boolean) {
  const timers = new ManualTimers()
  const told: string[] = []
  const box = new Inbox(timers, hosted, {
    full: () => told.push('full'),
    roomy: () => told.push('roomy'),
    answer: (verb, receipt) => told.push(`${verb} ${receipt}`),
    lost: () => told.push('lost'),
  })
  return { box, timers, told }
}

const failing = () => Promise.reject(new Error('no Redis'))

describe('an inbox', () => {
  it('asks for no more when 64 KiB wait, and for more when half of that is stored', async () => {
    const { box, told } = inbox(true)
    const stores: (() => void)[] = []
    for (let count = 0; count < 50; count++) box.add(1600, undefined, () => new Promise((resolve) => stores.push(resolve)))
    expect(told).toEqual(['full'])
    for (let stored = 0; stored < 50; stored++) {
      expect(told).toHaveLength(stored > 29 ? 2 : 1)
      stores[stored]?.()
      await settled()
    }
    expect(told).toEqual(['full', 'roomy'])
    await box.drained()
  })

  it('tells our own server what became of each message, in order', async () => {
    const { box, told } = inbox(true)
    box.add(1, 1, async () => {})
    box.add(1, 2, failing)
    box.add(1, 3, async () => {})
    await box.drained()
    expect(told).toEqual(['STO 1', 'NST 2', 'STO 3'])
  })

  it('tries for two minutes to store what no server sends again, and then says that it is lost', async () => {
    const { box, timers, told } = inbox(false)
    let tries = 0
    box.add(1, undefined, () => {
      tries++
      return failing()
    })
    await timers.pass(120_000)
    expect(told).toEqual([])
    await timers.pass(1000)
    expect(told).toEqual(['lost'])
    expect(tries).toBe(9)
    expect(timers.waiting).toBe(0)
  })

  it('does not offer again what was refused, and leaves it to whoever refused it to say so', async () => {
    const { box, timers, told } = inbox(false)
    box.add(1, undefined, () => Promise.reject(new MessageRefused('not for us')))
    await box.drained()
    expect(told).toEqual([])
    expect(timers.waiting).toBe(0)
  })
})
