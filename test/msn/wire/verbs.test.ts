import { describe, expect, it } from 'vitest'
import type { Speaker } from '../../../src/msn/wire/command.ts'
import { newestDialect, oldestDialect } from '../../../src/msn/wire/dialect.ts'
import { formOf, isErrorVerb, isSpoken, verbForms, verbsOf } from '../../../src/msn/wire/verbs.ts'

const speakers: readonly Speaker[] = ['client', 'server']

describe('the table of verbs', () => {
  it('has forms that follow each other without gap or overlap', () => {
    for (const from of speakers) {
      for (const verb of verbsOf(from)) {
        const forms = verbForms(from, verb)
        for (const [index, { first, last }] of forms.entries()) {
          expect(first, verb).toBe(index === 0 ? first : (forms[index - 1]?.last ?? 0) + 1)
          expect(oldestDialect <= first && first <= last && last <= newestDialect, verb).toBe(true)
        }
      }
    }
  })

  it('gives every command of a client a transaction id but pings, goodbyes and our own receipts', () => {
    expect(verbsOf('client').filter((verb) => verbForms('client', verb)[0]?.trId === 'none')).toEqual([
      'OUT',
      'PNG',
      'STO',
      'NST',
    ])
  })

  it.each<[Speaker, string, number, boolean]>([
    ['client', 'INF', 7, true],
    ['client', 'INF', 8, false],
    ['client', 'ADD', 9, true],
    ['client', 'ADD', 10, false],
    ['client', 'ADC', 10, true],
    ['client', 'SYN', 13, false],
    ['client', 'ADL', 12, false],
    ['client', 'UUX', 10, false],
    ['client', 'UUX', 11, true],
    ['client', 'UBX', 11, false],
    ['server', 'UBX', 11, true],
    ['server', 'ILN', 18, false],
    ['server', '911', 2, true],
    ['client', '911', 2, false],
    ['client', 'XYZ', 12, false],
    ['client', 'constructor', 12, false],
  ])('a %s says %s in MSNP%i: %s', (from, verb, dialect, spoken) => {
    expect(isSpoken(from, verb, dialect)).toBe(spoken)
  })

  it('still knows where a command ends in a dialect that does not have it', () => {
    expect(formOf('client', 'UUX', 8).payload).toBe('always')
    expect(formOf('client', 'PAG', 12).payload).toBe('always')
  })

  it('knows an error by its three digits', () => {
    expect(['911', '200', '9111', '91', 'ADL', '9A1'].filter(isErrorVerb)).toEqual(['911', '200'])
  })
})
