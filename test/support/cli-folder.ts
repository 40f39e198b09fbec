// A folder for a test of the command line, and what was printed meanwhile.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, vi } from 'vitest'

/** Gives each test of a file a folder of its own, and keeps what is printed off the terminal. */
export function cliFolder() {
  const stage = { folder: '', printed: '', in: (name: string) => join(stage.folder, name) }
  beforeEach(async () => {
    stage.folder = await mkdtemp(join(tmpdir(), 'nudge-cli-'))
    stage.printed = ''
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      stage.printed += String(text)
      return true
    })
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await rm(stage.folder, { recursive: true, force: true })
  })
  return stage
}
