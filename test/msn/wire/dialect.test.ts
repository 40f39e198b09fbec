import { describe, expect, it } from 'vitest'
import { dialectName, negotiate, newestDialect, oldestDialect, parseDialect } from '../../../src/msn/wire/dialect.ts'

const spoken = [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]

describe('parseDialect', () => {
  it('reads the name of every dialect', () => {
    for (let dialect = oldestDialect; dialect <= newestDialect; dialect++) {
      expect(parseDialect(dialectName(dialect))).toBe(dialect)
    }
    expect(parseDialect('msnp12')).toBe(12)
  })

  it.each(['MSNP1', 'MSNP19', 'MSNP21', 'MSNP012', 'MSNP', 'MSNP8x', 'CVR0', '12', '', 'MSNP1e1'])(
    'takes %j for none',
    (name) => {
      expect(parseDialect(name)).toBeUndefined()
    },
  )
})

describe('negotiate', () => {
  it.each<[string[], number | 'CVR0' | undefined]>([
    [['MSNP12', 'MSNP11', 'MSNP10', 'CVR0'], 12],
    [['MSNP8', 'MSNP12'], 12],
    [['MSNP18', 'MSNP9', 'CVR0'], 9],
    [['msnp7', 'cvr0'], 7],
    [['MSNP2'], 2],
    [['MSNP21', 'MSNP18', 'CVR0'], 'CVR0'],
    [['CVR0'], 'CVR0'],
    [['MSNP21', 'MSNP18'], undefined],
    [['', '__proto__', 'MSNP99'], undefined],
    [[], undefined],
  ])('of %j takes %s', (offered, taken) => {
    expect(negotiate(offered, spoken)).toBe(taken)
  })
})
