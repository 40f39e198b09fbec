import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type * as Encoder from '../../../src/msn/wire/encoder.ts'
import { encode } from '../../../src/msn/wire/encoder.ts'
import type { BareClient } from '../../support/bare-client.ts'
import { settled } from '../../support/manual-timers.ts'
import { signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'

vi.mock('../../../src/msn/wire/encoder.ts', async (original) => {
  const real = await original<typeof Encoder>()
  return { ...real, encode: vi.fn(real.encode) }
})

const spoken = [8, 9, 12, 13, 14, 15, 16, 17, 18]
let fixture: TestServer

beforeEach(async () => {
  fixture = await startServer()
})
afterEach(() => fixture.stop())

/** Somebody who watches Juliet; they need no more than an account and her on their list. */
async function watcher(number: number, dialect: number): Promise<BareClient> {
  const handle = `watcher${number}@example.com`
  const record = await fixture.records.get('accounts', 'romeo@example.com')
  await fixture.records.update('accounts', handle, () => ({ ...(record as object), email: handle }))
  await fixture.server.services.edits.put(handle as never, 'juliet@example.com' as never, { list: 'FL' })
  return signedIn(fixture, handle, dialect)
}

/** How often presence was encoded. */
function encoded(): number {
  return vi.mocked(encode).mock.calls.filter(([{ verb }]) => ['NLN', 'FLN', 'UBX'].includes(verb)).length
}

test('a change is encoded once for each dialect, and not once for each watcher', async () => {
  const juliet = await signedIn(fixture, 'juliet@example.com', 18)
  const watchers: BareClient[] = []
  for (let number = 0; number < 60; number++) watchers.push(await watcher(number, spoken[number % spoken.length] ?? 8))
  vi.mocked(encode).mockClear()
  juliet.say('CHG 5 BSY 7:8 %3Cmsnobj%20Size%3D%221%22%2F%3E')
  for (const line of watchers) expect(await line.hearOnly('NLN')).toContain('BSY')
  // A line for each dialect, UBX for the three from MSNP16 on, and both for Juliet herself.
  expect(encoded()).toBe(spoken.length + 3 + 2)
})

test('who changes too often has to wait, and those who watch are not told more often', async () => {
  const juliet = await signedIn(fixture, 'juliet@example.com', 12)
  const romeo = await watcher(0, 12)
  for (let at = 0; at < 150; at++) juliet.say(`CHG ${at + 10} ${at % 2 ? 'NLN' : 'BSY'} 0`)
  // One of 120 was the sign-in.
  for (let at = 0; at < 119; at++) await juliet.hearOnly(`CHG ${at + 10}`)
  await settled()
  expect(juliet.unheard).toEqual([])
  expect(romeo.unheard.filter((line) => line.startsWith('NLN')).length).toBe(119)
  await fixture.timers.pass(500)
  expect(juliet.unheard).toEqual(['CHG 129 NLN 0'])
  await fixture.timers.pass(60_000)
  expect(juliet.unheard.length).toBe(31)
})

test('every watcher hears the form of their own dialect', async () => {
  const juliet = await signedIn(fixture, 'juliet@example.com', 18)
  const lines: string[] = []
  const watchers: BareClient[] = []
  for (const [number, dialect] of spoken.entries()) watchers.push(await watcher(number, dialect))
  juliet.say('CHG 5 BSY 7:8 %3Cmsnobj%20Size%3D%221%22%2F%3E')
  for (const line of watchers) lines.push(await line.hearOnly('NLN'))
  const [who, name, object] = ['juliet@example.com', 'juliet@example.com', '%3Cmsnobj%20Size%3D%221%22%2F%3E']
  expect(lines).toEqual([
    `NLN BSY ${who} ${name} 7`,
    `NLN BSY ${who} ${name} 7 ${object}`,
    `NLN BSY ${who} ${name} 7 ${object}`,
    `NLN BSY ${who} ${name} 7 ${object}`,
    `NLN BSY ${who} 1 ${name} 7 ${object}`,
    `NLN BSY ${who} 1 ${name} 7 ${object}`,
    `NLN BSY ${who} 1 ${name} 7:8 ${object}`,
    `NLN BSY ${who} 1 ${name} 7:8 ${object}`,
    `NLN BSY 1:${who} ${name} 7:8 ${object}`,
  ])
  juliet.hangUp()
  const gone: string[] = []
  for (const line of watchers) gone.push(await line.hearOnly('FLN'))
  expect(gone).toEqual([
    ...Array(4).fill(`FLN ${who}`),
    ...Array(2).fill(`FLN ${who} 1 0`),
    ...Array(2).fill(`FLN ${who} 1 0:0`),
    `FLN 1:${who} 0:0`,
  ])
})
