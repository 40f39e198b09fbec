import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let clone: string

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'nudge-setup-'))
  cpSync(join(import.meta.dirname, '../../scripts'), join(clone, 'scripts'), { recursive: true })
})

afterEach(() => rmSync(clone, { recursive: true }))

/** Set-up in the copy, on a machine that has nothing but Node. */
function setUpOnBareMachine(...words: string[]) {
  const bare = join(clone, 'empty-path')
  mkdirSync(bare, { recursive: true })
  return spawnSync(process.execPath, ['scripts/setup.mjs', ...words], { cwd: clone, env: { PATH: bare }, encoding: 'utf8' })
}

function lockFor(work: string) {
  const file = join(clone, 'locked.mjs')
  writeFileSync(
    file,
    `import { appendFileSync } from 'node:fs'
     import { atomically } from './scripts/setup/lock.mjs'
     atomically(() => { ${work} })`,
  )
  return spawn(process.execPath, [file], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'] })
}

test('says what it is about to install before it does, and ends with one line that says what to do', () => {
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }))
  const { stdout, stderr, status } = setUpOnBareMachine('check')
  expect(stdout).toMatch(/about to install\n {2}- npm packages .*\n.*installing npm packages/)
  expect(stderr.trim().split('\n').at(-1)).toMatch(/^setup: "npm ci .*" failed .*run `npm run setup` again$/)
  expect(status).toBe(1)
})

test('says nothing and installs nothing when everything is there', () => {
  const packages = { 'node_modules/a': { version: '1.0.0', integrity: 'x' } }
  const locked = { ...packages, 'node_modules/elsewhere': { version: '2.0.0', optional: true } }
  mkdirSync(join(clone, 'node_modules'))
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...locked } }))
  writeFileSync(join(clone, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
  expect(setUpOnBareMachine('check')).toMatchObject({ stdout: '', stderr: '', status: 0 })
})

test('sees that a package in node_modules is older than the lock file wants', () => {
  mkdirSync(join(clone, 'node_modules'))
  writeFileSync(join(clone, 'package-lock.json'), JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.1' } } }))
  writeFileSync(
    join(clone, 'node_modules/.package-lock.json'),
    JSON.stringify({ packages: { 'node_modules/a': { version: '1.0.0' } } }),
  )
  expect(setUpOnBareMachine('check').stdout).toContain('installing npm packages')
})

test('names the purposes it knows when asked for another', () => {
  const { stderr, status } = setUpOnBareMachine('everything')
  expect(stderr).toBe('setup: "everything" is not a set-up; say one of check, test, demo, bench, or nothing for everything\n')
  expect(status).toBe(1)
})

test('two set-ups of one clone take turns', async () => {
  const log = join(clone, 'log')
  appendFileSync(log, '')
  const append = (word: string) => `appendFileSync(${JSON.stringify(log)}, '${word} ' + process.pid + '\\n')`
  const work = `${append('in')}; for (let i = 0; i < 2e7; i++); ${append('out')}`
  const all = Array.from({ length: 4 }, () => lockFor(work))
  await Promise.all(all.map((one) => once(one, 'exit')))
  const lines = readFileSync(log, 'utf8').trim().split('\n')
  expect(lines).toHaveLength(8)
  for (let turn = 0; turn < 8; turn += 2) expect(lines[turn + 1]).toBe(lines[turn]?.replace('in', 'out'))
  expect(existsSync(join(clone, '.tools/setup.lock'))).toBe(false)
})

test('a set-up that was killed holds up no other', async () => {
  const killed = lockFor(`process.stdout.write('in'); for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`)
  await once(killed.stdout, 'data')
  expect(existsSync(join(clone, '.tools/setup.lock'))).toBe(true)
  killed.kill('SIGKILL')
  await once(killed, 'exit')
  const heir = lockFor(`process.stdout.write('in')`)
  const [output] = await once(heir.stdout, 'data')
  expect(String(output)).toBe('in')
})
