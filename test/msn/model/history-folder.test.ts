import fc from 'fast-check'
import { expect, it } from 'vitest'
import { historyFolderName } from '../../../src/msn/model/history-folder.ts'
import vectors from '../../vectors/p2p.json' with { type: 'json' }

const confirmed = vectors.historyFolderNames.filter((vector) => vector.confirmed)

it.each(confirmed)('$address keeps its history in $folder', ({ address, folder }) => {
  expect(historyFolderName(address)).toBe(folder)
  expect(historyFolderName(address.toUpperCase())).toBe(folder)
})

it('a folder starts with the local part and ends with 32 bits in digits, whatever the address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.emailAddress()), (address) => {
      const [local = ''] = address.toLowerCase().split('@')
      const name = historyFolderName(address)
      expect(name.startsWith(local)).toBe(true)
      expect(name.slice(local.length)).toMatch(/^\d{1,10}$/)
      expect(Number(name.slice(local.length))).toBeLessThan(2 ** 32)
    }),
  )
})
