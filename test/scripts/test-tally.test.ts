import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nudge-tally-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

interface Suite {
  readonly status: string
  readonly tests: readonly string[]
}

function tally(suites: readonly Suite[], checkCode = 0, testCode = 0) {
  const report = join(folder, 'report.json')
  const testResults = suites.map(({ status, tests }) => ({ status, assertionResults: tests.map((each) => ({ status: each })) }))
  writeFileSync(report, JSON.stringify({ testResults }))
  return countIn(report, checkCode, testCode)
}

function countIn(report: string, checkCode: number, testCode: number) {
  const script = join(import.meta.dirname, '../../scripts/test-tally.mjs')
  const { stdout, status } = spawnSync(process.execPath, [script, report, `${checkCode}`, `${testCode}`], { encoding: 'utf8' })
  return { line: stdout.trimEnd(), status }
}

const good: Suite = { status: 'passed', tests: ['passed', 'passed'] }

test('counts what passed', () => {
  expect(tally([good, good])).toEqual({ line: '4 passed, 0 failed', status: 0 })
})

test('counts what failed and what was skipped', () => {
  expect(tally([good, { status: 'failed', tests: ['failed', 'passed', 'skipped'] }], 0, 1)).toEqual({
    line: '3 passed, 1 failed, 1 skipped',
    status: 1,
  })
})

test('a file that could not be loaded has failed', () => {
  expect(tally([good, { status: 'failed', tests: [] }], 0, 1)).toEqual({ line: '2 passed, 1 failed', status: 1 })
})

test('a failed check is a failure although every test passed', () => {
  expect(tally([good], 1, 0)).toEqual({ line: '2 passed, 1 failed', status: 1 })
})

test('a runner that ended badly is a failure although every test passed', () => {
  expect(tally([good], 0, 1)).toEqual({ line: '2 passed, 1 failed', status: 1 })
})

test('a run without a test is a failure', () => {
  expect(tally([], 0, 0)).toEqual({ line: '0 passed, 1 failed', status: 1 })
})

test('a run without a report is a failure', () => {
  expect(countIn(join(folder, 'missing.json'), 0, 0)).toEqual({ line: '0 passed, 1 failed', status: 1 })
})
