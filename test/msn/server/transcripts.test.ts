import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { playToServer } from '../../support/play-server.ts'

const folder = new URL('../../transcripts/server/', import.meta.url)
const files = readdirSync(folder).filter((file) => file.endsWith('.msnp'))

test.each(files)('our server says its lines in %s', async (file) => {
  await expect(playToServer(new URL(file, folder))).resolves.toBeUndefined()
})

test('there are transcripts', () => {
  expect(files.length).toBeGreaterThan(15)
})
