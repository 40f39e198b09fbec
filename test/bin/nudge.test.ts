import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let clone: string

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'nudge-bin-'))
  for (const folder of ['bin', 'src', 'node_modules/zod', 'node_modules/.bin'])
    mkdirSync(join(clone, folder), { recursive: true })
  cpSync(join(import.meta.dirname, '../../bin/nudge.mjs'), join(clone, 'bin/nudge.mjs'))
  symlinkSync(process.execPath, join(clone, 'node_modules/.bin/node'))
})

afterEach(() => rmSync(clone, { recursive: true }))

/** Starts the launcher over a program of the test's own, on a Node that says it is `version`. */
function launch(program: string, { version = process.versions.node, args = [] as readonly string[] } = {}) {
  writeFileSync(join(clone, 'src/main.ts'), program)
  const disguise = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`
  return spawn(process.execPath, ['--import', `data:text/javascript,${disguise}`, join(clone, 'bin/nudge.mjs'), ...args])
}

const untilToldToStop = `process.on('SIGTERM', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up')`

test.each(['20.19.0', '24.10.0', '24.11.0', '26.0.0'])(
  'on Node %s the program gets its arguments, and its exit code is kept',
  async (version) => {
    const nudge = launch('console.log(process.argv.slice(2).join()); process.exitCode = 3', {
      version,
      args: ['account', 'list'],
    })
    const [said] = await once(nudge.stdout, 'data')
    expect(String(said).trim()).toBe('account,list')
    expect(await once(nudge, 'exit')).toEqual([3, null])
  },
)

test.each(['20.19.0', '24.11.0'])('on Node %s the program hears that it is to stop', async (version) => {
  const nudge = launch(untilToldToStop, { version })
  await once(nudge.stdout, 'data')
  nudge.kill('SIGTERM')
  expect(await once(nudge, 'exit')).toEqual([7, null])
})

test('a program that was killed by a signal is reported as killed by it', async () => {
  const nudge = launch(`process.kill(process.pid, 'SIGKILL')`, { version: '20.19.0' })
  expect(await once(nudge, 'exit')).toEqual([null, 'SIGKILL'])
})

test.each([
  ['packages', 'node_modules/zod', /packages are missing; run `npm run setup`/],
  ['Node 24', 'node_modules/.bin/node', /needs Node 24.11 or newer, and this is 20.19.0; run `npm run setup`/],
])('without %s it says what to run', async (_, missing, sentence) => {
  rmSync(join(clone, missing), { recursive: true })
  const nudge = launch('', { version: '20.19.0' })
  const [said] = await once(nudge.stderr, 'data')
  expect(String(said)).toMatch(sentence)
  expect(await once(nudge, 'exit')).toEqual([1, null])
})
