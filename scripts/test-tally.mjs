// The closing line of .ci/run, from the report of the test runner: `node scripts/test-tally.mjs <report.json> <check's exit code>
// <test's exit code>`. Ends with 0 only when something ran and nothing failed.
import { readFileSync } from 'node:fs'

const [file, checkCode, testCode] = process.argv.slice(2)
const report = readReport(file)
const statuses = report.testResults.flatMap((suite) => suite.assertionResults.map((test) => test.status))
const passed = count('passed')
const skipped = statuses.length - passed - count('failed')
// A file that could not be loaded has failed without a test of its own.
const broken = report.testResults.filter(
  (suite) => suite.status === 'failed' && !suite.assertionResults.some((test) => test.status === 'failed'),
)

let failed = count('failed') + broken.length
if (failed === 0 && (testCode !== '0' || passed === 0)) failed = 1 // ended badly, or ran nothing
if (checkCode !== '0') failed += 1

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exitCode = failed > 0 ? 1 : 0

function count(status) {
  return statuses.filter((each) => each === status).length
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return { testResults: [] }
  }
}
