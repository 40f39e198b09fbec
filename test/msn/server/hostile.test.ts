import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { BareClient } from '../../support/bare-client.ts'
import { hungUp } from '../../support/bare-client.ts'
import { bring, openBoard, signedIn } from '../../support/msn-cast.ts'
import type { TestServer } from '../../support/msn-server.ts'
import { startServer } from '../../support/msn-server.ts'
import { bytesOf, parseTranscript } from '../../support/transcript.ts'

const folder = new URL('../../transcripts/server/', import.meta.url)
/** What clients say in our transcripts, with their payloads. */
const sayings = readdirSync(folder)
  .filter((file) => file.endsWith('.msnp'))
  .flatMap((file) => parseTranscript(readFileSync(new URL(file, folder), 'utf8')))
  .flatMap(({ speaker, said }) => (speaker === 'client' && said ? [bytesOf(said, new Map())] : []))

let fixture: TestServer
/** Two who talk all the while; what others do must not reach them. */
let board: BareClient
let other: BareClient
let said = 100

beforeEach(async () => {
  fixture = await startServer()
  const nurse = await signedIn(fixture, 'nurse@example.com')
  const tybalt = await signedIn(fixture, 'tybalt@example.com')
  board = await openBoard(fixture, nurse, 'nurse@example.com')
  other = await bring(board, 'tybalt@example.com', tybalt, await fixture.dial('SB'))
})
afterEach(() => fixture.stop())

async function othersAreWell(): Promise<void> {
  said++
  board.say(`MSG ${said} A`, 'still here')
  expect(await board.hear()).toBe(`ACK ${said}`)
  expect(await other.hear()).toContain('still here')
}

/** Says it, waits until the server has done with it, and looks after the others. */
async function assail(line: BareClient, bytes: Uint8Array): Promise<void> {
  line.write(bytes)
  line.finish()
  while ((await line.next()) !== hungUp);
  await othersAreWell()
}

function nothingFailed(): void {
  expect(fixture.logged.filter((entry) => /"level":"(error|fatal)"/.test(entry))).toEqual([])
}

const saying = fc.constantFrom(...sayings)
const mutated = fc
  .tuple(saying, fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 3 }))
  .map(([line, changes]) => {
    const bytes = Buffer.from(line)
    for (const [at, byte] of changes) bytes[at % bytes.length] = byte
    return bytes
  })
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.array(fc.oneof(saying, mutated), { minLength: 1, maxLength: 12 }).map((lines) => Buffer.concat(lines)),
)

test('whatever a stranger says, the server stays up and others are not disturbed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom('NS' as const, 'SB' as const), noise, async (role, bytes) => {
      await assail(await fixture.dial(role), bytes)
    }),
    { numRuns: 150 },
  )
  nothingFailed()
})

test('whatever a signed-in client says, in any dialect, the server stays up and others are not disturbed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 8, max: 18 }), noise, async (dialect, bytes) => {
      const juliet = await signedIn(fixture, 'juliet@example.com', dialect)
      await assail(juliet, bytes)
    }),
    { numRuns: 150 },
  )
  nothingFailed()
})

test('whatever somebody says on a board of their own, the server stays up and others are not disturbed', async () => {
  await fc.assert(
    fc.asyncProperty(noise, async (bytes) => {
      const juliet = await signedIn(fixture, 'juliet@example.com')
      await assail(await openBoard(fixture, juliet, 'juliet@example.com'), bytes)
    }),
    { numRuns: 150 },
  )
  nothingFailed()
})
