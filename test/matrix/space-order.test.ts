import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ordersOf } from '../../src/matrix/space-order.ts'

const rooms = fc.uniqueArray(
  fc.integer({ min: 0, max: 400 }).map((number) => `!${number}:hs.test`),
  { maxLength: 120 },
)

/** The rooms as a client would show them. */
function shown(orders: Record<string, string>): string[] {
  return Object.keys(orders).sort((a, b) => ((orders[a] ?? '') < (orders[b] ?? '') ? -1 : 1))
}

describe('the order of a Space', () => {
  it('is the one that was asked for, whatever was there before, in words that are allowed', () => {
    fc.assert(
      fc.property(fc.array(rooms, { minLength: 1, maxLength: 12 }), (steps) => {
        let orders: Record<string, string> = {}
        for (const wanted of steps) {
          orders = ordersOf(wanted, orders)
          expect(shown(orders)).toEqual(wanted)
          for (const order of Object.values(orders)) expect(order).toMatch(/^[\x20-\x7e]{1,50}$/)
        }
      }),
    )
  })

  it('stays where nothing moved, so that only who comes, goes or moves is written', () => {
    const before = ordersOf(['!a', '!b', '!c', '!d'], {})
    expect(ordersOf(['!a', '!b', '!c', '!d'], before)).toEqual(before)
    const { '!x': _, ...rest } = ordersOf(['!a', '!x', '!b', '!c', '!d'], before)
    expect(rest).toEqual(before)
    const { '!b': moved, ...others } = ordersOf(['!a', '!c', '!d', '!b'], before)
    expect(before).toMatchObject(others)
    expect(moved).not.toBe(before['!b'])
  })

  it('does not grow when somebody always comes first', () => {
    let orders: Record<string, string> = {}
    const list: string[] = []
    for (let count = 0; count < 300; count++) {
      list.unshift(`!${count}`)
      orders = ordersOf(list, orders)
    }
    expect(shown(orders)).toEqual(list)
    expect(Math.max(...Object.values(orders).map((order) => order.length))).toBeLessThanOrEqual(50)
  })

  it('takes no order for its own that it would not have given', () => {
    const strange = { '!a': '', '!b': '0', '!c': 'ABC', '!d': 'zz0' }
    expect(shown(ordersOf(['!a', '!b', '!c', '!d'], strange))).toEqual(['!a', '!b', '!c', '!d'])
  })
})
