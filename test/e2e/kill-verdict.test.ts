import { expect, it } from 'vitest'
import type { Fate } from './kill-verdict.ts'
import { judge } from './kill-verdict.ts'

const sent = new Map<number, Fate>([
  [1, 'sure'],
  [2, 'sure'],
  [3, 'unsure'],
  [4, 'sure'],
])

it.each([
  ['all in order', [1, 2, 3, 4], 0, []],
  ['what nobody was sure of is not there', [1, 2, 4], 0, []],
  ['one repeat at once, where it is allowed', [1, 2, 2, 4], 1, []],
  ['one repeat too many', [1, 1, 2, 2, 4], 1, ['it: 2 repeats, and 1 are allowed']],
  ['something lost', [1, 4], 1, ['it: missing 2']],
  ['something overtaken', [1, 4, 2], 1, ['it: 2 arrived after 4: … 1 4 2 …']],
  ['a late repeat', [1, 2, 4, 2], 1, ['it: 2 arrived after 4: … 1 2 4 2 …']],
  ['something that nobody sent', [1, 2, 4, 5], 1, ['it: 5 arrived and was never sent']],
])('judges a line: %s', (_, arrived, mostRepeats, faults) => {
  expect(judge('it', sent, arrived, mostRepeats).faults).toEqual(faults)
})
