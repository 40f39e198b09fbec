// The demo, as somebody who has just cloned this runs it.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const demo = join(import.meta.dirname, '../../demo/main.ts')

it('plays to its end, with every line seen where it was to be seen', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [demo, '--once'])
  expect(stdout).toContain('Every line arrived.')
  expect(stdout).toMatch(/Juliet {3}browser gets/)
  expect(stdout).toMatch(/Rosaline MSN {5}sees/)
})
