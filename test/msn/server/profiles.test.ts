import { expect, test } from 'vitest'
import type { Handle } from '../../../src/msn/server/handle.ts'
import { Profiles } from '../../../src/msn/server/profiles.ts'
import { MemoryRecords } from '../../support/memory-stores.ts'

const juliet = 'juliet@example.com' as Handle
const gif = Buffer.from('GIF89a and more')

async function kept(records: MemoryRecords): Promise<number> {
  let count = 0
  for await (const _ of records.list('pictures')) count++
  return count
}

test('of a picture that is taken away while it is replaced nothing is kept', async () => {
  const records = new MemoryRecords()
  const profiles = new Profiles(records, () => 5)
  const number = (await profiles.addPicture(juliet, 'me', gif)) ?? 0
  const [isReplaced] = await Promise.all([profiles.replacePicture(juliet, number, gif), profiles.removePicture(juliet, number)])
  expect(isReplaced).toBe(false)
  expect(await kept(records)).toBe(0)
})

test('of an account that is gone nothing is kept', async () => {
  const records = new MemoryRecords()
  const profiles = new Profiles(records, () => 5)
  for (let count = 0; count < 12; count++) await profiles.addPicture(juliet, 'me', gif)
  expect(await kept(records)).toBe(8)
  await profiles.remove(juliet)
  expect(await kept(records)).toBe(0)
  expect((await profiles.of(juliet)).pictures).toEqual([])
})
