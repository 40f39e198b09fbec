import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Turns } from '../../../src/msn/server/turns.ts'

test('never more than so many at a time for one key, all in order, whoever fails', async () => {
  const task = fc.record({ key: fc.constantFrom('a', 'b'), fails: fc.boolean(), lasts: fc.nat(3) })
  await fc.assert(
    fc.asyncProperty(fc.array(task, { maxLength: 20 }), fc.integer({ min: 1, max: 3 }), async (tasks, most) => {
      const turns = new Turns(most)
      const busy = new Map<string, number>()
      const begun: number[] = []
      const results = tasks.map(({ key, fails, lasts }, index) =>
        turns.take(key, async () => {
          begun.push(index)
          busy.set(key, (busy.get(key) ?? 0) + 1)
          expect(busy.get(key)).toBeLessThanOrEqual(most)
          for (let turn = 0; turn < lasts; turn++) await Promise.resolve()
          busy.set(key, (busy.get(key) ?? 0) - 1)
          if (fails) throw new Error('no')
          return index
        }),
      )
      const outcomes = await Promise.allSettled(results)
      expect(outcomes.map(({ status }) => status === 'rejected')).toEqual(tasks.map(({ fails }) => fails))
      for (const key of ['a', 'b']) {
        const ofKey = begun.filter((index) => tasks[index]?.key === key)
        expect(ofKey).toEqual([...ofKey].sort((one, other) => one - other))
      }
    }),
  )
})
