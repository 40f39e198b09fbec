import { expect, it } from 'vitest'
import type { Written } from './kill-changes-verdict.ts'
import { judgeChanges } from './kill-changes-verdict.ts'

const kept = { number: 1, changes: 2, takenBack: false, told: ['✅ Delivered.'] }
const gone = { number: 2, changes: 0, takenBack: true, told: ['nobody got it'] }
const late = { number: 2, changes: 1, takenBack: true, told: ['they can still read it'] }

it.each<[string, readonly Written[], readonly string[], number, readonly string[]]>([
  ['all as it should be', [kept, gone], ['1.2'], 0, []],
  ['a change as a line of its own', [kept, late], ['1.0', '2.0', '* 1.2', '* 2.1'], 0, []],
  ['one repeat, where it is allowed', [kept, gone], ['1.2', '1.2'], 1, []],
  ['one repeat too many', [kept, gone], ['1.2', '1.2'], 0, ['1 repeats']],
  ['a change that was lost', [kept, gone], ['1.1'], 0, ['1: was changed 2 times']],
  ['something lost', [kept, gone], [], 0, ['1: was changed 2 times']],
  ['a change that is applied twice', [kept, gone], ['1.2', '* 1.2'], 0, ['1: something older']],
  ['a change that was overtaken', [kept, gone], ['1.1', '* 1.2', '* 1.1'], 0, ['1: something older', '1: was changed 2 times']],
  ['something that was taken back, and came', [kept, gone], ['1.2', '2.0'], 0, ['2: arrived', '2: was taken back and arrived']],
  ['something that is said to be there', [kept, late], ['1.2'], 0, ['2: did not arrive']],
  [
    'something overtaken',
    [
      { ...kept, number: 2 },
      { ...late, number: 1 },
    ],
    ['2.2', '1.0'],
    0,
    ['1 arrived after 2'],
  ],
  ['a clock that stays', [{ ...kept, told: ['Not delivered yet'] }], ['1.2'], 0, ['1: is said to wait still']],
  ['a notice too many', [{ ...kept, told: ['Delivered', 'Delivered'] }], ['1.2'], 0, ['1: was told the same twice']],
])('judges changes: %s', (_, written, heard, mostRepeats, faults) => {
  const found = judgeChanges(written, heard, mostRepeats)
  expect(found).toHaveLength(faults.length)
  for (const [index, fault] of faults.entries()) expect(found[index]).toContain(fault)
})
